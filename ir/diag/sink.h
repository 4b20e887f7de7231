// Sink: the receiver of all phases' findings. Reporting never stops a phase; it goes on with a
// poison value.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "ir/base/span.h"
#include "ir/diag/diagnostic.h"

namespace wfc::diag {

class Sink;

/// The finding that `Report` has just added, for adding a note or a fix. Valid until the next
/// report.
class Reported {
 public:
  [[gnu::cold]] Reported& AddNote(Span span, std::string message);
  [[gnu::cold]] Reported& SetFix(Fix fix);
  /// Overrides the severity of the table, for constructs whose severity depends on the verb.
  Reported& SetSeverity(Severity severity);

 private:
  friend class Sink;
  explicit Reported(Diagnostic& diagnostic) : diagnostic_(&diagnostic) {}
  Diagnostic* diagnostic_;
};

/// Collects findings in the order in which they are reported.
class Sink {
 public:
  /// Adds a finding with a wording of messages.h; the arguments fill its format:
  /// `sink.Report(diag::UnknownKey, span, key, section, suggestion).AddNote(…)`.
  /// Most checks find nothing. `cold` moves what leads to a report, in every caller, away from the
  /// code that runs for each stage, which then takes less of the instruction cache.
  template <class Message, class... Args>
  [[gnu::cold]] Reported Report(Message, Span span, const Args&... args) {
    constexpr fmt::format_string<const Args&...> kChecked(Message::kFormat);
    return Add(Message::kCode, span, fmt::format(kChecked, args...));
  }

  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  [[nodiscard]] std::vector<Diagnostic>& mutable_diagnostics() { return diagnostics_; }
  /// The stage that findings reported now belong to; no value outside of every StageScope.
  [[nodiscard]] Id<ir::StageTag> stage() const { return stage_; }
  /// Whether a finding of severity Error was reported.
  [[nodiscard]] bool has_errors() const;

 private:
  friend class StageScope;
  Reported Add(Code code, Span span, std::string message);
  std::vector<Diagnostic> diagnostics_;
  Id<ir::StageTag> stage_;
  Diagnostic suppressed_ = {};  ///< receives the reports that `./dev mutate` suppresses
};

/// While a StageScope lives, findings that are reported belong to its stage. The stage cannot be
/// derived from the span, because several stages can come from the same text.
class StageScope {
 public:
  StageScope(Sink& sink, Id<ir::StageTag> stage) : sink_(sink), outer_(sink.stage_) {
    sink_.stage_ = stage;
  }
  ~StageScope() { sink_.stage_ = outer_; }
  StageScope(const StageScope&) = delete;
  StageScope& operator=(const StageScope&) = delete;

 private:
  Sink& sink_;
  Id<ir::StageTag> outer_;
};

}  // namespace wfc::diag

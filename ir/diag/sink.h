// Sink: where every phase reports. Reporting never stops a phase; it goes on with a poison value.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ir/base/span.h"
#include "ir/diag/diagnostic.h"

namespace wfc::diag {

class Sink;

/// What `Report` returns: adds the parts that few findings have. Valid until the next report.
class Reported {
 public:
  Reported& AddNote(Span span, std::string message);
  Reported& SetFix(Fix fix);
  /// For constructs whose severity depends on the verb.
  Reported& SetSeverity(Severity severity);

 private:
  friend class Sink;
  explicit Reported(Diagnostic& diagnostic) : diagnostic_(&diagnostic) {}
  Diagnostic* diagnostic_;
};

class Sink {
 public:
  /// `sink.Report(diag::UnknownKey, span, key, section, suggestion).AddNote(…)`, with a wording of
  /// messages.h.
  template <class Message, class... Args>
  Reported Report(Message, Span span, const Args&... args) {
    constexpr fmt::format_string<const Args&...> kChecked(Message::kFormat);
    return Add(Message::kCode, span, fmt::format(kChecked, args...));
  }

  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  [[nodiscard]] std::vector<Diagnostic>& mutable_diagnostics() { return diagnostics_; }
  [[nodiscard]] bool has_errors() const;

 private:
  friend class StageScope;
  Reported Add(Code code, Span span, std::string message);
  std::vector<Diagnostic> diagnostics_;
  Id<ir::StageTag> stage_;      ///< of what is reported now
  Diagnostic suppressed_ = {};  ///< where reports go that `./dev mutate` suppresses
};

/// While it lives, what is reported belongs to the stage: several stages may be written by one
/// text, so that a span does not tell.
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

// Sink: where every phase reports. Reporting never stops a phase; it goes on with a poison value.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ir/base/span.h"
#include "ir/diag/diagnostic.h"

namespace wfc::diag {

// Each wording is a type of its own, so that the number of arguments is checked where it is
// reported.
#define WFC_MESSAGE(message_code, name, format_text)         \
  struct name##Message {                                     \
    static constexpr Code kCode = Code::message_code;        \
    static constexpr std::string_view kFormat = format_text; \
  };                                                         \
  inline constexpr name##Message name;
#include "ir/diag/diagnostics.def"

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
  /// `sink.Report(diag::UnknownKey, span, key, section, suggestion).AddNote(…)`.
  template <class Message, class... Args>
  Reported Report(Message, Span span, const Args&... args) {
    constexpr fmt::format_string<const Args&...> kChecked(Message::kFormat);
    return Add(Message::kCode, span, fmt::format(kChecked, args...));
  }

  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  [[nodiscard]] std::vector<Diagnostic>& mutable_diagnostics() { return diagnostics_; }
  [[nodiscard]] bool has_errors() const;

 private:
  Reported Add(Code code, Span span, std::string message);
  std::vector<Diagnostic> diagnostics_;
  Diagnostic suppressed_ = {};  ///< where reports go that `./dev mutate` suppresses
};

}  // namespace wfc::diag

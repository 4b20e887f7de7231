#include "ir/diag/sink.h"

#include <algorithm>

namespace wfc::diag {

Reported& Reported::AddNote(Span span, std::string message) {
  diagnostic_->notes.push_back({.span = span, .message = std::move(message)});
  return *this;
}

Reported& Reported::SetFix(Fix fix) {
  diagnostic_->fix = std::move(fix);
  return *this;
}

Reported& Reported::SetSeverity(Severity severity) {
  diagnostic_->severity = severity;
  return *this;
}

Reported Sink::Add(Code code, Span span, std::string message) {
  diagnostics_.push_back({.code = code,
                          .severity = GetInfo(code).severity,
                          .span = span,
                          .message = std::move(message),
                          .notes = {},
                          .fix = std::nullopt});
  return Reported(diagnostics_.back());
}

bool Sink::has_errors() const {
  return std::ranges::any_of(diagnostics_,
                             [](const Diagnostic& d) { return d.severity == Severity::Error; });
}

}  // namespace wfc::diag

#include "ir/diag/sink.h"

#include <algorithm>

#ifdef WFC_MUTATE
#include <cstdlib>
#endif

namespace wfc::diag {
namespace {

/// `./dev mutate` builds with WFC_MUTATE and suppresses one code, which some test must then miss.
/// Other builds have no such switch.
bool IsSuppressedForMutation([[maybe_unused]] Code code) {
#ifdef WFC_MUTATE
  const char* suppressed = std::getenv("WFC_MUTATE_SUPPRESS");
  return suppressed != nullptr && GetInfo(code).name == suppressed;
#else
  return false;
#endif
}

}  // namespace

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
  if (IsSuppressedForMutation(code)) return Reported(suppressed_);
  diagnostics_.push_back({.code = code,
                          .severity = GetInfo(code).severity,
                          .span = span,
                          .message = std::move(message),
                          .notes = {},
                          .fix = std::nullopt,
                          .stage = stage_});
  return Reported(diagnostics_.back());
}

bool Sink::has_errors() const {
  return std::ranges::any_of(diagnostics_,
                             [](const Diagnostic& d) { return d.severity == Severity::Error; });
}

}  // namespace wfc::diag

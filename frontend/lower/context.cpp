#include "frontend/lower/context.h"

#include <fmt/core.h>

#include "ir/diag/messages.h"

namespace wfc::lower {

std::string SuggestionPhrase(std::string_view suggestion) {
  return suggestion.empty() ? "" : fmt::format("; did you mean `{}`?", suggestion);
}

namespace {

/// The end of a message about an unknown name without a similar one: where entities of its kind are
/// defined. Empty if that would say nothing new.
std::string_view HowToDefine(std::string_view kind) {
  if (kind == "agent") return "; agents are the keys below `agents`";
  if (kind == "model group") return "; a group is `models: {ID: [{provider: …, model: …}]}`";
  if (kind == "secret") return "; a secret is `secrets: {NAME: {env: NAME}}`";
  return "";
}

}  // namespace

void ReportUndefined(Context& context, Span span, std::string_view kind, std::string_view name,
                     std::string_view suggestion) {
  // A part of the project that could not be read may define the name.
  if (context.syntax.is_incomplete) return;
  diag::Reported reported = ReportUndefinedName(
      context, span, kind, name,
      suggestion.empty() ? std::string(HowToDefine(kind)) : SuggestionPhrase(suggestion));
  SetRenameFix(reported, span, suggestion);
}

diag::Reported ReportUndefinedName(Context& context, Span span, std::string_view kind,
                                   std::string_view name, std::string_view advice) {
  return context.sink.Report(diag::UndefinedName, span, kind, name, advice);
}

void ReportMissingKey(Context& context, Span span, std::string_view section, std::string_view key) {
  context.sink.Report(diag::MissingKey, span, section, key);
}

void SetRenameFix(diag::Reported& reported, Span span, std::string_view suggestion) {
  if (suggestion.empty()) return;
  reported.SetFix({.title = fmt::format("write `{}`", suggestion),
                   .safety = diag::FixSafety::Unsafe,
                   .edits = {{.span = span, .text = std::string(suggestion)}}});
}

ir::Name MakeName(Context& context, const ms::Section& section) {
  Span span = section.tree->span(section.name.has_value() ? section.name : section.node);
  return {.text = context.Intern(section.id), .span = span};
}

void ReportUnsupported(Context& context, Span span, std::string_view construct) {
  context.sink.Report(diag::Unsupported, span, construct);
}

}  // namespace wfc::lower

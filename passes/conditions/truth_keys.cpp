#include "passes/conditions/truth_keys.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace wfc::passes {

std::optional<bool> ReadTruth(const Value& key) {
  if (!key.is_string()) return std::nullopt;
  std::string word(key.AsString());
  for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const std::string_view yes : {"true", "yes", "on", "y", "1"}) {
    if (word == yes) return true;
  }
  for (const std::string_view no : {"false", "no", "off", "n", "0"}) {
    if (word == no) return false;
  }
  return std::nullopt;
}

std::optional<diag::Fix> FindTruthFix(const SourceMap& sources, std::span<const ir::Route> routes,
                                      std::span<const Value> possible) {
  const bool is_boolean =
      !possible.empty() &&
      std::ranges::all_of(possible, [](const Value& value) { return value.kind() == Kind::Bool; });
  if (!is_boolean) return std::nullopt;
  diag::Fix fix{.title = "write `true` and `false`"};
  std::set<bool> written;
  for (const ir::Route& route : routes) {
    const std::optional<bool> truth = ReadTruth(route.key);
    const bool is_new = truth && written.insert(*truth).second;
    if (!is_new || sources.path(route.span.file).ends_with(".json")) return std::nullopt;
    fix.edits.push_back({.span = route.span, .text = *truth ? "true" : "false"});
  }
  return fix;
}

void DropAmbiguousScalars(diag::Sink& sink, const diag::Fix& fix) {
  const std::optional<diag::Code> ambiguous = diag::FindCode("ambiguous-scalar");
  std::erase_if(sink.mutable_diagnostics(), [&](const diag::Diagnostic& finding) {
    return finding.code == ambiguous &&
           std::ranges::find(fix.edits, finding.span, &diag::Edit::span) != fix.edits.end();
  });
}

}  // namespace wfc::passes

#include "backend-runtime/runtime/evaluate/default_prompt.h"

#include "ir/value/json.h"

namespace wfc::runtime {
namespace {

std::string Shown(const Value& value) {
  return value.is_string() ? std::string(value.AsString()) : WriteJson(value, JsonStyle::Pretty);
}

}  // namespace

std::string DefaultPrompt(const Value& with) {
  if (with.kind() != Kind::Map) return Shown(with);
  std::string prompt;
  for (const MapEntry& entry : with.entries()) {
    if (!prompt.empty()) prompt += "\n";
    prompt += "# " + Shown(entry.key) + "\n\n" + Shown(entry.value);
    if (!prompt.ends_with('\n')) prompt += '\n';
  }
  return prompt;
}

}  // namespace wfc::runtime

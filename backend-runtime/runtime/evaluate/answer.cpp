#include "backend-runtime/runtime/evaluate/answer.h"

#include <fmt/core.h>

#include "ir/base/utf8.h"
#include "ir/value/json.h"

namespace wfc::runtime {

Value TextAnswer(std::string_view text) {
  return Value::String(ReplaceInvalidUtf8(text));
}

Result<Value> CheckAnswer(const types::Validator& validator, uint32_t entry, const Value& value) {
  const std::vector<types::Mismatch> mismatches = validator.Validate(entry, value);
  if (mismatches.empty()) return value;
  return Error{fmt::format("the answer does not fit its schema: {}", types::Describe(mismatches))};
}

Result<Value> ReadAnswer(const types::Validator& validator, uint32_t entry, std::string_view text) {
  const Result<Value> json = ReadJson(text);
  Result<Value> as_json = json ? CheckAnswer(validator, entry, *json) : json;
  if (as_json && !as_json->is_string()) return as_json;
  Result<Value> as_text = CheckAnswer(validator, entry, TextAnswer(text));
  if (as_text) return as_text;
  if (json) return as_json;
  return Error{
      fmt::format("{} (and it is not JSON: {})", as_text.error().message, json.error().message)};
}

}  // namespace wfc::runtime

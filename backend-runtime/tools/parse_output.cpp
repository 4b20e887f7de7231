#include "backend-runtime/tools/parse_output.h"

#include <utility>
#include <vector>

#include <fmt/core.h>

#include "ir/base/utf8.h"
#include "ir/value/json.h"

namespace wfc::tools {
namespace {

std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

Result<Value> ParseJson(std::string_view bytes) {
  Result<Value> value = ReadJson(bytes);
  if (!value) return Error{fmt::format("the output is not JSON: {}", value.error().message)};
  return value;
}

Result<Value> ParseJsonLines(std::string_view bytes) {
  std::vector<Value> values;
  size_t number = 0;
  for (const std::string_view line : SplitLines(bytes)) {
    ++number;
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    Result<Value> value = ReadJson(line);
    if (!value) {
      return Error{
          fmt::format("line {} of the output is not JSON: {}", number, value.error().message)};
    }
    values.push_back(*value);
  }
  return Value::List(std::move(values));
}

Value ParseLines(std::string_view bytes) {
  std::vector<Value> values;
  for (const std::string_view line : SplitLines(bytes)) {
    values.push_back(Value::String(ReplaceInvalidUtf8(line)));
  }
  return Value::List(std::move(values));
}

}  // namespace

std::string_view WithoutFinalLineEnds(std::string_view text) {
  while (text.ends_with('\n')) {
    text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
  }
  return text;
}

Result<Value> ParseOutput(OutputParse form, std::string_view bytes) {
  switch (form) {
    case OutputParse::Text:
      return Value::String(ReplaceInvalidUtf8(WithoutFinalLineEnds(bytes)));
    case OutputParse::Json:
      return ParseJson(bytes);
    case OutputParse::Jsonl:
      return ParseJsonLines(bytes);
    case OutputParse::Lines:
      return ParseLines(bytes);
  }
  return Value();
}

}  // namespace wfc::tools

#include "driver/wfc_run/inputs.h"

#include <map>
#include <utility>

#include <fmt/core.h>

#include "backend-runtime/plan/view.h"
#include "driver/wfc_run/read_file.h"
#include "ir/base/utf8.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

/// The key of the input in which a mismatch is: the first segment of its pointer; empty if it
/// concerns the whole input.
std::string KeyOf(const types::Mismatch& mismatch) {
  if (mismatch.pointer.empty()) return {};
  const std::string_view rest = std::string_view(mismatch.pointer).substr(1);
  return std::string(rest.substr(0, rest.find('/')));
}

std::string Wording(const std::vector<types::Mismatch>& mismatches) {
  return fmt::format("the input does not fit: {}", types::Describe(mismatches));
}

Value ToMap(const std::map<std::string, Value>& fields) {
  std::vector<MapEntry> entries;
  entries.reserve(fields.size());
  for (const auto& [key, value] : fields) entries.push_back({Value::String(key), value});
  return Value::Map(std::move(entries));
}

/// Reads the texts of all keys with a mismatch as JSON, each only once. Returns whether a field has
/// changed.
bool ReadMismatchedAsJson(const std::vector<types::Mismatch>& mismatches,
                          std::map<std::string, std::string>& texts,
                          std::map<std::string, Value>& fields) {
  bool has_changed = false;
  for (const types::Mismatch& mismatch : mismatches) {
    const auto text = texts.find(KeyOf(mismatch));
    if (text == texts.end()) continue;
    if (const Result<Value> json = ReadJson(text->second)) {
      fields[text->first] = *json;
      has_changed = true;
    }
    texts.erase(text);
  }
  return has_changed;
}

}  // namespace

Result<TypedInput> ReadTypedInput(std::string_view word) {
  const size_t equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return Error{fmt::format("`-i {}` is not KEY=VALUE", word)};
  }
  TypedInput input = {.key = std::string(word.substr(0, equals)),
                      .text = std::string(word.substr(equals + 1))};
  if (input.text.starts_with("@@")) {
    input.text.erase(0, 1);
  } else if (input.text.starts_with('@')) {
    Result<std::string> text = ReadFile(input.text.substr(1));
    if (!text) return Error{fmt::format("input `{}`: {}", input.key, text.error().message)};
    input.text = std::move(*text);
  }
  if (FindInvalidUtf8(input.key) == std::string_view::npos &&
      FindInvalidUtf8(input.text) == std::string_view::npos) {
    return input;
  }
  return Error{fmt::format("input `{}` is not UTF-8", ReplaceInvalidUtf8(input.key))};
}

Result<Value> MakeInput(const Value& whole, const std::vector<TypedInput>& typed,
                        const CheckInput& check) {
  if (!whole.is_null() && (whole.kind() != Kind::Map || typed.empty())) {
    if (!typed.empty()) return Error{"the input is not an object, so -i cannot add to it"};
    const std::vector<types::Mismatch> mismatches = check(whole);
    return mismatches.empty() ? Result<Value>(whole) : Error{Wording(mismatches)};
  }
  std::map<std::string, Value> fields;
  if (whole.kind() == Kind::Map) {
    for (const MapEntry& entry : whole.entries()) {
      fields.emplace(entry.key.AsString(), entry.value);
    }
  }
  std::map<std::string, std::string> texts;
  for (const TypedInput& input : typed) {
    if (!texts.emplace(input.key, input.text).second) {
      return Error{fmt::format("input `{}` is given twice", input.key)};
    }
    fields[input.key] = Value::String(input.text);
  }
  while (true) {
    const Value input = ToMap(fields);
    const std::vector<types::Mismatch> mismatches = check(input);
    if (mismatches.empty()) return input;
    if (!ReadMismatchedAsJson(mismatches, texts, fields)) return Error{Wording(mismatches)};
  }
}

Result<GivenInput> ReadGivenInput(const InputOptions& options) {
  GivenInput given;
  if (!options.file.empty()) {
    const Result<std::string> text = ReadFile(options.file);
    if (!text) return text.error();
    const Result<Value> json = ReadJson(*text);
    if (!json) return Error{fmt::format("`{}`: {}", options.file, json.error().message)};
    given.whole = *json;
  }
  for (const std::string& word : options.typed) {
    Result<TypedInput> input = ReadTypedInput(word);
    if (!input) return input.error();
    given.typed.push_back(std::move(*input));
  }
  return given;
}

Result<Value> FitInput(const plan::PlanView& plan, const GivenInput& given) {
  const plan::SchemaId schema(plan.root().input());
  if (!schema.has_value()) {
    const bool is_empty_map =
        given.typed.empty() && given.whole.kind() == Kind::Map && given.whole.entries().empty();
    if (given.is_empty() || is_empty_map) return Value::Null();
    return Error{fmt::format("workflow `{}` takes no input", plan.workflow())};
  }
  const uint32_t entry = plan.schemas[schema].entry();
  return MakeInput(given.whole, given.typed,
                   [&](Value input) { return plan.validator().FillAndValidate(entry, input); });
}

}  // namespace wfc::driver

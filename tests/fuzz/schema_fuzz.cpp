// Schemas and values from any text: what is read as a schema compiles to code that the verifier
// accepts, and judging, filling in defaults and looking for the smallest instance never crash, hang
// or leave their budgets. The input is two JSON texts, the schema first, with a zero byte between.
// An input that begins with 0xFF is code instead: what the verifier accepts must run.
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "ir/base/check.h"
#include "ir/types/registry.h"
#include "ir/value/json.h"

namespace {

using namespace wfc;
using namespace wfc::types;

constexpr ValidationBudget kBudget = {.steps = 100'000, .depth = 512};

void Judge(const SchemaCode& code, uint32_t entry, const Value& value) {
  const Result<Validator> validator = Validator::Make(code);
  if (!validator.ok()) return;
  const std::vector<Mismatch> mismatches = validator->Validate(entry, value, kBudget);
  WFC_CHECK(mismatches.size() <= kBudget.max_mismatches);
  static_cast<void>(Describe(mismatches));
  static_cast<void>(validator->ApplyDefaults(entry, value));
}

void RunText(std::string_view text) {
  const size_t middle = text.find('\0');
  if (middle == std::string_view::npos) return;
  const Result<Value> source = ReadJson(text.substr(0, middle));
  const Result<Value> value = ReadJson(text.substr(middle + 1));
  if (!source.ok()) return;
  SchemaRegistry registry;
  const SchemaId id = registry.Declare("fuzzed");
  const bool is_good = registry.Define(id, *source).empty();
  const bool is_whole = registry.Finish().empty();
  if (!is_good || !is_whole) return;
  const uint32_t entry = registry.entry(id);
  WFC_CHECK(VerifySchemaCode(registry.code(), std::vector<uint32_t>{entry}).ok());
  if (value.ok()) Judge(registry.code(), entry, *value);
  if (const std::optional<Value> smallest = registry.SmallestInstance(id)) {
    const Result<Validator> validator = Validator::Make(registry.code());
    WFC_CHECK(validator.ok() && validator->Accepts(entry, *smallest));
  }
}

void RunCode(std::string_view bytes) {
  std::vector<uint32_t> words(bytes.size() / 4);
  if (!words.empty()) std::memcpy(words.data(), bytes.data(), words.size() * 4);
  static const std::vector<Value> kConstants = {
      Value::Int(1), Value::String("a"), Value::String("b"), Value::Double(0.5), Value::List({})};
  static const std::vector<std::string> kPatterns = {"^a", "b+$"};
  static const Value kValue =
      *ReadJson(R"({"a": [1, 2.5, "x", null, {"b": "ab"}], "b": "text", "c": {"a": [[], {}]}})");
  const SchemaCode code = {words, kConstants, kPatterns};
  if (!VerifySchemaCode(code, std::vector<uint32_t>{0}).ok()) return;
  Judge(code, 0, kValue);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.starts_with('\xFF')) {
    RunCode(bytes.substr(1));
  } else {
    RunText(bytes);
  }
  return 0;
}

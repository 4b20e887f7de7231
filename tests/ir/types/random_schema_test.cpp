// Random schemas against random values: the validator and the obvious reference agree, and smallest
// instances are instances.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "ir/types/registry.h"
#include "ir/value/json.h"
#include "tests/ir/types/reference_validator.h"

namespace wfc::types {
namespace {

class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed) {}

  Value Document() {
    std::vector<MapEntry> entries = Keywords(2);
    Add(entries, "$defs", Value::Record({{"a", Schema(1)}, {"b", Schema(1)}}));
    return Value::Map(std::move(entries));
  }

  Value Data(int depth) {
    switch (Draw(depth > 0 ? 9 : 6)) {
      case 0:
        return Value::Null();
      case 1:
        return Value::Bool(Draw(2) == 0);
      case 2:
        return Value::Int(static_cast<int64_t>(Draw(7)) - 2);
      case 3:
        return Value::Double(static_cast<double>(Draw(9)) * 0.5 - 1);
      case 4:
      case 5:
        return Value::String(Text());
      case 6:
        return List(Draw(4), depth);
      default:
        return Object(depth);
    }
  }

 private:
  size_t Draw(size_t count) { return random_() % count; }
  bool Chance(size_t one_in) { return Draw(one_in) == 0; }
  std::string_view Text() {
    static constexpr std::string_view kTexts[] = {"", "a", "b", "ab", "äa", "bbb"};
    return kTexts[Draw(std::size(kTexts))];
  }
  static constexpr std::string_view kNames[] = {"a", "b", "c"};

  Value List(size_t count, int depth) {
    std::vector<Value> items;
    for (size_t i = 0; i < count; ++i) items.push_back(Data(depth - 1));
    return Value::List(std::move(items));
  }
  Value Object(int depth) {
    std::vector<MapEntry> entries;
    for (const std::string_view name : kNames) {
      if (Chance(2)) entries.push_back({Value::String(name), Data(depth - 1)});
    }
    return Value::Map(std::move(entries));
  }

  static void Add(std::vector<MapEntry>& entries, std::string_view keyword, Value value) {
    entries.push_back({Value::String(keyword), std::move(value)});
  }

  Value Schema(int depth) {
    if (Chance(8)) return Value::Bool(!Chance(4));
    return Value::Map(Keywords(depth));
  }

  Value Schemas(size_t count, int depth) {
    std::vector<Value> schemas;
    for (size_t i = 0; i < count; ++i) schemas.push_back(Schema(depth));
    return Value::List(std::move(schemas));
  }

  std::vector<MapEntry> Keywords(int depth) {
    std::vector<MapEntry> entries;
    AddScalarKeywords(entries);
    if (depth > 0) AddSchemaKeywords(entries, depth - 1);
    return entries;
  }

  void AddScalarKeywords(std::vector<MapEntry>& entries) {
    static constexpr std::string_view kTypes[] = {"null",   "boolean", "integer", "number",
                                                  "string", "array",   "object"};
    if (Chance(2)) {
      const Value first = Value::String(kTypes[Draw(7)]);
      Add(entries, "type",
          Chance(2) ? first : Value::List({first, Value::String(kTypes[Draw(7)])}));
    }
    if (Chance(10)) Add(entries, "const", Data(1));
    if (Chance(8)) Add(entries, "enum", Value::List({Data(1), Data(1), Data(0)}));
    const auto number = [&] { return Value::Double(static_cast<double>(Draw(8)) * 0.5 - 1); };
    const auto count = [&] { return Value::Int(static_cast<int64_t>(Draw(4))); };
    for (const std::string_view keyword :
         {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}) {
      if (Chance(8)) Add(entries, keyword, number());
    }
    if (Chance(8)) Add(entries, "multipleOf", Value::Double(Chance(2) ? 0.5 : 2));
    for (const std::string_view keyword :
         {"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"}) {
      if (Chance(8)) Add(entries, keyword, count());
    }
    if (Chance(8)) Add(entries, "pattern", Value::String(Chance(2) ? "^a|b$" : "bb?"));
    if (Chance(8)) Add(entries, "uniqueItems", Value::Bool(Chance(2)));
    if (Chance(4)) Add(entries, "required", Value::List({Value::String(kNames[Draw(3)])}));
  }

  void AddSchemaKeywords(std::vector<MapEntry>& entries, int depth) {
    if (Chance(3)) {
      Add(entries, "properties", Value::Record({{"a", Schema(depth)}, {"b", Schema(depth)}}));
    }
    if (Chance(4)) Add(entries, "additionalProperties", Schema(depth));
    if (Chance(4)) Add(entries, "items", Schema(depth));
    if (Chance(6)) Add(entries, "prefixItems", Schemas(1 + Draw(2), depth));
    if (Chance(5)) Add(entries, "anyOf", Schemas(1 + Draw(3), depth));
    for (const std::string_view keyword : {"allOf", "oneOf"}) {
      if (Chance(8)) Add(entries, keyword, Schemas(1 + Draw(3), depth));
    }
    for (const std::string_view keyword : {"not", "if", "then", "else", "contains", "propertyNames",
                                           "unevaluatedItems", "unevaluatedProperties"}) {
      if (Chance(10)) Add(entries, keyword, Schema(depth));
    }
    for (const std::string_view keyword : {"minContains", "maxContains"}) {
      if (Chance(8)) Add(entries, keyword, Value::Int(static_cast<int64_t>(Draw(3))));
    }
    if (Chance(8)) Add(entries, "patternProperties", Value::Record({{"^a|b$", Schema(depth)}}));
    if (Chance(8)) Add(entries, "dependentSchemas", Value::Record({{"a", Schema(depth)}}));
    if (Chance(8)) {
      Add(entries, "dependentRequired", Value::Record({{"b", Value::List({Value::String("c")})}}));
    }
    if (Chance(12)) Add(entries, "$ref", Value::String(Chance(2) ? "#/$defs/a" : "#/$defs/b"));
  }

  std::mt19937 random_;
};

TEST(RandomSchemas, AreJudgedAsTheReferenceJudges) {
  Generator generator(2026);
  int judged_count = 0;
  int accepted_count = 0;
  int smallest_count = 0;
  for (int i = 0; i < 3000; ++i) {
    const Value document = generator.Document();
    SchemaRegistry registry;
    std::vector<SchemaError> errors;
    const SchemaId id = registry.AddInline(document, errors);
    if (!id.has_value()) {
      // What nothing satisfies is refused, and references that lead nowhere.
      for (const SchemaError& error : errors) {
        const bool leads_nowhere = error.message.find("leads back") != std::string::npos;
        ASSERT_TRUE(error.code == diag::Code::T010 || leads_nowhere)
            << WriteJson(document) << error.message;
      }
      continue;
    }
    ASSERT_TRUE(registry.Finish().empty());
    const uint32_t entry = registry.entry(id);
    ASSERT_TRUE(VerifySchemaCode(registry.code(), std::vector<uint32_t>{entry}).ok());
    const Result<Validator> validator = Validator::Make(registry.code());
    ASSERT_TRUE(validator.ok());
    for (int j = 0; j < 12; ++j) {
      const Value value = generator.Data(3);
      const bool is_accepted = ReferenceAccepts(document, document, value);
      ++judged_count;
      accepted_count += is_accepted ? 1 : 0;
      ASSERT_EQ(validator->Validate(entry, value).empty(), is_accepted)
          << WriteJson(document) << "\n"
          << WriteJson(value);
    }
    if (const std::optional<Value> smallest = registry.SmallestInstance(id)) {
      ++smallest_count;
      ASSERT_TRUE(ReferenceAccepts(document, document, *smallest)) << WriteJson(document);
    }
  }
  EXPECT_GT(judged_count, 8'000);
  EXPECT_GT(accepted_count, 1'000);
  EXPECT_GT(smallest_count, 500);
}

TEST(RandomSchemas, ThatAreCalledUnsatisfiableRejectEveryValue) {
  Generator generator(7);
  int refused_count = 0;
  for (int i = 0; i < 2500; ++i) {
    const Value document = generator.Document();
    SchemaRegistry registry;
    std::vector<SchemaError> errors;
    static_cast<void>(registry.AddInline(document, errors));
    const bool is_whole = std::ranges::any_of(errors, [](const SchemaError& error) {
      return error.code == diag::Code::T010 && error.pointer.find('/', 1) == std::string::npos;
    });
    if (!is_whole) continue;
    ++refused_count;
    for (int j = 0; j < 30; ++j) {
      const Value value = generator.Data(3);
      ASSERT_FALSE(ReferenceAccepts(document, document, value)) << WriteJson(document) << "\n"
                                                                << WriteJson(value);
    }
  }
  EXPECT_GT(refused_count, 50);
}

}  // namespace
}  // namespace wfc::types

// What values become when defaults are filled in, by schemas and by the validator itself.
#include "ir/types/filled_values.h"

#include <functional>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/types/filled_schema.h"
#include "ir/types/registry.h"
#include "tests/ir/types/json.h"
#include "tests/ir/types/random_schema.h"

namespace wfc::types {
namespace {

using testing::IsEmpty;

/// Two schemas of one registry, and what the values of the one become by the defaults of the other.
class FilledValues : public testing::Test {
 protected:
  void Use(std::string_view values, std::string_view by) {
    std::vector<SchemaError> errors;
    values_ = registry_.AddInline(Json(values), errors);
    by_ = registry_.AddInline(Json(by), errors);
    ASSERT_THAT(errors, IsEmpty());
    ASSERT_THAT(registry_.Finish(), IsEmpty());
    filled_ = FindFilledValues(registry_, values_, by_);
  }
  /// Whether the filled values are exactly those of the schema, as far as containment tells.
  bool Is(std::string_view expected) {
    std::vector<SchemaError> errors;
    const SchemaId id = registry_.AddInline(Json(expected), errors);
    return registry_.FindContainment(filled_, id).verdict == Containment::Yes &&
           registry_.FindContainment(id, filled_).verdict == Containment::Yes;
  }
  bool IsEstimate() { return registry_.schema(filled_).is_estimate; }

  SchemaRegistry registry_;
  SchemaId values_;
  SchemaId by_;
  SchemaId filled_;
};

TEST(HasDefaultsTest, IsAnsweredAnewOnceASchemaIsDefined) {
  SchemaRegistry registry;
  std::vector<SchemaError> errors;
  const SchemaId part = registry.Declare("part");
  const SchemaId other = registry.Declare("other");
  const SchemaId whole = registry.AddInline(Json(R"({"fields": {"a": "part"}})"), errors);
  EXPECT_FALSE(HasDefaults(registry, whole));
  EXPECT_THAT(registry.Define(other, Json(R"({"properties": {"b": {"type": "integer"}}})")),
              IsEmpty());
  EXPECT_FALSE(HasDefaults(registry, whole));
  EXPECT_THAT(registry.Define(part, Json(R"({"properties": {"b": {"default": 1}}})")), IsEmpty());
  EXPECT_TRUE(HasDefaults(registry, whole));
  EXPECT_FALSE(HasDefaults(registry, other));
}

TEST_F(FilledValues, HaveTheMissingDefaults) {
  Use(R"({"fields": {"a": "string", "o": "integer"}, "optional": ["o"]})",
      R"({"properties": {"b": {"default": 2}, "o": {"default": "x"}, "a": {"default": 1}}})");
  EXPECT_TRUE(Is(
      R"({"fields": {"a": "string", "o": {"anyOf": [{"type": "integer"}, {"const": "x"}]}, "b": {"const": 2}}})"));
  EXPECT_FALSE(IsEstimate());
}

TEST_F(FilledValues, AreFilledInPropertiesAndItems) {
  Use(R"({"fields": {"o": {"fields": {"k": "string"}}, "l": {"list": {"fields": {}}}}})",
      R"({"properties": {"o": {"properties": {"m": {"default": 1}}},
          "l": {"prefixItems": [{"properties": {"n": {"default": 2}}}], "items": {"properties": {"n": {"default": 3}}}}}})");
  EXPECT_TRUE(Is(R"({"fields": {"o": {"fields": {"k": "string", "m": {"const": 1}}},
      "l": {"type": "array", "prefixItems": [{"fields": {"n": {"const": 2}}}], "items": {"fields": {"n": {"const": 3}}}}}})"));
}

TEST_F(FilledValues, AreFilledByAllPartsThatHoldTogether) {
  Use(R"({"fields": {"x1": {"fields": {}}, "y": {"fields": {}}}})",
      R"({"$ref": "#/$defs/base", "allOf": [{"properties": {"b": {"default": {}}}}], "$defs": {"base": {"properties": {"b": {"properties": {"m": {"default": 1}}}}}},
          "patternProperties": {"^x": {"properties": {"p": {"default": 2}}}}, "additionalProperties": {"properties": {"q": {"default": 3}}}})");
  EXPECT_TRUE(Is(
      R"({"fields": {"b": {"fields": {"m": {"const": 1}, "q": {"const": 3}}}, "x1": {"fields": {"p": {"const": 2}}}, "y": {"fields": {"q": {"const": 3}}}}})"));
}

TEST_F(FilledValues, AreFilledInEachAlternative) {
  Use(R"({"anyOf": [{"fields": {"a": "string"}}, {"enum": [{}, {"b": 3}, null]}, {"type": "null"}]})",
      R"({"properties": {"b": {"default": 2}}})");
  EXPECT_TRUE(Is(
      R"({"anyOf": [{"fields": {"a": "string", "b": {"const": 2}}}, {"enum": [{"b": 2}, {"b": 3}, null]}]})"));
  EXPECT_FALSE(IsEstimate());
}

TEST_F(FilledValues, AreUnchangedWhereNothingCanBeMissing) {
  Use(R"({"type": ["object", "string"], "properties": {"b": {"type": "integer"}}, "required": ["b"], "not": {"required": ["c"]}})",
      R"({"properties": {"b": {"default": 2}}})");
  EXPECT_EQ(filled_, values_);
}

TEST_F(FilledValues, AreEstimatedWhereAKeywordNeedNotHoldAnyMore) {
  for (const std::string_view keyword :
       {R"("maxProperties": 1)", R"("not": {"required": ["b"]})",
        R"("propertyNames": {"maxLength": 1})", R"("dependentRequired": {"b": ["c"]})"}) {
    SCOPED_TRACE(keyword);
    registry_ = SchemaRegistry();
    Use("{\"type\": \"object\", " + std::string(keyword) + "}",
        R"({"properties": {"b": {"default": 2}}})");
    EXPECT_TRUE(IsEstimate());
    EXPECT_THAT(registry_.Validate(filled_, Json(R"({"a": 1, "b": 2})")), IsEmpty());
  }
}

TEST_F(FilledValues, EndWhereBothSchemasAreRecursive) {
  constexpr std::string_view kTree =
      R"({"properties": {"l": {"$ref": "#"}, "r": {"$ref": "#"}, "b": {"default": 2}}})";
  Use(R"({"properties": {"l": {"$ref": "#"}, "r": {"$ref": "#"}}})", kTree);
  const Value value = Json(R"({"l": {"r": {"l": {}}}})");
  EXPECT_THAT(registry_.Validate(filled_, registry_.ApplyDefaults(by_, value)), IsEmpty());
  EXPECT_FALSE(registry_.Validate(filled_, value).empty());
}

TEST_F(FilledValues, AreWhatIsFilledInByTheValidator) {
  SchemaGenerator generator(7);
  std::mt19937 random(7);
  const std::function<Value(const Value&)> with_defaults = [&](const Value& schema) -> Value {
    if (schema.kind() == Kind::List) {
      std::vector<Value> items;
      for (const Value& item : schema.items()) items.push_back(with_defaults(item));
      return Value::List(std::move(items));
    }
    if (schema.kind() != Kind::Map) return schema;
    std::vector<MapEntry> entries;
    for (const MapEntry& entry : schema.entries()) {
      entries.push_back({entry.key, with_defaults(entry.value)});
    }
    const bool is_schema = schema.Find("a") == nullptr && schema.Find("b") == nullptr &&
                           schema.Find("default") == nullptr;
    if (is_schema && random() % 2 == 0) {
      entries.push_back({Value::String("default"), generator.Data(2)});
    }
    return Value::Map(std::move(entries));
  };
  int changed_count = 0;
  int exact_count = 0;
  for (int i = 0; i < 1500; ++i) {
    SchemaRegistry registry;
    std::vector<SchemaError> errors;
    const Value values_document = generator.Document();
    const Value by_document = with_defaults(generator.Document());
    const SchemaId values = registry.AddInline(values_document, errors);
    const SchemaId by = registry.AddInline(by_document, errors);
    if (!values.has_value() || !by.has_value() || !registry.Finish().empty()) continue;
    const SchemaId filled = FindFilledValues(registry, values, by);
    const SchemaId given = FindGivenSchema(registry, by);
    const SchemaId after = FindFilledSchema(registry, by);
    for (int j = 0; j < 12; ++j) {
      const Value value = generator.Data(3);
      Value whole = value;
      const std::vector<Mismatch> mismatches = registry.FillAndValidate(by, whole);
      if (!mismatches.empty() && mismatches.front().keyword == "default") continue;
      SCOPED_TRACE(WriteJson(values_document) + "\n" + WriteJson(by_document) + "\n" +
                   WriteJson(value) + "\n" + WriteJson(whole));
      if (registry.Validate(values, value).empty()) {
        changed_count += whole == value ? 0 : 1;
        exact_count += whole == value || registry.schema(filled).is_estimate ? 0 : 1;
        ASSERT_THAT(registry.Validate(filled, whole), IsEmpty());
      }
      if (mismatches.empty()) {
        ASSERT_THAT(registry.Validate(after, whole), IsEmpty());
      } else if (DefaultsAlwaysFit(registry, by) && whole == value) {
        ASSERT_FALSE(registry.Validate(given, value).empty());
      }
    }
  }
  EXPECT_GT(changed_count, 40);
  EXPECT_GT(exact_count, 15);
}

}  // namespace
}  // namespace wfc::types

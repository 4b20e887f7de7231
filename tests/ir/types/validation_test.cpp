// What the validator says and does about values, with programs compiled from schemas.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/types/filled_schema.h"
#include "ir/types/registry.h"
#include "tests/ir/types/json.h"

namespace wfc::types {
namespace {

using testing::IsEmpty;

class Validation : public testing::Test {
 protected:
  void Use(std::string_view schema) {
    std::vector<SchemaError> errors;
    id_ = registry_.AddInline(Json(schema), errors);
    ASSERT_THAT(errors, IsEmpty());
    ASSERT_THAT(registry_.Finish(), IsEmpty());
    Result<Validator> validator = Validator::Make(registry_.code());
    ASSERT_TRUE(validator.ok());
    validator_.emplace(std::move(*validator));
  }
  std::string Judge(const Value& value, const ValidationBudget& budget = {}) {
    return Describe(validator_->Validate(registry_.entry(id_), value, budget));
  }
  std::string Judge(std::string_view value) { return Judge(Json(value)); }
  std::string Fill(std::string_view value) {
    const std::optional<Value> filled =
        validator_->ApplyDefaults(registry_.entry(id_), Json(value));
    return filled ? WriteJson(*filled) : "too many";
  }

  SchemaRegistry registry_;
  SchemaId id_;
  std::optional<Validator> validator_;
};

TEST_F(Validation, SaysWhatWasFoundWhatWasExpectedAndWhere) {
  Use(R"({"fields": {
    "kind": {"enum": ["bug", "question"]}, "count": {"type": "integer", "minimum": 1},
    "name": {"type": "string", "minLength": 2, "maxLength": 3, "pattern": "^[a-z]+$"},
    "parts": {"type": "array", "items": "string", "minItems": 1, "uniqueItems": true}},
    "optional": ["count", "name", "parts"]})");
  EXPECT_EQ(Judge(R"({"kind": "bug", "count": 1.0, "name": "ab", "parts": ["a"]})"), "");
  EXPECT_EQ(Judge("3"), "expected an object, found 3");
  EXPECT_EQ(Judge("{}"), "the property `kind` is missing");
  EXPECT_EQ(Judge(R"({"kind": "x"})"), R"(at /kind: expected one of "bug", "question", found "x")");
  EXPECT_EQ(Judge(R"({"kind": "bug", "knd": 1})"),
            "unknown property `knd`; allowed: `count`, `kind`, `name`, `parts`");
  EXPECT_EQ(Judge(R"({"kind": "bug", "count": 1.5})"), "at /count: expected an integer, found 1.5");
  EXPECT_EQ(Judge(R"({"kind": "bug", "count": 0})"), "at /count: expected at least 1, found 0");
  EXPECT_EQ(Judge(R"({"kind": "bug", "name": "A"})"),
            "at /name: expected at least 2 characters, found 1; at /name: expected a match of "
            "`^[a-z]+$`, found \"A\"");
  EXPECT_EQ(Judge(R"({"kind": "bug", "parts": ["a", null, "a"]})"),
            "at /parts/1: expected a string, found null; at /parts: expected items that differ, "
            "found \"a\" again at 2");
  EXPECT_EQ(Judge(R"({"kind": "bug", "parts": []})"),
            "at /parts: expected at least 1 item, found 0");
}

TEST_F(Validation, ShowsTheAlternativeThatIsNearest) {
  Use(R"({"anyOf": ["string", {"fields": {"a": {"fields": {"b": "integer"}}}}]})");
  EXPECT_EQ(Judge(R"({"a": {"b": "x"}})"),
            "fits none of 2 alternatives, found an object; the nearest, at /a/b: expected an "
            "integer, found \"x\"");
  EXPECT_EQ(Judge("3"),
            "fits none of 2 alternatives, found 3; the nearest: expected a string, found 3");
}

TEST_F(Validation, CountsCodePointsAndCutsLongText) {
  Use(R"({"type": "string", "maxLength": 2})");
  EXPECT_EQ(Judge(R"("äö")"), "");
  EXPECT_EQ(Judge(R"("äöü")"), "expected at most 2 characters, found 3");
  Use(R"({"const": 1})");
  EXPECT_EQ(Judge(Value::String(std::string(100, 'a'))),
            "expected 1, found \"" + std::string(60, 'a') + "…\"");
}

TEST_F(Validation, EscapesNamesInPointers) {
  Use(R"({"additionalProperties": "string"})");
  EXPECT_EQ(Judge(R"({"a/b~": 1})"), "at /a~1b~0: expected a string, found 1");
}

TEST_F(Validation, ReportsAtMostTheBudgetedMismatches) {
  Use(R"({"list": "string"})");
  const Value value = Value::List(std::vector<Value>(100, Value::Int(1)));
  const ValidationBudget budget{.max_mismatches = 5};
  EXPECT_EQ(validator_->Validate(registry_.entry(id_), value, budget).size(), 5u);
  EXPECT_THAT(Judge(value), testing::EndsWith("; and 5 more"));
}

TEST_F(Validation, RejectsWhatIsPastTheBudget) {
  Use(R"({"list": "string"})");
  const Value value = Value::List(std::vector<Value>(100, Value::String("a")));
  EXPECT_EQ(Judge(value, {.steps = 50}), "too large to be checked");
  Use(R"({"$defs": {"l": {"items": {"$ref": "#/$defs/l"}}}, "$ref": "#/$defs/l"})");
  Value deep = Value::List({});
  for (int i = 0; i < 20'000; ++i) deep = Value::List({deep});
  EXPECT_EQ(Judge(deep), "too deep to be checked");
}

TEST_F(Validation, ASearchCostsWhatItMayLookAt) {
  Use(R"({"type": "string", "pattern": "(.*)(.*)(.*)[a-f]{900}z"})");
  EXPECT_EQ(Judge(Value::String(std::string(1'000'000, 'a'))), "too large to be checked");
  EXPECT_EQ(Judge(Value::String(std::string(900, 'a') + "z")), "");
  Use(R"({"type": "object", "patternProperties": {"(.*)(.*)(.*)[a-f]{900}z": false}})");
  EXPECT_EQ(Judge(Value::Record({{std::string(1'000'000, 'a'), Value::Int(1)}})),
            "too large to be checked");
  Use(R"({"type": "string", "pattern": "x+|y+z"})");
  EXPECT_EQ(Judge(Value::String(std::string(5'000'000, 'a') + "x")), "");
}

TEST_F(Validation, FindsValuesOfALongEnumWithoutGoingThroughThem) {
  std::string schema = R"({"items": {"enum": [null, {"a": [1]})";
  std::string values = R"([null, {"a": [1.0]})";
  for (int i = 0; i < 5000; ++i) {
    schema += fmt::format(R"(, {}, "v{}")", i, i);
    values += fmt::format(R"(, {}.0, "v{}")", i, i);
  }
  Use(schema + "]}}");
  EXPECT_EQ(Judge(values + "]"), "");
  EXPECT_EQ(
      Judge(R"(["v5000"])"),
      "at /0: expected one of null, an object, 0, \"v0\", 1, \"v1\", 2, \"v2\", 3, \"v3\" and "
      "9992 more, found \"v5000\"");
}

TEST_F(Validation, EndsOnSchemasThatMultiplyWork) {
  Use(R"({"$defs": {"no": false,
                    "once": {"allOf": [{"items": {"$ref": "#/$defs/t"}}, {"$ref": "#/$defs/no"}]},
                    "t": {"anyOf": [{"$ref": "#/$defs/once"}, {"$ref": "#/$defs/once"}, true]}},
          "items": {"$ref": "#/$defs/t"}})");
  Value deep = Value::Int(1);
  for (int i = 0; i < 60; ++i) deep = Value::List({deep});
  EXPECT_EQ(Judge(deep, {.steps = 100'000}), "too large to be checked");
}

TEST_F(Validation, KnowsThatOnlyJsonIsJson) {
  Use(R"({"type": ["object", "string"]})");
  EXPECT_EQ(Judge(Value::Bytes("a")),
            "expected a string or an object, found a value of type bytes");
  EXPECT_EQ(Judge(Value::Map({{Value::Int(1), Value::Int(2)}})),
            "expected a string or an object, found a map whose keys are not strings");
}

TEST_F(Validation, FillsInDefaultsAlsoInNestedObjects) {
  Use(R"({"fields": {"path": {"type": "string", "default": "."},
                     "o": {"fields": {"n": {"type": "integer", "default": 3}}, "default": {}},
                     "l": {"list": {"fields": {"d": {"default": null}}}}}, "optional": ["l"]})");
  EXPECT_EQ(Fill("{}"), R"({"o":{"n":3},"path":"."})");
  EXPECT_EQ(Fill(R"({"path": "a", "o": {"n": 1}, "l": [{}, {"d": 2}]})"),
            R"({"l":[{"d":null},{"d":2}],"o":{"n":1},"path":"a"})");
  EXPECT_EQ(Fill("[]"), "[]");
}

TEST_F(Validation, FillsInDefaultsOfWhatIsReferredTo) {
  Use(R"({"$defs": {"name": {"type": "string", "default": "x"}, "base": {"properties": {"b": {"default": 1}}}},
          "$ref": "#/$defs/base", "properties": {"a": {"$ref": "#/$defs/name"}},
          "anyOf": [{"properties": {"c": {"default": 1}}}]})");
  EXPECT_EQ(Fill("{}"), R"({"a":"x","b":1})");
}

TEST_F(Validation, FillsInDefaultsWhereverPropertiesAreReached) {
  Use(R"({"allOf": [{"properties": {"a": {"default": 1}}, "required": ["a", "b"]}, {"allOf": [{"properties": {"b": {"default": 2}}}]}],
          "properties": {"list": {"prefixItems": [{"properties": {"c": {"default": 3}}}], "items": {"properties": {"d": {"default": 4}}}}},
          "patternProperties": {"^p": {"properties": {"e": {"default": 5}}}},
          "additionalProperties": {"properties": {"f": {"default": 6}}},
          "oneOf": [{"properties": {"g": {"default": 7}}}],
          "if": {"properties": {"h": {"default": 8}}}, "then": {"properties": {"i": {"default": 9}}},
          "required": ["b"]})");
  EXPECT_EQ(Fill("{}"), R"({"a":1,"b":2})");
  EXPECT_EQ(
      Fill(R"({"list": [{}, {}], "p1": {}, "other": {"f": 0}, "another": {}})"),
      R"({"a":1,"another":{"f":6},"b":2,"list":[{"c":3},{"d":4}],"other":{"f":0},"p1":{"e":5}})");
}

TEST_F(Validation, SchemasOfWhatIsFilledInSayTheSame) {
  Use(R"({"allOf": [{"properties": {"a": {"default": 1}}, "required": ["a", "b"]}, {"$ref": "#/$defs/more"}],
          "additionalProperties": {"properties": {"f": {"default": 6}}, "required": ["f"]},
          "$defs": {"more": {"properties": {"b": {"default": 2}}}}, "required": ["b", "n"]})");
  const SchemaId given = FindGivenSchema(registry_, id_);
  const SchemaId filled = FindFilledSchema(registry_, id_);
  for (const std::string_view text : {R"({"n": {}})", R"({"n": {"f": 1}, "a": 0})", "{}"}) {
    SCOPED_TRACE(text);
    const Value value = Json(text);
    const Value whole = registry_.ApplyDefaults(id_, value);
    EXPECT_EQ(registry_.Validate(given, value).empty(), Judge(whole).empty());
    EXPECT_EQ(registry_.Validate(filled, whole).empty(), Judge(whole).empty());
  }
  EXPECT_FALSE(registry_.Validate(filled, Json(R"({"n": {"f": 1}, "b": 1})")).empty());
}

TEST_F(Validation, FillsUntilNothingIsMissing) {
  for (
      const std::string_view schema :
      {R"({"properties": {"b": {"properties": {"m": {"default": 1}}}}, "allOf": [{"properties": {"b": {"default": {}}}}]})",
       R"({"properties": {"b": {"properties": {"m": {"default": 1}}}}, "$ref": "#/$defs/x", "$defs": {"x": {"properties": {"b": {"default": {}}}}}})",
       R"({"allOf": [{"properties": {"b": {"properties": {"m": {"default": 1}}}}}, {"properties": {"b": {"default": {}}}}]})",
       R"({"patternProperties": {"b": {"properties": {"m": {"default": 1}}}}, "allOf": [{"properties": {"b": {"default": {}}}}]})",
       R"({"additionalProperties": {"properties": {"m": {"default": 1}}}, "allOf": [{"properties": {"b": {"default": {}}}}]})"}) {
    SCOPED_TRACE(schema);
    Use(schema);
    EXPECT_EQ(Fill("{}"), R"({"b":{"m":1}})");
  }
  Use(R"({"properties": {"b": {"items": {"properties": {"m": {"default": {}}}}}}, "allOf": [{"properties": {"b": {"default": [{}]}}},
          {"properties": {"b": {"items": {"properties": {"m": {"properties": {"n": {"default": 1}}}}}}}}]})");
  EXPECT_EQ(Fill("{}"), R"({"b":[{"m":{"n":1}}]})");
}

TEST_F(Validation, FillsInDefaultsOfManyItems) {
  Use(R"({"items": {"properties": {"m": {"default": {}, "properties": {"n": {"default": 1}}}}}})");
  constexpr size_t kCount = 100'000;
  const Value given = Value::List(std::vector<Value>(kCount, Value::Map({})));
  const std::optional<Value> filled = validator_->ApplyDefaults(registry_.entry(id_), given);
  ASSERT_TRUE(filled);
  EXPECT_EQ(WriteJson(filled->items().front()), R"({"m":{"n":1}})");
  EXPECT_EQ(WriteJson(filled->items().back()), R"({"m":{"n":1}})");
}

TEST_F(Validation, RefusesDefaultsThatGrowTooMuch) {
  std::string definitions;
  constexpr int kCount = 60;
  for (int i = 0; i < kCount; ++i) {
    definitions += fmt::format(
        R"("d{}": {{"properties": {{"l": {{"$ref": "#/$defs/d{}"}}, "r": {{"$ref": "#/$defs/d{}"}}}}, "default": {{}}}}, )",
        i, i + 1, i + 1);
  }
  Use(fmt::format(R"({{"$ref": "#/$defs/d0", "$defs": {{{}"d{}": {{"default": 1}}}}}})",
                  definitions, kCount));
  EXPECT_EQ(Fill("{}"), "too many");
}

TEST_F(Validation, RefusesDefaultsWithoutEnd) {
  for (
      const std::string_view schema :
      {R"({"properties": {"a": {"$ref": "#", "default": {}}, "b": {"$ref": "#", "default": {}}}})",
       R"({"properties": {"a": {"$ref": "#"}}, "allOf": [{"properties": {"a": {"default": {}}}}]})",
       R"({"properties": {"a": {"items": {"$ref": "#"}, "default": [{}]}}})"}) {
    SCOPED_TRACE(schema);
    Use(schema);
    EXPECT_EQ(Fill("{}"), "too many");
    Value value = Json("{}");
    EXPECT_EQ(Describe(validator_->FillAndValidate(registry_.entry(id_), value)),
              "it has too many defaults to fill in");
    EXPECT_EQ(Fill("3"), "3");
  }
}

}  // namespace
}  // namespace wfc::types

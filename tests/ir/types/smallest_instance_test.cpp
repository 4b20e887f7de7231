#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/types/registry.h"
#include "tests/ir/types/json.h"

namespace wfc::types {
namespace {

/// The smallest instance as JSON; "none" without one.
std::string Smallest(std::string_view schema) {
  SchemaRegistry registry;
  std::vector<SchemaError> errors;
  const SchemaId id = registry.AddInline(Json(schema), errors);
  // What nothing satisfies is asked for as well.
  std::erase_if(errors,
                [](const SchemaError& each) { return each.kind == SchemaError::Kind::Empty; });
  EXPECT_FALSE(HasErrors(errors)) << schema;
  if (!id.has_value()) return "wrong";
  EXPECT_THAT(registry.Finish(), testing::IsEmpty());
  const std::optional<Value> value = registry.SmallestInstance(id);
  return value ? WriteJson(*value) : "none";
}

TEST(SmallestInstance, IsTheDefaultThenTheConstantThenTheFirstOfTheEnum) {
  EXPECT_EQ(Smallest(R"({"type": "string", "default": "d", "enum": ["c", "d"]})"), R"("d")");
  EXPECT_EQ(Smallest(R"({"const": {"a": 1}, "anyOf": ["null", "any"]})"), R"({"a":1})");
  EXPECT_EQ(Smallest(R"({"enum": ["b", "a"]})"), R"("b")");
  EXPECT_EQ(Smallest(R"({"anyOf": ["string", "null"]})"), R"("")");
}

TEST(SmallestInstance, PassesOverWhatTheRestOfTheSchemaRejects) {
  EXPECT_EQ(Smallest(R"({"type": "string", "default": 1})"), R"("")");
  EXPECT_EQ(Smallest(R"({"type": "string", "enum": [1, "a"]})"), R"("a")");
  EXPECT_EQ(Smallest(R"({"type": "integer", "anyOf": ["string", {"minimum": 3}]})"), "3");
}

TEST(SmallestInstance, HasTheFormatWhereFormatsAreAsserted) {
  SchemaRegistry registry;
  registry.AssertFormats();
  std::vector<SchemaError> errors;
  const SchemaId id = registry.AddInline(
      Json(R"({"type": "string", "format": "date-time", "minLength": 21})"), errors);
  EXPECT_THAT(registry.Finish(), testing::IsEmpty());
  EXPECT_EQ(registry.SmallestInstance(id), Value::String("2026-01-01T00:00:00.010Z"));
}

TEST(SmallestInstance, PrefersTheSmallerType) {
  EXPECT_EQ(Smallest(R"("any")"), "null");
  EXPECT_EQ(Smallest(R"({"type": ["object", "boolean", "string"]})"), "false");
  EXPECT_EQ(Smallest(R"({"type": ["object", "string", "number"]})"), "0");
  EXPECT_EQ(Smallest(R"({"type": ["object", "array"]})"), "[]");
}

TEST(SmallestInstance, IsTheAdmissibleNumberNearestZero) {
  EXPECT_EQ(Smallest(R"({"type": "integer", "minimum": 1.5})"), "2");
  EXPECT_EQ(Smallest(R"({"type": "integer", "exclusiveMinimum": 5})"), "6");
  EXPECT_EQ(Smallest(R"({"type": "integer", "maximum": -7.5})"), "-8");
  EXPECT_EQ(Smallest(R"({"type": "integer", "minimum": -3, "maximum": 9})"), "0");
  EXPECT_EQ(Smallest(R"({"type": "number", "minimum": 0.25})"), "0.25");
  EXPECT_EQ(Smallest(R"({"type": "number", "exclusiveMinimum": 0})"), "5e-324");
  EXPECT_EQ(Smallest(R"({"type": "number", "exclusiveMinimum": 0.25, "multipleOf": 0.1})"), "0.3");
  EXPECT_EQ(Smallest(R"({"type": "integer", "exclusiveMaximum": -4, "multipleOf": 4})"), "-8");
  EXPECT_EQ(Smallest(R"({"type": "integer", "minimum": 9223372036854775807})"),
            "9223372036854775807");
  EXPECT_EQ(Smallest(R"({"type": "integer", "minimum": 0.1, "maximum": 0.9})"), "none");
}

TEST(SmallestInstance, IsTheShortestThenLeastText) {
  EXPECT_EQ(Smallest(R"({"type": "string", "minLength": 2})"), R"("  ")");
  EXPECT_EQ(Smallest(R"({"type": "string", "pattern": "^[a-z]{2,}$", "minLength": 3})"),
            R"("aaa")");
  EXPECT_EQ(Smallest(R"({"type": "string", "pattern": "^a{3}$", "maxLength": 2})"), "none");
  EXPECT_EQ(Smallest(R"({"type": "string", "minLength": 4000000000})"), "none");
}

TEST(SmallestInstance, HasAsManyItemsAsItMust) {
  EXPECT_EQ(Smallest(R"({"list": "string", "max": 3})"), "[]");
  EXPECT_EQ(Smallest(R"({"type": "array", "minItems": 4, "items": "string",
                         "prefixItems": ["integer", "boolean"]})"),
            R"([0,false,"",""])");
  EXPECT_EQ(Smallest(R"({"type": "array", "minItems": 4000000000})"), "none");
}

TEST(SmallestInstance, HasRequiredPropertiesOnly) {
  EXPECT_EQ(Smallest(R"({"fields": {"a": "string", "b": "string", "c": {"list": "any"}},
                         "optional": ["b"]})"),
            R"({"a":"","c":[]})");
  EXPECT_EQ(Smallest(R"({"type": "object", "required": ["x"],
                         "additionalProperties": {"type": "integer", "minimum": 2}})"),
            R"({"x":2})");
  EXPECT_EQ(Smallest(R"({"type": "object", "minProperties": 1,
                         "properties": {"b": "string", "a": "integer"}})"),
            R"({"a":0})");
}

TEST(SmallestInstance, JoinsWhatReferencesAndAlternativesAsk) {
  EXPECT_EQ(Smallest(R"({"$defs": {"named": {"properties": {"a": {"minLength": 1}}}},
                         "$ref": "#/$defs/named", "type": "object", "required": ["a"],
                         "properties": {"a": "string"}})"),
            R"({"a":" "})");
  EXPECT_EQ(Smallest(R"({"type": "object", "properties": {"a": "string", "b": "integer"},
                         "anyOf": [{"required": ["a"], "properties": {"a": false}},
                                   {"required": ["b"]}]})"),
            R"({"b":0})");
  EXPECT_EQ(Smallest(R"({"$ref": "file"})"),
            R"({"media":"","path":"","sha256":")" + std::string(64, '0') + R"(","size":0})");
}

TEST(SmallestInstance, GivesUpOnWhatNeverEnds) {
  EXPECT_EQ(Smallest(R"({"fields": {"next": {"$ref": "#"}}})"), "none");
  EXPECT_EQ(Smallest(R"({"fields": {"next": {"anyOf": [{"$ref": "#"}, "null"]}}})"),
            R"({"next":null})");
  EXPECT_EQ(Smallest(R"({"fields": {"next": {"anyOf": ["null", {"$ref": "#"}]}}})"),
            R"({"next":null})");
  EXPECT_EQ(Smallest(R"({"fields": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}})"), "none");
}

}  // namespace
}  // namespace wfc::types

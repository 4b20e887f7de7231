#include "ir/types/registry.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ir/types/json.h"

namespace wfc::types {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<SchemaError> ErrorsOf(std::string_view schema) {
  SchemaRegistry registry;
  std::vector<SchemaError> errors;
  const SchemaId id = registry.AddInline(Json(schema), errors);
  // What nothing satisfies is a schema all the same.
  const bool is_empty = !errors.empty() && errors.front().kind == SchemaError::Kind::Empty;
  EXPECT_EQ(id.has_value(), is_empty || !HasErrors(errors));
  return errors;
}

struct WrongSchema {
  std::string_view schema;
  SchemaError::Kind kind;
  std::string_view pointer;
  std::string_view message;
};

class WrongSchemas : public testing::TestWithParam<WrongSchema> {};

TEST_P(WrongSchemas, AreReportedOnceWhereTheyAreWrong) {
  const std::vector<SchemaError> errors = ErrorsOf(GetParam().schema);
  ASSERT_EQ(errors.size(), 1u) << GetParam().schema;
  EXPECT_EQ(errors[0].kind, GetParam().kind);
  EXPECT_EQ(errors[0].pointer, GetParam().pointer);
  const std::string& suggestion = errors[0].suggestion;
  const std::string phrase = suggestion.empty() ? "" : "; did you mean `" + suggestion + "`?";
  EXPECT_THAT(errors[0].message + phrase, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Shape, WrongSchemas,
    testing::Values(
        WrongSchema{"3", SchemaError::Kind::Malformed, "", "a type word, an id or a map, not 3"},
        WrongSchema{"[]", SchemaError::Kind::Malformed, "", "not an empty list"},
        WrongSchema{R"({"type": "strin"})", SchemaError::Kind::Malformed, "/type",
                    "did you mean `string`?"},
        WrongSchema{R"({"type": []})", SchemaError::Kind::Malformed, "/type", "lists no type"},
        WrongSchema{R"({"type": ["string", 3]})", SchemaError::Kind::Malformed, "/type/1", "not 3"},
        WrongSchema{R"({"oneOf": []})", SchemaError::Kind::Malformed, "/oneOf",
                    "a list of at least one schema, not an empty list"},
        WrongSchema{R"({"dependentRequired": {"a": "b"}})", SchemaError::Kind::Malformed,
                    "/dependentRequired/a", "a list of names"},
        WrongSchema{R"x({"patternProperties": {"(?=a)": true}})x", SchemaError::Kind::BadPattern,
                    "/patternProperties/(?=a)", "a look-ahead"},
        WrongSchema{R"({"if": 3})", SchemaError::Kind::Malformed, "/if", "not 3"},
        WrongSchema{R"({"$schema": "https://example.org/own"})", SchemaError::Kind::Malformed,
                    "/$schema", "is not supported"},
        WrongSchema{R"({"proprties": {}})", SchemaError::Kind::Malformed, "/proprties",
                    "did you mean `properties`?"},
        WrongSchema{R"({"enum": "a"})", SchemaError::Kind::Malformed, "/enum", "is a list"},
        WrongSchema{R"({"minimum": "a"})", SchemaError::Kind::Malformed, "/minimum",
                    "a bound is a number"},
        WrongSchema{R"({"multipleOf": 0})", SchemaError::Kind::Malformed, "/multipleOf",
                    "above 0, not 0"},
        WrongSchema{R"({"minLength": -1})", SchemaError::Kind::Malformed, "/minLength",
                    "at least 0, not -1"},
        WrongSchema{R"({"maxItems": 1.5})", SchemaError::Kind::Malformed, "/maxItems", "not 1.5"},
        WrongSchema{R"({"uniqueItems": 1})", SchemaError::Kind::Malformed, "/uniqueItems",
                    "a boolean"},
        WrongSchema{R"({"required": ["a", "a"]})", SchemaError::Kind::Malformed, "/required",
                    "occurs twice"},
        WrongSchema{R"({"required": [1]})", SchemaError::Kind::Malformed, "/required/0",
                    "is a string"},
        WrongSchema{R"({"required": "a"})", SchemaError::Kind::Malformed, "/required",
                    "a list of names"},
        WrongSchema{R"({"properties": []})", SchemaError::Kind::Malformed, "/properties",
                    "a map of names"},
        WrongSchema{R"({"properties": {"a/b": 3}})", SchemaError::Kind::Malformed,
                    "/properties/a~1b", "not 3"},
        WrongSchema{R"({"anyOf": []})", SchemaError::Kind::Malformed, "/anyOf",
                    "at least one schema"},
        WrongSchema{R"({"prefixItems": [1]})", SchemaError::Kind::Malformed, "/prefixItems/0",
                    "not 1"},
        WrongSchema{R"({"pattern": 1})", SchemaError::Kind::Malformed, "/pattern", "is a string"},
        WrongSchema{R"({"$ref": 1})", SchemaError::Kind::Malformed, "/$ref", "is a string"},
        WrongSchema{R"({"$ref": "string"})", SchemaError::Kind::Malformed, "/$ref",
                    "write `type: string`"},
        WrongSchema{R"({"items": {"$id": "a#b"}})", SchemaError::Kind::Malformed, "/items/$id",
                    "an `$id` has no fragment; write `$anchor: b`"},
        WrongSchema{R"({"$ref": "#a"})", SchemaError::Kind::Malformed, "/$ref",
                    "there is no schema at `#a`"},
        WrongSchema{R"({"$ref": "#/$defs/a"})", SchemaError::Kind::Malformed, "/$ref",
                    "there is no schema at"}));

INSTANTIATE_TEST_SUITE_P(
    ShortForms, WrongSchemas,
    testing::Values(
        WrongSchema{R"({"fields": {"a": 3}})", SchemaError::Kind::Malformed, "/fields/a", "not 3"},
        WrongSchema{R"({"fields": {"ab": "any"}, "optional": ["ac"]})",
                    SchemaError::Kind::Malformed, "/optional", "did you mean `ab`?"},
        WrongSchema{R"({"fields": {}, "minProperties": 3})", SchemaError::Kind::Malformed,
                    "/minProperties", "cannot be combined with `fields`"},
        WrongSchema{R"({"list": "any", "max": "3"})", SchemaError::Kind::Malformed, "/max",
                    "a count is an integer"},
        WrongSchema{R"({"list": "strng"})", SchemaError::Kind::UnknownName, "/list",
                    "did you mean `string`?"}));

INSTANTIATE_TEST_SUITE_P(
    Unsatisfiable, WrongSchemas,
    testing::Values(
        WrongSchema{R"({"enum": []})", SchemaError::Kind::Empty, "/enum", "lists no value"},
        WrongSchema{R"({"type": "integer", "minimum": 5, "maximum": 4})", SchemaError::Kind::Empty,
                    "/minimum", "`minimum` 5 leaves no number with `maximum` 4"},
        WrongSchema{R"({"type": "number", "exclusiveMinimum": 5, "maximum": 5})",
                    SchemaError::Kind::Empty, "/exclusiveMinimum", "leaves no number"},
        WrongSchema{R"({"type": "number", "minimum": 5, "exclusiveMaximum": 5})",
                    SchemaError::Kind::Empty, "/exclusiveMaximum", "leaves no number"},
        WrongSchema{R"({"type": "string", "minLength": 3, "maxLength": 2})",
                    SchemaError::Kind::Empty, "/minLength", "more than `maxLength` 2"},
        WrongSchema{R"({"type": "array", "minItems": 3, "maxItems": 2})", SchemaError::Kind::Empty,
                    "/minItems", "more than"},
        WrongSchema{R"({"type": "array", "minItems": 2, "prefixItems": [true], "items": false})",
                    SchemaError::Kind::Empty, "/minItems", "only 1 are allowed"},
        WrongSchema{R"({"type": "array", "minItems": 1, "prefixItems": [false]})",
                    SchemaError::Kind::Empty, "/minItems", "item 0 must be there"},
        WrongSchema{R"({"type": "object", "required": ["a"], "properties": {"a": false}})",
                    SchemaError::Kind::Empty, "/required", "`a` is required, and not allowed"},
        WrongSchema{R"({"type": "object", "required": ["a"], "additionalProperties": false})",
                    SchemaError::Kind::Empty, "/required", "`a` is required"},
        WrongSchema{R"({"type": "object", "required": ["a", "b"], "maxProperties": 1})",
                    SchemaError::Kind::Empty, "/required", "2 properties are required"},
        WrongSchema{R"({"type": "object", "minProperties": 1, "additionalProperties": false})",
                    SchemaError::Kind::Empty, "/minProperties", "only 0 are allowed"},
        WrongSchema{R"({"type": "string", "enum": [1, 2]})", SchemaError::Kind::Empty, "/enum",
                    "rejects every value"},
        WrongSchema{R"({"enum": ["a"], "const": "b"})", SchemaError::Kind::Empty, "/enum",
                    "rejects"},
        WrongSchema{R"({"type": "string", "maxLength": 1, "const": "ab"})",
                    SchemaError::Kind::Empty, "/const", "rejects \"ab\""},
        WrongSchema{R"({"properties": {"a": {"type": "null", "const": 1}}})",
                    SchemaError::Kind::Empty, "/properties/a/const", "rejects 1"}));

INSTANTIATE_TEST_SUITE_P(
    References, WrongSchemas,
    testing::Values(
        WrongSchema{R"({"$ref": "#"})", SchemaError::Kind::Malformed, "/$ref", "leads back"},
        WrongSchema{R"({"$defs": {"a": {"$ref": "#/$defs/b"},
                                              "b": {"anyOf": [{"$ref": "#/$defs/a"}, "null"]}},
                                    "$ref": "#/$defs/a"})",
                    SchemaError::Kind::Malformed, "/$defs/a/$ref", "leads back"},
        WrongSchema{R"({"items": {"$ref": "#/items"}})", SchemaError::Kind::Malformed,
                    "/items/$ref", "leads back"},
        WrongSchema{R"({"$ref": "fil"})", SchemaError::Kind::UnknownName, "/$ref",
                    "did you mean `file`?"},
        WrongSchema{R"("http://example.com")", SchemaError::Kind::UnknownName, "", "nothing"}));

INSTANTIATE_TEST_SUITE_P(
    Patterns, WrongSchemas,
    testing::Values(WrongSchema{R"_({"pattern": "a(?=b)"})_", SchemaError::Kind::BadPattern,
                                "/pattern", "a look-ahead"},
                    WrongSchema{R"_({"pattern": "(a)\\1"})_", SchemaError::Kind::BadPattern,
                                "/pattern", "a backreference"}));

/// A schema of `count` patterns, each of `size` instructions or more.
std::string ManyPatterns(int count, int size) {
  std::string alternatives;
  for (int i = 0; i < count; ++i) {
    alternatives +=
        fmt::format("{}{{\"pattern\": \"^{}[a-z]{{{}}}$\"}}", i == 0 ? "" : ", ", i, size);
  }
  return fmt::format(R"({{"anyOf": [{}]}})", alternatives);
}

TEST(Registry, HoldsPatternsToTheLimitsOfAPlan) {
  EXPECT_THAT(ErrorsOf(ManyPatterns(4000, 2)), IsEmpty());
  const std::vector<SchemaError> many = ErrorsOf(ManyPatterns(5000, 2));
  ASSERT_EQ(many.size(), 1U);
  EXPECT_THAT(many[0].pointer, HasSubstr("/anyOf/40"));
  EXPECT_THAT(many[0].message, HasSubstr("at most 4096 different ones"));
  const std::vector<SchemaError> large = ErrorsOf(ManyPatterns(3000, 1000));
  ASSERT_EQ(large.size(), 1U);
  EXPECT_THAT(large[0].message, HasSubstr("at most 2097152 instructions together"));
  EXPECT_EQ(large[0].kind, SchemaError::Kind::BadPattern);
}

TEST(Registry, StopsAtAFewPatternsThatAreTooLarge) {
  std::string alternatives;
  for (int i = 0; i < 10'000; ++i) {
    alternatives += fmt::format(R"({}{{"pattern": "{}\\p{{L}}{{500}}"}})", i == 0 ? "" : ", ", i);
  }
  const std::vector<SchemaError> errors =
      ErrorsOf(fmt::format(R"({{"anyOf": [{}]}})", alternatives));
  EXPECT_GT(errors.size(), 1U);
  EXPECT_LT(errors.size(), 20U);
}

TEST(Registry, ReportsEveryMistakeOfASchema) {
  const std::vector<SchemaError> errors = ErrorsOf(
      R"({"type": "strin", "properties": {"a": {"type": "integer", "minimum": 2, "maximum": 1},
                                          "b": {"not": 1}, "c": "nosuch"}})");
  std::vector<std::string> pointers;
  for (const SchemaError& error : errors) pointers.push_back(error.pointer);
  // What nothing satisfies is proved when the rest is mended.
  EXPECT_THAT(pointers, ElementsAre("/properties/b/not", "/properties/c", "/type"));
}

TEST(Registry, IsSilentWhereAnotherTypeCouldSatisfy) {
  EXPECT_THAT(ErrorsOf(R"({"minimum": 5, "maximum": 4})"), IsEmpty());
  EXPECT_THAT(ErrorsOf(R"({"type": ["string", "number"], "minLength": 5, "maxLength": 4})"),
              IsEmpty());
  EXPECT_THAT(ErrorsOf(R"({"type": "object", "properties": {"a": false}})"), IsEmpty());
  EXPECT_THAT(ErrorsOf("false"), IsEmpty());
}

TEST(Registry, ExpandsShortForms) {
  SchemaRegistry registry;
  std::vector<SchemaError> errors;
  const SchemaId id = registry.AddInline(
      Json(R"({"fields": {"a": "string", "b": {"list": "file", "max": 3}, "c": "any"},
               "optional": ["c"], "description": "d"})"),
      errors);
  ASSERT_THAT(errors, IsEmpty());
  EXPECT_EQ(registry.Expanded(id), Json(R"({
    "type": "object", "description": "d", "additionalProperties": false, "required": ["a", "b"],
    "properties": {"a": {"type": "string"}, "c": true,
                   "b": {"type": "array", "items": {"$ref": "file"}, "maxItems": 3}}})"));
}

TEST(Registry, ReadsNullAsTheTypeWordThatYamlTookItFor) {
  SchemaRegistry registry;
  std::vector<SchemaError> errors;
  const SchemaId id =
      registry.AddInline(Json(R"({"anyOf": [null, {"type": ["string", null]}]})"), errors);
  ASSERT_THAT(errors, IsEmpty());
  EXPECT_EQ(registry.Expanded(id),
            Json(R"({"anyOf": [{"type": "null"}, {"type": ["string", "null"]}]})"));
}

TEST(Registry, SharesEqualInlineSchemasAndYieldsNamedOnes) {
  SchemaRegistry registry;
  std::vector<SchemaError> errors;
  const SchemaId note = registry.Declare("note");
  EXPECT_EQ(registry.AddInline(Json(R"("note")"), errors), note);
  const SchemaId text = registry.AddInline(Json(R"("string")"), errors);
  EXPECT_EQ(registry.AddInline(Json(R"({"type": "string"})"), errors), text);
  EXPECT_NE(registry.AddInline(Json(R"({"type": "string", "title": "x"})"), errors), text);
  EXPECT_TRUE(registry.IsNamed(note));
  EXPECT_FALSE(registry.IsNamed(text));
}

TEST(Registry, CompilesToTheSameWordsInWhateverOrderSchemasAreAdded) {
  const auto words = [](bool is_reversed) {
    SchemaRegistry registry;
    std::vector<SchemaError> errors;
    std::vector<std::pair<std::string, std::string>> named = {
        {"a", R"({"fields": {"x": "b", "y": {"list": "string"}}})"},
        {"b", R"({"enum": ["p", "q"]})"}};
    std::vector<std::string> anonymous = {R"({"list": "a"})", R"({"type": "integer"})"};
    if (is_reversed) {
      std::ranges::reverse(named);
      std::ranges::reverse(anonymous);
    }
    for (const auto& [name, unused] : named) registry.Declare(name);
    for (const auto& [name, text] : named) {
      EXPECT_THAT(registry.Define(registry.Find(name), Json(text)), IsEmpty());
    }
    for (const std::string& text : anonymous) registry.AddInline(Json(text), errors);
    EXPECT_THAT(registry.Finish(), IsEmpty());
    const auto code = registry.code().code;
    return std::vector<uint32_t>(code.begin(), code.end());
  };
  EXPECT_EQ(words(false), words(true));
}

TEST(Registry, ReportsACycleOfDeclaredSchemasOnce) {
  SchemaRegistry registry;
  const SchemaId a = registry.Declare("a");
  const SchemaId b = registry.Declare("b");
  EXPECT_THAT(registry.Define(a, Json(R"("b")")), IsEmpty());
  EXPECT_THAT(registry.Define(b, Json(R"({"anyOf": [{"$ref": "a"}, "null"]})")), IsEmpty());
  const auto errors = registry.Finish();
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].schema, a);
  EXPECT_EQ(errors[0].error.kind, SchemaError::Kind::Malformed);
  // Queries end all the same.
  EXPECT_FALSE(registry.FindProperty(a, "x").has_value());
  EXPECT_FALSE(registry.FiniteValues(a).has_value());
  EXPECT_EQ(registry.Describe(b), "b");
  EXPECT_FALSE(registry.SmallestInstance(b).has_value() &&
               !registry.SmallestInstance(b)->is_null());
}

TEST(Registry, AnswersAboutACycleInsideASchema) {
  SchemaRegistry registry;
  const SchemaId id = registry.Declare("a");
  EXPECT_THAT(registry.Define(id, Json(R"({"properties": {"x": {"$ref": "#/properties/x"}}})")),
              IsEmpty());
  EXPECT_EQ(registry.Finish().size(), 1u);
  EXPECT_EQ(registry.Describe(registry.FindProperty(id, "x")), "any");
}

TEST(Registry, AdmitsRecursionThroughAProperty) {
  SchemaRegistry registry;
  const SchemaId tree = registry.Declare("tree");
  EXPECT_THAT(registry.Define(tree, Json(R"({"fields": {"below": {"list": "tree"}}})")), IsEmpty());
  EXPECT_THAT(registry.Finish(), IsEmpty());
  EXPECT_EQ(registry.SmallestInstance(tree), Json(R"({"below": []})"));
}

TEST(Registry, RefusesSchemasThatNestTooDeep) {
  Value schema = Value::Bool(true);
  for (int i = 0; i < 20'000; ++i) schema = Value::Record({{"items", schema}});
  SchemaRegistry registry;
  std::vector<SchemaError> errors;
  EXPECT_FALSE(registry.AddInline(schema, errors).has_value());
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_THAT(errors[0].message, HasSubstr("nests deeper"));
}

TEST(Registry, FollowsALongChainOfReferences) {
  SchemaRegistry registry;
  constexpr int kLength = 20'000;
  for (int i = 0; i <= kLength; ++i) registry.Declare("s" + std::to_string(i));
  for (int i = 0; i < kLength; ++i) {
    const SchemaId id = registry.Find("s" + std::to_string(i));
    ASSERT_THAT(registry.Define(id, Value::String("s" + std::to_string(i + 1))), IsEmpty());
  }
  EXPECT_THAT(registry.Finish(), IsEmpty());
  EXPECT_FALSE(registry.FindProperty(registry.Find("s0"), "x").has_value());
}

class Questions : public testing::Test {
 protected:
  SchemaId Add(std::string_view text) {
    std::vector<SchemaError> errors;
    const SchemaId id = registry_.AddInline(Json(text), errors);
    EXPECT_FALSE(HasErrors(errors));
    return id;
  }
  SchemaRegistry registry_;
};

TEST_F(Questions, FindPropertyLooksThroughReferences) {
  const SchemaId kind = registry_.Declare("kind");
  const SchemaId report = registry_.Declare("report");
  EXPECT_THAT(registry_.Define(kind, Json(R"({"enum": ["bug", "question"]})")), IsEmpty());
  EXPECT_THAT(registry_.Define(report, Json(R"({"fields": {"kind": {"$ref": "kind"}}})")),
              IsEmpty());
  const SchemaId property = registry_.FindProperty(Add(R"({"$ref": "report"})"), "kind");
  ASSERT_TRUE(property.has_value());
  EXPECT_THAT(*registry_.FiniteValues(property),
              ElementsAre(Value::String("bug"), Value::String("question")));
  EXPECT_FALSE(registry_.FindProperty(report, "other").has_value());
}

TEST_F(Questions, FindPropertyKnowsSchemasOfOtherProperties) {
  const SchemaId open = Add(R"({"additionalProperties": {"type": "boolean"}})");
  EXPECT_EQ(registry_.SingleType(registry_.FindProperty(open, "x")), "boolean");
  EXPECT_FALSE(registry_.FindProperty(Add(R"({"additionalProperties": true})"), "x").has_value());
}

TEST_F(Questions, APropertyWithADefaultIsNotRequiredOfACaller) {
  const SchemaId id = Add(R"({"fields": {"a": "string", "b": {"type": "string", "default": "."},
                                         "c": "string"}, "optional": ["c"]})");
  const auto properties = registry_.FindProperties(id);
  ASSERT_TRUE(properties.has_value());
  EXPECT_THAT(properties->names, ElementsAre("a", "b", "c"));
  EXPECT_THAT(properties->required, ElementsAre("a"));
  EXPECT_TRUE(properties->is_closed);
  EXPECT_FALSE(registry_.FindProperties(Add(R"("any")")).has_value());
}

TEST_F(Questions, ADefaultCountsInWhicheverPartOfASchemaItStands) {
  for (const std::string_view text :
       {R"({"properties": {"b": {"default": 2}}, "allOf": [{"required": ["b"]}]})",
        R"({"required": ["b"], "allOf": [{"properties": {"b": {"default": 2}}}]})",
        R"({"properties": {"b": {"$ref": "#/$defs/two"}}, "$ref": "#/$defs/base",
            "$defs": {"base": {"required": ["b"]}, "two": {"default": 2}}})"}) {
    SCOPED_TRACE(text);
    EXPECT_THAT(registry_.FindProperties(Add(text))->required, IsEmpty());
  }
  // It is not filled in from below the property's own schema.
  const SchemaId id =
      Add(R"({"properties": {"b": {"allOf": [{"default": 2}]}}, "required": ["b"]})");
  EXPECT_THAT(registry_.FindProperties(id)->required, ElementsAre("b"));
}

TEST_F(Questions, FiniteValuesAreThoseThatTheSchemaLists) {
  const auto values = [&](std::string_view text) { return registry_.FiniteValues(Add(text)); };
  EXPECT_THAT(*values(R"("boolean")"), ElementsAre(Value::Bool(false), Value::Bool(true)));
  EXPECT_THAT(*values(R"("null")"), ElementsAre(Value::Null()));
  EXPECT_THAT(*values(R"({"type": "string", "enum": ["a", 1, "a"]})"),
              ElementsAre(Value::String("a")));
  EXPECT_THAT(*values(R"({"anyOf": [{"const": 1}, {"enum": [2, 1]}]})"),
              ElementsAre(Value::Int(1), Value::Int(2)));
  EXPECT_FALSE(values(R"({"anyOf": [{"const": 1}, "string"]})").has_value());
  EXPECT_FALSE(values(R"("string")").has_value());
  EXPECT_FALSE(values(R"("any")").has_value());
}

TEST_F(Questions, DescribeIsTheIdOrAShortForm) {
  registry_.Declare("report");
  EXPECT_EQ(registry_.Describe(Add(R"("report")")), "report");
  EXPECT_EQ(registry_.Describe(Add(R"({"$ref": "report"})")), "report");
  EXPECT_EQ(registry_.Describe(Add(R"({"list": "string"})")), "{list: string}");
  EXPECT_EQ(registry_.Describe(Add(R"({"fields": {"b": "any", "a": "any"}})")), "{fields: a, b}");
  EXPECT_EQ(registry_.Describe(Add(R"("number")")), "number");
  EXPECT_EQ(registry_.Describe(Add(R"({"type": ["null", "string"]})")), "any");
}

SchemaId DefineJson(SchemaRegistry& registry, std::string_view name, std::string_view text) {
  const SchemaId id = registry.Declare(name);
  EXPECT_TRUE(registry.Define(id, Json(text)).empty()) << name;
  return id;
}

bool Accepts(const SchemaRegistry& registry, SchemaId id, std::string_view value) {
  const Result<Validator> validator = Validator::Make(registry.code());
  return validator.ok() && validator->Accepts(registry.entry(id), Json(value));
}

TEST(Registry, DocumentsReferToPartsOfEachOtherWhicheverComesFirst) {
  SchemaRegistry registry;
  registry.Declare("late");
  const SchemaId early = DefineJson(
      registry, "early", R"({"prefixItems": [{"$ref": "late#/$defs/a"}, {"$ref": "late#b"}]})");
  DefineJson(registry, "late",
             R"({"$defs": {"a": "string", "c": {"$anchor": "b", "type": "null"}}})");
  ASSERT_TRUE(registry.Finish().empty());
  EXPECT_TRUE(Accepts(registry, early, R"(["x", null])"));
  EXPECT_FALSE(Accepts(registry, early, R"([1])"));
  EXPECT_FALSE(Accepts(registry, early, R"(["x", 1])"));
}

TEST(Registry, ADocumentThatIsNotRegisteredIsNamedWithItsPlace) {
  SchemaRegistry registry;
  const SchemaId id =
      DefineJson(registry, "one", R"({"items": {"$ref": "https://example.org/other.json"}})");
  const auto errors = registry.Finish();
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].schema, id);
  EXPECT_EQ(errors[0].error.kind, SchemaError::Kind::Malformed);
  EXPECT_EQ(errors[0].error.pointer, "/items/$ref");
  EXPECT_THAT(errors[0].error.message, testing::HasSubstr("nothing is read from the network"));
}

TEST(Registry, Draft07IsReadWhereTheSchemaSaysSo) {
  SchemaRegistry registry;
  const SchemaId id = DefineJson(registry, "old", R"({
      "$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
      "properties": {"pair": {"items": [{"$ref": "#/definitions/text"}, true], "additionalItems": false},
                     "rest": {"items": "number", "additionalItems": false},
                     "only": {"$ref": "#/definitions/text", "maxLength": 1}},
      "dependencies": {"a": ["b"], "c": {"required": ["d"]}},
      "definitions": {"text": {"$id": "#text", "type": "string"}, "again": {"$ref": "#text"}}})");
  ASSERT_TRUE(registry.Finish().empty());
  EXPECT_TRUE(Accepts(registry, id, R"({"pair": ["x", 2], "rest": [1, 2], "only": "long"})"));
  EXPECT_FALSE(Accepts(registry, id, R"({"pair": [1]})"));
  EXPECT_FALSE(Accepts(registry, id, R"({"pair": ["x", 2, 3]})"));
  EXPECT_FALSE(Accepts(registry, id, R"({"a": 1})"));
  EXPECT_TRUE(Accepts(registry, id, R"({"a": 1, "b": 1})"));
  EXPECT_FALSE(Accepts(registry, id, R"({"c": 1})"));
}

TEST(Registry, WordsOfOlderDraftsAreMistakesWithACure) {
  SchemaRegistry registry;
  std::vector<SchemaError> errors;
  registry.AddInline(Json(R"({"definitions": {}, "dependencies": {}, "items": [true]})"), errors);
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_THAT(errors[0].message, testing::HasSubstr("write `dependentRequired` for names"));
  EXPECT_THAT(errors[1].message, testing::HasSubstr("write `prefixItems`"));
}

TEST(Registry, PropertiesUnderPatternsAreNotKnownByName) {
  SchemaRegistry registry;
  std::vector<SchemaError> errors;
  const SchemaId id = registry.AddInline(
      Json(R"({"type": "object", "required": ["ab"], "patternProperties": {"^a": "string"},
               "additionalProperties": false})"),
      errors);
  ASSERT_TRUE(errors.empty());
  EXPECT_FALSE(registry.FindProperty(id, "ab").has_value());
  EXPECT_FALSE(registry.FindProperties(id)->is_closed);
}

TEST(Registry, WhatAllOfRequiresCounts) {
  SchemaRegistry registry;
  std::vector<SchemaError> errors;
  const SchemaId id = registry.AddInline(
      Json(R"({"allOf": [{"properties": {"a": "string"}}, {"required": ["a"]}]})"), errors);
  EXPECT_TRUE(registry.FindProperty(id, "a").has_value());
  EXPECT_THAT(registry.FindProperties(id)->required, ElementsAre("a"));
}

TEST(Registry, HostileSchemasAreRefusedOrRunInLinearTime) {
  SchemaRegistry registry;
  std::vector<SchemaError> errors;
  const SchemaId pattern = registry.AddInline(Json(R"({"pattern": "^(a|b)*$"})"), errors);
  const SchemaId doubling = registry.AddInline(
      Json(
          R"({"$defs": {"a": {"allOf": [{"items": {"$ref": "#/$defs/a"}}, {"items": {"$ref": "#/$defs/a"}}]}},
               "$ref": "#/$defs/a"})"),
      errors);
  ASSERT_TRUE(errors.empty());
  ASSERT_TRUE(registry.Finish().empty());
  const Result<Validator> validator = Validator::Make(registry.code());
  ASSERT_TRUE(validator.ok());
  const std::string text(200 << 10, 'a');
  EXPECT_TRUE(validator->Accepts(registry.entry(pattern), Value::String(text)));
  EXPECT_FALSE(validator->Accepts(registry.entry(pattern), Value::String(text + "c")));
  // Each level doubles the work: the budget ends it.
  Value nested = Value::List({});
  for (int i = 0; i < 100; ++i) nested = Value::List({nested});
  const std::vector<Mismatch> mismatches = validator->Validate(registry.entry(doubling), nested);
  ASSERT_EQ(mismatches.size(), 1U);
  EXPECT_EQ(mismatches[0].keyword, "budget");
}

TEST(Registry, CyclesThroughWhatIsAppliedInPlaceDescribeNoValue) {
  for (const std::string_view schema :
       {R"({"not": {"$ref": "#"}})", R"({"if": {"$ref": "#"}})",
        R"({"if": true, "then": {"$ref": "#"}})", R"({"if": true, "else": {"$ref": "#"}})",
        R"({"allOf": [{"$ref": "#"}]})", R"({"dependentSchemas": {"a": {"$ref": "#"}}})"}) {
    const std::vector<SchemaError> errors = ErrorsOf(schema);
    ASSERT_EQ(errors.size(), 1U) << schema;
    EXPECT_THAT(errors[0].message, HasSubstr("leads back"));
  }
  EXPECT_THAT(ErrorsOf(R"({"then": {"$ref": "#"}})"), IsEmpty());
}

}  // namespace
}  // namespace wfc::types

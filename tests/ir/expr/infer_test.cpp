#include <gtest/gtest.h>

#include "tests/ir/expr/type_fixture.h"

namespace wfc::expr {
namespace {

constexpr std::string_view kProject = R"({"fields": {
  "text": "string",
  "short": {"type": "string", "maxLength": 10},
  "kind": {"enum": ["bug", "question"]},
  "n": {"type": "integer", "minimum": 1, "maximum": 9},
  "x": "number",
  "b": "boolean",
  "tags": {"list": "string", "max": 5},
  "files": {"list": {"fields": {"path": "string", "size": "integer"}, "optional": ["size"]}, "max": 7},
  "open": {"type": "object"},
  "maybe": {"type": ["string", "null"]},
  "any": {}
}, "optional": ["maybe"]})";

std::string SchemaOf(std::string_view text) {
  return TypedWorld(kProject).SchemaOf(text);
}

TEST(Infer, AFieldHasTheSchemaOfItsProperty) {
  EXPECT_EQ(SchemaOf("input.short"), R"({"maxLength":10,"type":"string"})");
  EXPECT_EQ(SchemaOf("input.kind"), R"({"enum":["bug","question"]})");
  EXPECT_EQ(SchemaOf("input['n']"), R"({"maximum":9,"minimum":1,"type":"integer"})");
}

TEST(Infer, AMapThatIsWrittenOutIsClosedAndItsFieldsAreRequired) {
  EXPECT_EQ(SchemaOf("{'kind': 'bug', 'n': input.n}"),
            R"({"additionalProperties":false,"properties":{"kind":{"const":"bug"},)"
            R"("n":{"maximum":9,"minimum":1,"type":"integer"}},"required":["kind","n"],)"
            R"("type":"object"})");
  EXPECT_EQ(SchemaOf("{'kind': 'bug', 'n': 3}"), R"({"const":{"kind":"bug","n":3}})");
}

TEST(Infer, AnOptionalEntryIsNotRequired) {
  EXPECT_EQ(SchemaOf("{?'a': input.?maybe, 'b': input.b}"),
            R"({"additionalProperties":false,"properties":{"a":{"type":["string","null"]},)"
            R"("b":{"type":"boolean"}},"required":["b"],"type":"object"})");
}

TEST(Infer, ASliceHasAsManyItemsAsItsBoundsSay) {
  EXPECT_EQ(SchemaOf("input.tags.slice(1, 3)"),
            R"({"maxItems":2,"minItems":2,"prefixItems":[{"type":"string"},{"type":"string"}],)"
            R"("type":"array"})");
  EXPECT_EQ(SchemaOf("input.tags.slice(0, input.n)"),
            R"({"items":{"type":"string"},"maxItems":5,"type":"array"})");
  EXPECT_EQ(SchemaOf("input.text.substring(2, 5)"),
            R"({"maxLength":3,"minLength":3,"type":"string"})");
  EXPECT_EQ(SchemaOf("input.short.substring(2)"), R"({"maxLength":8,"type":"string"})");
}

TEST(Infer, ListedTextsHaveTheirSizes) {
  EXPECT_EQ(SchemaOf("size(input.kind)"), R"({"enum":[3,8]})");
}

TEST(Infer, PartsOfATextAreCounted) {
  EXPECT_EQ(SchemaOf("input.text.split(',', 2)"),
            R"({"items":{"type":"string"},"maxItems":2,"minItems":1,"type":"array"})");
  EXPECT_EQ(SchemaOf("input.short.split(',')"),
            R"({"items":{"type":"string"},"maxItems":11,"minItems":1,"type":"array"})");
  EXPECT_EQ(SchemaOf("input.text.split('')"), R"({"items":{"type":"string"},"type":"array"})");
  EXPECT_EQ(SchemaOf("lines(input.short)"),
            R"({"items":{"type":"string"},"maxItems":10,"type":"array"})");
}

TEST(Infer, AMapWithComputedKeysHasThemAndAsManyEntries) {
  EXPECT_EQ(SchemaOf("{input.kind: input.n, input.text: 2}.transformMap(k, v, true)"),
            R"({"additionalProperties":{"const":true},"maxProperties":2,"minProperties":2,)"
            R"("propertyNames":{"anyOf":[{"type":"string"},{"enum":["bug","question"]}]},)"
            R"("type":"object"})");
  EXPECT_EQ(
      SchemaOf("input.tags.transformMapEntry(i, t, {t: i})"),
      R"({"additionalProperties":{"maximum":4,"minimum":0,"type":"integer"},"maxProperties":5,)"
      R"("propertyNames":{"type":"string"},"type":"object"})");
}

TEST(Infer, MapYieldsAsManyItemsAsThereWere) {
  EXPECT_EQ(SchemaOf("input.files.map(f, f.path)"),
            R"({"items":{"type":"string"},"maxItems":7,"type":"array"})");
  EXPECT_EQ(SchemaOf("[input.n, 2].map(f, f > 1)"),
            R"({"items":{"type":"boolean"},"maxItems":2,"minItems":2,"type":"array"})");
}

TEST(Infer, FilterKeepsTheItemsAndMayKeepNone) {
  EXPECT_EQ(SchemaOf("[input.kind, input.kind].filter(t, size(t) > 1)"),
            R"({"items":{"enum":["bug","question"]},"maxItems":2,"type":"array"})");
  EXPECT_EQ(SchemaOf("input.tags.map(t, t != '', size(t))"),
            R"({"items":{"maximum":9223372036854775807,"minimum":0,"type":"integer"},"maxItems":5,)"
            R"("type":"array"})");
}

TEST(Infer, AListThatIsWrittenOutKnowsEachItem) {
  EXPECT_EQ(SchemaOf("[input.n, input.kind]"),
            R"({"maxItems":2,"minItems":2,"prefixItems":[{"maximum":9,"minimum":1,)"
            R"("type":"integer"},{"enum":["bug","question"]}],"type":"array"})");
  EXPECT_EQ(SchemaOf("[input.n, input.kind][1]"), R"({"enum":["bug","question"]})");
}

TEST(Infer, SumsOfListsAndTextsAddTheirLengths) {
  EXPECT_EQ(SchemaOf("input.tags + input.tags"),
            R"({"items":{"type":"string"},"maxItems":10,"type":"array"})");
  EXPECT_EQ(SchemaOf("input.short + 'abc'"), R"({"maxLength":13,"minLength":3,"type":"string"})");
  EXPECT_EQ(SchemaOf("input.n + 1"), R"({"maximum":10,"minimum":2,"type":"integer"})");
  EXPECT_EQ(SchemaOf("input.n - input.n"), R"({"maximum":8,"minimum":-8,"type":"integer"})");
}

TEST(Infer, ClipBoundsATextsLength) {
  EXPECT_EQ(SchemaOf("clip(input.text, 20)"), R"({"maxLength":20,"type":"string"})");
  EXPECT_EQ(SchemaOf("clip(input.short, 20)"), R"({"maxLength":10,"type":"string"})");
  EXPECT_EQ(SchemaOf("clip(input.text, input.n)"), R"({"maxLength":9,"type":"string"})");
}

TEST(Infer, EnumsStayEnumsThroughAChoice) {
  EXPECT_EQ(SchemaOf("input.b ? 'a' : input.kind"), R"({"enum":["a","bug","question"]})");
  EXPECT_EQ(SchemaOf("input.b ? input.n : input.text"),
            R"({"anyOf":[{"maximum":9,"minimum":1,"type":"integer"},{"type":"string"}]})");
  EXPECT_EQ(SchemaOf("true ? 'a' : input.kind"), R"({"const":"a"})");
}

TEST(Infer, CoalesceYieldsAnyOfItsArguments) {
  EXPECT_EQ(SchemaOf("coalesce(input.maybe, input.kind)"),
            R"({"anyOf":[{"type":["string","null"]},{"enum":["bug","question"]}]})");
  EXPECT_EQ(SchemaOf("coalesce(input.?maybe, input.n)"),
            R"({"anyOf":[{"type":["string","null"]},{"maximum":9,"minimum":1,"type":"integer"}]})");
}

TEST(Infer, ComparisonsAreBoolean) {
  for (const std::string_view text :
       {"input.n < 3", "input.text == 'a'", "input.b && !input.b", "input.n in [1]",
        "has(input.maybe)", "input.tags.all(t, t == '')", "input.files.exists(i, f, i > f.size)"}) {
    EXPECT_EQ(SchemaOf(text), R"({"type":"boolean"})") << text;
  }
}

TEST(Infer, CountsAreWithinTheirBounds) {
  EXPECT_EQ(SchemaOf("size(input.tags)"), R"({"maximum":5,"minimum":0,"type":"integer"})");
  EXPECT_EQ(SchemaOf("size(input)"), R"({"maximum":11,"minimum":10,"type":"integer"})");
  EXPECT_EQ(SchemaOf("sum(input.files.map(f, f.path.size()))"),
            R"({"maximum":9223372036854775807,"minimum":0,"type":"integer"})");
}

TEST(Infer, TextsAndJson) {
  EXPECT_EQ(SchemaOf("json(input)"), R"({"type":"string"})");
  EXPECT_EQ(SchemaOf("text(input.n)"), R"({"maxLength":1,"minLength":1,"type":"string"})");
  EXPECT_EQ(SchemaOf("text(input.n == 1)"), R"({"maxLength":5,"minLength":4,"type":"string"})");
  EXPECT_EQ(SchemaOf("text(input.text)"), SchemaOf("input.text"));
  EXPECT_EQ(SchemaOf("lines(input.text)"), R"({"items":{"type":"string"},"type":"array"})");
  EXPECT_EQ(SchemaOf("parse_json(input.text)"), "true");
  EXPECT_EQ(SchemaOf("parse_json(input.text).a"), "true");
}

TEST(Infer, ConstantsAreFolded) {
  EXPECT_EQ(SchemaOf("[1, 2].map(x, x * 2)"),
            R"({"items":{"maximum":9223372036854775807,"minimum":-9223372036854775808,)"
            R"("type":"integer"},"maxItems":2,"minItems":2,"type":"array"})");
  EXPECT_EQ(SchemaOf("1 + 2 * 3"), R"({"const":7})");
  EXPECT_EQ(SchemaOf("clip('abc', 2) + input.short"),
            R"({"maxLength":12,"minLength":2,"type":"string"})");
}

TEST(Infer, WhatJsonLacksHasNoSchema) {
  EXPECT_EQ(SchemaOf("timestamp(input.text)"), "none");
  EXPECT_EQ(SchemaOf("input.?maybe"), "none");
  EXPECT_EQ(SchemaOf("stages.a.output"), "none");
}

TEST(Infer, InsideAStructureItCountsAsAnything) {
  EXPECT_EQ(SchemaOf("{'at': timestamp(input.text), 'n': 1}.n"), R"({"const":1})");
  TypedWorld world(kProject);
  EXPECT_EQ(world.NameOfType("{'at': timestamp(input.text), 'n': input.n}.at"), "timestamp");
  EXPECT_EQ(world.NameOfType("[timestamp(input.text)].map(t, t - t)"), "list(duration)");
}

TEST(Infer, IntsAndDoublesAreTold) {
  TypedWorld world(kProject);
  EXPECT_EQ(world.NameOfType("input.n + 1"), "int");
  EXPECT_EQ(world.NameOfType("input.x + 1"), "double");
  EXPECT_EQ(world.NameOfType("input.n / input.x"), "double");
  EXPECT_EQ(world.NameOfType("input.b ? input.n : input.x"), "int or double");
  EXPECT_EQ(world.NameOfType("[uint(input.n)][0]"), "uint");
  EXPECT_EQ(world.NameOfType("input.any"), "dyn");
}

TEST(Infer, ReadingAFieldThatIsNotRequiredMayFindNone) {
  TypedWorld world(kProject);
  EXPECT_TRUE(world.InferText("input.maybe").may_be_absent);
  EXPECT_TRUE(world.InferText("1 + input.files[0].size").may_be_absent);
  EXPECT_TRUE(world.InferText("{'a': [input.maybe]}").may_be_absent);
  for (const std::string_view text :
       {"input.text", "input.open.x", "has(input.maybe)", "input.?maybe",
        "coalesce(input.maybe, '')", "has(input.maybe) ? input.maybe : ''",
        "has(input.maybe) && input.maybe == ''",
        "input.files.filter(f, has(f.size)).map(f, f.size)"}) {
    EXPECT_FALSE(world.InferText(text).may_be_absent) << text;
  }
}

}  // namespace
}  // namespace wfc::expr

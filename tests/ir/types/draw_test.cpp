// Drawn values are values of their schemas, and together they reach its corners.
#include "ir/types/vm/draw.h"

#include <functional>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ir/types/registry.h"
#include "ir/value/json.h"
#include "tests/ir/types/json.h"
#include "tests/ir/types/random_schema.h"
#include "tests/ir/types/reference_validator.h"

namespace wfc::types {
namespace {

/// A schema that values are drawn from.
class Source {
 public:
  explicit Source(std::string_view schema, Vocabulary vocabulary = {}) {
    std::vector<SchemaError> errors;
    const SchemaId id = registry_.AddInline(Json(schema), errors);
    WFC_CHECK(id.has_value() && registry_.Finish().empty());
    entry_ = registry_.entry(id);
    validator_.emplace(*Validator::Make(registry_.code()));
    drawer_.emplace(*validator_, std::move(vocabulary));
  }

  [[nodiscard]] std::optional<Value> Draw(Choices choices) const {
    return drawer_->Draw(entry_, choices);
  }
  /// What `count` seeds draw, as JSON.
  [[nodiscard]] std::set<std::string> DrawMany(int count) const {
    std::set<std::string> drawn;
    for (int seed = 0; seed < count; ++seed) {
      const std::optional<Value> value = Draw(Choices(static_cast<uint64_t>(seed)));
      drawn.insert(value ? WriteJson(*value) : "none");
    }
    return drawn;
  }

 private:
  SchemaRegistry registry_;
  uint32_t entry_ = 0;
  std::optional<Validator> validator_;
  std::optional<Drawer> drawer_;
};

/// Whether one of a few random values is one of `document`: then one should be drawn.
bool HasCommonValues(SchemaGenerator& generator, const Value& document) {
  for (int i = 0; i < 10; ++i) {
    if (ReferenceAccepts(document, document, generator.Data(3))) return true;
  }
  return false;
}

TEST(Draw, FitsRandomSchemasByTheReference) {
  SchemaGenerator generator(20);
  int drawn_count = 0;
  int missed_count = 0;
  for (int i = 0; i < 1000; ++i) {
    const Value document = generator.Document();
    SchemaRegistry registry;
    std::vector<SchemaError> errors;
    const SchemaId id = registry.AddInline(document, errors);
    if (!id.has_value()) continue;
    ASSERT_TRUE(registry.Finish().empty());
    const Result<Validator> validator = Validator::Make(registry.code());
    ASSERT_TRUE(validator.ok());
    const Drawer drawer(*validator, {});
    const bool has_common_values = HasCommonValues(generator, document);
    for (uint64_t seed = 0; seed < 8; ++seed) {
      Choices choices(seed, seed % 3);
      const std::optional<Value> value = drawer.Draw(registry.entry(id), choices);
      if (!value && has_common_values) ++missed_count;
      if (!value) continue;
      ++drawn_count;
      ASSERT_TRUE(ReferenceAccepts(document, document, *value)) << WriteJson(document) << "\n"
                                                                << WriteJson(*value);
    }
  }
  EXPECT_GT(drawn_count, 1000);
  EXPECT_LT(missed_count * 50, drawn_count);  // most keywords at once are beyond a few trials
}

TEST(Draw, TheSameChoicesGiveTheSameValue) {
  const Source source(
      R"({"type": ["object", "array"], "additionalProperties": {"type": "string"}})");
  for (uint64_t seed = 0; seed < 50; ++seed) {
    EXPECT_EQ(WriteJson(*source.Draw(Choices(seed))), WriteJson(*source.Draw(Choices(seed))));
  }
}

TEST(Draw, OrdinalsGoThroughAllCombinationsOfAFewAlternatives) {
  const Source source(
      R"({"fields": {"a": {"enum": [1, 2, 3]}, "b": {"enum": ["x", "y"]}, "c": "boolean"}})");
  std::set<std::string> drawn;
  for (uint64_t ordinal = 1; ordinal <= 23; ++ordinal) {
    // The last digits are left to the seed; all combinations have come before it runs out.
    drawn.insert(WriteJson(*source.Draw(Choices(7, ordinal))));
  }
  EXPECT_EQ(drawn.size(), 12);
}

TEST(Draw, TheSmallestChoicesGiveSmallValues) {
  const Source source(
      R"({"fields": {"n": "number", "list": {"list": "string"}, "text": {"minLength": 2}}, "optional": ["n"]})");
  EXPECT_EQ(WriteJson(*source.Draw(Choices::Smallest())), R"({"list":[],"text":null})");
}

TEST(Draw, ReachesBothEndsOfEveryRange) {
  struct Case {
    const char* schema;
    std::vector<std::string> expected;
  };
  const Case cases[] = {
      {R"({"type": "integer", "minimum": -3, "maximum": 40})", {"-3", "40", "0", "-2", "39"}},
      {R"({"type": "number", "exclusiveMinimum": 1, "maximum": 2})", {"1.5", "2"}},
      {R"({"type": "integer", "multipleOf": 7, "minimum": 1, "maximum": 30})", {"7", "28"}},
      {R"({"type": "string", "maxLength": 3})", {R"("")", R"("a")", R"("aaa")"}},
      {R"({"type": "array", "items": {"const": 1}, "maxItems": 3})", {"[]", "[1]", "[1,1,1]"}},
      {R"({"type": "object", "properties": {"a": {"const": 1}}, "additionalProperties": false})",
       {"{}", R"({"a":1})"}},
      {R"({"anyOf": [{"const": 1}, {"const": "b"}, {"type": "null"}]})", {"1", R"("b")", "null"}},
      {R"({"oneOf": [{"const": 1}, {"enum": [1, 2]}]})", {"2"}},
      {R"({"if": {"const": 1}, "then": true, "else": {"const": 2}})", {"1", "2"}},
      {R"({"allOf": [{"enum": [1, 2, 3]}, {"not": {"const": 2}}]})", {"1", "3"}},
  };
  for (const Case& each : cases) {
    const std::set<std::string> drawn = Source(each.schema).DrawMany(300);
    for (const std::string& expected : each.expected) {
      EXPECT_TRUE(drawn.contains(expected)) << each.schema << " never gives " << expected;
    }
    EXPECT_FALSE(drawn.contains("none")) << each.schema;
  }
}

TEST(Draw, KnowsTheWordsOfItsReaders) {
  const Vocabulary vocabulary = {.texts = {"urgent"}, .numbers = {Value::Int(4711)}};
  const std::set<std::string> drawn =
      Source(R"({"type": ["string", "integer"]})", vocabulary).DrawMany(300);
  for (const char* expected : {R"("urgent")", "4710", "4711", "4712"}) {
    EXPECT_TRUE(drawn.contains(expected)) << expected;
  }
}

TEST(Draw, KnowsWhatItsReadersRead) {
  const Vocabulary vocabulary = {.texts = {}, .numbers = {}, .names = {"read", "other"}};
  int found_count = 0;
  const Source source("true", vocabulary);
  for (const std::string& drawn : source.DrawMany(100)) {
    if (drawn.find("\"read\"") != std::string::npos) ++found_count;
  }
  EXPECT_GT(found_count, 20);
  for (const std::string& drawn :
       Source(R"({"type": "object", "additionalProperties": false})", vocabulary).DrawMany(20)) {
    EXPECT_EQ(drawn, "{}");
  }
}

TEST(Draw, MultiplesOfSeveralNumbers) {
  const std::set<std::string> drawn =
      Source(R"({"type": "integer", "minimum": 1, "allOf": [{"multipleOf": 6}, {"multipleOf": 10},
                {"multipleOf": 7}]})")
          .DrawMany(50);
  EXPECT_TRUE(drawn.contains("210"));
  EXPECT_FALSE(drawn.contains("none"));
}

TEST(Draw, MultiplesThatAreTooLongEndSoon) {
  std::string schema = R"({"type": "integer", "minimum": 1, "allOf": [)";
  for (int i = 0; i < 40; ++i) {
    schema += fmt::format(R"({}{{"multipleOf": {}}})", i == 0 ? "" : ",", 1'000'003 + 2 * i);
  }
  EXPECT_EQ(Source(schema + "]}").DrawMany(3), std::set<std::string>{"none"});
}

TEST(Draw, MatchesPatterns) {
  const char* const kPatterns[] = {
      R"(^[a-z]+$)",      R"(^\\d{3}-\\d{2,4}$)",   R"(^(red|green|blue)(, (red|blue))*$)",
      R"(^\\p{Lu}\\w*$)", R"(^[^\\s@]+@[^\\s@]+$)", R"(a.b\\.c)",
      R"(^(a{2}b?){3}$)", R"(^\\[x\\]\\{y\\}$)",    R"(^\\u0041\\x42$)"};
  for (const char* pattern : kPatterns) {
    const Source source(std::string(R"({"type": "string", "pattern": ")") + pattern + "\"}");
    EXPECT_FALSE(source.DrawMany(100).contains("none")) << pattern;
  }
}

TEST(Draw, PropertyNamesFollowTheirPatterns) {
  const Source source(
      R"({"type": "object", "patternProperties": {"^x-[a-z]$": {"type": "integer"}},
          "additionalProperties": false, "minProperties": 1})");
  for (const std::string& drawn : source.DrawMany(50))
    EXPECT_TRUE(drawn.starts_with("{\"x-")) << drawn;
}

TEST(Draw, RecursiveSchemasEnd) {
  const Source source(
      R"({"$defs": {"tree": {"type": "object", "properties": {"children":
          {"type": "array", "items": {"$ref": "#/$defs/tree"}}}, "required": ["children"]}},
          "$ref": "#/$defs/tree"})");
  EXPECT_FALSE(source.DrawMany(200).contains("none"));
}

TEST(Draw, WhatNothingFitsIsNotDrawn) {
  const Source source(R"({"allOf": [{"type": "string", "pattern": "^a$"}, {"pattern": "^b$"}]})");
  EXPECT_EQ(source.Draw(Choices(1)), std::nullopt);
}

TEST(Draw, LongListsRepeatTheirItems) {
  const Source source(
      R"({"type": "array", "items": {"type": "string"}, "minItems": 2000, "maxItems": 2000})");
  const std::optional<Value> drawn = source.Draw(Choices(1));
  ASSERT_TRUE(drawn);
  EXPECT_EQ(drawn->items().size(), 2000);
}

}  // namespace
}  // namespace wfc::types

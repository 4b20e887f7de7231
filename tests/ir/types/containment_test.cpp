// What containment answers: the witness, the place it breaks, recursion, and where it gives up.
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/types/registry.h"
#include "ir/types/vm/formats.h"
#include "ir/value/json.h"
#include "tests/ir/types/json.h"

namespace wfc::types {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ContainmentAnswer Ask(const Value& left, const Value& right) {
  SchemaRegistry registry;
  std::vector<SchemaError> errors;
  const SchemaId one = registry.AddInline(left, errors);
  const SchemaId other = registry.AddInline(right, errors);
  EXPECT_TRUE(errors.empty()) << errors.front().message;
  EXPECT_TRUE(registry.Finish().empty());
  return registry.FindContainment(one, other);
}
ContainmentAnswer Ask(std::string_view left, std::string_view right) {
  return Ask(Json(left), Json(right));
}

/// "yes", "unknown: KEYWORD", or "no: " and the witness.
std::string Verdict(const ContainmentAnswer& answer) {
  if (answer.verdict == Containment::Yes) return "yes";
  if (answer.verdict == Containment::Unknown) return "unknown: " + answer.keyword;
  return "no: " + WriteJson(*answer.witness);
}
std::string Verdict(std::string_view left, std::string_view right) {
  return Verdict(Ask(left, right));
}

TEST(Containment, PrefersSmallWitnesses) {
  EXPECT_EQ(Verdict("true", R"({"type": "string"})"), "no: null");
  EXPECT_EQ(Verdict(R"({"type": "string"})", R"({"minLength": 3})"), R"(no: "")");
  EXPECT_EQ(Verdict(R"({"type": "integer"})", R"({"minimum": 0})"), "no: -1");
  EXPECT_EQ(Verdict(R"({"type": "number"})", R"({"type": "integer"})"), "no: 0.5");
  EXPECT_EQ(Verdict(R"({"type": "array"})", R"({"maxItems": 1})"), "no: [null,null]");
  EXPECT_EQ(Verdict(R"({"enum": ["low", "high", "urgent"]})", R"({"enum": ["low", "high"]})"),
            R"(no: "urgent")");
}

TEST(Containment, WitnessesHoldWhatIsRequiredAndWhatBreaks) {
  EXPECT_EQ(Verdict(R"({"type": "object", "required": ["id"],
                        "properties": {"id": {"type": "integer"}, "note": {"type": "string"}}})",
                    R"({"required": ["note"]})"),
            R"(no: {"id":0})");
}

TEST(Containment, TellsWhereTheWitnessBreaks) {
  const ContainmentAnswer answer =
      Ask(R"({"type": "object", "properties": {"a": {"items": {"type": "integer"}, "type": "array",
              "minItems": 1}}, "required": ["a"]})",
          R"({"properties": {"a": {"items": {"type": "string"}}}})");
  EXPECT_EQ(Verdict(answer), R"(no: {"a":[0]})");
  ASSERT_EQ(answer.mismatches.size(), 1U);
  EXPECT_EQ(answer.mismatches.front().pointer, "/a/0");
}

TEST(Containment, OfRecursiveSchemasIsDecided) {
  const auto list = [](std::string_view item) {
    return R"({"$ref": "#/$defs/list", "$defs": {"list": {"type": ["object", "null"],
               "required": ["head", "tail"], "properties": {"head": {"type": ")" +
           std::string(item) + R"("}, "tail": {"$ref": "#/$defs/list"}}}}})";
  };
  EXPECT_EQ(Verdict(list("integer"), list("number")), "yes");
  EXPECT_EQ(Verdict(list("number"), list("integer")), R"(no: {"head":0.5,"tail":null})");
}

TEST(Containment, OfMutuallyRecursiveSchemasIsDecided) {
  // Lists of even length, as one schema and as two that take turns.
  EXPECT_EQ(Verdict(R"({"$ref": "#/$defs/even", "$defs": {
                          "even": {"anyOf": [{"type": "null"}, {"type": "object",
                                   "required": ["tail"],
                                   "properties": {"tail": {"$ref": "#/$defs/odd"}}}]},
                          "odd": {"type": "object", "required": ["tail"],
                                  "properties": {"tail": {"$ref": "#/$defs/even"}}}}})",
                    R"({"$ref": "#/$defs/any", "$defs": {"any": {"type": ["null", "object"],
                        "properties": {"tail": {"$ref": "#/$defs/any"}}}}})"),
            "yes");
}

TEST(Containment, CountsAlternativesTogether) {
  EXPECT_EQ(Verdict(R"({"type": ["string", "integer"]})",
                    R"({"anyOf": [{"type": "string"}, {"type": "number"}]})"),
            "yes");
  EXPECT_EQ(Verdict(R"({"type": "integer"})", R"({"anyOf": [{"minimum": 3}, {"maximum": 2}]})"),
            "yes");
  EXPECT_EQ(Verdict(R"({"type": "integer"})", R"({"oneOf": [{"minimum": 3}, {"maximum": 3}]})"),
            "no: 3");
}

TEST(Containment, FollowsATagThroughItsAlternatives) {
  const std::string_view tagged = R"({"type": "object", "required": ["kind"], "oneOf": [
      {"properties": {"kind": {"const": "file"}, "path": {"type": "string"}},
       "required": ["path"]},
      {"properties": {"kind": {"const": "url"}, "url": {"type": "string"}}, "required": ["url"]}]})";
  EXPECT_EQ(Verdict(tagged, R"({"properties": {"kind": {"enum": ["file", "url"]}}})"), "yes");
  EXPECT_EQ(Verdict(tagged, R"({"required": ["path"]})"), R"(no: {"kind":"url","url":""})");
}

TEST(Containment, NamesTheKeywordThatItCannotLookInto) {
  EXPECT_EQ(Verdict(R"({"type": "object"})", R"({"anyOf": [{"properties": {"a": true}}],
                                                 "unevaluatedProperties": {"type": "string"}})"),
            R"(no: {"extra":null})");
  EXPECT_EQ(Verdict(R"({"type": "object", "properties": {"a": {"type": "integer"}},
                        "additionalProperties": false})",
                    R"({"allOf": [{"properties": {"a": true}}], "unevaluatedProperties": false})"),
            "unknown: unevaluatedProperties");
}

/// Objects whose properties say which of 8 pigeons sits in which of 7 holes: there are none, and
/// every search finds that hard to see.
std::string Pigeons() {
  std::string all = R"({"type": "object", "allOf": [true)";
  const auto sits = [](int pigeon, int hole) { return fmt::format("\"{}in{}\"", pigeon, hole); };
  for (int pigeon = 0; pigeon < 8; ++pigeon) {
    std::string holes;
    for (int hole = 0; hole < 7; ++hole) {
      holes += fmt::format("{}{{\"required\": [{}]}}", hole > 0 ? ", " : "", sits(pigeon, hole));
      for (int other = 0; other < pigeon; ++other) {
        all += fmt::format(", {{\"not\": {{\"required\": [{}, {}]}}}}", sits(pigeon, hole),
                           sits(other, hole));
      }
    }
    all += ", {\"anyOf\": [" + holes + "]}";
  }
  return all + "]}";
}

TEST(Containment, GivesUpByABudgetItNames) {
  EXPECT_EQ(Verdict(Pigeons(), R"({"required": ["never"]})"), "unknown: steps");
}

TEST(Containment, FindsIntegersBeyond64Bits) {
  EXPECT_EQ(Verdict(R"({"type": "integer"})", R"({"maximum": 9223372036854775807})"),
            "no: 9223372036854775808");
  EXPECT_EQ(Verdict(R"({"type": "integer"})", R"({"minimum": -9223372036854775808})"),
            "no: -9223372036854775809");
  EXPECT_EQ(Verdict(R"({"type": "integer", "minimum": 0})", R"({"maximum": 99999999999999999999})"),
            "no: 100000000000000000000");
  EXPECT_EQ(Verdict(R"({"const": 18446744073709551616})", R"({"const": 18446744073709551617})"),
            "no: 18446744073709551616");
  EXPECT_EQ(Verdict(R"({"enum": [9007199254740993]})", R"({"enum": [9007199254740992.0]})"),
            "no: 9007199254740993");
  EXPECT_EQ(Verdict(R"({"type": "integer", "minimum": 5, "maximum": 99999999999999999999})",
                    R"({"maximum": 100000000000000000000})"),
            "yes");
}

TEST(Containment, OfDeepSchemasIsGivenUp) {
  Value one = Json(R"({"type": "integer"})");
  Value other = Json(R"({"type": "number"})");
  for (int i = 0; i < 200; ++i) {
    one = Value::Record({{"type", Value::String("array")}, {"items", one}});
    other = Value::Record({{"items", other}});
  }
  EXPECT_EQ(Ask(one, other).verdict, Containment::Unknown);
}

TEST(Containment, OfManyPropertiesLooksAtEachOnce) {
  const auto object = [](std::string_view type) {
    std::vector<MapEntry> properties;
    std::vector<Value> names;
    for (int i = 0; i < 200; ++i) {
      const Value name = Value::String("property_" + std::to_string(i));
      properties.push_back({name, Value::Record({{"type", Value::String(type)}})});
      names.push_back(name);
    }
    return Value::Record({{"type", Value::String("object")},
                          {"properties", Value::Map(std::move(properties))},
                          {"required", Value::List(std::move(names))}});
  };
  EXPECT_EQ(Verdict(Ask(object("integer"), object("number"))), "yes");
  EXPECT_THAT(Verdict(Ask(object("number"), object("integer"))), HasSubstr("0.5"));
}

/// As Verdict, where formats are asserted.
std::string VerdictOfFormats(std::string_view left, std::string_view right) {
  SchemaRegistry registry;
  registry.AssertFormats();
  std::vector<SchemaError> errors;
  const SchemaId one = registry.AddInline(Json(left), errors);
  const SchemaId other = registry.AddInline(Json(right), errors);
  EXPECT_TRUE(errors.empty()) << errors.front().message;
  EXPECT_TRUE(registry.Finish().empty());
  return Verdict(registry.FindContainment(one, other));
}

TEST(Containment, HasTextsOfEachFormat) {
  for (uint32_t i = 0; i < kFormatCount; ++i) {
    const auto format = static_cast<Format>(i);
    const std::string of_format =
        fmt::format(R"({{"type": "string", "format": "{}"}})", GetName(format));
    EXPECT_THAT(VerdictOfFormats(of_format, R"({"type": "integer"})"), HasSubstr("no: \""))
        << GetName(format);
    // Texts that differ from each other.
    const std::string list = fmt::format(
        R"({{"type": "array", "uniqueItems": true, "minItems": 15, "items": {}}})", of_format);
    EXPECT_THAT(VerdictOfFormats(list, R"({"maxItems": 14})"), HasSubstr("no: [\""))
        << GetName(format);
    for (const std::string_view form : FindSamples(format)) {
      for (uint32_t number = kLeastSampleNumber; number <= kMostSampleNumber; ++number) {
        const std::string text = MakeSample(format, form, number, 0);
        EXPECT_TRUE(HasFormat(format, text)) << GetName(format) << " " << text;
        const std::string longer = MakeSample(format, form, number, 60);
        EXPECT_TRUE(HasFormat(format, longer)) << GetName(format) << " " << longer;
      }
    }
  }
}

TEST(Containment, TriesTextsOfAFormatWithWhatStandsBesideIt) {
  EXPECT_EQ(VerdictOfFormats(R"({"type": "string", "format": "uri", "pattern": "^https://"})",
                             R"({"type": "integer"})"),
            R"(no: "https://example.org/10")");
  EXPECT_THAT(VerdictOfFormats(R"({"type": "string", "format": "uri", "minLength": 300})",
                               R"({"maxLength": 299})"),
              HasSubstr("no: \"a:10aaa"));
  EXPECT_EQ(VerdictOfFormats(R"({"type": "string", "format": "date"})",
                             R"({"type": "string", "format": "date-time"})"),
            R"(no: "2026-01-10")");
  EXPECT_EQ(VerdictOfFormats(R"({"type": "string", "format": "date"})", R"({"type": "string"})"),
            "yes");
  EXPECT_EQ(VerdictOfFormats(R"({"type": "string", "format": "date", "pattern": "^0004-02-29$"})",
                             R"({"type": "integer"})"),
            R"(no: "0004-02-29")");
  EXPECT_EQ(VerdictOfFormats(R"({"type": "string", "format": "date", "pattern": "^0004-02"})",
                             R"({"type": "integer"})"),
            "unknown: format");
  EXPECT_EQ(VerdictOfFormats(R"({"type": "string", "format": "email", "minLength": 2000000})",
                             R"({"type": "integer"})"),
            "unknown: minLength");
}

TEST(Containment, GivesUpOnAGoalOnceAQuestion) {
  // Without that, each of the nested lists doubles the work.
  std::string unclear = R"({"type": "string", "format": "date", "pattern": "^0004-02"})";
  for (int i = 0; i < 30; ++i) {
    unclear = fmt::format(R"({{"type": "array", "contains": {}, "minItems": 1, "maxContains": 2}})",
                          unclear);
  }
  EXPECT_EQ(VerdictOfFormats(unclear, R"({"const": 3})").substr(0, 7), "unknown");
}

}  // namespace
}  // namespace wfc::types

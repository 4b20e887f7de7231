// JSON makes the same located tree, and each way to be wrong has a place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frontend/yaml/to_value.h"
#include "ir/value/json.h"
#include "tests/frontend/yaml/reading.h"

namespace wfc::yaml {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Findings(std::string_view text) {
  return Reading(text, "t.json").Findings();
}

TEST(ReadJson, MakesALocatedTree) {
  const Reading read(R"({"a": [1, -2.5e3, true, null, "x\ty"], "b" : { } , "c": {"d": "e"}})",
                     "t.json");
  EXPECT_THAT(read.Findings(), IsEmpty());
  EXPECT_EQ(read.Show(), "{a: [1, -2.5e3, true, ~, \"x\ty\"], b: {}, c: {d: \"e\"}}");
  EXPECT_EQ(read.SpanText(read.At({"a"})), R"([1, -2.5e3, true, null, "x\ty"])");
  EXPECT_EQ(read.SpanText(read.At({"b"})), "{ }");
  EXPECT_EQ(read.SpanText(read.At({"c", "d"})), "\"e\"");
  EXPECT_EQ(read.SpanText(read.tree.FindKey(read.tree.root(), "b")), "\"b\"");
}

TEST(ReadJson, ReadsScalarsAlone) {
  EXPECT_EQ(Reading(" true\n", "t.json").Show(), "true");
  EXPECT_EQ(Reading("\"x\"", "t.json").Show(), "\"x\"");
  EXPECT_EQ(Reading("\xEF\xBB\xBF[1]", "t.json").Show(), "[1]");
}

TEST(ReadJson, WordsOfYamlAreNotJson) {
  EXPECT_THAT(Findings("{\"a\": yes}"), ElementsAre("Y001@1:7 'yes'"));
  EXPECT_THAT(Findings("[01]"), ElementsAre("Y001@1:2 '01'"));
  EXPECT_THAT(Findings("[.5]"), ElementsAre("Y001@1:2 '.5'"));
  EXPECT_THAT(Findings("nul"), ElementsAre("Y001@1:1 'nul'"));
}

TEST(ReadJson, EachWayToBeMalformedHasAPlace) {
  EXPECT_THAT(Findings("{\"a\": 1,}"), ElementsAre("Y001@1:9 '}'"));
  EXPECT_THAT(Findings("{\"a\" 1}"), ElementsAre(::testing::StartsWith("Y001@1:")));
  EXPECT_THAT(Findings("[1 2]"), ElementsAre(::testing::StartsWith("Y001@1:")));
  EXPECT_THAT(Findings("[1"), ElementsAre(::testing::StartsWith("Y001@1:")));
  EXPECT_THAT(Findings("{\"a"), ElementsAre(::testing::StartsWith("Y001@1:")));
  EXPECT_THAT(Findings("[1] x"), ElementsAre("Y001@1:5 'x'"));
  EXPECT_THAT(Findings("[1]]"), ElementsAre("Y001@1:4 ']'"));
  EXPECT_THAT(Findings("\"a\" b"), ElementsAre(::testing::StartsWith("Y001@1:")));
  EXPECT_THAT(Findings("[\"\\q\"]"), ElementsAre("Y001@1:3 '\\'"));
  EXPECT_THAT(Findings("[\"\\u12\"]"), ElementsAre("Y001@1:3 '\\'"));
  EXPECT_THAT(Findings(""), ElementsAre("Y001@1:1 ''"));
  EXPECT_THAT(Findings("  \n"), ElementsAre(::testing::StartsWith("Y001@")));
}

TEST(ReadJson, FindsDuplicateKeysDepthAndNumbersThatDoNotFit) {
  EXPECT_THAT(Findings("{\"a\": 1, \"a\": 2}"), ElementsAre("Y002@1:10 '\"a\"'"));
  EXPECT_THAT(Reading(std::string(100'000, '['), "t.json").Codes(), ElementsAre("Y007"));
  EXPECT_THAT(Findings("[1e999]"), ElementsAre("Y007@1:2 '1e999'"));
  EXPECT_THAT(Findings("[\"\xFF\"]"), ElementsAre("Y007@1:3 '\xFF'"));
}

TEST(ToValue, IsTheJsonOfATree) {
  const Reading read("b: [1, 2.5, x, ~, true]\na: {c: \"1\"}\n\"3\": |\n  t\n");
  EXPECT_EQ(WriteJson(ToValue(read.tree, read.tree.root())),
            R"({"3":"t\n","a":{"c":"1"},"b":[1,2.5,"x",null,true]})");
}

TEST(ToValue, TakesTheFirstOfKeysThatAreOneInJson) {
  const Reading read("routes: {1: a, \"1\": b}\n");
  EXPECT_EQ(WriteJson(ToValue(read.tree, read.At({"routes"}))), R"({"1":"a"})");
}

}  // namespace
}  // namespace wfc::yaml

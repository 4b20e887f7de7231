#include "passes/flow/nearest_value.h"

#include <vector>

#include <gtest/gtest.h>

namespace wfc::passes {
namespace {

Value Text(std::string_view text) {
  return Value::String(text);
}

TEST(NearestValue, OffersWhatDiffersInCaseOrByASlip) {
  const std::vector<Value> codes = {Text("timeout"), Text("network")};
  EXPECT_EQ(SuggestValue(Text("TIMEOUT"), codes), "; did you mean `timeout`?");
  EXPECT_EQ(SuggestValue(Text("netwrok"), codes), "; did you mean `network`?");
  EXPECT_EQ(SuggestValue(Text("denied"), codes), "");
}

TEST(NearestValue, OffersWhatOtherToolsCallTheSame) {
  const std::vector<Value> all = {Text("succeeded"), Text("tolerated"), Text("failed")};
  EXPECT_EQ(SuggestValue(Text("success"), all), "; did you mean `succeeded`?");
  EXPECT_EQ(SuggestValue(Text("error"), all), "; did you mean `failed`?");
  const std::vector<Value> tolerant = {Text("succeeded"), Text("tolerated")};
  EXPECT_EQ(SuggestValue(Text("failed"), tolerant), "; did you mean `tolerated`?");
}

TEST(NearestValue, TellsKindsApartThatAreSpelledTheSame) {
  const std::vector<Value> truths = {Value::Bool(false), Value::Bool(true)};
  EXPECT_EQ(SuggestValue(Text("true"), truths), "; did you mean the boolean `true`, not the text?");
  const std::vector<Value> texts = {Text("1")};
  EXPECT_EQ(SuggestValue(Value::Int(1), texts), "; did you mean the text `\"1\"`, not the number?");
}

TEST(NearestValue, ListsAtMostTen) {
  EXPECT_EQ(ListValues(std::vector<Value>{Text("a"), Value::Int(2), Text("")}),
            "`a`, `2` and `\"\"`");
  std::vector<Value> many;
  for (int i = 0; i < 11; ++i) many.push_back(Value::Int(i));
  EXPECT_EQ(ListValues(many), "");
}

}  // namespace
}  // namespace wfc::passes

#include "backend-runtime/providers/scripted_answers.h"

#include <gtest/gtest.h>

#include "ir/value/json.h"

namespace wfc::providers {
namespace {

Value Json(std::string_view text) {
  return *ReadJson(text);
}

TEST(ScriptedEntry, AnyValueIsTheAnswer) {
  for (const std::string_view text :
       {"1", "\"a\"", "[1]", "{}", R"({"text":1})", R"({"text":"a","more":1})", R"({"value":1})",
        R"({"delay":"1s"})"}) {
    const auto entry = ReadScriptedEntry(Json(text));
    ASSERT_TRUE(entry.ok()) << text;
    ASSERT_TRUE(entry->value) << text;
    EXPECT_EQ(*entry->value, Json(text));
  }
}

TEST(ScriptedEntry, TextAndErrorsHaveForms) {
  EXPECT_EQ(ReadScriptedEntry(Json(R"({"text":"not json"})"))->text, "not json");
  EXPECT_EQ(ReadScriptedEntry(Json(R"({"error":"rate_limit"})"))->error_code, "rate_limit");
}

TEST(ScriptedEntry, ADelayComesBeforeAnyOfThem) {
  const auto value = ReadScriptedEntry(Json(R"({"delay":"50ms","value":{"a":1}})"));
  EXPECT_EQ(value->delay, std::chrono::milliseconds(50));
  EXPECT_EQ(*value->value, Json(R"({"a":1})"));
  EXPECT_EQ(ReadScriptedEntry(Json(R"({"delay":"1s","error":"timeout"})"))->error_code, "timeout");
  EXPECT_EQ(ReadScriptedEntry(Json(R"({"delay":"1s","text":"x"})"))->delay,
            std::chrono::seconds(1));
}

TEST(ScriptedEntry, ADelayIsADuration) {
  EXPECT_FALSE(ReadScriptedEntry(Json(R"({"delay":"soon","value":1})")).ok());
  EXPECT_FALSE(ReadScriptedEntry(Json(R"({"delay":"-1s","value":1})")).ok());
  EXPECT_FALSE(ReadScriptedEntry(Json(R"({"delay":5,"value":1})")).ok());
}

TEST(ScriptedAnswers, GiveOneEntryACallAndThenFail) {
  const ScriptedAnswers answers(Json(R"({"a":[1,2],"b":[3]})"));
  EXPECT_EQ(answers.Find("a", 0)->value->AsInt(), 1);
  EXPECT_EQ(answers.Find("a", 1)->value->AsInt(), 2);
  EXPECT_EQ(answers.Find("b", 0)->value->AsInt(), 3);
  EXPECT_EQ(answers.Find("a", 2).error().message,
            "the fixture lists 2 answers for `a`, and this is call 3");
}

TEST(ScriptedAnswers, KnowWhatIsListed) {
  EXPECT_TRUE(ScriptedAnswers(Json(R"({"a":[]})")).IsListed("a"));
  EXPECT_FALSE(ScriptedAnswers(Json(R"({"a":[]})")).IsListed("b"));
  EXPECT_FALSE(ScriptedAnswers(Value()).IsListed("a"));
  EXPECT_FALSE(ScriptedAnswers(Json(R"({"a":1})")).Find("a", 0).ok());
}

TEST(ScriptedAnswers, NameTheEntryThatIsWrong) {
  const ScriptedAnswers answers(Json(R"({"a":[{"delay":"x","value":1}]})"));
  EXPECT_EQ(answers.Find("a", 0).error().message,
            "entry 1 for `a` in the fixture: its `delay` is not a duration such as 50ms");
}

}  // namespace
}  // namespace wfc::providers

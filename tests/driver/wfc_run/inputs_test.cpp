#include "driver/wfc_run/inputs.h"

#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>

#include "ir/value/json.h"

namespace wfc::driver {
namespace {

/// `{text: string, count: integer, list: array}`, `text` required, nothing else.
std::vector<types::Mismatch> Check(const Value& input) {
  std::vector<types::Mismatch> mismatches;
  if (input.kind() != Kind::Map)
    return {{.pointer = "", .keyword = "type", .message = "no object"}};
  if (input.Find("text") == nullptr) {
    mismatches.push_back({.pointer = "", .keyword = "required", .message = "`text` is missing"});
  }
  for (const MapEntry& entry : input.entries()) {
    const std::string key(entry.key.AsString());
    const Kind kind = entry.value.kind();
    const bool fits = (key == "text" && kind == Kind::String) ||
                      (key == "count" && kind == Kind::Int) ||
                      (key == "list" && kind == Kind::List);
    if (!fits) {
      mismatches.push_back({.pointer = "/" + key, .keyword = "type", .message = "wrong"});
    }
  }
  return mismatches;
}

std::string Made(std::string_view whole, const std::vector<TypedInput>& typed) {
  const Result<Value> input = MakeInput(*ReadJson(whole), typed, Check);
  return input ? WriteJson(*input) : "error: " + input.error().message;
}

TEST(Inputs, TextStaysTextWhereItFitsAndIsJsonElsewhere) {
  EXPECT_EQ(Made("null", {{"text", "12"}, {"count", "12"}, {"list", "[1, \"a\"]"}}),
            R"({"count":12,"list":[1,"a"],"text":"12"})");
}

TEST(Inputs, SingleKeysGoOverTheWhole) {
  EXPECT_EQ(Made(R"({"text":"a","count":1})", {{"count", "2"}}), R"({"count":2,"text":"a"})");
}

TEST(Inputs, WhatDoesNotFitSaysWhere) {
  EXPECT_TRUE(Made("null", {{"text", "a"}, {"count", "many"}})
                  .starts_with("error: the input does not fit: "));
  EXPECT_TRUE(Made("null", {{"text", "a"}, {"count", "1.5"}}).starts_with("error: "));
  EXPECT_TRUE(Made("null", {{"text", "a"}, {"extra", "1"}}).starts_with("error: "));
  EXPECT_TRUE(Made("null", {}).starts_with("error: "));
  EXPECT_TRUE(Made("7", {}).starts_with("error: "));
}

TEST(Inputs, AKeyIsGivenOnce) {
  EXPECT_EQ(Made("null", {{"text", "a"}, {"text", "b"}}), "error: input `text` is given twice");
}

TEST(Inputs, AnInputThatIsNoObjectTakesNoKeys) {
  EXPECT_EQ(Made("7", {{"text", "a"}}),
            "error: the input is not an object, so -i cannot add to it");
}

TEST(Inputs, AWordIsSplitAtTheFirstEqualsSign) {
  const auto input = ReadTypedInput("a=b=c");
  ASSERT_TRUE(input.ok());
  EXPECT_EQ(input->key, "a");
  EXPECT_EQ(input->text, "b=c");
  EXPECT_EQ(ReadTypedInput("a=")->text, "");
  EXPECT_EQ(ReadTypedInput("a=@@b")->text, "@b");
  EXPECT_FALSE(ReadTypedInput("a").ok());
  EXPECT_FALSE(ReadTypedInput("=a").ok());
  EXPECT_FALSE(ReadTypedInput("a=\xFF").ok());
}

TEST(Inputs, AnAtSignReadsAFile) {
  const std::string path = testing::TempDir() + "input.txt";
  std::ofstream(path) << "from a file\n";
  EXPECT_EQ(ReadTypedInput("a=@" + path)->text, "from a file\n");
  std::remove(path.c_str());
  const auto missing = ReadTypedInput("a=@" + path);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().message,
            "input `a`: cannot read `" + path + "`: No such file or directory");
  EXPECT_FALSE(ReadTypedInput("a=@" + testing::TempDir()).ok());
}

}  // namespace
}  // namespace wfc::driver

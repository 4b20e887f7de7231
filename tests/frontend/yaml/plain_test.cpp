// Both readings of plain scalars, and what Y003 says of them.
#include "frontend/yaml/plain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/frontend/yaml/reading.h"

namespace wfc::yaml {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Plain, IsTypedByTheCoreSchema) {
  for (const auto& [text, kind] : std::initializer_list<std::pair<std::string_view, Kind>>{
           {"", Kind::Null},        {"~", Kind::Null},       {"null", Kind::Null},
           {"NULL", Kind::Null},    {"nULL", Kind::String},  {"true", Kind::Bool},
           {"False", Kind::Bool},   {"FALSE", Kind::Bool},   {"fALSE", Kind::String},
           {"0", Kind::Int},        {"-12", Kind::Int},      {"+3", Kind::Int},
           {"0777", Kind::Int},     {"0x1f", Kind::Int},     {"-0x1f", Kind::String},
           {"0o7", Kind::Int},      {"0o8", Kind::String},   {"1.", Kind::Double},
           {".5", Kind::Double},    {".", Kind::String},     {"-", Kind::String},
           {"1e3", Kind::Double},   {"1e", Kind::String},    {"1.5E-3", Kind::Double},
           {"1_000", Kind::String}, {"12:30", Kind::String}, {"1.2.3", Kind::String},
           {"+", Kind::String},     {"e3", Kind::String},    {".e3", Kind::String}}) {
    EXPECT_EQ(ResolvePlain(text).kind, kind) << text;
    EXPECT_FALSE(ResolvePlain(text).is_not_in_json) << text;
    EXPECT_EQ(ResolvePlain(text).problem, "") << text;
  }
}

TEST(Plain, NumbersThatDoNotFit) {
  EXPECT_EQ(ResolvePlain("9223372036854775807").kind, Kind::Int);
  EXPECT_EQ(ResolvePlain("-9223372036854775808").kind, Kind::Int);
  EXPECT_EQ(ResolvePlain("9223372036854775808").kind, Kind::BigInt);
  EXPECT_EQ(ResolvePlain("+9223372036854775808").kind, Kind::BigInt);
  for (const std::string_view text : {"0xFFFFFFFFFFFFFFFFF", "1e999", "-1e999", "1e-999"}) {
    EXPECT_EQ(ResolvePlain(text).kind, Kind::Poison) << text;
    EXPECT_NE(ResolvePlain(text).problem, "") << text;
  }
  for (const std::string_view text : {".inf", "-.INF", ".NaN"}) {
    EXPECT_EQ(ResolvePlain(text).kind, Kind::String) << text;
    EXPECT_TRUE(ResolvePlain(text).is_not_in_json) << text;
  }
}

TEST(Plain, IsReadDifferentlyByYaml11) {
  for (const auto& [text, other] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"yes", "true"},
           {"Off", "false"},
           {"NO", "false"},
           {"on", "true"},
           {"0777", "the number 511"},
           {"-010", "the number -8"},
           {"08", "text"},
           {"0o17", "text"},
           {"0b101", "a number"},
           {"1_000", "a number"},
           {"-0x1F", "a number"},
           {"12:30", "a number in base 60"},
           {"1:20:30.5", "a number in base 60"},
           {"1e3", "text"},
           {"1.5e3", "text"},
           {"2001-12-14", "a date"}}) {
    EXPECT_EQ(ReadAsYaml11(text), other) << text;
  }
}

TEST(Plain, IsReadAlikeByYaml11) {
  for (const std::string_view text :
       {"true",   "y",    "n",       "Y",   "0",     "07",      "12",       "-1.5",
        "1.5e+3", "0x1F", "8080:80", "10m", "1.2.3", "fs.read", "on_error", "nope",
        "12:60",  "a_b",  "_1",      "~",   "0.5",   "2001-12", "v1_0"}) {
    EXPECT_EQ(ReadAsYaml11(text), "") << text;
  }
}

TEST(AmbiguousScalars, AreJudgedInValuesEntriesAndRoutesOnly) {
  const Reading read("on: no\nlist: [off, \"yes\"]\nroutes: {yes: a, no: b}\nwith: {yes: 1}\n");
  EXPECT_THAT(read.Findings(),
              ElementsAre("Y003@1:5 'no'", "Y003@2:8 'off'", "Y003@3:10 'yes'", "Y003@3:18 'no'"));
}

TEST(AmbiguousScalars, AreQuotedByTheFixWhereTheyAreText) {
  const Reading text("a: no\n");
  EXPECT_EQ(text.Message(),
            "`no` is text here, but false to a reader of YAML 1.1; write `false` or quote it");
  EXPECT_EQ(text.Fixed(), "a: \"no\"\n");
  EXPECT_FALSE(Reading("a: 0777\n").sink.diagnostics()[0].fix.has_value());
}

TEST(AmbiguousScalars, CanBeIgnored) {
  EXPECT_THAT(Reading("a: 2024-01-31\n", "t.yaml", {.ambiguity = Ambiguity::Ignore}).Codes(),
              IsEmpty());
}

TEST(AmbiguousScalars, SayWhenANumberIsNoneOfJson) {
  EXPECT_THAT(Reading("a: .inf\nb: .nan\n").Findings(),
              ElementsAre("Y003@1:4 '.inf'", "Y003@2:4 '.nan'"));
}

TEST(Numbers, KeepAllDigitsOfAnInteger) {
  const Reading read("a: 99999999999999999999\n");
  EXPECT_THAT(read.Codes(), IsEmpty());
}

TEST(Numbers, ThatCannotBeReadAreErrorsInYamlAndJson) {
  EXPECT_THAT(Reading("a: 1e400\n").Codes(), Contains("Y007"));
  EXPECT_THAT(Reading("a: 1.0e-400\n").Findings(), ElementsAre("Y007@1:4 '1.0e-400'"));
  EXPECT_THAT(Reading("a: 0xFFFFFFFFFFFFFFFFF\n").Codes(), Contains("Y007"));
  EXPECT_THAT(Reading(R"({"a": 1e-400})", "t.json").Findings(), ElementsAre("Y007@1:7 '1e-400'"));
  EXPECT_THAT(Reading("1e400: a\n").Codes(), Not(Contains("Y007")));
}

}  // namespace
}  // namespace wfc::yaml

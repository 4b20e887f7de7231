#include "ir/value/json.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/value/numbers.h"

namespace wfc {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Rewrite(std::string_view text) {
  const auto value = ReadJson(text);
  return value.ok() ? WriteJson(*value) : "error: " + value.error().message;
}

std::string ErrorOf(std::string_view text) {
  const auto value = ReadJson(text);
  return value.ok() ? "accepted as " + WriteJson(*value) : value.error().message;
}

TEST(ReadJson, ReadsEveryKindAndSortsKeys) {
  EXPECT_EQ(Rewrite(R"( {"b": [1, 2.5, -3e2, true, false, null], "a": {"x": "y\u00e9\n"}} )"),
            R"({"a":{"x":"yé\n"},"b":[1,2.5,-300,true,false,null]})");
}

TEST(ReadJson, ReadsScalarsAtTheTop) {
  EXPECT_EQ(Rewrite("1"), "1");
  EXPECT_EQ(Rewrite(" \"x\" "), "\"x\"");
  EXPECT_EQ(Rewrite("null"), "null");
  EXPECT_EQ(Rewrite("true\n"), "true");
}

TEST(ReadJson, ANumberIsAnIntegerOnlyWithoutFractionAndExponent) {
  EXPECT_EQ(ReadJson("9223372036854775807")->kind(), Kind::Int);
  EXPECT_EQ(ReadJson("-9223372036854775808")->kind(), Kind::Int);
  EXPECT_EQ(ReadJson("9223372036854775808")->kind(), Kind::BigInt);
  EXPECT_EQ(ReadJson("1.0")->kind(), Kind::Double);
  EXPECT_EQ(ReadJson("1e2")->kind(), Kind::Double);
  EXPECT_EQ(ReadJson("-0")->kind(), Kind::Int);
  EXPECT_EQ(ReadJson("0e-999")->AsDouble(), 0.0);
}

TEST(ReadJson, AnIntegerKeepsAllItsDigits) {
  for (const std::string number : {"9223372036854775808", "-9223372036854775809",
                                   "123456789012345678901234567890", "-18446744073709551616"}) {
    EXPECT_EQ(Rewrite(number), number);
  }
  const std::string longest(kMaxIntegerDigits, '7');
  EXPECT_EQ(Rewrite(longest), longest);
  EXPECT_THAT(ErrorOf(longest + "7"), HasSubstr("an integer of more than 4300 digits"));
}

TEST(ReadJson, RefusesNumbersThatNoDoubleIsNear) {
  EXPECT_THAT(ErrorOf("1e-400"), HasSubstr("line 1, column 1: the number is too near 0"));
  EXPECT_THAT(ErrorOf("[1, -0.0001e-330]"), HasSubstr("column 5: the number is too near 0"));
  EXPECT_THAT(ErrorOf("1e400"), HasSubstr("the number is too large"));
  EXPECT_EQ(Rewrite("5e-324"), "5e-324");
  EXPECT_EQ(Rewrite("0.1"), "0.1");
}

TEST(ReadJson, NamesAByteOrderMark) {
  EXPECT_EQ(ErrorOf("\xEF\xBB\xBF{}"),
            "it begins with a byte order mark, which JSON does not have");
}

TEST(ReadJson, RefusesWhatIsNotJsonAndSaysWhere) {
  EXPECT_THAT(ErrorOf("{\"a\": 1,\n \"b\": x}"), StartsWith("line 2, column 7: "));
  EXPECT_THAT(ErrorOf(""), HasSubstr("empty"));
  EXPECT_THAT(ErrorOf("   "), HasSubstr("empty"));
  EXPECT_THAT(ErrorOf("1 2"), HasSubstr("line 1, column 3"));
  EXPECT_THAT(ErrorOf("{} {}"), StartsWith("line 1, column"));
  EXPECT_THAT(ErrorOf("\"abc"), HasSubstr("not closed"));
  EXPECT_THAT(ErrorOf("1e999"), HasSubstr("too large"));
  for (const char* bad : {"[1,]",        "{\"a\":1,}",
                          "{\"a\"}",     "{a:1}",
                          "01",          "+1",
                          "1.",          ".5",
                          "1e",          "nul",
                          "NaN",         "[1",
                          "{",           "]",
                          "],[",         "1,2",
                          "'x'",         "\"\\x\"",
                          "\"\t\"",      "\"\\ud800\"",
                          "\"\\udc00\"", "{\"a\":1 \"b\":2}",
                          "[1 2]",       "truefalse",
                          "/* */ 1"}) {
    EXPECT_THAT(ErrorOf(bad), StartsWith("line 1, column ")) << bad;
  }
}

TEST(ReadJson, RefusesIllFormedUtf8) {
  EXPECT_THAT(ErrorOf("[\"\xC3\xA9\", \"\xFF\"]"), StartsWith("line 1, column 8: not valid UTF-8"));
}

TEST(ReadJson, RefusesDuplicateKeysAtAnyLevel) {
  EXPECT_EQ(ErrorOf("{\"x\": {\"a\": 1, \"b\": 2, \"\\u0061\": 3}}"),
            "line 1, column 7: the key \"a\" occurs twice in this object");
}

TEST(ReadJson, RefusesMoreLevelsThanTheCap) {
  const auto nested = [](size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  EXPECT_TRUE(ReadJson(nested(kMaxJsonDepth)).ok());
  EXPECT_THAT(ErrorOf(nested(kMaxJsonDepth + 1)), HasSubstr("more than 512 levels"));
  EXPECT_THAT(ErrorOf(std::string(100'000, '[')), StartsWith("line 1, column "));
}

TEST(WriteJson, WritesDoublesAsJavaScriptDoes) {
  const auto write = [](double number) { return WriteJson(Value::Double(number)); };
  EXPECT_EQ(write(1.0), "1");
  EXPECT_EQ(write(-0.0), "0");
  EXPECT_EQ(write(0.1), "0.1");
  EXPECT_EQ(write(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(write(1e20), "100000000000000000000");
  EXPECT_EQ(write(1e21), "1e+21");
  // Whole, so that what is read back is the same number.
  EXPECT_EQ(write(12345678901234567890.0), "12345678901234567168");
  EXPECT_EQ(write(1.5e-6), "0.0000015");
  EXPECT_EQ(write(1.5e-7), "1.5e-7");
  EXPECT_EQ(write(123.456), "123.456");
  EXPECT_EQ(write(-2.5), "-2.5");
  EXPECT_EQ(write(5e-324), "5e-324");
  EXPECT_EQ(write(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
  EXPECT_EQ(write(NAN), "null");
  EXPECT_EQ(write(INFINITY), "null");
}

TEST(WriteJson, EscapesStrings) {
  EXPECT_EQ(WriteJson(Value::String("a\"\\\n\t\r\b\f\x01é/")), R"("a\"\\\n\t\r\b\f\u0001é/")");
  std::string out;
  AppendJsonString(out, "x\xFFy");
  EXPECT_EQ(out, "\"x\xEF\xBF\xBDy\"");
}

TEST(WriteJson, WritesPretty) {
  EXPECT_EQ(
      WriteJson(*ReadJson(R"({"a":[1,{"b":2}],"c":{},"d":[]})"), JsonStyle::Pretty),
      "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n  \"c\": {},\n  \"d\": []\n}");
}

TEST(WriteJson, WritesKindsThatJsonDoesNotHave) {
  EXPECT_EQ(WriteJson(Value::Uint(std::numeric_limits<uint64_t>::max())), "18446744073709551615");
  EXPECT_EQ(WriteJson(Value::Bytes("\xFF\x01")), "\"/wE=\"");
  EXPECT_EQ(WriteJson(Value::Timestamp({.seconds = 0, .nanos = 500'000'000})),
            "\"1970-01-01T00:00:00.500Z\"");
  EXPECT_EQ(WriteJson(Value::Duration({.seconds = -2, .nanos = 500'000'000})), "\"-1.5s\"");
  EXPECT_EQ(WriteJson(Value::List({Value::None(), Value::Optional(Value::Int(1))})), "[null,1]");
  EXPECT_EQ(WriteJson(Value::Map({{Value::Int(1), {}}, {Value::Bool(true), {}}})),
            "{\"true\":null,\"1\":null}");
}

TEST(WriteJson, WritesDeepValuesWithoutRecursion) {
  Value deep;
  for (int i = 0; i < 100'000; ++i) deep = Value::List({std::move(deep)});
  EXPECT_EQ(WriteJson(deep).size(), 200'004U);
}

}  // namespace
}  // namespace wfc

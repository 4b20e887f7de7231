#include "backend-runtime/store/redactor.h"

#include <gtest/gtest.h>

#include "ir/value/json.h"
#include "ir/value/text.h"

namespace wfc::store {
namespace {

constexpr std::string_view kSecret = "p\"w/ä d+1\n";

Redactor WithSecret() {
  Redactor redactor;
  redactor.Add("TOKEN", kSecret);
  return redactor;
}

TEST(Redactor, HidesTheValueItself) {
  EXPECT_EQ(WithSecret().Redact("a" + std::string(kSecret) + "b"), "a[secret TOKEN]b");
}

TEST(Redactor, HidesBase64AtEveryAlignment) {
  for (const std::string_view before : {"", "x", "xy", "xyz", "user:"}) {
    const std::string encoded = ToBase64(std::string(before) + std::string(kSecret) + " and more");
    const std::string redacted = WithSecret().Redact(encoded);
    EXPECT_NE(redacted.find("[secret TOKEN]"), std::string::npos) << encoded;
  }
}

TEST(Redactor, HidesUrlSafeBase64) {
  Redactor redactor;
  redactor.Add("KEY", "\xFB\xFF\xFE\xFB\xFF\xFE");
  EXPECT_EQ(redactor.Redact("-__--__-"), "[secret KEY]");
}

TEST(Redactor, HidesUrlEncodedFormsAndHexadecimal) {
  const Redactor redactor = WithSecret();
  EXPECT_EQ(redactor.Redact("q=p%22w%2F%C3%A4%20d%2B1%0A&"), "q=[secret TOKEN]&");
  EXPECT_EQ(redactor.Redact("q=p%22w%2f%c3%a4+d%2b1%0a&"), "q=[secret TOKEN]&");
  EXPECT_EQ(redactor.Redact("7022772fc3a420642b310a"), "[secret TOKEN]");
}

TEST(Redactor, HidesJsonEscapedOnceAndTwice) {
  const std::string once = WriteJson(Value::String(kSecret));
  EXPECT_EQ(WithSecret().Redact(once), "\"[secret TOKEN]\"");
  const std::string twice = WriteJson(Value::String(once));
  EXPECT_EQ(WithSecret().Redact(twice).find("d+1"), std::string::npos);
}

TEST(Redactor, HidesWhatOtherWritersOfJsonMakeOfIt) {
  Redactor redactor;
  redactor.Add("A", "a/ä😀b");
  EXPECT_EQ(redactor.Redact(R"(<a/\u00e4\ud83d\ude00b> <a\/\u00E4\uD83D\uDE00b> <a\/ä😀b>)"),
            "<[secret A]> <[secret A]> <[secret A]>");
}

TEST(Redactor, OverlappingSecretsLeaveNothing) {
  Redactor redactor;
  redactor.Add("A", "abcdef");
  redactor.Add("B", "defghi");
  EXPECT_EQ(redactor.Redact("<abcdefghi>"), "<[secret A]>");
}

TEST(Redactor, AValueKeepsItsShapeAndItsOtherParts) {
  Redactor redactor;
  redactor.Add("PIN", "4711");
  const Value record =
      Value::Record({{"text", Value::String("my 4711!")},
                     {"number", Value::Int(347119)},
                     {"list", Value::List({Value::Double(1.5), Value::String("4711")})},
                     {"4711", Value::Bool(true)},
                     {"optional", Value::Optional(Value::String("4711"))}});
  EXPECT_EQ(WriteJson(redactor.Redact(record)),
            R"({"[secret PIN]":true,"list":[1.5,"[secret PIN]"],"number":"3[secret PIN]9",)"
            R"("optional":"[secret PIN]","text":"my [secret PIN]!"})");
}

TEST(Redactor, KeysThatBecomeEqualStayOne) {
  Redactor redactor;
  redactor.Add("A", "first");
  redactor.Add("A", "second");
  const Value record = Value::Record({{"first", Value::Int(1)}, {"second", Value::Int(2)}});
  EXPECT_EQ(WriteJson(redactor.Redact(record)), R"({"[secret A]":1})");
}

TEST(Redactor, WithoutSecretsNothingChanges) {
  Redactor redactor;
  redactor.Add("EMPTY", "");
  EXPECT_TRUE(redactor.empty());
  EXPECT_EQ(redactor.Redact("text"), "text");
}

}  // namespace
}  // namespace wfc::store

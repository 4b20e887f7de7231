#include "ir/value/text.h"

#include <cmath>

#include <gtest/gtest.h>

namespace wfc {
namespace {

TEST(Base64, GoesBothWays) {
  for (const std::string text : {"", "a", "ab", "abc", "abcd", "\xFF\xFE\xFD"}) {
    EXPECT_EQ(FromBase64(ToBase64(text)), text);
  }
  EXPECT_EQ(ToBase64("hello"), "aGVsbG8=");
  EXPECT_EQ(FromBase64("aGVsbG8"), "hello");
  EXPECT_EQ(FromBase64("a"), std::nullopt);
  EXPECT_EQ(FromBase64("a=b="), std::nullopt);
  EXPECT_EQ(FromBase64("ab c"), std::nullopt);
}

TEST(Timestamp, GoesBothWays) {
  const auto time = ParseTimestamp("2024-02-29T12:30:59.0125+02:00");
  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(FormatTimestamp(*time), "2024-02-29T10:30:59.012500Z");
  EXPECT_EQ(FormatTimestamp(*ParseTimestamp("0001-01-01T00:00:00Z")), "0001-01-01T00:00:00Z");
  EXPECT_EQ(FormatTimestamp({.seconds = -1, .nanos = 0}), "1969-12-31T23:59:59Z");
}

TEST(Timestamp, RefusesWhatIsNoDate) {
  for (const char* bad :
       {"", "2023-02-29T00:00:00Z", "2024-01-01", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00",
        "2024-01-01T00:00:00Zx", "0001-01-01T00:00:00+01:00"}) {
    EXPECT_EQ(ParseTimestamp(bad), std::nullopt) << bad;
  }
}

TEST(Duration, GoesBothWays) {
  EXPECT_EQ(FormatDuration(*ParseDuration("1h30m")), "5400s");
  EXPECT_EQ(FormatDuration(*ParseDuration("-1.5s")), "-1.5s");
  EXPECT_EQ(FormatDuration(*ParseDuration("250ms")), "0.25s");
  EXPECT_EQ(FormatDuration(*ParseDuration("-1ns")), "-0.000000001s");
  EXPECT_EQ(FormatDuration(*ParseDuration("0")), "0s");
  for (const char* bad : {"", "-", "1", "s", "1x", "1h 2m", "99999999999999999h", "."}) {
    EXPECT_EQ(ParseDuration(bad), std::nullopt) << bad;
  }
}

TEST(ParseDouble, TakesWholeNumbersOnly) {
  EXPECT_EQ(ParseDouble("-2.5e3"), -2500.0);
  EXPECT_EQ(ParseDouble("1e-999"), 0.0);
  EXPECT_EQ(ParseDouble("1e999"), INFINITY);
  EXPECT_EQ(ParseDouble("1 "), std::nullopt);
  EXPECT_EQ(ParseDouble("+-1"), std::nullopt);
  EXPECT_EQ(ParseDouble(""), std::nullopt);
}

}  // namespace
}  // namespace wfc

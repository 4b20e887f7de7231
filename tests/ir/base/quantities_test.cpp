#include "ir/base/quantities.h"

#include <gtest/gtest.h>

namespace wfc {
namespace {

TEST(Quantities, HaveUnits) {
  EXPECT_EQ(ParseTimeSpan("250ms"), 250'000'000);
  EXPECT_EQ(ParseTimeSpan("30d"), 2'592'000'000'000'000);
  EXPECT_EQ(ParseTimeSpan("36500d"), kLongestTime);
  EXPECT_EQ(ParseByteSize("0"), 0);
  EXPECT_EQ(ParseByteSize("64KiB"), 65536);
  EXPECT_EQ(ParseByteSize("10MB"), 10'000'000);
  EXPECT_EQ(ParseScaledCount("200k"), 200'000);
}

TEST(Quantities, AreRefusedWhenMalformedOrTooLarge) {
  for (const char* wrong : {"", "s", "30", "30 s", "-1s", "1.5s", "1w", "36501d", "1S"}) {
    EXPECT_FALSE(ParseTimeSpan(wrong)) << wrong;
  }
  for (const char* wrong : {"", "MB", "10mb", "+1", "99999999999GiB"}) {
    EXPECT_FALSE(ParseByteSize(wrong)) << wrong;
  }
  EXPECT_FALSE(ParseScaledCount("1K"));
  EXPECT_FALSE(ParseScaledCount("99999999999999999999"));
}

}  // namespace
}  // namespace wfc

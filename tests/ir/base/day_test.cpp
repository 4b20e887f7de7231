#include "ir/base/day.h"

#include <gtest/gtest.h>

namespace wfc {
namespace {

TEST(Day, RealDaysAreCounted) {
  EXPECT_EQ(ParseDay("1970-01-01").day, 0);
  EXPECT_EQ(ParseDay("2000-02-29").day, 11016);
  EXPECT_EQ(ParseDay("2026-01-31").status, ParsedDay::Status::Ok);
  EXPECT_EQ(FormatDay(*ParseDay("2026-01-31").day), "2026-01-31");
}

TEST(Day, OtherFormsAreMalformedAndOtherDaysImpossible) {
  for (std::string_view text : {"", "2026-1-31", "2026/01/31", "2026-01-31T00:00", "yesterday"}) {
    EXPECT_EQ(ParseDay(text).status, ParsedDay::Status::Malformed) << text;
  }
  for (std::string_view text : {"2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31"}) {
    EXPECT_EQ(ParseDay(text).status, ParsedDay::Status::Impossible) << text;
    EXPECT_FALSE(ParseDay(text).day) << text;
  }
}

}  // namespace
}  // namespace wfc

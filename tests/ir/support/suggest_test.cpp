#include "ir/support/suggest.h"

#include <gtest/gtest.h>

namespace wfc {
namespace {

TEST(Suggest, DistanceCountsEditsAndSwaps) {
  EXPECT_EQ(EditDistance("after", "after", 3), 0u);
  EXPECT_EQ(EditDistance("aftr", "after", 3), 1u);
  EXPECT_EQ(EditDistance("afetr", "after", 3), 1u);
  EXPECT_EQ(EditDistance("kitten", "sitting", 5), 3u);
  EXPECT_EQ(EditDistance("", "abc", 5), 3u);
}

TEST(Suggest, DistanceStopsAtTheLimit) {
  EXPECT_EQ(EditDistance("kitten", "sitting", 2), 3u);
  EXPECT_EQ(EditDistance(std::string(65, 'a'), std::string(65, 'a'), 2), 3u);
}

TEST(Suggest, TheNearestIsKeptAndTheFirstByNameAmongEquals) {
  Suggester suggester("fetch");
  suggester.Consider("fetcher");
  EXPECT_EQ(suggester.best(), "");
  suggester.Consider("fetchy");
  suggester.Consider("fetcha");
  suggester.Consider("fetchz");
  EXPECT_EQ(suggester.best(), "fetcha");
  EXPECT_EQ(suggester.Phrase(), "; did you mean `fetcha`?");
}

TEST(Suggest, NothingNearIsNothing) {
  Suggester suggester("ab");
  suggester.Consider("xy");
  suggester.Consider("c");
  EXPECT_EQ(suggester.Phrase(), "");
}

TEST(Suggest, OneLetterNamesAreNotEachOthersSlips) {
  Suggester suggester("a");
  suggester.Consider("b");
  EXPECT_EQ(suggester.best(), "");
}

TEST(Suggest, NamesAreListedUnlessTheyAreManyForAMessage) {
  const std::vector<std::string_view> three = {"a", "b", "c"};
  EXPECT_EQ(ListNames(three), "`a`, `b` and `c`");
  EXPECT_EQ(ListNames(std::span(three).first(1)), "`a`");
  EXPECT_EQ(ListNames({}), "");
  EXPECT_EQ(ListNames(std::vector<std::string_view>(11, "a")), "");
}

}  // namespace
}  // namespace wfc

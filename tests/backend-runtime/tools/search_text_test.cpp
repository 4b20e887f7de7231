#include "backend-runtime/tools/search_text.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

namespace wfc::tools {
namespace {

TEST(SearchText, ColumnsCountCodePoints) {
  const auto matches = SearchText(re2::RE2("TODO"), "one\nä TODO x\r\n", 10);
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].line, 2u);
  EXPECT_EQ(matches[0].column, 3u);
  EXPECT_EQ(matches[0].text, "ä TODO x");
}

TEST(SearchText, ALineCountsOnceAndTheLimitHolds) {
  EXPECT_EQ(SearchText(re2::RE2("a"), "aaa\na\na", 10).size(), 3u);
  EXPECT_EQ(SearchText(re2::RE2("a"), "aaa\na\na", 2).size(), 2u);
}

TEST(SearchText, ALongLineIsCutBetweenCharacters) {
  std::string line(kMaxMatchText - 1, 'x');
  line += "ä and more";
  const auto matches = SearchText(re2::RE2("more"), line, 1);
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].text, std::string(kMaxMatchText - 1, 'x'));
  EXPECT_EQ(matches[0].column, kMaxMatchText + 6);
}

TEST(SearchText, BytesThatAreNoTextAreReplaced) {
  const auto matches = SearchText(re2::RE2("x"), "\xFFx", 1);
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].column, 2u);
  EXPECT_EQ(matches[0].text, "\uFFFDx");
}

TEST(SearchText, ANulMarksABinaryFile) {
  EXPECT_TRUE(IsBinary(std::string_view("a\0b", 3)));
  EXPECT_FALSE(IsBinary("a b"));
}

}  // namespace
}  // namespace wfc::tools

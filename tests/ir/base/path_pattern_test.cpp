#include "ir/base/path_pattern.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace wfc {
namespace {

TEST(PathPattern, ASegmentIsItself) {
  EXPECT_TRUE(MatchesPathPattern("src/main.c", "src/main.c"));
  EXPECT_FALSE(MatchesPathPattern("src", "src/main.c"));
  EXPECT_FALSE(MatchesPathPattern("src/main.c", "src"));
}

TEST(PathPattern, AStarStaysWithinItsSegment) {
  EXPECT_TRUE(MatchesPathPattern("src/*.c", "src/main.c"));
  EXPECT_TRUE(MatchesPathPattern("*a*b*", "xaybz"));
  EXPECT_FALSE(MatchesPathPattern("*.c", "src/main.c"));
}

TEST(PathPattern, TwoStarsAreWholeSegmentsOrNone) {
  EXPECT_TRUE(MatchesPathPattern("**/.env", ".env"));
  EXPECT_TRUE(MatchesPathPattern("**/.env", "a/b/.env"));
  EXPECT_TRUE(MatchesPathPattern("a/**", "a"));
  EXPECT_TRUE(MatchesPathPattern("a/**/b", "a/x/y/b"));
  EXPECT_FALSE(MatchesPathPattern("a/**/b", "a/x/y/c"));
  EXPECT_FALSE(MatchesPathPattern("a/**", "ab"));
}

TEST(PathPattern, AQuestionMarkIsOneCharacterNotOneByte) {
  EXPECT_TRUE(MatchesPathPattern("?.md", "ä.md"));
  EXPECT_FALSE(MatchesPathPattern("?.md", "aä.md"));
}

TEST(PathPattern, TheWholeWorkspaceHasNoSegments) {
  EXPECT_TRUE(MatchesPathPattern("**", "."));
  EXPECT_TRUE(MatchesPathPattern(".", "."));
  EXPECT_FALSE(MatchesPathPattern("*", "."));
}

bool Oracle(const std::string& pattern, const std::string& text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] != '*') {
    return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) &&
           Oracle(pattern.substr(1), text.substr(1));
  }
  return Oracle(pattern.substr(1), text) || (!text.empty() && Oracle(pattern, text.substr(1)));
}

std::vector<std::string> AllStrings(const std::string& alphabet, size_t longest) {
  std::vector<std::string> all = {""};
  for (size_t at = 0; at < all.size(); ++at) {
    if (all[at].size() == longest) break;
    for (const char c : alphabet) all.push_back(all[at] + c);
  }
  return all;
}

TEST(PathPattern, WithinASegmentItAgreesWithTheObviousMatcher) {
  for (const std::string& pattern : AllStrings("ab*?", 4)) {
    if (pattern.empty() || pattern == "**") continue;
    for (const std::string& text : AllStrings("ab", 5)) {
      if (text.empty()) continue;
      EXPECT_EQ(MatchesPathPattern(pattern, text), Oracle(pattern, text)) << pattern << " " << text;
    }
  }
}

}  // namespace
}  // namespace wfc

#include "passes/grants/pattern_inclusion.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ir/base/path_pattern.h"

namespace wfc::passes {
namespace {

Answer Included(std::string_view inner, std::vector<PathSet> outers) {
  return IsIncluded({inner}, outers);
}

TEST(PatternInclusion, FollowsTheMeaningOfStars) {
  EXPECT_EQ(Included("src/main.cpp", {{"src/**"}}), Answer::Yes);
  EXPECT_EQ(Included("src/**", {{"**"}}), Answer::Yes);
  EXPECT_EQ(Included("**", {{"src/**"}}), Answer::No);
  EXPECT_EQ(Included("src/*", {{"src/**"}}), Answer::Yes);
  EXPECT_EQ(Included("src/**", {{"src/*"}}), Answer::No);
  EXPECT_EQ(Included("src/a?c", {{"src/a*"}}), Answer::Yes);
  EXPECT_EQ(Included("a", {{"a/**"}}), Answer::Yes);
  EXPECT_EQ(Included("a/**", {{"a"}}), Answer::No);
}

TEST(PatternInclusion, UsesTheUnionOfTheOuterPatterns) {
  EXPECT_EQ(Included("**", {{"*/**"}, {"."}}), Answer::Yes);
  EXPECT_EQ(Included("*", {{"a*"}, {"?"}}), Answer::No);
  EXPECT_EQ(Included("a/**", {{"a"}, {"a/*"}, {"a/*/**"}}), Answer::Yes);
}

TEST(PatternInclusion, TakesALiteralPathAsItIsWritten) {
  EXPECT_EQ(IsIncluded({"a/*", true}, std::vector<PathSet>{{"a/b"}}), Answer::No);
  EXPECT_EQ(IsIncluded({"a/*", true}, std::vector<PathSet>{{"a/?"}}), Answer::Yes);
  EXPECT_FALSE(Overlap({"a/*", true}, {"a/b"}));
  EXPECT_FALSE(Overlap({"a/?", true}, {"a/b"}));
  EXPECT_EQ(IsIncluded({"a/**", true}, std::vector<PathSet>{{"a"}}), Answer::No);
  EXPECT_EQ(IsIncluded({"a/**", true}, std::vector<PathSet>{{"a/??"}}), Answer::Yes);
}

TEST(PatternInclusion, GivesUpOnPatternsThatAskForTooMuch) {
  const std::string tail(20, '?');
  EXPECT_EQ(Included("*b" + tail + "*", {{"*b" + tail}, {"*b" + tail + "?*"}}), Answer::Unknown);
}

TEST(PatternInclusion, OverlapsWhereOnePathIsInBoth) {
  EXPECT_TRUE(Overlap({"**/.env"}, {"config/**"}));
  EXPECT_TRUE(Overlap({"a/**"}, {"a"}));
  EXPECT_FALSE(Overlap({"a/**"}, {"b/**"}));
  EXPECT_FALSE(Overlap({"*.md"}, {"*.txt"}));
}

/// All paths of up to three segments of up to two letters of {a, b}, and the root.
std::vector<std::string> ShortPaths() {
  const std::vector<std::string> segments = {"a", "b", "aa", "ab", "ba", "bb"};
  std::vector<std::string> paths = {"."};
  for (const std::string& x : segments) {
    paths.push_back(x);
    for (const std::string& y : segments) {
      paths.push_back(x + "/" + y);
      for (const std::string& z : segments) paths.push_back(x + "/" + y + "/" + z);
    }
  }
  return paths;
}

std::string DrawPattern(std::mt19937& random) {
  static const std::vector<std::string> segments = {"a",  "b",  "*",  "?", "**",
                                                    "a*", "*b", "a?", "**"};
  std::string pattern;
  const size_t count = 1 + random() % 3;
  for (size_t i = 0; i < count; ++i)
    pattern += (i == 0 ? "" : "/") + segments[random() % segments.size()];
  return pattern;
}

TEST(PatternInclusion, AgreesWithEnumeratingShortPaths) {
  const std::vector<std::string> paths = ShortPaths();
  std::mt19937 random(7);
  int included_count = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::string inner = DrawPattern(random);
    const std::vector<std::string> outers = {DrawPattern(random), DrawPattern(random)};
    bool all_in = true;
    bool any_in_first = false;
    for (const std::string& path : paths) {
      if (!MatchesPathPattern(inner, path)) continue;
      all_in =
          all_in && (MatchesPathPattern(outers[0], path) || MatchesPathPattern(outers[1], path));
      any_in_first = any_in_first || MatchesPathPattern(outers[0], path);
    }
    const Answer answer = IsIncluded({inner}, std::vector<PathSet>{{outers[0]}, {outers[1]}});
    ASSERT_NE(answer, Answer::Unknown);
    // A path outside the enumeration (deeper, longer, another letter) can refute an inclusion,
    // never make one.
    if (answer == Answer::Yes) {
      ++included_count;
      ASSERT_TRUE(all_in) << inner << " in " << outers[0] << " or " << outers[1];
    } else if (inner.find('*') == std::string::npos && inner.find('?') == std::string::npos) {
      ASSERT_FALSE(all_in) << inner << " in " << outers[0] << " or " << outers[1];
    }
    if (any_in_first) ASSERT_TRUE(Overlap({inner}, {outers[0]})) << inner << " and " << outers[0];
    if (Overlap({inner}, {outers[0]})) ASSERT_TRUE(Overlap({outers[0]}, {inner}));
  }
  EXPECT_GT(included_count, 300);
}

/// Without `?` beside letters, what is refuted at all is refuted by a path over three letters, two
/// a segment and four segments.
TEST(PatternInclusion, IsExactOnPatternsOfWholeSegments) {
  const std::vector<std::string> segments = {"a", "*", "**", "b"};
  std::vector<std::string> patterns;
  for (const std::string& x : segments) {
    patterns.push_back(x);
    for (const std::string& y : segments) patterns.push_back(x + "/" + y);
  }
  std::vector<std::string> paths = {"."};
  for (size_t begin = 0, length = 0; length < 4; ++length) {
    const size_t end = paths.size();
    for (; begin < end; ++begin) {
      for (const char* name : {"a", "b", "c"}) {
        paths.push_back(paths[begin] == "." ? name : paths[begin] + "/" + name);
      }
    }
  }
  for (const std::string& inner : patterns) {
    for (const std::string& outer : patterns) {
      bool all_in = true;
      bool any_in = false;
      for (const std::string& path : paths) {
        if (!MatchesPathPattern(inner, path)) continue;
        all_in = all_in && MatchesPathPattern(outer, path);
        any_in = any_in || MatchesPathPattern(outer, path);
      }
      EXPECT_EQ(Included(inner, {{outer}}) == Answer::Yes, all_in) << inner << " in " << outer;
      EXPECT_EQ(Overlap({inner}, {outer}), any_in) << inner << " and " << outer;
    }
  }
}

}  // namespace
}  // namespace wfc::passes

#include "ir/types/regex/simple_text.h"

#include <deque>
#include <random>

#include <gtest/gtest.h>

#include "ir/base/check.h"
#include "ir/types/vm/patterns.h"

namespace wfc::types {
namespace {

struct Patterns {
  std::vector<std::string> matched;
  std::vector<std::string> unmatched;
  uint64_t least = 0;
  uint64_t most = 1000;
  std::vector<std::string_view> excluded;
};

RegexAutomaton MakeAutomaton(std::string_view pattern) {
  const Result<Regex> regex = ParseRegex(pattern);
  WFC_CHECK(regex.ok());
  return RegexAutomaton(*regex);
}

TextAnswer Find(const Patterns& patterns) {
  std::deque<RegexAutomaton> automata;
  TextQuery query = {.least = patterns.least,
                     .most = patterns.most,
                     .matched = {},
                     .unmatched = {},
                     .excluded = patterns.excluded};
  for (const std::string& pattern : patterns.matched) {
    query.matched.push_back(&automata.emplace_back(MakeAutomaton(pattern)));
  }
  for (const std::string& pattern : patterns.unmatched) {
    query.unmatched.push_back(&automata.emplace_back(MakeAutomaton(pattern)));
  }
  return FindSimpleText(query);
}

std::string Text(const Patterns& patterns) {
  const TextAnswer answer = Find(patterns);
  if (answer.text) return *answer.text;
  return answer.is_decided ? "(none)" : "(undecided)";
}

TEST(SimpleText, MatchesAllOfOneListAndNoneOfTheOther) {
  EXPECT_EQ(Text({.matched = {"a", "b"}}), "ab");
  EXPECT_EQ(Text({.matched = {"^[a-z]+$"}, .unmatched = {"^a*$"}}), "b");
  EXPECT_EQ(Text({.matched = {"^[a-z]+$"}, .unmatched = {"^[a-z]{1,5}$"}}), "aaaaaa");
  EXPECT_EQ(Text({.matched = {"^ba+b$"}, .unmatched = {"^b(\\w)+b$"}}), "(none)");
  EXPECT_EQ(Text({.matched = {"^b\\w+b$"}, .unmatched = {"^ba+b$"}}), "bbb");
  EXPECT_EQ(Text({.matched = {"^[^a]*$"}, .unmatched = {}, .least = 1}), "b");
  EXPECT_EQ(Text({.matched = {}, .unmatched = {"^[^a]*$", "a"}}), "(none)");
  EXPECT_EQ(Text({.matched = {}, .unmatched = {".+"}}), "");
  EXPECT_EQ(Text({.matched = {"^\\d+$"}, .unmatched = {"^.{0,3}$"}, .least = 0, .most = 4}),
            "0000");
}

TEST(SimpleText, HoldsLengthsAndLeavesOutTexts) {
  EXPECT_EQ(Text({.matched = {"^a*$"}, .unmatched = {}, .least = 3, .most = 3}), "aaa");
  EXPECT_EQ(Text({.matched = {"^(aa)*$"}, .unmatched = {}, .least = 3, .most = 3}), "(none)");
  EXPECT_EQ(Text({.matched = {"^[ab]$"}, .unmatched = {}, .excluded = {"a"}}), "b");
  EXPECT_EQ(Text({.matched = {"^[ab]$"}, .unmatched = {}, .excluded = {"a", "b"}}), "(none)");
  EXPECT_EQ(Text({.matched = {"^a?b?$"}, .unmatched = {}, .excluded = {"", "b", "a"}}), "ab");
}

TEST(SimpleText, KnowsWordBoundaries) {
  EXPECT_EQ(Text({.matched = {"\\bb\\b", "^a"}, .unmatched = {}}), "a!b");
  EXPECT_EQ(Text({.matched = {"a\\bb"}, .unmatched = {}}), "(none)");
}

TEST(SimpleText, SaysWhereItCannotTell) {
  EXPECT_EQ(Text({.matched = {"^(a|b)*a(a|b){20}$"}, .unmatched = {"^(a|b)*a(a|b){20}$"}}),
            "(undecided)");
  EXPECT_EQ(Text({.matched = {"^\\p{Lu}$"}, .unmatched = {"^[\\0-\\u{1FFFF}]$"}}), "(undecided)");
}

/// The slow, obvious oracle: every text up to a length, in RE2's judgement.
bool AnyTextFits(const RE2& matched, const RE2& unmatched, size_t most) {
  static constexpr std::string_view kAlphabet = "abc! ";
  size_t count = 1;
  for (size_t length = 0; length <= most; ++length, count *= kAlphabet.size()) {
    for (size_t i = 0; i < count; ++i) {
      std::string text;
      for (size_t rest = i; text.size() < length; rest /= kAlphabet.size()) {
        text += kAlphabet[rest % kAlphabet.size()];
      }
      if (MatchesPattern(matched, text) && !MatchesPattern(unmatched, text)) return true;
    }
  }
  return false;
}

std::string RandomSimplePattern(std::mt19937& random, int depth) {
  static constexpr std::string_view kAtoms[] = {"a", "b", "[ab]", "[^a]", "^", "$", "\\b", "!"};
  if (depth == 0) return std::string(kAtoms[random() % std::size(kAtoms)]);
  const std::string left = RandomSimplePattern(random, depth - 1);
  switch (random() % 4) {
    case 0:
      return "(" + left + "|" + RandomSimplePattern(random, depth - 1) + ")";
    case 1:
      return "(" + left + ")*";
    default:
      return left + RandomSimplePattern(random, depth - 1);
  }
}

TEST(SimpleText, AgreesWithTryingEveryText) {
  std::mt19937 random(11);
  int found_count = 0;
  constexpr size_t kMost = 5;
  for (int i = 0; i < 400; ++i) {
    const std::string matched = RandomSimplePattern(random, 3);
    const std::string unmatched = RandomSimplePattern(random, 3);
    const auto left = CompilePattern(ParseRegex(matched)->re2);
    const auto right = CompilePattern(ParseRegex(unmatched)->re2);
    ASSERT_TRUE(left.ok() && right.ok());
    const TextAnswer answer =
        Find({.matched = {matched}, .unmatched = {unmatched}, .least = 0, .most = kMost});
    ASSERT_TRUE(answer.is_decided);
    ASSERT_EQ(answer.text.has_value(), AnyTextFits(**left, **right, kMost))
        << matched << " but not " << unmatched;
    if (!answer.text) continue;
    ++found_count;
    ASSERT_TRUE(MatchesPattern(**left, *answer.text)) << matched << ": " << *answer.text;
    ASSERT_FALSE(MatchesPattern(**right, *answer.text)) << unmatched << ": " << *answer.text;
  }
  EXPECT_GT(found_count, 100);
}

}  // namespace
}  // namespace wfc::types

#include "ir/types/regex/shortest_match.h"

#include <random>

#include <gtest/gtest.h>

#include "ir/types/vm/patterns.h"

namespace wfc::types {
namespace {

std::optional<std::string> Shortest(std::string_view pattern, uint64_t least = 0,
                                    uint64_t most = 1000) {
  const Result<Regex> regex = ParseRegex(pattern);
  EXPECT_TRUE(regex.ok()) << pattern;
  return FindShortestMatch(*regex, least, most);
}

TEST(ShortestMatch, IsTheShortestThenLeastText) {
  EXPECT_EQ(Shortest("^[a-z]{3}$"), "aaa");
  EXPECT_EQ(Shortest("bc|abc|d"), "d");
  EXPECT_EQ(Shortest("a*"), "");
  EXPECT_EQ(Shortest("^\\d{4}-\\d\\d$"), "0000-00");
  EXPECT_EQ(Shortest("^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$"), "-/-");
  EXPECT_EQ(Shortest("^.$"), " ");
  EXPECT_EQ(Shortest("\\u0001"), "\x01");
  EXPECT_EQ(Shortest("^[^ -~]$"), "\u00a0");
  EXPECT_EQ(Shortest("^\\p{Lu}{2}$"), "AA");
  EXPECT_EQ(Shortest("^[0-9a-f]{64}$"), std::string(64, '0'));
}

TEST(ShortestMatch, HoldsTheLengths) {
  EXPECT_EQ(Shortest("b", 3), "  b");
  EXPECT_EQ(Shortest("^(aaa)*$", 4), "aaaaaa");
  EXPECT_EQ(Shortest("^(aaa)*$", 4, 5), std::nullopt);
  EXPECT_EQ(Shortest("^(a{7}|a{11})+$", 12), std::string(14, 'a'));
  EXPECT_EQ(Shortest("^a$", 2), std::nullopt);
  EXPECT_EQ(Shortest("a$b"), std::nullopt);
  EXPECT_EQ(Shortest("[]"), std::nullopt);
}

TEST(ShortestMatch, KnowsWordBoundaries) {
  EXPECT_EQ(Shortest("\\bb\\b", 3), "  b");
  EXPECT_EQ(Shortest("a\\b.b"), "a b");
  EXPECT_EQ(Shortest("a\\Bb"), "ab");
  EXPECT_EQ(Shortest("a\\bb"), std::nullopt);
  EXPECT_EQ(Shortest("^\\B$"), "");
}

TEST(ShortestMatch, GivesUpWithinItsBudget) {
  EXPECT_EQ(Shortest("^((a{90}b{90}){90}){90}$"), std::nullopt);
  EXPECT_EQ(Shortest("^a+$", 900'000'000, 1'000'000'000), std::nullopt);
}

/// The slow, obvious oracle: all texts over the alphabet (which has the least characters that are
/// and are not of words), shortest first, in order.
std::optional<std::string> Enumerate(const RE2& pattern, size_t least, size_t most) {
  static constexpr std::string_view kAlphabet = " 0ab";
  for (size_t length = least; length <= most; ++length) {
    size_t count = 1;
    for (size_t i = 0; i < length; ++i) count *= kAlphabet.size();
    for (size_t number = 0; number < count; ++number) {
      std::string text(length, ' ');
      size_t rest = number;
      for (size_t i = length; i-- > 0; rest /= kAlphabet.size()) {
        text[i] = kAlphabet[rest % kAlphabet.size()];
      }
      if (RE2::PartialMatch(text, pattern)) return text;
    }
  }
  return std::nullopt;
}

std::string RandomPattern(std::mt19937& random, int depth) {
  static constexpr std::string_view kAtoms[] = {"a",  "b",  " ",    "[ab]",       "[a ]",
                                                "^",  "$",  "\\b",  "\\B",        "[b ]+",
                                                "a*", "b?", "a{2}", "(?:ab){1,2}"};
  if (depth == 0 || random() % 3 == 0) return std::string(kAtoms[random() % std::size(kAtoms)]);
  const std::string left = RandomPattern(random, depth - 1);
  const std::string right = RandomPattern(random, depth - 1);
  switch (random() % 3) {
    case 0:
      return left + right;
    case 1:
      return "(" + left + "|" + right + ")";
    default:
      return "(" + left + ")*" + right;
  }
}

TEST(ShortestMatch, AgreesWithEnumeratingTexts) {
  std::mt19937 random(7);
  int found_count = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string pattern = RandomPattern(random, 3);
    const size_t least = random() % 3;
    const Result<Regex> regex = ParseRegex(pattern);
    ASSERT_TRUE(regex.ok()) << pattern;
    const auto compiled = CompilePattern(regex->re2);
    ASSERT_TRUE(compiled.ok()) << regex->re2;
    const std::optional<std::string> expected = Enumerate(**compiled, least, 5);
    found_count += expected.has_value() ? 1 : 0;
    EXPECT_EQ(FindShortestMatch(*regex, least, 5), expected) << pattern << ", least " << least;
  }
  EXPECT_GT(found_count, 700);
}

}  // namespace
}  // namespace wfc::types

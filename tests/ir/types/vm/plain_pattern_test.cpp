#include "ir/types/vm/plain_pattern.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "ir/types/vm/patterns.h"

namespace wfc::types {
namespace {

bool IsPlain(std::string_view pattern) {
  return ParsePlainPattern(pattern).has_value();
}

TEST(PlainPattern, IsOneRunAfterAnother) {
  for (const char* pattern : {"^", "^$", "^ord-[0-9]{6}$", "^[a-z][a-z0-9_]*$", "^https?://",
                              "^[A-Z]{2,3}-[0-9]+$", "^\\$[0-9]+\\.[0-9]{2}$", "^a*b?c$"}) {
    EXPECT_TRUE(IsPlain(pattern)) << pattern;
  }
}

TEST(PlainPattern, TakesNoSearch) {
  for (const char* pattern :
       {"a", "^a|b", "^(?:a)$", "^a.c$", "^[^a]$", "^\\d$", "^a*a$", "^a?b*a$", "^[\\x{0}-\\x{9}]$",
        "^é$", "^a*?$", "^a{2}{3}$", "^a$b", "^a^"}) {
    EXPECT_FALSE(IsPlain(pattern)) << pattern;
  }
}

TEST(PlainPattern, HasPlacesWhereEachRunHasOneCount) {
  const auto has_places = [](std::string_view pattern) {
    return !ParsePlainPattern(pattern)->places.empty();
  };
  EXPECT_TRUE(has_places("^ord-[0-9]{6}$"));
  EXPECT_TRUE(has_places("^a{32}$"));
  EXPECT_FALSE(has_places("^a{31}bc$"));
  EXPECT_FALSE(has_places("^a{4294967295}$"));
  EXPECT_FALSE(has_places("^a[b-d]?$"));
}

TEST(PlainPattern, JudgesTheLastPlaceToo) {
  const auto pattern = ParsePlainPattern("^a{31}b$");
  EXPECT_TRUE(MatchesPlain(*pattern, std::string(31, 'a') + "b"));
  EXPECT_FALSE(MatchesPlain(*pattern, std::string(32, 'a')));
  EXPECT_FALSE(MatchesPlain(*pattern, std::string(31, 'a')));
}

TEST(PlainPattern, JudgesAsRe2Does) {
  std::mt19937 random(7);
  const auto pick = [&](auto& from) { return from[random() % std::size(from)]; };
  constexpr const char* kParts[] = {"a", "b",    "-",    "[a-c]", "[b0-9]", "[\\-a]", "\\.",
                                    "[", "(?:a", "[^a]", ".",     "|b",     "$"};
  constexpr const char* kCounts[] = {"", "", "", "?", "*", "+", "{2}", "{1,2}", "{2,}", "{0}"};
  constexpr const char* kTexts[] = {"a", "b", "c", "0", "-", ".", "é", "\n"};
  int plain_count = 0;
  int match_count = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string pattern = "^";
    for (uint32_t length = random() % 5; length > 0; --length) {
      pattern += std::string(pick(kParts)) + pick(kCounts);
    }
    if (random() % 2 == 0) pattern += "$";
    const auto re2 = CompilePattern(pattern);
    const auto plain = ParsePlainPattern(pattern);
    if (!re2.ok() || !plain) continue;
    ++plain_count;
    for (int j = 0; j < 20; ++j) {
      std::string text;
      for (uint32_t length = random() % 7; length > 0; --length) text += pick(kTexts);
      const bool matches = MatchesPattern(**re2, text);
      match_count += matches ? 1 : 0;
      ASSERT_EQ(MatchesPlain(*plain, text), matches) << pattern << " on " << text;
    }
  }
  EXPECT_GT(plain_count, 2000);
  EXPECT_GT(match_count, 2000);
}

}  // namespace
}  // namespace wfc::types

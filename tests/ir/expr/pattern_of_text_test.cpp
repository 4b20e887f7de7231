// Patterns that stand for what functions ask of a text, held against the functions themselves.
#include "ir/expr/pattern_of_text.h"

#include <random>

#include <gtest/gtest.h>

#include "ir/types/regex/regex.h"
#include "ir/types/regex/regex_automaton.h"
#include "ir/types/vm/patterns.h"

namespace wfc::expr {
namespace {

constexpr std::string_view kParts[] = {"a",   "b", ".",  "-", "/",      "\n", "\r", "é",
                                       "[",   "]", "(",  "^", "$",      "*",  "+",  "?",
                                       "{2}", "|", "\\", " ", "\u2028", "1"};

class RandomTexts {
 public:
  std::string Make(size_t most) {
    std::string text;
    for (size_t count = random_() % (most + 1); count > 0; --count) {
      text += kParts[random_() % std::size(kParts)];
    }
    return text;
  }

 private:
  std::mt19937 random_{7};
};

bool Matches(const types::SchemaPattern& pattern, std::string_view text) {
  return types::MatchesPattern(**types::CompilePattern(pattern.re2), text);
}

TEST(PatternOfText, SaysWhatTheFunctionSays) {
  RandomTexts texts;
  for (int i = 0; i < 400; ++i) {
    const std::string part = texts.Make(3);
    const auto starts = FindPattern(Builtin::StartsWith, part);
    const auto ends = FindPattern(Builtin::EndsWith, part);
    const auto contains = FindPattern(Builtin::Contains, part);
    ASSERT_TRUE(starts && ends && contains) << part;
    for (int j = 0; j < 10; ++j) {
      const std::string text = j % 2 == 0 ? texts.Make(4) : texts.Make(1) + part + texts.Make(1);
      EXPECT_EQ(Matches(*starts, text), text.starts_with(part)) << part << " in " << text;
      EXPECT_EQ(Matches(*ends, text), text.ends_with(part)) << part << " in " << text;
      EXPECT_EQ(Matches(*contains, text), text.find(part) != std::string::npos)
          << part << " in " << text;
    }
  }
}

TEST(PatternOfText, ReadsARegularExpressionAsTheMachineDoes) {
  RandomTexts texts;
  int read = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string source = texts.Make(4);
    const auto pattern = FindPattern(Builtin::Matches, source);
    const auto own = types::CompilePattern(source);
    if (!pattern || !own.ok()) continue;
    ++read;
    for (int j = 0; j < 10; ++j) {
      const std::string text = texts.Make(3);
      EXPECT_EQ(Matches(*pattern, text), types::MatchesPattern(**own, text))
          << source << " as " << pattern->source << " in " << text;
    }
  }
  EXPECT_GT(read, 500);
}

TEST(PatternOfText, LeavesOutWhatSchemasReadOtherwise) {
  for (const std::string_view source :
       {"(?i)a", "\\s", "\\bword", "[[:alpha:]]", "\\pL", "[]a]", "a(?P<x>b)", "\\Qa.b\\E", "("}) {
    EXPECT_FALSE(FindPattern(Builtin::Matches, source).has_value()) << source;
  }
  EXPECT_FALSE(FindPattern(Builtin::Size, "a").has_value());
}

}  // namespace
}  // namespace wfc::expr

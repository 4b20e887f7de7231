#include "ir/types/regex/regex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/types/vm/patterns.h"

namespace wfc::types {
namespace {

using testing::HasSubstr;

bool Matches(std::string_view pattern, std::string_view text) {
  const Result<Regex> regex = ParseRegex(pattern);
  EXPECT_TRUE(regex.ok()) << pattern << ": " << (regex.ok() ? "" : regex.error().message);
  if (!regex.ok()) return false;
  const auto compiled = CompilePattern(regex->re2);
  EXPECT_TRUE(compiled.ok()) << regex->re2;
  return compiled.ok() && RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), **compiled);
}

std::string ProblemOf(std::string_view pattern) {
  const Result<Regex> regex = ParseRegex(pattern);
  return regex.ok() ? "" : regex.error().message;
}

TEST(Regex, ReadsEcmaScript) {
  EXPECT_TRUE(Matches("^a|b$", "xb"));
  EXPECT_TRUE(Matches("^(?<year>\\d{4})-(?:\\d\\d)$", "2026-01"));
  EXPECT_FALSE(Matches("^\\d$", "\u0661"));  // only ASCII digits
  EXPECT_TRUE(Matches("^\\s$", "\u00a0"));
  EXPECT_TRUE(Matches("^\\s$", "\u2028"));
  EXPECT_FALSE(Matches("^\\S$", "\ufeff"));
  EXPECT_TRUE(Matches("^[\\S]$", "a"));
  EXPECT_FALSE(Matches("^[\\S]$", " "));
  EXPECT_FALSE(Matches("^.$", "\u2029"));
  EXPECT_FALSE(Matches("a$", "a\n"));  // `$` is the end, not the end of a line
  EXPECT_TRUE(Matches("^[^]$", "\n"));
  EXPECT_FALSE(Matches("[]", "a"));
  EXPECT_TRUE(Matches("^\\u{1F600}\\uD83D\\uDE00$", "😀😀"));
  EXPECT_TRUE(Matches("^\\cA\\x41\\0$", std::string_view("\x01"
                                                         "A\0",
                                                         3)));
  EXPECT_TRUE(Matches("^[\\b]$", "\b"));
  EXPECT_TRUE(Matches("^[[a]$", "["));
  EXPECT_TRUE(Matches("^[a-]$", "-"));
  EXPECT_TRUE(Matches("^[\\w.]+@x\\.y\\/$", "a.b@x.y/"));
  EXPECT_TRUE(Matches("^\\p{Letter}\\P{L}$", "ß1"));
  EXPECT_TRUE(Matches("^\\p{Script=Greek}$", "λ"));
  EXPECT_TRUE(Matches("^a{,2}]$", "a{,2}]"));  // a brace that counts nothing stands for itself
  EXPECT_TRUE(Matches("\\bfoo\\B", "a foob"));
}

TEST(Regex, SaysWhatCannotBeUsed) {
  EXPECT_THAT(ProblemOf("(?=a)"), HasSubstr("look-ahead"));
  EXPECT_THAT(ProblemOf("(?<!a)"), HasSubstr("look-behind"));
  EXPECT_THAT(ProblemOf("(a)\\1"), HasSubstr("backreference"));
  EXPECT_THAT(ProblemOf("(?<n>a)\\k<n>"), HasSubstr("backreference"));
  EXPECT_THAT(ProblemOf("(?i)a"), HasSubstr("`(?i`"));
  EXPECT_THAT(ProblemOf("a{1001}"), HasSubstr("more than 1000 times"));
  EXPECT_THAT(ProblemOf("a{2,1}"), HasSubstr("out of order"));
  EXPECT_THAT(ProblemOf("*a"), HasSubstr("repeats nothing"));
  EXPECT_THAT(ProblemOf("a**"), HasSubstr("repetition of a repetition"));
  EXPECT_THAT(ProblemOf("^*"), HasSubstr("assertion that is repeated"));
  EXPECT_THAT(ProblemOf("(a"), HasSubstr("not closed"));
  EXPECT_THAT(ProblemOf("a)"), HasSubstr("closes nothing"));
  EXPECT_THAT(ProblemOf("[a"), HasSubstr("not closed"));
  EXPECT_THAT(ProblemOf("[b-a]"), HasSubstr("ends before it begins"));
  EXPECT_THAT(ProblemOf("\\"), HasSubstr("at the end"));
  EXPECT_THAT(ProblemOf("\\a"), HasSubstr("not part of the syntax"));
  EXPECT_THAT(ProblemOf("\\Z"), HasSubstr("not part of the syntax"));
  EXPECT_THAT(ProblemOf("\\uD83Dx"), testing::IsEmpty());
  EXPECT_THAT(ProblemOf("\\u12"), HasSubstr("4 hexadecimal digits"));
  EXPECT_THAT(ProblemOf("\\p"), HasSubstr("without a property"));
  EXPECT_THAT(ProblemOf(std::string(200, '(')), HasSubstr("nest deeper"));
  EXPECT_THAT(ProblemOf(std::string(9000, 'a')), HasSubstr("longer than"));
}

TEST(Regex, IsRefusedWhenItNeedsTooMuchMemory) {
  const Result<Regex> regex = ParseRegex("((a{100}){100}){100}");
  ASSERT_TRUE(regex.ok());
  EXPECT_FALSE(CompilePattern(regex->re2).ok());
}

}  // namespace
}  // namespace wfc::types

#include "ir/base/exec_pattern.h"

#include <gtest/gtest.h>

namespace wfc {
namespace {

using Argv = std::vector<std::string>;

TEST(ExecPattern, WordsAreTheFirstOfACommand) {
  EXPECT_TRUE(MatchesExecPattern("git", Argv{"git", "log"}));
  EXPECT_TRUE(MatchesExecPattern("git log", Argv{"git", "log"}));
  EXPECT_FALSE(MatchesExecPattern("git log", Argv{"git"}));
  EXPECT_FALSE(MatchesExecPattern("git log", Argv{"git", "logs"}));
  EXPECT_FALSE(MatchesExecPattern("gi", Argv{"git"}));
}

TEST(ExecPattern, NothingOfACommandIsSplitAtBlanks) {
  EXPECT_FALSE(MatchesExecPattern("echo", Argv{"echo hello"}));
  EXPECT_FALSE(MatchesExecPattern("echo push", Argv{"echo", "push now"}));
  EXPECT_TRUE(MatchesExecPattern("echo", Argv{"echo", "push now"}));
}

TEST(ExecPattern, AnyNumberOfBlanksStandsBetweenWords) {
  EXPECT_TRUE(MatchesExecPattern("  npm \t run ", Argv{"npm", "run", "x"}));
  EXPECT_FALSE(MatchesExecPattern("npm run", Argv{"npm", "", "run"}));
}

TEST(ExecPattern, AStarAloneIsAnyCommandAndElsewhereAWord) {
  EXPECT_TRUE(MatchesExecPattern("*", Argv{"a b", ""}));
  EXPECT_FALSE(MatchesExecPattern("git *", Argv{"git", "log"}));
  EXPECT_TRUE(MatchesExecPattern("expr 2 *", Argv{"expr", "2", "*", "3"}));
}

TEST(ExecPattern, NoWordsDescribeNoCommand) {
  EXPECT_FALSE(MatchesExecPattern("", Argv{"a"}));
  EXPECT_FALSE(MatchesExecPattern("  ", Argv{"", ""}));
}

TEST(ExecPattern, ShownCommandsDifferWhereCommandsDo) {
  EXPECT_EQ(ShowCommand(Argv{"git", "log"}), "git log");
  EXPECT_EQ(ShowCommand(Argv{"git log"}), "\"git log\"");
  EXPECT_EQ(ShowCommand(Argv{"a", ""}), "a \"\"");
  EXPECT_EQ(ShowCommand(Argv{"\"a", "b\""}), "\"\\\"a\" \"b\\\"\"");
}

}  // namespace
}  // namespace wfc

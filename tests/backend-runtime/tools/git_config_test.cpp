#include "backend-runtime/tools/git_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wfc::tools {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

GitSettings Read(std::string_view text) {
  Result<GitSettings> settings = ReadGitConfig(text);
  EXPECT_TRUE(settings.ok());
  return settings ? *settings : GitSettings();
}

TEST(GitConfig, PlainValuesOfCoreAreTakenOver) {
  EXPECT_THAT(
      Read("[core]\n\tfileMode = false\n\tignorecase=TRUE\r\n  symlinks\n\tautocrlf = input\n"
           "\teol = crlf ; as on Windows\n")
          .core,
      ElementsAre("filemode = false", "ignorecase = true", "symlinks = true", "autocrlf = input",
                  "eol = crlf"));
}

TEST(GitConfig, NothingThatNamesAProgramOrAFileIsTakenOver) {
  EXPECT_THAT(Read("[core]\n\tfsmonitor = /trap\n\tpager = trap\n\thooksPath = x\n"
                   "\tattributesFile = /dev/zero\n[filter \"t\"]\n\tclean = trap\n"
                   "[include]\n\tpath = more\n[core \"x\"]\n\tfilemode = true\n")
                  .core,
              IsEmpty());
}

TEST(GitConfig, AValueThatIsNoWordOfTheKeyIsPassedOver) {
  EXPECT_THAT(Read("[core]\n\tfilemode = true\\n[filter]\n\teol = /x\n\tautocrlf = maybe\n").core,
              IsEmpty());
}

TEST(GitConfig, TheWorkTreeIsReadWithItsQuotesEscapesAndComment) {
  EXPECT_EQ(Read("[Core] WORKTREE = \"../a # b\" # c\n").work_tree, "../a # b");
  EXPECT_EQ(Read("[core]\nworktree = a\\\\b\\\nc  \n").work_tree, "a\\bc");
}

TEST(GitConfig, ObjectNamesMayBeLong) {
  EXPECT_TRUE(Read("[extensions]\n\tobjectFormat = sha256\n").is_sha256);
  EXPECT_FALSE(Read("[extensions]\n\tobjectFormat = sha1\n").is_sha256);
}

TEST(GitConfig, OtherStoresOfReferencesAreRefused) {
  const Result<GitSettings> settings = ReadGitConfig("[extensions]\n\trefStorage = reftable\n");
  ASSERT_FALSE(settings.ok());
  EXPECT_THAT(settings.error().message, HasSubstr("`reftable`"));
  EXPECT_TRUE(ReadGitConfig("[extensions]\n\trefstorage = files\n").ok());
}

TEST(GitConfig, WhatIsNotWellFormedIsPassedOver) {
  EXPECT_THAT(Read("\xff[core\n]]=\n[core]\n\tfilemode = \"\n= x\n").core,
              ElementsAre("filemode = false"));
  EXPECT_THAT(Read("").core, IsEmpty());
}

TEST(GitConfig, TheConfigurationThatIsMadeHasTheFixedSettings) {
  const std::string config = MakeGitConfig({.core = {"filemode = false"}});
  EXPECT_THAT(config, HasSubstr("hooksPath = /dev/null\n"));
  EXPECT_THAT(config, HasSubstr("\tfilemode = false\n"));
  EXPECT_THAT(config, Not(HasSubstr("extensions")));
  EXPECT_THAT(MakeGitConfig({.is_sha256 = true}), HasSubstr("objectFormat = sha256"));
}

}  // namespace
}  // namespace wfc::tools

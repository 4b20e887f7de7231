#include "backend-runtime/runtime/evaluate/authority.h"

#include <gtest/gtest.h>

namespace wfc::runtime {
namespace {

uint16_t Bits(std::initializer_list<Capability> capabilities) {
  uint16_t bits = 0;
  for (Capability capability : capabilities)
    bits |= static_cast<uint16_t>(1u << static_cast<unsigned>(capability));
  return bits;
}

/// A project's scope: speaks of everything.
AuthorityScope Project(std::vector<AuthorityScope::Entry> allow,
                       std::vector<AuthorityScope::Entry> deny = {}) {
  return {.allow = std::move(allow), .deny = std::move(deny), .mentioned = 0x3FF};
}

struct AuthorityTest : testing::Test {
  Authority Make(std::vector<const AuthorityScope*> scopes, uint16_t forbidden = 0) {
    return Authority(SlotId(7), std::move(scopes), forbidden, "review",
                     [this](const Decision& decision) { audit.push_back(decision); });
  }
  std::vector<Decision> audit;
};

TEST_F(AuthorityTest, DeniesByDefault) {
  const AuthorityScope project = Project({});
  EXPECT_FALSE(Make({&project}).Check(Capability::FsRead, "a.txt"));
  EXPECT_FALSE(Make({}).Check(Capability::FsRead, "a.txt"));
}

TEST_F(AuthorityTest, LetsADenialWinInAnyScope) {
  const AuthorityScope project = Project({{Capability::FsRead, "**"}});
  const AuthorityScope agent{.deny = {{Capability::FsRead, "secrets/**"}}};
  const Authority authority = Make({&project, &agent});
  EXPECT_TRUE(authority.Check(Capability::FsRead, "src/a.txt"));
  EXPECT_FALSE(authority.Check(Capability::FsRead, "secrets/key"));
  EXPECT_FALSE(authority.Allows(Capability::FsRead, "secrets/key"));
}

TEST_F(AuthorityTest, IntersectsTheScopesThatSpeak) {
  const AuthorityScope project = Project({{Capability::FsRead, "**"}, {Capability::Llm, "*"}});
  const AuthorityScope stage{.allow = {{Capability::FsRead, "docs/**"}},
                             .mentioned = Bits({Capability::FsRead})};
  const Authority authority = Make({&project, &stage});
  EXPECT_TRUE(authority.Check(Capability::FsRead, "docs/a.md"));
  EXPECT_FALSE(authority.Check(Capability::FsRead, "src/a.cpp"));
  EXPECT_TRUE(authority.Check(Capability::Llm, "smart"));  // the stage says nothing of models
}

TEST_F(AuthorityTest, TreatsAnEmptyListAsNothing) {
  const AuthorityScope project = Project({{Capability::Exec, "*"}});
  const AuthorityScope stage{.mentioned = Bits({Capability::Exec})};
  EXPECT_FALSE(Make({&project, &stage}).CheckExec(std::vector<std::string>{"git"}));
}

TEST_F(AuthorityTest, MatchesCommandsByWholeWords) {
  const AuthorityScope project = Project({{Capability::Exec, "npm run"}});
  const Authority authority = Make({&project});
  EXPECT_TRUE(authority.CheckExec(std::vector<std::string>{"npm", "run", "build"}));
  EXPECT_FALSE(authority.CheckExec(std::vector<std::string>{"npm"}));
  EXPECT_FALSE(authority.CheckExec(std::vector<std::string>{"npm", "running"}));
  EXPECT_FALSE(authority.CheckExec(std::vector<std::string>{"npm run", "build"}));
}

TEST_F(AuthorityTest, CountsWordsOfOneLetter) {
  const AuthorityScope project = Project({{Capability::Exec, "r  -f"}});
  const Authority authority = Make({&project});
  EXPECT_TRUE(authority.CheckExec(std::vector<std::string>{"r", "-f", "x"}));
  EXPECT_TRUE(authority.CheckExec(std::vector<std::string>{"r", "-f"}));
  EXPECT_FALSE(authority.CheckExec(std::vector<std::string>{"-f"}));
}

TEST_F(AuthorityTest, TakesAPatternWithoutWordsForNoCommand) {
  const AuthorityScope project = Project({{Capability::Exec, ""}, {Capability::Exec, " "}});
  EXPECT_FALSE(Make({&project}).CheckExec(std::vector<std::string>{"git"}));
}

TEST_F(AuthorityTest, MatchesHostsBySuffixAndPort) {
  const AuthorityScope project =
      Project({{Capability::Net, "*.example.org"}, {Capability::Net, "localhost:8080"}});
  const Authority authority = Make({&project});
  EXPECT_TRUE(authority.Check(Capability::Net, "api.example.org:443"));
  EXPECT_FALSE(authority.Check(Capability::Net, "example.org"));
  EXPECT_FALSE(authority.Check(Capability::Net, "badexample.org"));
  EXPECT_FALSE(authority.Check(Capability::Net, ".example.org"));
  EXPECT_TRUE(authority.Check(Capability::Net, "localhost:8080"));
  EXPECT_FALSE(authority.Check(Capability::Net, "localhost:9090"));
}

TEST_F(AuthorityTest, RefusesWhatTheModeForbidsWhateverIsGranted) {
  const AuthorityScope project = Project({{Capability::FsWrite, "**"}});
  const Authority authority = Make({&project}, Bits({Capability::FsWrite}));
  EXPECT_FALSE(authority.Check(Capability::FsWrite, "a.txt"));
  ASSERT_EQ(audit.size(), 1u);
  EXPECT_EQ(audit[0].reason, "forbidden in mode review");
}

TEST_F(AuthorityTest, ReportsEveryCheckWithItsReason) {
  const AuthorityScope project = Project({{Capability::FsRead, "src/**"}});
  const Authority authority = Make({&project});
  EXPECT_TRUE(authority.Check(Capability::FsRead, "src/a.txt"));
  EXPECT_FALSE(authority.Check(Capability::Secret, "TOKEN"));
  EXPECT_TRUE(authority.Allows(Capability::FsRead, "src/b.txt"));
  ASSERT_EQ(audit.size(), 2u);
  EXPECT_EQ(audit[0].slot, SlotId(7));
  EXPECT_EQ(audit[0].subject, "src/a.txt");
  EXPECT_EQ(audit[0].reason, "allowed by `src/**`");
  EXPECT_FALSE(audit[1].is_allowed);
  EXPECT_EQ(audit[1].reason, "a scope that mentions secret does not allow it");
}

TEST_F(AuthorityTest, ReportsADenialByItsPattern) {
  const AuthorityScope project =
      Project({{Capability::FsRead, "**"}}, {{Capability::FsRead, "*.key"}});
  EXPECT_FALSE(Make({&project}).Check(Capability::FsRead, "a.key"));
  EXPECT_EQ(audit.at(0).reason, "denied by `*.key`");
}

TEST_F(AuthorityTest, ReportsACommandByItsWords) {
  const AuthorityScope project = Project({});
  EXPECT_FALSE(Make({&project}).CheckExec(std::vector<std::string>{"git", "log"}));
  EXPECT_EQ(audit.at(0).subject, "git log");
}

}  // namespace
}  // namespace wfc::runtime

#include "frontend/manifest/decode.h"

#include <gtest/gtest.h>

#include "frontend/manifest/keys.h"

namespace wfc::manifest {
namespace {

TEST(Decode, Durations) {
  EXPECT_EQ(ParseDuration("250ms"), 250'000'000);
  EXPECT_EQ(ParseDuration("30s"), 30'000'000'000);
  EXPECT_EQ(ParseDuration("2h"), 7'200'000'000'000);
  EXPECT_EQ(ParseDuration("30d"), 2'592'000'000'000'000);
  for (const char* wrong : {"", "s", "30", "30 s", "-1s", "1.5s", "1w", "99999999999d", "1S"}) {
    EXPECT_FALSE(ParseDuration(wrong)) << wrong;
  }
}

TEST(Decode, SizesAndCounts) {
  EXPECT_EQ(ParseSize("512"), 512);
  EXPECT_EQ(ParseSize("64KiB"), 65536);
  EXPECT_EQ(ParseSize("10MB"), 10'000'000);
  EXPECT_FALSE(ParseSize("10mb"));
  EXPECT_FALSE(ParseSize("99999999999GiB"));
  EXPECT_EQ(ParseCount("200k"), 200'000);
  EXPECT_EQ(ParseCount("1M"), 1'000'000);
  EXPECT_FALSE(ParseCount("1K"));
  EXPECT_FALSE(ParseCount("99999999999999999999"));
}

TEST(Decode, Ids) {
  EXPECT_TRUE(IsId("a_1", IdForm::Plain));
  EXPECT_FALSE(IsId("a.b", IdForm::Plain));
  EXPECT_FALSE(IsId("_a", IdForm::Plain));
  EXPECT_FALSE(IsId("", IdForm::Plain));
  EXPECT_TRUE(IsId("a.b_1.c", IdForm::Dotted));
  for (const char* wrong : {".a", "a.", "a..b", "a.1", "A"}) {
    EXPECT_FALSE(IsId(wrong, IdForm::Dotted)) << wrong;
  }
  EXPECT_TRUE(IsId("TOKEN_2", IdForm::Upper));
  EXPECT_FALSE(IsId("Token", IdForm::Upper));
  EXPECT_TRUE(IsId("_x9Y", IdForm::Variable));
  EXPECT_FALSE(IsId("9x", IdForm::Variable));
}

TEST(Ids, WhatWasMeantIsSpelledAsAnId) {
  EXPECT_EQ(MakeId("Build docs!", IdForm::Plain), "build_docs");
  EXPECT_EQ(MakeId("build-docs", IdForm::Plain), "build_docs");
  EXPECT_EQ(MakeId("fs.Read", IdForm::Dotted), "fs.read");
  EXPECT_EQ(MakeId("9", IdForm::Plain), "");
  EXPECT_EQ(MakeId("überprüfung", IdForm::Plain), "");
  EXPECT_EQ(MakeId("api-token", IdForm::Upper), "API_TOKEN");
  EXPECT_EQ(MakeId("token", IdForm::Variable), "");
}

TEST(Keys, EveryOwnKeyIsARowOfTheTable) {
  for (const char* section : {"Stage", "Tool", "Agent"}) {
    EXPECT_FALSE(FindKeys(section).empty());
    for (const KeyInfo& info : FindKeys(section)) EXPECT_EQ(info.section, section);
  }
  EXPECT_EQ(FindApplicable("Stage", "routes"), "decide");
  EXPECT_EQ(FindApplicable("Stage", "timeout"), "");
  EXPECT_EQ(FindApplicable("Agent", "env"), "command");
  EXPECT_EQ(FindForeignKey("Stage", "needs"), "after");
  EXPECT_EQ(FindForeign("Retry", "max_attempts")->form, ForeignForm::Attempts);
  EXPECT_EQ(FindForeign("Stage", "after"), nullptr);
  EXPECT_EQ(FindForeignWord("OnError", "ignore"), "continue");
  EXPECT_EQ(FindForeignWord("Join", "ignore"), "");
  EXPECT_TRUE(HasOwnFile("agents"));
  EXPECT_FALSE(HasOwnFile("vars"));
  EXPECT_EQ(SectionsWithOwnFile().front().singular, "model");
}

}  // namespace
}  // namespace wfc::manifest

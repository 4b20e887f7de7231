#include "ir/base/words.h"

#include <gtest/gtest.h>

#include "ir/base/builtin_tools.h"
#include "ir/base/modes.h"

namespace wfc {
namespace {

template <class E>
class WordsTest : public testing::Test {};

using Lists = testing::Types<FailureCode, Capability, Risk, Effect, Trust, Mode, ScopeKind, Verb,
                             Join, OnError, OutputParse, AgentKind, Provider, OnFailure, Formats,
                             Engine, NodeStatus, StageStatus, SkipReason, RunStatus, EventType>;
TYPED_TEST_SUITE(WordsTest, Lists);

TYPED_TEST(WordsTest, EachWordIsReadAsWhatItSpells) {
  size_t count = 0;
  for (const TypeParam word : AllOf<TypeParam>()) {
    EXPECT_EQ(ParseWord<TypeParam>(Spell(word)), word) << Spell(word);
    EXPECT_EQ(Spell(word), WordsOf<TypeParam>()[count++]);
  }
  EXPECT_EQ(count, kCountOf<TypeParam>);
  EXPECT_EQ(ParseWord<TypeParam>(""), std::nullopt);
  EXPECT_EQ(ParseWord<TypeParam>("Timeout"), std::nullopt);
}

TEST(Words, AreListedAsPeopleWriteThem) {
  EXPECT_EQ(JoinWords(WordsOf<Risk>(), " or "), "low, medium or high");
  EXPECT_EQ(QuoteWords(WordsOf<Trust>(), " and "), "`trusted` and `untrusted`");
  EXPECT_EQ(QuoteWords(WordsOf<Engine>(), " or "), "`local`");
  EXPECT_EQ(JoinWords({}, " or "), "");
}

TEST(Words, EveryStatusOfAStageIsOneOfItsNode) {
  for (const StageStatus status : AllOf<StageStatus>()) {
    const std::optional<NodeStatus> node = ParseWord<NodeStatus>(Spell(status));
    ASSERT_TRUE(node && IsSettled(*node)) << Spell(status);
    EXPECT_EQ(ToStageStatus(*node), status);
  }
  EXPECT_FALSE(IsSettled(NodeStatus::BackingOff));
}

TEST(Words, ModesForbidWhatTheirRowsSay) {
  EXPECT_EQ(RuleOf(Mode::Review).forbidden,
            Bit(Capability::FsWrite) | Bit(Capability::Net) | Bit(Capability::Exec) |
                Bit(Capability::MemoryWrite) | Bit(Capability::Code));
  EXPECT_EQ(RuleOf(Mode::AnalysisOnly).strongest_effect, Effect::Read);
  EXPECT_FALSE(RuleOf(Mode::AnalysisOnly).allows_reading_exec);
  EXPECT_TRUE(RuleOf(Mode::DryRun).simulates_from_write);
  EXPECT_EQ(RuleOf(Mode::Implement).forbidden, 0);
}

TEST(BuiltinTools, ThoseOfLaterHaveANameAndNoNumber) {
  EXPECT_TRUE(IsLaterBuiltinTool("http.fetch"));
  EXPECT_FALSE(IsLaterBuiltinTool("fs.read"));
  EXPECT_FALSE(IsLaterBuiltinTool("fs.raed"));
  size_t number = 0;
  for (const BuiltinToolInfo& info : AllBuiltinTools()) {
    EXPECT_EQ(static_cast<size_t>(info.id), number++) << info.name;
    EXPECT_EQ(FindBuiltinTool(info.name), &GetInfo(info.id));
  }
  EXPECT_LT(AllBuiltinTools().size(), BuiltinToolNames().size());
}

}  // namespace
}  // namespace wfc

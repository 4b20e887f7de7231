#include "backend-runtime/tools/call_mark.h"

#include <gtest/gtest.h>

namespace wfc::tools {
namespace {

TEST(CallMark, IsReadAsItWasWritten) {
  const CallMark mark{
      .run = "20261130T1", .sequence = 17, .call_class = CallClass::Keyed, .stage = "a.b/c"};
  const std::string text = Spell(mark);
  EXPECT_EQ(text, "20261130T1/17/keyed/a.b/c");
  const auto read = ReadCallMark(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->run, mark.run);
  EXPECT_EQ(read->sequence, mark.sequence);
  EXPECT_EQ(read->call_class, mark.call_class);
  EXPECT_EQ(read->stage, mark.stage);
}

TEST(CallMark, NothingElseIsRead) {
  for (const char* text : {"", "/", "run", "run/x/keyed/a", "run/1", "run/1/other/a",
                           "run/1x/keyed/a", "run/-1/keyed/a", "run//keyed/a"}) {
    EXPECT_FALSE(ReadCallMark(text)) << text;
  }
}

}  // namespace
}  // namespace wfc::tools

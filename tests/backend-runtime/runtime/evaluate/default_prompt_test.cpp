#include "backend-runtime/runtime/evaluate/default_prompt.h"

#include <gtest/gtest.h>

namespace wfc::runtime {
namespace {

TEST(DefaultPrompt, IsAHeadingAKey) {
  const Value with = Value::Record(
      {{"question", Value::String("why?")}, {"files", Value::List({Value::String("a")})}});
  EXPECT_EQ(DefaultPrompt(with), "# files\n\n[\n  \"a\"\n]\n\n# question\n\nwhy?\n");
}

TEST(DefaultPrompt, AWithThatIsNoMapIsTheValueAlone) {
  EXPECT_EQ(DefaultPrompt(Value::String("just this")), "just this");
}

TEST(DefaultPrompt, NothingGivesNothing) {
  EXPECT_EQ(DefaultPrompt(Value::Map({})), "");
}

}  // namespace
}  // namespace wfc::runtime

#include "backend-runtime/providers/scripted.h"

#include <gtest/gtest.h>

#include "backend-runtime/host/simulated_host.h"
#include "ir/value/json.h"

namespace wfc::providers {
namespace {

class ScriptedTest : public testing::Test {
 protected:
  ModelReply Call(std::string_view fixture, std::string_view stage, uint32_t call = 0) {
    ScriptedClient client(host_, ScriptedAnswers(*ReadJson(fixture)));
    std::optional<ModelReply> reply;
    started_ = host_.clock().Now();
    client.Start(
        {.id = {.sequence = 1},
         .site = {.node = plan::NodeId(3), .attempt = 1, .stage = stage},
         .target = runtime::ModelCall{.earlier_calls = call, .smallest_answer = smallest_}},
        [&](ModelReply got) { reply = std::move(got); });
    EXPECT_FALSE(reply) << "answered from within Start";
    if (cancels_) client.Cancel({.sequence = 1});
    host_.Run();
    EXPECT_TRUE(reply);
    return reply.value_or(ModelReply{});
  }

  host::SimulatedHost host_{1};
  std::optional<Value> smallest_ = Value::Int(0);
  bool cancels_ = false;
  int64_t started_ = 0;
};

TEST_F(ScriptedTest, AnswersByStageAndCall) {
  EXPECT_EQ(Call(R"({"a.b":[1,2]})", "a.b", 1).value->AsInt(), 2);
}

TEST_F(ScriptedTest, TextStaysText) {
  const ModelReply reply = Call(R"({"a":[{"text":"{not json"}]})", "a");
  EXPECT_FALSE(reply.value);
  EXPECT_EQ(reply.text, "{not json");
}

TEST_F(ScriptedTest, ADelayPasses) {
  Call(R"({"a":[{"delay":"50ms","value":1}]})", "a");
  EXPECT_EQ(host_.clock().Now() - started_, 50 * kNsPerMs);
}

TEST_F(ScriptedTest, AnErrorIsThatFailure) {
  EXPECT_EQ(Call(R"({"a":[{"error":"rate_limit"}]})", "a").failure->code, FailureCode::RateLimit);
}

TEST_F(ScriptedTest, AnUnknownErrorIsAMistakeInTheFixture) {
  const ModelReply reply = Call(R"({"a":[{"error":"oops"}]})", "a");
  EXPECT_EQ(reply.failure->code, FailureCode::Fixture);
  EXPECT_EQ(reply.failure->message, "`oops` in the fixture is not an error code");
}

TEST_F(ScriptedTest, PastTheEndIsAFixtureFailure) {
  EXPECT_EQ(Call(R"({"a":[1]})", "a", 1).failure->code, FailureCode::Fixture);
}

TEST_F(ScriptedTest, AStageThatIsNotListedGetsTheSmallestInstance) {
  EXPECT_EQ(Call(R"({"a":[1]})", "b", 5).value->AsInt(), 0);
}

TEST_F(ScriptedTest, WithoutASmallestInstanceItIsAFixtureFailure) {
  smallest_.reset();
  EXPECT_EQ(Call("null", "b").failure->code, FailureCode::Fixture);
}

TEST_F(ScriptedTest, ACancelledCallEndsAtOnce) {
  cancels_ = true;
  EXPECT_EQ(Call(R"({"a":[{"delay":"1h","value":1}]})", "a").failure->code, FailureCode::Cancelled);
  EXPECT_LT(host_.clock().Now() - started_, kNsPerSecond);
}

}  // namespace
}  // namespace wfc::providers

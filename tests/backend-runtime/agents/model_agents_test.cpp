#include "backend-runtime/agents/model_agents.h"

#include <memory>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/host/simulated_host.h"
#include "ir/value/json.h"

namespace wfc::agents {
namespace {

using testing::ElementsAre;

/// Answers with what a test set, once the reactor runs.
class FakeClient : public providers::ModelClient {
 public:
  explicit FakeClient(host::Reactor& reactor) : reactor_(reactor) {}
  void Start(const runtime::Call&, providers::ModelDone done) override {
    ++calls;
    reactor_.Post([done, this] { done(reply); });
  }
  void Cancel(runtime::CallId) override { ++cancels; }

  providers::ModelReply reply;
  int calls = 0;
  int cancels = 0;

 private:
  host::Reactor& reactor_;
};

constexpr runtime::CallId kId{.sequence = 7};

class ModelAgentsTest : public testing::Test, protected runtime::CallSink {
 protected:
  ModelAgentsTest() : agents_({{.name = "smart", .client = &client_}}, host_) { Grant("smart"); }

  void Grant(std::string_view model) {
    scope_.allow = {{Capability::Llm, model}};
    scope_.mentioned = 0xFFFF;
    authority_ = std::make_unique<runtime::Authority>(
        runtime::SlotId(0), std::vector<const runtime::AuthorityScope*>{&scope_}, uint16_t{0},
        "implement", [](const runtime::Decision&) {});
  }
  void Ended(runtime::CallId id, runtime::CallResult result) override {
    EXPECT_EQ(id, kId);
    result_ = std::move(result);
  }
  void Transcribe(runtime::CallId id, Value line) override {
    EXPECT_EQ(id, kId);
    lines_.push_back(WriteJson(line));
  }
  runtime::Call MakeCall() {
    return {
        .id = kId,
        .site = {.node = plan::NodeId(2), .attempt = 3, .stage = "stage"},
        .authority = authority_.get(),
        .target = runtime::ModelCall{
            .model = plan::ModelId(0), .system = "S", .prompt = "P", .read_answer = read_answer_}};
  }
  const runtime::CallResult& Run() {
    agents_.Start(MakeCall(), *this);
    EXPECT_FALSE(result_);
    host_.Run();
    EXPECT_TRUE(result_);
    return *result_;
  }

  host::SimulatedHost host_{1};
  FakeClient client_{host_};
  ModelAgents agents_;
  runtime::AuthorityScope scope_;
  std::unique_ptr<runtime::Authority> authority_;
  std::vector<std::string> lines_;
  runtime::ReadAnswerFunction read_answer_ = [](std::string_view text) -> Result<Value> {
    return Value::String("read " + std::string(text));
  };
  std::optional<runtime::CallResult> result_;
};

TEST_F(ModelAgentsTest, TextIsReadByTheSchemaAndTokensAreKept) {
  client_.reply = {.text = "answer", .input_tokens = 5, .output_tokens = 7};
  const auto& result = Run();
  ASSERT_FALSE(result.failure);
  EXPECT_EQ(result.output.AsString(), "read answer");
  EXPECT_EQ(result.input_tokens, 5);
  EXPECT_EQ(result.output_tokens, 7);
}

TEST_F(ModelAgentsTest, AValueIsTakenAsItIs) {
  client_.reply.value = Value::Int(4);
  EXPECT_EQ(Run().output.AsInt(), 4);
}

TEST_F(ModelAgentsTest, AnAnswerThatDoesNotFitIsASchemaFailure) {
  client_.reply.text = "x";
  read_answer_ = [](std::string_view) -> Result<Value> {
    return Error{"at /a: expected an integer"};
  };
  const auto& result = Run();
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->code, FailureCode::Schema);
  EXPECT_EQ(result.failure->message, "at /a: expected an integer");
}

TEST_F(ModelAgentsTest, AModelThatIsNotGrantedIsNotCalled) {
  Grant("other");
  const auto& result = Run();
  ASSERT_TRUE(result.failure);
  EXPECT_EQ(result.failure->code, FailureCode::Denied);
  EXPECT_EQ(client_.calls, 0);
}

TEST_F(ModelAgentsTest, TheTranscriptHoldsTheRequestAndTheAnswer) {
  client_.reply.text = "A";
  Run();
  EXPECT_THAT(
      lines_,
      ElementsAre(
          R"({"attempt":3,"model":"smart","prompt":"P","system":"S","temperature":null,"type":"request"})",
          R"({"answer":"A","attempt":3,"error":null,"input_tokens":0,"output_tokens":0,"type":"answer"})"));
}

TEST_F(ModelAgentsTest, CancellingReachesTheModel) {
  agents_.Start(MakeCall(), *this);
  EXPECT_TRUE(agents_.Cancel(kId));
  EXPECT_EQ(client_.cancels, 1);
  host_.Run();
  EXPECT_FALSE(agents_.Cancel(kId));
}

}  // namespace
}  // namespace wfc::agents

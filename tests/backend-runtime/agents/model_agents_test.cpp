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
  void Start(const runtime::ModelRequest&, providers::ModelDone done) override {
    ++calls;
    reactor_.Post([done, this] { done(reply); });
  }
  void Cancel(runtime::AttemptId) override { ++cancels; }

  providers::ModelReply reply;
  int calls = 0;
  int cancels = 0;

 private:
  host::Reactor& reactor_;
};

class ModelAgentsTest : public testing::Test,
                        protected runtime::Completion,
                        protected runtime::Recorder {
 protected:
  ModelAgentsTest()
      : agents_({{.name = "smart", .client = &client_}}, host_, *this,
                [](plan::SchemaId schema, std::string_view text) -> Result<Value> {
                  if (schema == plan::SchemaId(9)) return Error{"at /a: expected an integer"};
                  return Value::String("read " + std::string(text));
                }) {
    Grant("smart");
  }

  void Grant(std::string_view model) {
    scope_.allow = {{Capability::Llm, model}};
    scope_.mentioned = 0xFFFF;
    authority_ = std::make_unique<runtime::Authority>(
        plan::NodeId(0), std::vector<const runtime::AuthorityScope*>{&scope_}, uint16_t{0},
        "implement", [](const runtime::Decision&) {});
  }
  void Complete(runtime::AttemptId id, runtime::AttemptResult result) override {
    EXPECT_EQ(id, (runtime::AttemptId{.node = plan::NodeId(2), .attempt = 3}));
    result_ = std::move(result);
  }
  void Record(const runtime::Event&) override {}
  void RecordDecision(const runtime::Decision&) override {}
  void RecordTranscript(std::string_view stage, const Value& line) override {
    lines_.push_back(std::string(stage) + " " + WriteJson(line));
  }
  const runtime::AttemptResult& Run(plan::SchemaId schema = plan::SchemaId(1)) {
    agents_.Start({.id = {.node = plan::NodeId(2), .attempt = 3},
                   .stage = "stage",
                   .model = plan::ModelId(0),
                   .schema = schema,
                   .system = "S",
                   .prompt = "P",
                   .authority = authority_.get()},
                  *this);
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
  std::optional<runtime::AttemptResult> result_;
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
  const auto& result = Run(plan::SchemaId(9));
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
          R"(stage {"attempt":3,"model":"smart","prompt":"P","system":"S","temperature":null,"type":"request"})",
          R"(stage {"answer":"A","attempt":3,"error":null,"input_tokens":0,"output_tokens":0,"type":"answer"})"));
}

TEST_F(ModelAgentsTest, CancellingReachesTheModel) {
  agents_.Start({.id = {.node = plan::NodeId(2), .attempt = 3},
                 .stage = "s",
                 .model = plan::ModelId(0),
                 .authority = authority_.get()},
                *this);
  EXPECT_TRUE(agents_.Cancel({.node = plan::NodeId(2), .attempt = 3}));
  EXPECT_EQ(client_.cancels, 1);
  host_.Run();
  EXPECT_FALSE(agents_.Cancel({.node = plan::NodeId(2), .attempt = 3}));
}

}  // namespace
}  // namespace wfc::agents

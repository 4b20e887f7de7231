#include "backend-runtime/agents/model_agents.h"

#include <optional>

#include <fmt/format.h>

namespace wfc::agents {

using runtime::AttemptResult;
using runtime::Failure;
using runtime::ModelRequest;

void ModelAgents::Start(ModelRequest request, runtime::Completion& completion) {
  const runtime::AttemptId id = request.id;
  const Model& model = models_[request.model];
  Running& running =
      running_.emplace(id, Running{.request = std::move(request), .completion = &completion})
          .first->second;
  if (!running.request.authority->Check(Capability::Llm, model.name)) {
    providers::ModelReply denied;
    denied.failure = Failure{.code = FailureCode::Denied,
                             .message = fmt::format("llm of `{}` is not allowed", model.name),
                             .details = {}};
    reactor_.Post([this, id, denied] { Finish(id, denied); });
    return;
  }
  RecordRequest(running.request);
  running.is_called = true;
  model.client->Start(running.request,
                      [this, id](providers::ModelReply reply) { Finish(id, std::move(reply)); });
}

AttemptResult ModelAgents::Read(const ModelRequest& request, providers::ModelReply reply) const {
  AttemptResult result;
  result.input_tokens = reply.input_tokens;
  result.output_tokens = reply.output_tokens;
  if (reply.failure) {
    result.failure = std::move(reply.failure);
  } else if (reply.value && !request.schema.has_value() && !reply.value->is_string()) {
    // Without a schema, the stages that read this one rely on a string.
    result.failure = Failure{.code = FailureCode::Schema,
                             .message =
                                 "the answer is not a text, as it must be of an agent without "
                                 "`returns`",
                             .details = {}};
  } else if (reply.value) {
    result.output = std::move(*reply.value);
  } else {
    Result<Value> answer = read_answer_(request.schema, reply.text);
    if (answer) {
      result.output = std::move(*answer);
    } else {
      result.failure =
          Failure{.code = FailureCode::Schema, .message = answer.error().message, .details = {}};
    }
  }
  return result;
}

void ModelAgents::Finish(runtime::AttemptId id, providers::ModelReply reply) {
  const auto node = running_.extract(id);
  const Running& running = node.mapped();
  RecordReply(running.request, reply);
  running.completion->Complete(running.request.id, Read(running.request, std::move(reply)));
}

bool ModelAgents::Cancel(runtime::AttemptId id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return false;
  if (found->second.is_called) models_[found->second.request.model].client->Cancel(id);
  return true;
}

void ModelAgents::RecordRequest(const ModelRequest& request) {
  recorder_.RecordTranscript(
      request.stage, Value::Record({{"type", Value::String("request")},
                                    {"attempt", Value::Int(request.id.attempt)},
                                    {"model", Value::String(models_[request.model].name)},
                                    {"system", Value::String(request.system)},
                                    {"prompt", Value::String(request.prompt)},
                                    {"temperature", request.temperature < 0
                                                        ? Value::Null()
                                                        : Value::Double(request.temperature)}}));
}

void ModelAgents::RecordReply(const ModelRequest& request, const providers::ModelReply& reply) {
  const bool has_failed = reply.failure.has_value();
  recorder_.RecordTranscript(
      request.stage,
      Value::Record(
          {{"type", Value::String(has_failed ? "error" : "answer")},
           {"attempt", Value::Int(request.id.attempt)},
           {"answer", has_failed ? Value::Null() : reply.value.value_or(Value::String(reply.text))},
           {"error", has_failed ? Value::String(reply.failure->message) : Value::Null()},
           {"input_tokens", Value::Int(reply.input_tokens)},
           {"output_tokens", Value::Int(reply.output_tokens)}}));
}

}  // namespace wfc::agents

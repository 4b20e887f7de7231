#include "backend-runtime/agents/model_agents.h"

#include <optional>

#include <fmt/core.h>

namespace wfc::agents {
namespace {

using runtime::CallResult;
using runtime::Failure;

CallResult ToCallResult(const runtime::ModelCall& call, providers::ModelReply reply) {
  CallResult result;
  result.input_tokens = reply.input_tokens;
  result.output_tokens = reply.output_tokens;
  if (reply.failure) {
    result.failure = std::move(reply.failure);
    return result;
  }
  Result<Value> answer =
      reply.value ? Result<Value>(*std::move(reply.value)) : call.read_answer(reply.text);
  if (answer) {
    result.output = *std::move(answer);
  } else {
    result.failure =
        Failure{.code = FailureCode::Schema, .message = answer.error().message, .details = {}};
  }
  return result;
}

/// The line of a transcript.
Value Describe(const runtime::CallSite& site, const providers::ModelReply& reply) {
  const bool has_failed = reply.failure.has_value();
  return Value::Record(
      {{"type", Value::String(has_failed ? "error" : "answer")},
       {"attempt", Value::Int(site.attempt)},
       {"answer", has_failed ? Value::Null() : reply.value.value_or(Value::String(reply.text))},
       {"error", has_failed ? Value::String(reply.failure->message) : Value::Null()},
       {"input_tokens", Value::Int(reply.input_tokens)},
       {"output_tokens", Value::Int(reply.output_tokens)}});
}

}  // namespace

void ModelAgents::Start(runtime::Call call, runtime::CallSink& sink) {
  const runtime::CallId id = call.id;
  Running& running =
      running_.emplace(id, Running{.call = std::move(call), .sink = &sink}).first->second;
  const Model& model = models_[running.model_call().model];
  if (!running.call.authority->Check(Capability::Llm, model.name)) {
    providers::ModelReply denied;
    denied.failure = Failure{.code = FailureCode::Denied,
                             .message = fmt::format("llm of `{}` is not allowed", model.name),
                             .details = {}};
    reactor_.Post([this, id, denied] { Finish(id, denied); });
    return;
  }
  TranscribeRequest(running);
  running.is_called = true;
  model.client->Start(running.call,
                      [this, id](providers::ModelReply reply) { Finish(id, std::move(reply)); });
}

void ModelAgents::Finish(runtime::CallId id, providers::ModelReply reply) {
  const auto node = running_.extract(id);
  const Running& running = node.mapped();
  running.sink->Transcribe(id, Describe(running.call.site, reply));
  running.sink->Ended(id, ToCallResult(running.model_call(), std::move(reply)));
}

bool ModelAgents::Cancel(runtime::CallId id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return false;
  const Running& running = found->second;
  if (running.is_called) models_[running.model_call().model].client->Cancel(id);
  return true;
}

void ModelAgents::TranscribeRequest(const Running& running) const {
  const runtime::ModelCall& call = running.model_call();
  const runtime::CallSite& site = running.call.site;
  running.sink->Transcribe(
      running.call.id,
      Value::Record({{"type", Value::String("request")},
                     {"attempt", Value::Int(site.attempt)},
                     {"model", Value::String(models_[call.model].name)},
                     {"system", Value::String(call.system)},
                     {"prompt", Value::String(call.prompt)},
                     {"temperature",
                      call.temperature < 0 ? Value::Null() : Value::Double(call.temperature)}}));
}

}  // namespace wfc::agents

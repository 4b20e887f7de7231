#include "backend-runtime/providers/scripted.h"

#include <fmt/core.h>

namespace wfc::providers {
namespace {

ModelReply Failed(FailureCode code, std::string message) {
  return {.failure = runtime::Failure{.code = code, .message = std::move(message), .details = {}}};
}

ModelReply ToReply(ScriptedEntry entry) {
  if (entry.error_code.empty()) {
    return {.value = std::move(entry.value), .text = std::move(entry.text).value_or("")};
  }
  const std::optional<FailureCode> code = ParseWord<FailureCode>(entry.error_code);
  if (!code) {
    return Failed(FailureCode::Fixture,
                  fmt::format("`{}` in the fixture is not an error code", entry.error_code));
  }
  return Failed(*code, fmt::format("the fixture scripts the error {}", entry.error_code));
}

}  // namespace

ModelReply ScriptedClient::Answer(const runtime::Call& call,
                                  std::chrono::nanoseconds& delay) const {
  const auto& model_call = std::get<runtime::ModelCall>(call.target);
  const std::string_view stage = call.site.stage;
  if (answers_.IsListed(stage)) {
    Result<ScriptedEntry> entry = answers_.Find(stage, model_call.earlier_calls);
    if (!entry) return Failed(FailureCode::Fixture, entry.error().message);
    delay = entry->delay;
    return ToReply(std::move(*entry));
  }
  if (model_call.smallest_answer) return {.value = model_call.smallest_answer};
  return Failed(FailureCode::Fixture,
                fmt::format("`{}` is not in the fixture, and what it returns has no smallest "
                            "instance that could stand in",
                            stage));
}

void ScriptedClient::Start(const runtime::Call& call, ModelDone done) {
  const runtime::CallId id = call.id;
  std::chrono::nanoseconds delay{0};
  ModelReply reply = Answer(call, delay);
  const host::TimerId timer =
      reactor_.StartTimer(reactor_.clock().Now() + delay.count(),
                          [this, id, reply = std::move(reply)] { Deliver(id, reply); });
  waiting_.emplace(id, Waiting{.timer = timer, .done = std::move(done)});
}

void ScriptedClient::Deliver(runtime::CallId id, ModelReply reply) {
  const auto node = waiting_.extract(id);
  node.mapped().done(std::move(reply));
}

void ScriptedClient::Cancel(runtime::CallId id) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;
  reactor_.StopTimer(found->second.timer);
  reactor_.Post(
      [this, id] { Deliver(id, Failed(FailureCode::Cancelled, "the call was cancelled")); });
}

}  // namespace wfc::providers

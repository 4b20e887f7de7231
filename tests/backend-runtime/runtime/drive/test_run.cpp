#include "tests/backend-runtime/runtime/drive/test_run.h"

#include <gtest/gtest.h>

namespace wfc::runtime {

ScriptedCall Answer(const Value& output) {
  ScriptedCall call;
  call.result.output = output;
  call.result.exit = 0;
  return call;
}

ScriptedCall Break(FailureCode code) {
  ScriptedCall call;
  call.result.failure = Failure{.code = code, .message = "broken", .details = {}};
  return call;
}

void ScriptedExecutor::Start(Call call, CallSink& sink) {
  std::visit([this](const auto& target) { Keep(target); }, call.target);
  last_authority = call.authority;
  const CallId id = call.id;
  ScriptedCall scripted =
      script ? script(call.site.stage, call.site.attempt) : Answer(Value::String(call.site.stage));
  const int64_t at = reactor_.clock().Now() + scripted.duration_ns;
  const host::TimerId timer = reactor_.StartTimer(
      at, [this, id, result = std::move(scripted.result)] { Finish(id, result); });
  const auto [added, is_new] = calls_.emplace(id, Running{&sink, timer});
  ASSERT_TRUE(is_new) << "a call was started twice";
  most_at_once = std::max(most_at_once, static_cast<uint32_t>(calls_.size()));
}

void ScriptedExecutor::Finish(CallId id, CallResult result) {
  const auto call = calls_.extract(id);
  call.mapped().sink->Ended(id, std::move(result));
}

void ScriptedExecutor::Cancel(CallId id) {
  Running& call = calls_.at(id);
  if (std::exchange(call.is_cancelled, true)) return;
  reactor_.StopTimer(call.timer);
  reactor_.Post([this, id] { Finish(id, Break(FailureCode::Cancelled).result); });
}

Driver& TestRun::Prepare() {
  auto made = Driver::Make(plan_, options, {host, executor, *this});
  EXPECT_TRUE(made.ok()) << made.error().message;
  driver_ = *std::move(made);
  driver_->Start([this](RunResult ended) {
    EXPECT_FALSE(has_ended);
    result = std::move(ended);
    has_ended = true;
  });
  return *driver_;
}

const RunResult& TestRun::Run() {
  if (driver_ == nullptr) Prepare();
  host.Run();
  EXPECT_TRUE(has_ended) << "the run never ends";
  return result;
}

void TestRun::Record(const Event& event) {
  std::string line(Spell(event.type));
  const std::string name = event.node.has_value() ? std::string(plan_.name(event.node)) : "";
  if (event.node.has_value()) line += " " + name;
  if (event.type == EventType::StageStarted) line += " " + std::to_string(event.attempt);
  if (event.type == EventType::StageFinished) line += " " + std::string(Spell(event.status));
  if (event.type == EventType::RouteChosen) line += " " + std::to_string(event.route.index());
  events.push_back(line);
  if (event.duration_ns != 0) durations[line].push_back(event.duration_ns);
  if (event.failure != nullptr) {
    errors[name] = Spell(event.failure->code);
    failures.push_back(line + ": " + errors[name]);
  }
  if (event.type == EventType::StageSkipped) {
    settled.push_back(name + " skipped (" + std::string(Spell(event.reason)) + ")");
  } else if (event.type == EventType::StageFinished) {
    settled.push_back(name + " " + std::string(Spell(event.status)));
    if (event.payload != nullptr) outputs[name] = *event.payload;
    if (event.is_simulated) simulated.push_back(name);
  }
}

}  // namespace wfc::runtime

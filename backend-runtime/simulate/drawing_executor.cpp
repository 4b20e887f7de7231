#include "backend-runtime/simulate/drawing_executor.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "backend-runtime/runtime/evaluate/callee.h"
#include "backend-runtime/simulate/promises.h"
#include "ir/base/check.h"
#include "ir/base/random.h"

namespace wfc::simulate {
namespace {

using runtime::AttemptId;
using runtime::CallResult;
using runtime::CallSite;
using runtime::Failure;

/// The longest duration of a call, in virtual nanoseconds.
constexpr uint64_t kLongestCall = 500 * kNsPerMs;
/// The exit code of a failing command when no condition mentions another.
constexpr int64_t kBadExit = 70;
constexpr int64_t kMostExit = 255;

CallResult BrokenResult(FailureCode code) {
  CallResult result;
  result.failure =
      Failure{.code = code, .message = fmt::format("simulated {}", Spell(code)), .details = {}};
  return result;
}

bool HasExit(const std::vector<int64_t>& exits, int64_t exit) {
  return std::ranges::find(exits, exit) != exits.end();
}

/// Exit codes with which the command fails: the numbers that conditions mention and their
/// neighbours, without those in `ok_exit`.
std::vector<int64_t> FindBadExits(const types::Vocabulary& vocabulary,
                                  const std::vector<int64_t>& ok_exit) {
  std::vector<int64_t> exits = {kBadExit};
  for (const Value& number : vocabulary.numbers) {
    const bool is_exit =
        number.kind() == Kind::Int && number.AsInt() >= 0 && number.AsInt() <= kMostExit;
    if (!is_exit) continue;
    for (const int64_t exit : {number.AsInt(), number.AsInt() + 1, number.AsInt() - 1}) {
      const bool is_bad = exit >= 0 && exit <= kMostExit && !HasExit(ok_exit, exit);
      if (is_bad && !HasExit(exits, exit)) exits.push_back(exit);
    }
  }
  return exits;
}

/// A failure with this code; with an exit code if the command ran to its end.
CallResult BrokenCommand(FailureCode code, int64_t exit) {
  CallResult result = BrokenResult(code);
  const bool has_ended = code == FailureCode::Exit || code == FailureCode::Schema;
  if (!has_ended) return result;
  result.exit = exit;
  if (code == FailureCode::Exit) {
    result.failure->details = Value::Record({{"exit", Value::Int(exit)}});
  }
  return result;
}

}  // namespace

std::optional<AnswerKind> DrawingExecutor::FindAnswer(AttemptId attempt) const {
  const auto found = answers_.find(attempt);
  return found == answers_.end() ? std::nullopt : std::optional(found->second);
}

const Fault* DrawingExecutor::FindFault(const CallSite& site) const {
  const Fault* fault = scenario_.FindFault(site.node);
  return fault != nullptr && site.attempt <= fault->attempts ? fault : nullptr;
}

void DrawingExecutor::Start(runtime::Call call, runtime::CallSink& sink) {
  const runtime::CallId id = call.id;
  std::ranges::move(FindUses(call), std::back_inserter(uses_));
  Answer answer =
      std::visit([&](const auto& target) { return Draw(call.site, target); }, call.target);
  answers_.emplace(AttemptId{.node = call.site.node, .attempt = call.site.attempt}, answer.kind);
  const auto [running, is_new] = running_.emplace(id, Running{.sink = &sink});
  WFC_CHECK(is_new);
  if (answer.hangs) return;
  running->second.timer =
      reactor_.StartTimer(reactor_.clock().Now() + DurationOf(call.site),
                          [this, id, result = std::move(answer.result)] { Finish(id, result); });
}

DrawingExecutor::Answer DrawingExecutor::Draw(const CallSite& site,
                                              const runtime::CommandCall& call) const {
  if (const Fault* fault = FindFault(site)) {
    return Broken(*fault, BreakCommand(site, call, fault->code));
  }
  types::Choices choices = ChoicesOf(site);
  const bool is_agent = static_cast<bool>(call.read_answer);
  std::optional<Value> output = is_agent
                                    ? DrawOutput(plan_, drawer_, site.node, choices)
                                    : DrawPrinted(plan_, drawer_, site.node, call.parse, choices);
  if (!output) return Undrawn();
  CallResult result;
  result.exit = call.ok_exit.empty() ? 0 : call.ok_exit[choices.Among(call.ok_exit.size())];
  if (!is_agent) result.stdout_text = PrintedForm(*output, call.parse);
  result.output = std::move(*output);
  return {.result = std::move(result)};
}

DrawingExecutor::Answer DrawingExecutor::Draw(const CallSite& site,
                                              const runtime::BuiltinCall& call) const {
  Answer answer = DrawByPromise(site);
  if (answer.kind != AnswerKind::Value) return answer;
  answer.result.output = ApplyArguments(call, std::move(answer.result.output));
  return answer;
}

DrawingExecutor::Answer DrawingExecutor::Draw(const CallSite& site,
                                              const runtime::ModelCall&) const {
  return DrawByPromise(site);
}

DrawingExecutor::Answer DrawingExecutor::DrawByPromise(const CallSite& site) const {
  if (const Fault* fault = FindFault(site)) return Broken(*fault, BrokenResult(fault->code));
  types::Choices choices = ChoicesOf(site);
  std::optional<Value> output = DrawOutput(plan_, drawer_, site.node, choices);
  if (!output) return Undrawn();
  Answer answer;
  answer.result.output = std::move(*output);
  return answer;
}

CallResult DrawingExecutor::BreakCommand(const CallSite& site, const runtime::CommandCall& call,
                                         FailureCode code) const {
  types::Choices choices = ChoicesOf(site);
  const std::vector<int64_t> exits =
      code == FailureCode::Exit ? FindBadExits(drawer_.vocabulary(), call.ok_exit) : call.ok_exit;
  return BrokenCommand(code, exits.empty() ? 0 : exits[choices.Among(exits.size())]);
}

DrawingExecutor::Answer DrawingExecutor::Broken(const Fault& fault, CallResult result) {
  return {.kind = AnswerKind::Fault, .result = std::move(result), .hangs = fault.hangs};
}

DrawingExecutor::Answer DrawingExecutor::Undrawn() {
  CallResult result = BrokenResult(FailureCode::Schema);
  result.failure->message = "no value of the schema was found to simulate with";
  return {.kind = AnswerKind::Undrawn, .result = std::move(result)};
}

types::Choices DrawingExecutor::ChoicesOf(const CallSite& site) const {
  return ChoicesAt(scenario_, PlaceOf(site.node), site.attempt);
}

int64_t DrawingExecutor::DurationOf(const CallSite& site) const {
  Random random(Mix(Mix(~scenario_.seed, site.node.index()), site.attempt));
  const int64_t duration = 1 + static_cast<int64_t>(random.Below(kLongestCall));
  const int64_t timeout = runtime::TimeoutOf(plan_, site.node);
  return timeout > 0 ? std::min(duration, timeout / 2) : duration;
}

void DrawingExecutor::Finish(runtime::CallId id, CallResult result) {
  const auto running = running_.extract(id);
  if (running.empty()) return;
  running.mapped().sink->Ended(id, std::move(result));
}

void DrawingExecutor::Cancel(runtime::CallId id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return;
  reactor_.StopTimer(found->second.timer);
  reactor_.Post([this, id] { Finish(id, BrokenResult(FailureCode::Cancelled)); });
}

}  // namespace wfc::simulate

#include "backend-runtime/simulate/drawing_executor.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "backend-runtime/runtime/calls.h"
#include "backend-runtime/simulate/promises.h"
#include "ir/base/check.h"
#include "ir/base/random.h"

namespace wfc::simulate {
namespace {

using runtime::AttemptId;
using runtime::AttemptResult;
using runtime::Failure;

/// The longest duration of a call, in virtual nanoseconds.
constexpr uint64_t kLongestCall = 500 * host::kNsPerMs;
/// The exit code of a failing command when no condition mentions another.
constexpr int64_t kBadExit = 70;
constexpr int64_t kMostExit = 255;

AttemptResult Broken(FailureCode code) {
  AttemptResult result;
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
AttemptResult BrokenCommand(FailureCode code, int64_t exit) {
  AttemptResult result = Broken(code);
  const bool has_ended = code == FailureCode::Exit || code == FailureCode::Schema;
  if (!has_ended) return result;
  result.exit = exit;
  if (code == FailureCode::Exit) {
    result.failure->details = Value::Record({{"exit", Value::Int(exit)}});
  }
  return result;
}

}  // namespace

std::optional<AnswerKind> DrawingExecutor::FindAnswer(AttemptId id) const {
  const auto found = calls_.find(id);
  return found == calls_.end() ? std::nullopt : std::optional(found->second.answer);
}

const Fault* DrawingExecutor::FindFault(AttemptId id) const {
  const Fault* fault = scenario_.FindFault(id.node);
  return fault != nullptr && id.attempt <= fault->attempts ? fault : nullptr;
}

void DrawingExecutor::StartCommand(runtime::CommandRequest request,
                                   runtime::Completion& completion) {
  AddUses(FindUses(request));
  if (const Fault* fault = FindFault(request.id)) {
    return Break(request.id, *fault, BreakCommand(request, fault->code), completion);
  }
  types::Choices choices = ChoicesAt(scenario_, PlaceOf(request.id.node), request.id.attempt);
  std::optional<Value> output = request.answers_as_agent
                                    ? DrawOutput(plan_, drawer_, request.id.node, choices)
                                    : DrawPrinted(plan_, drawer_, request, choices);
  if (!output) return CompleteUndrawn(request.id, completion);
  AttemptResult result;
  result.exit =
      request.ok_exit.empty() ? 0 : request.ok_exit[choices.Among(request.ok_exit.size())];
  if (!request.answers_as_agent) result.stdout_text = PrintedForm(*output, request.parse);
  result.output = std::move(*output);
  Complete(request.id, AnswerKind::Value, std::move(result), completion);
}

void DrawingExecutor::StartBuiltin(runtime::BuiltinRequest request,
                                   runtime::Completion& completion) {
  AddUses(FindUses(request));
  if (const Fault* fault = FindFault(request.id)) {
    return Break(request.id, *fault, Broken(fault->code), completion);
  }
  types::Choices choices = ChoicesAt(scenario_, PlaceOf(request.id.node), request.id.attempt);
  std::optional<Value> output = DrawOutput(plan_, drawer_, request.id.node, choices);
  if (!output) return CompleteUndrawn(request.id, completion);
  AttemptResult result;
  result.output = ApplyArguments(request, std::move(*output));
  Complete(request.id, AnswerKind::Value, std::move(result), completion);
}

void DrawingExecutor::StartModel(runtime::ModelRequest request, runtime::Completion& completion) {
  if (const Fault* fault = FindFault(request.id)) {
    return Break(request.id, *fault, Broken(fault->code), completion);
  }
  types::Choices choices = ChoicesAt(scenario_, PlaceOf(request.id.node), request.id.attempt);
  std::optional<Value> output = DrawOutput(plan_, drawer_, request.id.node, choices);
  if (!output) return CompleteUndrawn(request.id, completion);
  AttemptResult result;
  result.output = std::move(*output);
  Complete(request.id, AnswerKind::Value, std::move(result), completion);
}

void DrawingExecutor::AddUses(std::vector<Use> uses) {
  std::ranges::move(uses, std::back_inserter(uses_));
}

AttemptResult DrawingExecutor::BreakCommand(const runtime::CommandRequest& request,
                                            FailureCode code) const {
  types::Choices choices = ChoicesAt(scenario_, PlaceOf(request.id.node), request.id.attempt);
  const std::vector<int64_t> exits = code == FailureCode::Exit
                                         ? FindBadExits(drawer_.vocabulary(), request.ok_exit)
                                         : request.ok_exit;
  return BrokenCommand(code, exits.empty() ? 0 : exits[choices.Among(exits.size())]);
}

void DrawingExecutor::Break(AttemptId id, const Fault& fault, AttemptResult result,
                            runtime::Completion& completion) {
  if (fault.hangs) return Hang(id, completion);
  Complete(id, AnswerKind::Fault, std::move(result), completion);
}

void DrawingExecutor::CompleteUndrawn(AttemptId id, runtime::Completion& completion) {
  AttemptResult result = Broken(FailureCode::Schema);
  result.failure->message = "no value of the schema was found to simulate with";
  Complete(id, AnswerKind::Undrawn, std::move(result), completion);
}

void DrawingExecutor::Complete(AttemptId id, AnswerKind kind, AttemptResult result,
                               runtime::Completion& completion) {
  Random random(Mix(Mix(~scenario_.seed, id.node.index()), id.attempt));
  int64_t duration = 1 + static_cast<int64_t>(random.Below(kLongestCall));
  const int64_t timeout = runtime::TimeoutOf(plan_, id.node);
  if (timeout > 0) duration = std::min(duration, timeout / 2);
  const auto [call, is_new] = calls_.emplace(id, Call{.answer = kind, .completion = &completion});
  WFC_CHECK(is_new);
  call->second.timer =
      reactor_.StartTimer(reactor_.clock().Now() + duration,
                          [this, id, result = std::move(result)] { Finish(id, result); });
}

void DrawingExecutor::Hang(AttemptId id, runtime::Completion& completion) {
  const auto [call, is_new] =
      calls_.emplace(id, Call{.answer = AnswerKind::Fault, .completion = &completion});
  WFC_CHECK(is_new);
}

void DrawingExecutor::Finish(AttemptId id, AttemptResult result) {
  Call& call = calls_.at(id);
  if (std::exchange(call.is_over, true)) return;
  call.completion->Complete(id, std::move(result));
}

void DrawingExecutor::Cancel(AttemptId id) {
  const auto call = calls_.find(id);
  if (call == calls_.end() || call->second.is_over) return;
  reactor_.StopTimer(call->second.timer);
  reactor_.Post([this, id] { Finish(id, Broken(FailureCode::Cancelled)); });
}

}  // namespace wfc::simulate

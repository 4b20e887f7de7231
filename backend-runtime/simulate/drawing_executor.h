// DrawingExecutor: the executor of simulated runs. It answers calls with values drawn from the
// schemas that they promise, or fails them as the scenario says. It performs nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "backend-runtime/host/reactor.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/executor.h"
#include "backend-runtime/simulate/scenario.h"
#include "backend-runtime/simulate/uses.h"
#include "ir/types/vm/draw.h"

namespace wfc::simulate {

/// How an attempt was answered.
enum class AnswerKind : uint8_t {
  Value,    ///< an output that fits the schema
  Fault,    ///< the failure that the scenario injects
  Undrawn,  ///< no value of the schema was found, so the attempt failed
};

/// For one run, on the thread of the simulated reactor.
class DrawingExecutor : public runtime::Executor {
 public:
  /// The arguments must outlive the executor.
  DrawingExecutor(const plan::PlanView& plan, const types::Drawer& drawer, const Scenario& scenario,
                  host::Reactor& reactor)
      : plan_(plan), drawer_(drawer), scenario_(scenario), reactor_(reactor) {}

  void StartCommand(runtime::CommandRequest request, runtime::Completion& completion) override;
  void StartBuiltin(runtime::BuiltinRequest request, runtime::Completion& completion) override;
  void StartModel(runtime::ModelRequest request, runtime::Completion& completion) override;
  void Cancel(runtime::AttemptId id) override;

  /// What all calls so far would have used, in the order of the calls.
  [[nodiscard]] const std::vector<Use>& uses() const { return uses_; }
  /// How the attempt was answered; none if it has not called the executor.
  [[nodiscard]] std::optional<AnswerKind> FindAnswer(runtime::AttemptId id) const;

 private:
  struct Call {
    AnswerKind answer = AnswerKind::Value;
    runtime::Completion* completion = nullptr;
    host::TimerId timer = 0;
    bool is_over = false;
  };
  void AddUses(std::vector<Use> uses);
  [[nodiscard]] const Fault* FindFault(runtime::AttemptId id) const;
  /// Completes the attempt with `result` after a drawn duration, which is shorter than the
  /// attempt's timeout.
  void Complete(runtime::AttemptId id, AnswerKind kind, runtime::AttemptResult result,
                runtime::Completion& completion);
  void CompleteUndrawn(runtime::AttemptId id, runtime::Completion& completion);
  void Hang(runtime::AttemptId id, runtime::Completion& completion);
  [[nodiscard]] runtime::AttemptResult BreakCommand(const runtime::CommandRequest& request,
                                                    FailureCode code) const;
  /// Fails the attempt as the scenario says: with `result`, or by never completing.
  void Break(runtime::AttemptId id, const Fault& fault, runtime::AttemptResult result,
             runtime::Completion& completion);
  void Finish(runtime::AttemptId id, runtime::AttemptResult result);

  const plan::PlanView& plan_;
  const types::Drawer& drawer_;
  const Scenario& scenario_;
  host::Reactor& reactor_;
  std::map<runtime::AttemptId, Call> calls_;
  std::vector<Use> uses_;
};

}  // namespace wfc::simulate

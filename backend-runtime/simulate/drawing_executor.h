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
#include "backend-runtime/runtime/drive/executor.h"
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

  void Start(runtime::Call call, runtime::CallSink& sink) override;
  void Cancel(runtime::CallId id) override;

  /// What all calls so far would have used, in the order of the calls.
  [[nodiscard]] const std::vector<Use>& uses() const { return uses_; }
  /// How the attempt was answered; none if it has not called the executor.
  [[nodiscard]] std::optional<AnswerKind> FindAnswer(runtime::AttemptId attempt) const;

 private:
  struct Running {
    runtime::CallSink* sink = nullptr;
    host::TimerId timer;
  };
  /// What a call is answered with.
  struct Answer {
    AnswerKind kind = AnswerKind::Value;
    runtime::CallResult result = {};
    bool hangs = false;  ///< it never ends by itself
  };

  [[nodiscard]] static Answer Broken(const Fault& fault, runtime::CallResult result);
  [[nodiscard]] static Answer Undrawn();
  [[nodiscard]] const Fault* FindFault(const runtime::CallSite& site) const;
  [[nodiscard]] Answer Draw(const runtime::CallSite& site, const runtime::CommandCall& call) const;
  [[nodiscard]] Answer Draw(const runtime::CallSite& site, const runtime::BuiltinCall& call) const;
  [[nodiscard]] Answer Draw(const runtime::CallSite& site, const runtime::ModelCall& call) const;
  /// An output as the callee promises it, or the failure that the scenario injects.
  [[nodiscard]] Answer DrawByPromise(const runtime::CallSite& site) const;
  [[nodiscard]] runtime::CallResult BreakCommand(const runtime::CallSite& site,
                                                 const runtime::CommandCall& call,
                                                 FailureCode code) const;
  [[nodiscard]] types::Choices ChoicesOf(const runtime::CallSite& site) const;
  /// A drawn duration in virtual nanoseconds, which is shorter than the attempt's timeout.
  [[nodiscard]] int64_t DurationOf(const runtime::CallSite& site) const;
  void Finish(runtime::CallId id, runtime::CallResult result);

  const plan::PlanView& plan_;
  const types::Drawer& drawer_;
  const Scenario& scenario_;
  host::Reactor& reactor_;
  std::map<runtime::CallId, Running> running_;
  std::map<runtime::AttemptId, AnswerKind> answers_;  // of all calls so far
  std::vector<Use> uses_;
};

}  // namespace wfc::simulate

// Observer: hears what happens in one simulated run; notes which targets it reaches, and failures
// that the compiler should have seen.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/recorder.h"
#include "backend-runtime/simulate/drawing_executor.h"
#include "backend-runtime/simulate/targets.h"

namespace wfc::simulate {

/// A stage failed though everything it was given is as promised, and no fault was injected.
struct Surprise {
  NodeId node = {};  ///< none: the workflow's output
  uint32_t attempt = 0;
  FailureCode code = FailureCode::Expression;
  std::string message;
  std::string place;  ///< of a schema failure: pointers and keywords; tells findings apart
};

struct Observation {
  std::vector<size_t> reached;  ///< of Targets, some twice
  std::vector<Surprise> surprises;
  std::vector<NodeId> undrawn;  ///< of whose output no value was found
  std::vector<Use> uses;        ///< of all calls
};

class Observer : public runtime::Recorder {
 public:
  /// All outlive it; `watcher` (may be null) hears everything too.
  Observer(const plan::PlanView& plan, const Targets& targets, const DrawingExecutor& executor,
           runtime::Recorder* watcher);

  void Record(const runtime::Event& event) override;
  void RecordDecision(const runtime::Decision& decision) override;
  void RecordTranscript(std::string_view stage, const Value& line) override;

  /// Calls `task` once, at the first event of which `is_enough` holds; it is given its number.
  void OnEnough(std::function<bool(uint64_t count)> is_enough, std::function<void()> task) {
    is_enough_ = std::move(is_enough);
    on_enough_ = std::move(task);
  }
  [[nodiscard]] Observation Take() { return std::move(observation_); }

 private:
  /// Of a failure: enough to know it again.
  struct Heard {
    NodeId node;
    FailureCode code = FailureCode::Io;
    std::string message;
  };

  void Reach(const Target& target);
  void RecordStart(NodeId node);
  void RecordFailedAttempt(const runtime::Event& event);
  void RecordSettled(const runtime::Event& event);
  void Check(const runtime::Event& event);
  [[nodiscard]] bool IsExpected(const runtime::Event& event) const;
  [[nodiscard]] bool IsKnown(NodeId node, const runtime::Failure& failure) const;
  void Report(const runtime::Event& event);

  const plan::PlanView& plan_;
  const Targets& targets_;
  const DrawingExecutor& executor_;
  runtime::Recorder* watcher_;
  Observation observation_;
  uint64_t event_count_ = 0;
  std::function<bool(uint64_t count)> is_enough_;
  std::function<void()> on_enough_;          // none any more: it was called
  std::vector<Heard> heard_;                 // failures so far; few
  IdVector<NodeId, bool> has_failed_;        // an attempt has
  IdVector<NodeId, bool> misses_something_;  // one that it waits for has no output
};

}  // namespace wfc::simulate

// Observer: the recorder of one simulated run. It notes which targets the run reaches, and failures
// that the compiler should have ruled out.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/recorder.h"
#include "backend-runtime/simulate/drawing_executor.h"
#include "backend-runtime/simulate/targets.h"

namespace wfc::simulate {

/// A failure that the compiler's checks should have ruled out: everything the stage received is as
/// promised, and no fault was injected.
struct Surprise {
  NodeId node = {};  ///< none means the workflow's output
  uint32_t attempt = 0;
  FailureCode code = FailureCode::Expression;
  std::string message;
  /// For a schema failure: pointers and keywords, which distinguish findings. Otherwise empty.
  std::string place;
};

/// What one run showed.
struct Observation {
  std::vector<size_t> reached;  ///< indices in Targets; may repeat
  std::vector<Surprise> surprises;
  std::vector<NodeId> undrawn;  ///< nodes for whose output no value was found
  std::vector<Use> uses;        ///< what all calls would have used
};

/// Used on the thread of the simulated reactor.
class Observer : public runtime::Recorder {
 public:
  /// The arguments must outlive the observer. `watcher`, which may be null, receives every event
  /// first.
  Observer(const plan::PlanView& plan, const Targets& targets, const DrawingExecutor& executor,
           runtime::Recorder* watcher);

  void Record(const runtime::Event& event) override;
  void RecordNote(const runtime::RecordedNote& note) override;

  /// Sets `task`, which is called once, at the first event whose number (from 1) satisfies
  /// `is_enough`.
  void OnLimit(std::function<bool(uint64_t count)> is_enough, std::function<void()> task) {
    is_enough_ = std::move(is_enough);
    on_enough_ = std::move(task);
  }
  /// Moves the observation out; call it once, after the run.
  [[nodiscard]] Observation Take() { return std::move(observation_); }

 private:
  /// What identifies a failure that was reported before.
  struct KnownFailure {
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
  std::function<void()> on_enough_;          // empty once it has been called
  std::vector<KnownFailure> heard_;          // the failures so far, of which there are few
  IdVector<NodeId, bool> has_failed_;        // whether an attempt of the node has failed
  IdVector<NodeId, bool> misses_something_;  // whether a dependency of the node has no output
};

}  // namespace wfc::simulate

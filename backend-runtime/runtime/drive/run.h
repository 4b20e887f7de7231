// Run: all that a run knows: the machine, the values and what has been told of it. It changes by
// records alone, whether the run is driven, resumed or looked at again.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "backend-runtime/runtime/drive/projection.h"
#include "backend-runtime/runtime/evaluate/run_state.h"
#include "backend-runtime/runtime/machine/state_machine.h"

namespace wfc::runtime {

/// What a run is started with that its machine needs to know.
struct RunSettings {
  uint32_t concurrency = 0;  ///< 0 means the plan's
  int64_t seed = 0;
};
[[nodiscard]] MachineOptions MachineOptionsOf(const plan::PlanView& plan,
                                              const RunSettings& settings);

class Run {
 public:
  /// `plan` and `recorder` must outlive the object.
  Run(const plan::PlanView& plan, const MachineOptions& options, RunIdentity identity,
      RunState::Inputs inputs, Recorder& recorder)
      : machine_(plan, options),
        state_(plan, machine_, std::move(identity), std::move(inputs)),
        projection_(plan, machine_, state_, recorder) {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// Takes the next record, and tells the recorder what happened. A record that contradicts those
  /// before changes nothing; the result says why.
  [[nodiscard]] Contradiction Apply(const Record& record);
  /// The number of the attempt that the next record is about, if it has this fact.
  [[nodiscard]] uint32_t AttemptOf(const Fact& fact) const;
  /// The consequences of the last record.
  [[nodiscard]] std::span<const Note> notes() const { return machine_.notes(); }
  /// The next command; see `StateMachine::Next`.
  [[nodiscard]] Command Next(int64_t now) { return machine_.Next(now); }

  [[nodiscard]] const StateMachine& machine() const { return machine_; }
  [[nodiscard]] const RunState& state() const { return state_; }

 private:
  [[nodiscard]] SlotId FindSlot(const Fact& fact) const;
  [[nodiscard]] bool BeginsAttempt(const Fact& fact, SlotId slot) const;

  StateMachine machine_;
  RunState state_;
  Projection projection_;
};

/// The slots whose calls are in doubt: they may have been made, and are not made again by
/// themselves. In no order that means something.
[[nodiscard]] std::vector<SlotId> CallsInDoubt(const StateMachine& machine);

}  // namespace wfc::runtime

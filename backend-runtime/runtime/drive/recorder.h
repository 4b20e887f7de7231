// Recorder: receives the events of a run from its projection, and the notes beside them, in order.
// The run store writes them down, the progress printer shows them, and the simulator's observer
// checks them.
#pragma once

#include <cstdint>

#include "backend-runtime/runtime/drive/recorded_note.h"
#include "backend-runtime/runtime/machine/failure.h"
#include "backend-runtime/runtime/machine/ids.h"
#include "ir/base/stage_fields.h"
#include "ir/base/words.h"
#include "ir/value/value.h"

namespace wfc::runtime {

// What each event of words.def sets besides `type` and `time_ns`. Events of a stage also set
// `node`, `attempt` and `status`. Where no payload is listed, it is a null pointer.
//   RunStarted       payload: {run, workflow, mode, seed, input}
//   StageStarted     an attempt begins
//   AttemptFailed    duration_ns; failure; payload: {retry_after_ms}, null if no attempt follows
//   StageFinished    duration_ns; is_simulated; failure: the last one, unless the stage succeeded;
//                    payload: the output, null if there is none
//   StageSkipped     reason
//   RouteChosen      route; payload: {chosen}
//   FallbackStarted  failure: the one that caused it
//   RunFailing       node: the one whose failure it is
//   CancelRequested  no node; payload: {by, uid} if another process asked for it
//   RunFinished      node and failure, if the run failed; payload: {status, output}

/// One event. The pointers are valid only during the call.
struct Event {
  EventType type = EventType::RunStarted;
  NodeId node = {};
  uint32_t attempt = 0;
  RouteId route = {};  ///< RouteChosen
  NodeStatus status = NodeStatus::Waiting;
  SkipReason reason = SkipReason::None;
  int64_t time_ns = 0;  ///< nanoseconds since the run started
  /// In nanoseconds. StageFinished: since the first attempt began; AttemptFailed: of the attempt.
  int64_t duration_ns = 0;
  bool is_simulated = false;  ///< mode dry_run: the effect was not performed
  const Failure* failure = nullptr;
  const Value* payload = nullptr;
};

/// Implementations must not call back into the driver. They are called on the reactor's thread, in
/// the order in which things happened.
class Recorder {
 public:
  virtual ~Recorder() = default;
  virtual void Record(const Event& event) = 0;
  /// A driver has taken the run: `time_ns`, in the time of events, was `wall` on the clock.
  virtual void BeginEpoch([[maybe_unused]] int64_t time_ns, [[maybe_unused]] TimeValue wall) {}
  /// A note has been recorded that says no consequence; those are told as events.
  virtual void RecordNote([[maybe_unused]] const RecordedNote& note) {}
};

/// Takes no notice.
class SilentRecorder : public Recorder {
 public:
  void Record(const Event& event) override { static_cast<void>(event); }
};

}  // namespace wfc::runtime

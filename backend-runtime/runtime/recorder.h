// Recorder: where the interpreter tells what happens, in order. The run store writes it down, the
// progress printer shows it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "backend-runtime/runtime/authority.h"
#include "backend-runtime/runtime/failure.h"
#include "backend-runtime/runtime/ids.h"
#include "ir/base/stage_fields.h"
#include "ir/base/words.h"
#include "ir/value/value.h"

namespace wfc::runtime {

// What the events of words.def carry:
//   RunStarted       payload: {run, workflow, mode, seed, input}
//   StageStarted     an attempt begins; attempt is set
//   AttemptFailed    failure; payload: {retry_after_ms} when another attempt follows
//   StageFinished    status; payload: the output, or Null
//   StageSkipped     reason
//   RouteChosen      payload: {chosen}
//   FallbackStarted  failure that caused it
//   RunFailing       node: whose failure it is
//   CancelRequested
//   RunFinished      payload: {status, output}

/// One thing that happened. Views are valid during the call.
struct Event {
  EventType type = EventType::RunStarted;
  NodeId node = {};
  uint32_t attempt = 0;
  RouteId route = {};  ///< RouteChosen
  NodeStatus status = NodeStatus::Waiting;
  SkipReason reason = SkipReason::None;
  int64_t time_ns = 0;  ///< since the run started
  int64_t duration_ns =
      0;  ///< StageFinished: since its first attempt began; AttemptFailed: the attempt
  bool is_simulated = false;  ///< mode dry_run: the effect was not performed
  const Failure* failure = nullptr;
  const Value* payload = nullptr;
};

class Recorder {
 public:
  virtual ~Recorder() = default;
  /// On the reactor's thread, in order.
  virtual void Record(const Event& event) = 0;
  /// From any thread.
  virtual void RecordDecision(const Decision& decision) = 0;
  /// One line of the stage's transcript: a request to or an answer from a model, a command's argv
  /// and output. Any thread.
  virtual void RecordTranscript(std::string_view stage, const Value& line) = 0;
};

}  // namespace wfc::runtime

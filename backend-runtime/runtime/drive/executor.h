// Executor: the interface between the driver and everything that acts on the outside world.
// Calls are started here and end later, on the reactor's thread.
#pragma once

#include "backend-runtime/runtime/evaluate/call.h"

namespace wfc::runtime {

/// Receives what becomes of calls, on the reactor's thread.
class CallSink {
 public:
  virtual ~CallSink() = default;
  /// A line for the transcript of the call's stage: a request to a model, an answer from one, or a
  /// command's words and output. Called before the call has ended.
  virtual void Transcribe(CallId id, Value line) = 0;
  /// Called once for each call, and never from within `Executor::Start`.
  virtual void Ended(CallId id, CallResult result) = 0;
};

/// The real executor is in driver/wfc_run; the simulator has another. An executor knows calls, but
/// neither the plan nor the state of the run. Used on the reactor's thread only.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Starts a call. A failure to start is reported to `sink`, too, which must outlive the call.
  virtual void Start(Call call, CallSink& sink) = 0;
  /// Asks a running call to end (commands: TERM, KILL after 5 s). It still ends, soon and exactly
  /// once.
  virtual void Cancel(CallId id) = 0;
};

}  // namespace wfc::runtime

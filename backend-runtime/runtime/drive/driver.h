// Driver: drives the run of a verified plan. It performs the machine's commands with the evaluator
// and the executor, and commits what happens as records, all on the reactor's thread. wfc-run and
// the simulator make one for each run.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "backend-runtime/host/reactor.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/drive/executor.h"
#include "backend-runtime/runtime/drive/recorder.h"
#include "backend-runtime/runtime/drive/run.h"
#include "backend-runtime/runtime/evaluate/evaluator.h"
#include "backend-runtime/runtime/journal/blobs.h"
#include "backend-runtime/runtime/journal/inbox.h"
#include "backend-runtime/runtime/journal/journal.h"
#include "backend-runtime/runtime/redact/redactor.h"

namespace wfc::runtime {

/// What a run is started with.
struct RunOptions {
  RunIdentity identity;
  Value input;               ///< Null means that none was given
  uint32_t concurrency = 0;  ///< 0 means the plan's
  /// A secret without a value fails the stage that reads it.
  SecretValues secrets = {};
  /// Reads the environment, for variables whose values come from there.
  std::function<std::optional<std::string>(std::string_view name)> environment = {};
  /// Hides secrets in the results of calls before anything else sees them. Null means that there
  /// are none to hide. Must outlive the run.
  const redact::Redactor* redactor = nullptr;
  /// What whoever resumes the run needs to know besides; recorded as it is.
  Value origin = {};
};

/// Where a run is recorded; all must outlive the driver.
struct RunStorage {
  RunStorage(journal::Journal& rows, journal::Blobs& values, journal::Inbox* requests = nullptr)
      : journal(rows), blobs(values), inbox(requests) {}

  journal::Journal& journal;
  journal::Blobs& blobs;
  journal::Inbox* inbox;  ///< null: nobody can ask anything
};

/// The services that a run uses; all must outlive the driver.
struct RunParts {
  host::Reactor& reactor;
  Executor& executor;
  Recorder& recorder;
  std::optional<RunStorage> storage = {};  ///< none: the run is lost with its process
};

/// What a run is resumed with; all else is in its record.
struct ResumeOptions {
  uint32_t concurrency = 0;  ///< 0 means what the run was started with
  std::string folder;        ///< `run.dir`, which may have moved
  SecretValues secrets = {};
  const redact::Redactor* redactor = nullptr;  ///< as in RunOptions
};

/// How a run ended, or was left.
struct RunResult {
  RunStatus status = RunStatus::Completed;  ///< InDoubt: it is parked, and waits for a person
  Value output;                             ///< Null unless the run is completed or partial
  std::optional<Failure> failure;           ///< why the run failed
  NodeId failed_node = {};                  ///< none if the workflow's own output failed
  /// Why the run could not be recorded to its end; nothing if it was. What is not recorded has not
  /// happened: the run can be resumed where its record ends.
  std::optional<std::string> record_failure = {};
};

/// One run of one plan. Used on the reactor's thread only.
class Driver : public CallSink {
 public:
  /// Prepares a run. Fails, with a message for people, if the input does not fit, a variable is not
  /// set or does not fit, or the workflow may not run in the mode. `plan` must outlive the driver.
  static Result<std::unique_ptr<Driver>> Make(const plan::PlanView& plan, RunOptions options,
                                              const RunParts& parts);
  /// Prepares to go on with a run, from its record in `parts.storage`, of which the events are told
  /// to the recorder again. Fails, with a message for people, if the record cannot be read or is
  /// not one of this plan.
  static Result<std::unique_ptr<Driver>> Resume(const plan::PlanView& plan, ResumeOptions options,
                                                const RunParts& parts);
  ~Driver() override;

  /// Starts the run, or goes on with it. `done` is called once, on the reactor's thread: when every
  /// stage has ended, when the run is parked, or when it cannot be recorded any more.
  void Start(std::function<void(RunResult)> done);
  /// Cancels the run, as a failure would: running stages are asked to end, and cleanup still runs.
  /// Does nothing after the end.
  /// `who` is {by, uid}, or null if a signal asks for it.
  void Cancel(Value who = {});
  /// Cancels cleanup, too. The caller must also kill the processes (Processes::KillAll).
  void Kill(Value who = {});

  /// The slots whose calls are in doubt: they may have been made, and are not made again by
  /// themselves. In no order that means something.
  [[nodiscard]] std::vector<SlotId> CallsInDoubt() const;
  /// Says what became of such a call, or that it is to be made again. Called after `Start`, before
  /// anything else has happened. An output that does not fit the stage is an error, and changes
  /// nothing.
  [[nodiscard]] Result<void> Resolve(SlotId slot, std::optional<CallResult> ended);
  /// Stops the run where it is, because it cannot be recorded as it should be: calls that run are
  /// cancelled, and what they come to is dropped, so that it can be resumed. A run without storage
  /// is cancelled instead.
  void Leave(std::string why);

  /// Adds a line to the transcript of a stage.
  void Transcribe(SlotId slot, const Value& line);

  /// Called by the executor.
  void Transcribe(CallId id, Value line) override;
  void Ended(CallId id, CallResult result) override;

  [[nodiscard]] const StateMachine& machine() const { return run_.machine(); }
  [[nodiscard]] const RunState& state() const { return run_.state(); }

 private:
  /// A call that runs, or waits for its announcement to be durable.
  struct RunningCall {
    SlotId slot;
    std::unique_ptr<const Authority> authority;
    std::optional<Call> waiting;  // until it is started
    host::TimerId timer;          // the timeout of the attempt
    bool has_timed_out = false;
  };

  /// When a body that runs as an attempt runs out of time.
  struct BodyTimer {
    int64_t due = 0;      // run time
    host::TimerId timer;  // none: not started yet
  };

  Driver(const plan::PlanView& plan, RunOptions options, RunState::Inputs inputs,
         const RunParts& parts);
  static Result<std::unique_ptr<Driver>> MakeAgain(const plan::PlanView& plan, const Record& first,
                                                   ResumeOptions& options, const RunParts& parts);

  // Records
  void Commit(Record record, uint64_t inbox_entry = 0);
  void Append(const journal::Row& row, uint64_t inbox_entry);
  [[nodiscard]] Result<void> Take(const Record& record);
  void Follow(const Record& record);
  void RecordConsequences();
  void OnDecision(const Decision& decision);
  void AddNote(NoteType type, SlotId slot, Value value);

  // The inbox
  void WatchInbox();
  void TakeInbox();
  void Take(const journal::InboxEntry& entry);
  [[nodiscard]] int64_t Now() const { return parts_.reactor.clock().Now() - started_at_; }
  [[nodiscard]] Record MakeRunStarted() const;
  void OnJournalProgress();
  [[nodiscard]] bool HasLostJournal();
  void LeaveBrokenRun();

  // Performs commands
  void Advance();
  void WaitForDue();
  void Perform(const Command& command);
  void Begin(SlotId slot, bool is_retry);
  void AnnounceCall(SlotId slot, PreparedCall prepared);
  void StartCall(CallId id);
  void CancelCallOf(SlotId slot);
  void EndRun();
  void Park();
  [[nodiscard]] RunResult ResultOf(const Record& ended) const;
  [[nodiscard]] bool HasBacklog() const;
  void Finish(RunResult result, journal::CloseHow how);

  // Timeouts
  void Watch(SlotId owner, BodyTimer& body);
  void StopWatching(SlotId owner);
  void OnCallTimeout(CallId id);
  void OnBodyTimeout(SlotId owner);

  const plan::PlanView& plan_;
  RunParts parts_;
  const redact::Redactor* redactor_;                     // null: nothing is to be hidden
  std::thread::id thread_ = std::this_thread::get_id();  // the reactor's
  MachineOptions machine_options_;
  Value origin_;
  Run run_;
  Evaluator evaluator_;
  std::function<void(RunResult)> done_;
  int64_t started_at_ = 0;  // of the reactor's clock: when the run time was 0
  bool is_advance_posted_ = false;
  bool has_ended_ = false;
  host::TimerId due_timer_;  // for the machine's next_due
  int64_t due_ = 0;          // when the timer fires, while there is one
  host::TimerId inbox_timer_;
  // Iterated only where the order does not matter (the destructor stops all timers).
  std::unordered_map<CallId, RunningCall> calls_;
  std::unordered_map<SlotId, CallId> call_of_;         // of the slots that have one
  std::unordered_map<SlotId, BodyTimer> body_timers_;  // by owner
  std::vector<uint8_t> payload_;                       // of the row that is appended
  // When what still runs is left alone, after a failure to record.
  host::TimerId patience_timer_;
  bool is_broken_ = false;  // the journal has failed, or the run was left
  std::optional<std::string> left_because_;
  std::optional<Record> recorded_end_;  // of a run that had ended before it was resumed
};

}  // namespace wfc::runtime

// SimulatedHost: a machine for tests whose behaviour a seed decides. Time jumps to the next event,
// processes follow a script, and workers finish in an order that depends on the seed. The same seed
// and the same calls give the same run, event by event.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "backend-runtime/host/processes.h"
#include "backend-runtime/host/reactor.h"
#include "backend-runtime/host/simulated_files.h"
#include "ir/base/random.h"

namespace wfc::host {

/// What a simulated process does, instead of running anything.
struct ScriptedProcess {
  int exit_code = 0;
  std::string stdout_bytes = {};
  std::string stderr_bytes = {};
  int64_t duration = kNsPerMs;  ///< nanoseconds of virtual time
  bool ignores_term = false;    ///< TERM has no effect; KILL ends it
  std::optional<SpawnError> cannot_start = {};
};

/// Decides what a process does, given its spec. Without a script, each process exits with 0 after a
/// millisecond and writes nothing.
using ProcessScript = std::function<ScriptedProcess(const ProcessSpec&)>;

/// Reactor, processes and files in one object, on one thread: also the work of workers runs on it.
class SimulatedHost : public Reactor, public Processes {
 public:
  explicit SimulatedHost(uint64_t seed);
  ~SimulatedHost() override;

  [[nodiscard]] Reactor& reactor() { return *this; }
  [[nodiscard]] Processes& processes() { return *this; }
  [[nodiscard]] SimulatedFiles& files() { return files_; }
  void set_process_script(ProcessScript script) { script_ = std::move(script); }
  /// Delivers an interrupt signal when the clock reaches `at`.
  void InterruptAt(int64_t at);
  /// A digest of the events so far, in their order: two runs with the same digest took the same
  /// interleaving.
  [[nodiscard]] uint64_t trace() const { return trace_; }

  [[nodiscard]] const Clock& clock() const override;
  void Post(Task task) override;
  TimerId StartTimer(int64_t at, Task task) override;
  void StopTimer(TimerId id) override;
  void RunOnWorker(Task work, Task done) override;
  void OnInterrupt(std::function<void(int)> handler) override;
  void Run() override;
  void Stop() override { is_stopped_ = true; }

  [[nodiscard]] Result<ProcessId, SpawnError> Start(ProcessSpec spec, ProcessDone done) override;
  void Cancel(ProcessId id) override;
  void KillAll() override;

 private:
  struct Running;
  class VirtualClock;
  /// The position of an event in time. Among events of one instant, the seed decides the order,
  /// except that timers come first, in the order in which they were started.
  struct Key {
    int64_t at;
    uint64_t order;
    TimerId id;
    friend auto operator<=>(const Key&, const Key&) = default;
  };

  TimerId Schedule(int64_t at, uint64_t order, Task task);
  void Terminate(ProcessId id, ProcessEnd cause);
  void End(ProcessId id, ProcessEnd end, int signal);

  Random random_;
  std::unique_ptr<VirtualClock> clock_;
  SimulatedFiles files_;
  ProcessScript script_;
  std::deque<Task> posted_;
  std::map<Key, Task> events_;
  std::map<TimerId, Key> keys_;  // the keys of `events_`, by id
  std::map<ProcessId, Running> processes_;
  std::function<void(int)> interrupt_;
  int interrupt_count_ = 0;
  uint64_t next_number_ = 1;  // of an event or a process
  uint64_t trace_ = 0;
  bool is_stopped_ = false;
};

}  // namespace wfc::host

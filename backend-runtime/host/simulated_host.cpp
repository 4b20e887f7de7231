#include "backend-runtime/host/simulated_host.h"

#include <csignal>
#include <utility>

namespace wfc::host {
namespace {

/// The longest duration of a worker's job, in virtual nanoseconds.
constexpr int64_t kLongestJob = 2 * kNsPerMs;
/// From TERM to the end of a process that does not ignore it.
constexpr int64_t kTermTime = kNsPerMs;
constexpr uint64_t kInOrder = 0;
/// An arbitrary wall-clock time for records: 2026-01-01 UTC.
constexpr int64_t kWallStart = 1'767'225'600 * kNsPerSecond;

}  // namespace

class SimulatedHost::VirtualClock : public Clock {
 public:
  [[nodiscard]] int64_t Now() const override { return now_; }
  [[nodiscard]] int64_t WallNow() const override { return kWallStart + now_; }
  void Advance(int64_t to) { now_ = std::max(now_, to); }

 private:
  int64_t now_ = kNsPerSecond;
};

struct SimulatedHost::Running {
  ProcessResult result;
  ProcessDone done;
  int64_t started_at = 0;
  bool ignores_term = false;
  TimerId end_event;
  TimerId deadline_event;
  TimerId kill_event;
};

SimulatedHost::SimulatedHost(uint64_t seed)
    : random_(seed), clock_(std::make_unique<VirtualClock>()) {}

SimulatedHost::~SimulatedHost() = default;

const Clock& SimulatedHost::clock() const {
  return *clock_;
}

void SimulatedHost::InterruptAt(int64_t at) {
  Schedule(at, kInOrder, [this] {
    if (interrupt_) interrupt_(++interrupt_count_);
  });
}

TimerId SimulatedHost::Schedule(int64_t at, uint64_t order, Task task) {
  const Key key{.at = std::max(at, clock_->Now()), .order = order, .id = TimerId(next_number_++)};
  events_.emplace(key, std::move(task));
  keys_.emplace(key.id, key);
  return key.id;
}

void SimulatedHost::Post(Task task) {
  posted_.push_back(std::move(task));
}

TimerId SimulatedHost::StartTimer(int64_t at, Task task) {
  return Schedule(at, kInOrder, std::move(task));
}

void SimulatedHost::StopTimer(TimerId id) {
  const auto found = keys_.find(id);
  if (found == keys_.end()) return;
  events_.erase(found->second);
  keys_.erase(found);
}

void SimulatedHost::RunOnWorker(Task work, Task done) {
  const auto duration = static_cast<int64_t>(random_.Below(kLongestJob));
  Schedule(clock_->Now() + duration, random_.Next(),
           [work = std::move(work), done = std::move(done)] {
             work();
             done();
           });
}

void SimulatedHost::OnInterrupt(std::function<void(int)> handler) {
  interrupt_ = std::move(handler);
}

void SimulatedHost::Run() {
  is_stopped_ = false;
  while (!is_stopped_) {
    if (!posted_.empty()) {
      const Task task = std::move(posted_.front());
      posted_.pop_front();
      task();
      continue;
    }
    if (events_.empty()) return;
    const auto event = events_.extract(events_.begin());
    keys_.erase(event.key().id);
    clock_->Advance(event.key().at);
    trace_ = Random(trace_ ^ event.key().id.number()).Next();
    event.mapped()();
  }
}

Result<ProcessId, SpawnError> SimulatedHost::Start(ProcessSpec spec, ProcessDone done) {
  ScriptedProcess script = script_ ? script_(spec) : ScriptedProcess{};
  if (script.cannot_start) return *script.cannot_start;
  const ProcessId id(next_number_++);
  Running running;
  running.done = std::move(done);
  running.started_at = clock_->Now();
  running.ignores_term = script.ignores_term;
  running.result.exit_code = script.exit_code;
  ProcessEnd end = ProcessEnd::Itself;
  if (script.stdout_bytes.size() > spec.stdout_limit) end = ProcessEnd::OutputLimit;
  running.result.stdout_bytes = script.stdout_bytes.substr(0, spec.stdout_limit);
  running.result.stderr_bytes = script.stderr_bytes.substr(0, spec.stderr_limit);
  running.result.is_stderr_cut = script.stderr_bytes.size() > spec.stderr_limit;
  const int signal = end == ProcessEnd::Itself ? 0 : SIGTERM;
  running.end_event = Schedule(clock_->Now() + script.duration, random_.Next(),
                               [this, id, end, signal] { End(id, end, signal); });
  if (spec.deadline != 0) {
    running.deadline_event = Schedule(spec.deadline, random_.Next(),
                                      [this, id] { Terminate(id, ProcessEnd::Deadline); });
  }
  processes_.emplace(id, std::move(running));
  return id;
}

void SimulatedHost::Terminate(ProcessId id, ProcessEnd cause) {
  const auto found = processes_.find(id);
  if (found == processes_.end() || found->second.kill_event.has_value()) return;
  Running& running = found->second;
  StopTimer(running.end_event);
  const int signal = running.ignores_term ? SIGKILL : SIGTERM;
  const int64_t delay = running.ignores_term ? kKillDelay : kTermTime;
  running.result.end = cause;
  running.kill_event = Schedule(clock_->Now() + delay, random_.Next(),
                                [this, id, cause, signal] { End(id, cause, signal); });
}

void SimulatedHost::Cancel(ProcessId id) {
  Terminate(id, ProcessEnd::Cancelled);
}

void SimulatedHost::KillAll() {
  for (auto& [process_id, running] : processes_) {
    StopTimer(running.end_event);
    StopTimer(running.kill_event);
    const ProcessEnd cause =
        running.kill_event.has_value() ? running.result.end : ProcessEnd::Cancelled;
    running.kill_event = Schedule(clock_->Now(), random_.Next(),
                                  [this, id = process_id, cause] { End(id, cause, SIGKILL); });
  }
}

void SimulatedHost::End(ProcessId id, ProcessEnd end, int signal) {
  auto process = processes_.extract(id);
  Running& running = process.mapped();
  StopTimer(running.end_event);
  StopTimer(running.deadline_event);
  StopTimer(running.kill_event);
  running.result.end = end;
  running.result.signal = signal;
  if (signal != 0) running.result.exit_code = 0;
  running.result.duration = clock_->Now() - running.started_at;
  running.done(std::move(running.result));
}

}  // namespace wfc::host

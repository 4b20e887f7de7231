// TestRun: a plan run by the interpreter on a simulated host, with an executor that follows a
// script and a recorder that remembers.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "backend-runtime/host/simulated_host.h"
#include "backend-runtime/runtime/drive/driver.h"
#include "ir/base/time_units.h"

namespace wfc::runtime {

inline constexpr int64_t kSecond = kNsPerSecond;

/// What a call does, from its stage's path and its attempt.
struct ScriptedCall {
  CallResult result = {};
  int64_t duration_ns = 1'000'000;
};
using CallScript = std::function<ScriptedCall(std::string_view stage, uint32_t attempt)>;

[[nodiscard]] ScriptedCall Answer(const Value& output);
[[nodiscard]] ScriptedCall Break(FailureCode code);

class ScriptedExecutor : public Executor {
 public:
  explicit ScriptedExecutor(host::Reactor& reactor) : reactor_(reactor) {}
  void Start(Call call, CallSink& sink) override;
  void Cancel(CallId id) override;

  CallScript script;
  std::vector<CommandCall> commands;
  std::vector<BuiltinCall> builtins;
  std::vector<ModelCall> models;
  const Authority* last_authority = nullptr;  ///< of the last call
  uint32_t most_at_once = 0;

 private:
  struct Running {
    CallSink* sink;
    host::TimerId timer;
    bool is_cancelled = false;
  };
  void Keep(const CommandCall& call) { commands.push_back(call); }
  void Keep(const BuiltinCall& call) { builtins.push_back(call); }
  void Keep(const ModelCall& call) { models.push_back(call); }
  void Finish(CallId id, CallResult result);

  host::Reactor& reactor_;
  std::map<CallId, Running> calls_;
};

class TestRun : public Recorder {
 public:
  explicit TestRun(const plan::PlanView& plan, uint64_t seed = 1)
      : host(seed), executor(host), plan_(plan) {}

  RunOptions options;
  host::SimulatedHost host;
  ScriptedExecutor executor;
  RunResult result;
  bool has_ended = false;

  /// Prepares the interpreter; fails the test when it refuses.
  Driver& Prepare();
  /// Runs to the end.
  const RunResult& Run();

  /// "a succeeded", "b skipped (dependency)", in the order of settling.
  std::vector<std::string> settled;
  /// Every event, by name: "stage_started a 1".
  std::vector<std::string> events;
  std::vector<RecordedNote> notes;
  std::vector<std::string> simulated;
  std::map<std::string, Value> outputs;
  std::map<std::string, std::string> errors;  ///< code by stage, of the last failure
  /// "attempt_failed a: exit": the events that tell a failure.
  std::vector<std::string> failures;
  /// In nanoseconds, by event; of those that have one.
  std::map<std::string, std::vector<int64_t>> durations;

  void Record(const Event& event) override;
  void RecordNote(const RecordedNote& note) override { notes.push_back(note); }

 private:
  const plan::PlanView& plan_;
  std::unique_ptr<Driver> driver_;
};

}  // namespace wfc::runtime

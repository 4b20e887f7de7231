// One run of any verified plan under the simulator, with calls that answer at once: for plans that
// someone damaged. It must end, and each attempt must be answered once.
#pragma once

#include <functional>

#include "backend-runtime/host/simulated_host.h"
#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/drive/driver.h"

namespace wfc::runtime {

/// Every third call fails, the others answer `{"files": []}` or text.
class InstantExecutor : public Executor {
 public:
  explicit InstantExecutor(host::Reactor& reactor) : reactor_(reactor) {}

  void Start(Call call, CallSink& sink) override {
    CallResult result;
    const uint64_t count = call_count_++;
    if (count % 3 == 1) {
      result.failure = Failure{.code = FailureCode::Timeout, .message = "every third call"};
    } else {
      result.output =
          count % 2 == 0 ? Value::String("a") : Value::Record({{"files", Value::List({})}});
      result.exit = 0;
    }
    reactor_.Post([id = call.id, &sink, result = std::move(result)]() mutable {
      sink.Ended(id, std::move(result));
    });
  }
  void Cancel(CallId id) override { static_cast<void>(id); }

 private:
  host::Reactor& reactor_;
  uint64_t call_count_ = 0;
};

/// Keeps nothing, and calls `too_many` once when there are more events than a test has patience
/// for.
class CountingRecorder : public Recorder {
 public:
  explicit CountingRecorder(std::function<void()> too_many) : too_many_(std::move(too_many)) {}

  void Record(const Event& event) override {
    static_cast<void>(event);
    if (++event_count_ == kMaxEvents) too_many_();
  }

 private:
  static constexpr uint64_t kMaxEvents = 20'000;

  std::function<void()> too_many_;
  uint64_t event_count_ = 0;
};

enum class SimulatedEnd : uint8_t {
  NotStarted,  ///< the input does not fit, or a variable is not set
  Ended,
  Stuck,  ///< a bug: nothing is left to happen and the run has not ended
};

/// A plan may ask for a million attempts: after `kPatienceNs` of virtual time the run is asked to
/// end, which it must.
inline SimulatedEnd RunSimulated(const plan::PlanView& plan, uint64_t seed) {
  constexpr int64_t kPatienceNs = 600ll * 1'000'000'000;
  host::SimulatedHost host(seed);
  InstantExecutor executor(host.reactor());
  Driver* run = nullptr;
  const auto kill = [&] {
    if (run != nullptr) run->Kill();
  };
  CountingRecorder recorder([&] { host.reactor().Post(kill); });
  RunOptions options;
  options.identity = {
      .id = "run", .mode = plan::FromPlan(plan.root().default_mode()), .seed = 1, .folder = "run"};
  options.input = Value::Record({{"name", Value::String("a")}});
  options.secrets = SecretValues(plan.secrets.size(), "secret value");
  options.environment = [](std::string_view) { return std::optional<std::string>("set"); };
  auto driver = Driver::Make(plan, std::move(options), {host.reactor(), executor, recorder});
  if (!driver.ok()) return SimulatedEnd::NotStarted;
  bool has_ended = false;
  run = driver->get();
  run->Start([&](RunResult result) {
    static_cast<void>(result);
    has_ended = true;
    host.reactor().Stop();
  });
  if (!has_ended) {
    host.reactor().StartTimer(host.reactor().clock().Now() + kPatienceNs, kill);
    host.reactor().Run();
  }
  return has_ended ? SimulatedEnd::Ended : SimulatedEnd::Stuck;
}

}  // namespace wfc::runtime

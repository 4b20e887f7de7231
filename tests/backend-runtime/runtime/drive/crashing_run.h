// A run that crashes anywhere, again and again, and is resumed from what its journal kept.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "backend-runtime/host/simulated_host.h"
#include "backend-runtime/runtime/drive/driver.h"
#include "backend-runtime/runtime/journal/simulated_journal.h"
#include "tests/backend-runtime/runtime/drive/test_plan.h"
#include "tests/backend-runtime/runtime/drive/test_run.h"
#include "tests/backend-runtime/runtime/journal/test_sha256.h"

namespace wfc::runtime {

inline constexpr int64_t kMs = kNsPerMs;

/// How often a command of each name was started and how often it ended, over all crashes.
struct Ledger {
  std::map<std::string, int> started;
  std::map<std::string, int> ended;
};

/// Performs commands by a fixed script: `flaky` fails twice in a row, `broken` always.
class LedgerExecutor : public Executor {
 public:
  LedgerExecutor(host::Reactor& reactor, Ledger& ledger, Random& random)
      : reactor_(reactor), ledger_(ledger), random_(random) {}

  void Start(Call call, CallSink& sink) override {
    const std::string name = std::get<CommandCall>(call.target).argv.front();
    ++ledger_.started[name];
    CallResult result = ResultOf(name, call.site.attempt);
    const int64_t at = reactor_.clock().Now() + static_cast<int64_t>(random_.Below(20 * kMs));
    running_[call.id] = reactor_.StartTimer(at, [this, id = call.id, name, result, &sink] {
      running_.erase(id);
      ++ledger_.ended[name];
      sink.Transcribe(id, Value::String(name));
      sink.Ended(id, result);
    });
    sinks_[call.id] = &sink;
  }

  void Cancel(CallId id) override {
    const auto found = running_.find(id);
    if (found == running_.end()) return;
    reactor_.StopTimer(found->second);
    running_.erase(found);
    reactor_.Post([this, id] { sinks_.at(id)->Ended(id, Break(FailureCode::Cancelled).result); });
  }

 private:
  static CallResult ResultOf(const std::string& name, uint32_t attempt) {
    const bool fails = name == "broken" || (name == "flaky" && attempt <= 2);
    return fails ? Break(FailureCode::Exit).result : Answer(Value::String(name + " done")).result;
  }

  host::Reactor& reactor_;
  Ledger& ledger_;
  Random& random_;
  std::map<CallId, host::TimerId> running_;
  std::map<CallId, CallSink*> sinks_;
};

/// Retries, a route with two commands, a fallback, tolerance and cleanup, all of it in parallel.
inline plan::PlanView MakePlan() {
  using plan::fb::EdgeKind;
  using plan::fb::Effect;
  using plan::fb::OnError;
  using plan::fb::RegionKind;
  using plan::fb::Verb;
  TestPlan draft;
  const uint32_t retries = draft.Policy({.retry = draft.Retry(3, 5 * kMs)});
  const uint32_t tolerant = draft.Policy({.on_error = OnError::Continue});
  const uint32_t falls_back = draft.Policy({.on_error = OnError::Fallback, .fallback = 2});
  const auto run = [&](std::string_view name, Effect effect, uint32_t policy = 0,
                       bool is_idempotent = false) {
    return draft.Add({.name = name,
                      .verb = Verb::Run,
                      .payload = draft.Command(name, effect, is_idempotent),
                      .policy = policy});
  };
  const uint32_t yes = draft.Constant(Value::String("yes"));
  const uint32_t decide =
      draft.Add({.name = "decide",
                 .verb = Verb::Decide,
                 .payload = draft.Decide(yes, {{.key = Value::String("yes"), .region = 1}, {}})});
  run("read", Effect::Read);
  run("flaky", Effect::Read, retries);
  run("keyed", Effect::Write, 0, true);
  run("unkeyed", Effect::Write);
  const uint32_t broken = run("broken", Effect::Read, falls_back);
  draft.Add({.name = "tolerated",
             .verb = Verb::Run,
             .payload = draft.Command("broken", Effect::Read),
             .policy = tolerant});
  draft.Body(decide, RegionKind::Route, draft.Read(7, StageField::Output));
  run("inner_read", Effect::Read);
  run("inner_unkeyed", Effect::Send);
  draft.Edge(7, 8, EdgeKind::HardAfter);
  draft.Body(broken, RegionKind::Fallback);
  draft.Add({.name = "broken.fallback", .payload = draft.Constant(Value::Int(7))});
  return draft.Build();
}

class CrashingRun {
 public:
  CrashingRun(const plan::PlanView& plan, uint64_t seed, journal::MemoryRecord record = {})
      : plan_(plan), random_(seed), record_(std::move(record)) {}

  /// Runs until the run has ended, with up to `crash_count` crashes on the way.
  RunResult ToTheEnd(int crash_count) {
    RunResult result;
    for (int life = 0;; ++life) {
      const bool may_crash = life < crash_count;
      const bool has_ended = Live(may_crash, result);
      if (has_ended && result.status != RunStatus::InDoubt) return result;
      if (testing::Test::HasFailure() || life > crash_count + 40) return result;
    }
  }

  [[nodiscard]] const Ledger& ledger() const { return ledger_; }
  [[nodiscard]] const journal::MemoryRecord& record() const { return record_; }
  [[nodiscard]] int in_doubt_count() const { return in_doubt_count_; }

  /// The outputs of the stages by name, as the events of the last life tell them.
  std::map<std::string, Value> outputs;
  /// The notes, as they were told in the last life.
  std::vector<RecordedNote> notes;
  /// All events, as the last life tells them.
  std::vector<std::string> events;

 private:
  /// One driver's part of the run. Returns whether it left the run.
  bool Live(bool may_crash, RunResult& result) {
    host::SimulatedHost host(random_.Next());
    journal::SimulatedJournal journal(
        record_, {.seed = random_.Next(),
                  .sha256 = journal::TestSha256,
                  .post = [&](std::function<void()> task) { host.Post(std::move(task)); },
                  .post_later =
                      [&](int64_t delay, std::function<void()> task) {
                        host.StartTimer(host.clock().Now() + delay, std::move(task));
                      }});
    LedgerExecutor executor(host, ledger_, random_);
    TestRun recorder(plan_);
    const RunParts parts{.reactor = host,
                         .executor = executor,
                         .recorder = recorder,
                         .storage = RunStorage{journal, journal.blobs()}};
    Result<std::unique_ptr<Driver>> made =
        record_.rows.empty() ? Driver::Make(plan_, {.identity = {.id = "run", .seed = 1}}, parts)
                             : Driver::Resume(plan_, {}, parts);
    EXPECT_TRUE(made.ok()) << made.error().message;
    if (!made.ok()) return true;
    Driver& driver = **made;
    bool has_left = false;
    driver.Start([&](RunResult ended) {
      result = std::move(ended);
      has_left = true;
      host.Stop();
    });
    for (const SlotId slot : driver.CallsInDoubt()) {
      ++in_doubt_count_;
      if (random_.Below(2) == 0) {
        EXPECT_TRUE(driver.Resolve(slot, Answer(Value::String("resolved")).result).ok());
      } else {
        EXPECT_TRUE(driver.Resolve(slot, std::nullopt).ok());
        ++repeated_;
      }
    }
    if (may_crash) {
      host.StartTimer(host.clock().Now() + static_cast<int64_t>(random_.Below(40 * kMs)),
                      [&] { host.Stop(); });
    }
    host.Run();
    EXPECT_TRUE(has_left || may_crash) << "the run never ends";
    outputs = recorder.outputs;
    notes = std::move(recorder.notes);
    events = recorder.events;
    if (!has_left) journal.Crash();
    return has_left;
  }

  const plan::PlanView& plan_;
  Random random_;
  journal::MemoryRecord record_;
  Ledger ledger_;
  int in_doubt_count_ = 0;
  int repeated_ = 0;

 public:
  [[nodiscard]] int repeated() const { return repeated_; }
};

}  // namespace wfc::runtime

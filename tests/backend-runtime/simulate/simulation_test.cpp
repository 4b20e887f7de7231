// What many simulated runs of one plan reach and find.
#include "backend-runtime/simulate/simulation.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/value/json.h"
#include "tests/backend-runtime/runtime/drive/test_plan.h"

namespace wfc::simulate {
namespace {

using plan::fb::EdgeKind;
using plan::fb::Join;
using plan::fb::OnError;
using plan::fb::Verb;
using runtime::TestPlan;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr uint64_t kRuns = 200;

/// Runs until everything is reached, or `kRuns` times.
const SimulationReport& Explore(Simulation& simulation) {
  while (!simulation.report().has_reached_all && simulation.report().run_count < kRuns) {
    EXPECT_TRUE(simulation.RunNext(nullptr).ok());
  }
  return simulation.report();
}

/// "a", "a: retry on timeout": what no run has come to.
std::vector<std::string> NotReached(const plan::PlanView& plan, const Simulation& simulation) {
  std::vector<std::string> missing;
  const std::vector<Target>& all = simulation.targets().all();
  for (size_t i = 0; i < all.size(); ++i) {
    if (simulation.report().reached[i]) continue;
    const std::string detail = Detail(plan, all[i]);
    missing.push_back(std::string(plan.name(all[i].node)) + (detail.empty() ? "" : ": " + detail));
  }
  return missing;
}

/// Remembers the name of each event.
class Listener : public runtime::Recorder {
 public:
  explicit Listener(const plan::PlanView& plan) : plan_(plan) {}
  void Record(const runtime::Event& event) override {
    std::string line(Spell(event.type));
    if (event.node.has_value()) line += " " + std::string(plan_.name(event.node));
    if (event.payload != nullptr) line += " " + WriteJson(*event.payload);
    line += " " + std::to_string(event.time_ns);
    lines.push_back(std::move(line));
  }

  std::vector<std::string> lines;

 private:
  const plan::PlanView& plan_;
};

std::vector<std::string> Listen(const plan::PlanView& plan, uint64_t seed) {
  Simulation simulation(plan, {.seed = seed});
  Listener listener(plan);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(simulation.RunNext(&listener).ok());
  return listener.lines;
}

/// A command prints text, by which a decide chooses one of two stages.
plan::PlanView Triage() {
  TestPlan draft;
  draft.Add({.name = "ask", .verb = Verb::Run, .payload = draft.Command("ask")});
  const uint32_t decide =
      draft.Decide(draft.Read(0, StageField::Output), {{.key = Value::String("bug"), .nodes = {2}},
                                                       {.key = Value::String("idea"), .nodes = {3}},
                                                       {.key = Value::Null()}});
  draft.Add({.name = "choose", .verb = Verb::Decide, .payload = decide});
  draft.Add({.name = "mend", .payload = draft.Constant(Value::Int(1))});
  draft.Add({.name = "think", .payload = draft.Constant(Value::Int(2))});
  draft.Edge(0, 1, EdgeKind::HardOutput);
  draft.Edge(1, 2, EdgeKind::Control);
  draft.Edge(1, 3, EdgeKind::Control);
  return draft.Build();
}

TEST(Simulation, EveryRouteIsReachedThoughNothingSaysWhatTheTextMayBe) {
  const plan::PlanView plan = Triage();
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    Simulation simulation(plan, {.seed = seed});
    EXPECT_THAT(Explore(simulation).findings, IsEmpty());
    EXPECT_THAT(NotReached(plan, simulation), IsEmpty()) << seed;
  }
}

TEST(Simulation, TheFirstRunReachesOnlyWhatTheSmallestValuesDo) {
  const plan::PlanView plan = Triage();
  Simulation simulation(plan, {});
  ASSERT_TRUE(simulation.RunNext(nullptr).ok());
  EXPECT_TRUE(simulation.scenario().is_smallest);
  EXPECT_THAT(NotReached(plan, simulation),
              ElementsAre("choose: bug", "choose: idea", "mend", "think"));
}

/// A minute passes with each look.
class SlowMachine : public host::Clock {
 public:
  [[nodiscard]] int64_t Now() const override { return now_ += 61 * kNsPerSecond; }
  [[nodiscard]] int64_t WallNow() const override { return 0; }

 private:
  mutable int64_t now_ = 0;
};

TEST(Simulation, ARunThatTakesTooLongOfTheMachineIsKilled) {
  const plan::PlanView plan = Triage();
  const SlowMachine clock;
  Simulation simulation(plan, {.clock = &clock});
  for (int i = 0; i < 3; ++i) {
    const Result<SimulatedRun> run = simulation.RunNext(nullptr);
    ASSERT_TRUE(run.ok());
    EXPECT_TRUE(run->was_cut_short);
    EXPECT_THAT(run->observation.surprises, IsEmpty());
  }
  EXPECT_EQ(simulation.report().cut_short_count, 3u);
}

TEST(Simulation, TheSameSeedGivesTheSameRunsAndAnotherOthers) {
  const plan::PlanView plan = Triage();
  EXPECT_EQ(Listen(plan, 7), Listen(plan, 7));
  EXPECT_NE(Listen(plan, 7), Listen(plan, 8));
}

TEST(Simulation, PoliciesTakeEffectAndTheirFaultsAreNoSurprise) {
  TestPlan draft;
  const uint32_t policy = draft.Policy({.on_error = OnError::Continue,
                                        .retry = draft.Retry(1, kNsPerSecond),
                                        .timeout_ns = 5 * kNsPerSecond});
  draft.Add({.name = "call", .verb = Verb::Run, .payload = draft.Command("x"), .policy = policy});
  draft.Add({.name = "clean", .payload = draft.Constant(Value::Int(1)), .join = Join::Settled});
  draft.Edge(0, 1, EdgeKind::HardAfter);
  const plan::PlanView plan = draft.Build();
  Simulation simulation(plan, {});
  EXPECT_THAT(Explore(simulation).findings, IsEmpty());
  EXPECT_THAT(NotReached(plan, simulation), IsEmpty());
  std::set<TargetKind> kinds;
  for (const Target& target : simulation.targets().all()) kinds.insert(target.kind);
  EXPECT_THAT(kinds, ElementsAre(TargetKind::Stage, TargetKind::Retry, TargetKind::OnError,
                                 TargetKind::Timeout, TargetKind::Cleanup));
}

TEST(Simulation, AFailureThatNothingInjectedIsASurpriseOfOneStageInOneRunEach) {
  TestPlan draft;
  draft.Add({.name = "ask", .verb = Verb::Run, .payload = draft.Command("ask")});
  const uint32_t decide =
      draft.Decide(draft.Read(0, StageField::Output), {{.key = Value::String("bug"), .nodes = {}}});
  draft.Add({.name = "choose", .verb = Verb::Decide, .payload = decide});
  draft.Edge(0, 1, EdgeKind::HardOutput);
  const plan::PlanView plan = draft.Build();
  Simulation simulation(plan, {});
  uint64_t surprised_runs = 0;
  for (uint64_t i = 0; i < kRuns; ++i) {
    const Result<SimulatedRun> run = simulation.RunNext(nullptr);
    ASSERT_TRUE(run.ok());
    if (!run->observation.surprises.empty()) ++surprised_runs;
  }
  ASSERT_FALSE(simulation.report().findings.empty());
  const Finding& first = simulation.report().findings.front();
  EXPECT_EQ(first.example.node, NodeId(1));
  EXPECT_EQ(first.example.code, FailureCode::NoRoute);
  EXPECT_EQ(first.first_run, 1u);
  uint64_t counted = 0;
  for (const Finding& finding : simulation.report().findings) counted += finding.run_count;
  EXPECT_EQ(counted, surprised_runs);
}

TEST(Simulation, AStageThatFailsByDesignIsNoSurprise) {
  TestPlan draft;
  draft.Add(
      {.name = "no", .verb = Verb::Fail, .payload = draft.Constant(Value::String("refused"))});
  const plan::PlanView plan = draft.Build();
  Simulation simulation(plan, {});
  EXPECT_THAT(Explore(simulation).findings, IsEmpty());
}

TEST(Simulation, ARunThatWouldTakeYearsIsCutShort) {
  TestPlan draft;
  const uint32_t policy = draft.Policy({.retry = draft.Retry(1'000'000, 1)});
  draft.Add({.name = "no",
             .verb = Verb::Fail,
             .payload = draft.Constant(Value::String("again")),
             .policy = policy});
  const plan::PlanView plan = draft.Build();
  Simulation simulation(plan, {});
  const Result<SimulatedRun> run = simulation.RunNext(nullptr);
  ASSERT_TRUE(run.ok());
  EXPECT_TRUE(run->was_cut_short);
  EXPECT_EQ(simulation.report().cut_short_count, 1u);
}

TEST(Simulation, APlanWithoutStagesIsOverAtOnce) {
  TestPlan draft;
  const plan::PlanView plan = draft.Build();
  Simulation simulation(plan, {});
  const Result<SimulatedRun> run = simulation.RunNext(nullptr);
  ASSERT_TRUE(run.ok());
  EXPECT_FALSE(run->was_cut_short);
  EXPECT_TRUE(simulation.report().has_reached_all);
}

TEST(Simulation, WhatIsGivenGoesOverWhatIsDrawn) {
  const plan::PlanView plan = Triage();
  Simulation simulation(
      plan, {.complete_input = [](const Value&) -> Result<Value> { return Error{"no such key"}; }});
  const Result<SimulatedRun> run = simulation.RunNext(nullptr);
  ASSERT_FALSE(run.ok());
  EXPECT_EQ(run.error().message, "no such key");
}

}  // namespace
}  // namespace wfc::simulate

// What the interpreter makes of bodies: routes, fallbacks, and what spans them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/runtime/drive/driver.h"
#include "tests/backend-runtime/runtime/drive/test_plan.h"
#include "tests/backend-runtime/runtime/drive/test_run.h"

namespace wfc::runtime {
namespace {

using plan::fb::EdgeKind;
using plan::fb::Join;
using plan::fb::OnError;
using plan::fb::RegionKind;
using plan::fb::Verb;
using ::testing::Contains;
using ::testing::ElementsAre;

ScriptedCall Slow(ScriptedCall call, int64_t duration_ns) {
  call.duration_ns = duration_ns;
  return call;
}

/// A decide `pick` on the input's `kind` with bodies `one` (single) and `two` (several).
TestPlan PlanOfBodies(std::string_view kind, const plan::PolicyParts& policy = {}) {
  TestPlan draft;
  const uint32_t subject = draft.Constant(Value::String(kind));
  const uint32_t decide = draft.Decide(subject, {{.key = Value::String("one"), .region = 1},
                                                 {.key = Value::String("two"), .region = 2},
                                                 {.key = Value::String("none")}});
  draft.Add(
      {.name = "pick", .verb = Verb::Decide, .payload = decide, .policy = draft.Policy(policy)});
  draft.Add({.name = "reader", .payload = draft.Read(0, StageField::Output)});
  draft.Edge(0, 1, EdgeKind::HardOutput);
  draft.Body(0, RegionKind::Route);
  draft.Add({.name = "pick.one", .verb = Verb::Run, .payload = draft.Command("one")});
  draft.Body(0, RegionKind::Route, draft.Read(4, StageField::Output));
  draft.Add({.name = "pick.first", .verb = Verb::Run, .payload = draft.Command("first")});
  draft.Add({.name = "pick.second", .verb = Verb::Run, .payload = draft.Command("second")});
  draft.Edge(3, 4, EdgeKind::HardAfter);
  draft.builder.tables.output = draft.ReadOr(1, StageField::Output, Value::String("nothing"));
  return draft;
}

TEST(DriverBodies, ADecideRunsTheBodyItChooses) {
  const plan::PlanView plan = PlanOfBodies("two").Build();
  TestRun run(plan);
  EXPECT_EQ(run.Run().status, RunStatus::Completed);
  EXPECT_EQ(run.result.output, Value::String("pick.second"));
  EXPECT_THAT(run.settled,
              ElementsAre("pick.first succeeded", "pick.second succeeded", "pick succeeded",
                          "pick.one skipped (not_needed)", "reader succeeded"));
  EXPECT_THAT(run.events, Contains("route_chosen pick 1"));
}

TEST(DriverBodies, ASingleBodyGivesItsOutput) {
  const plan::PlanView plan = PlanOfBodies("one").Build();
  TestRun run(plan);
  EXPECT_EQ(run.Run().output, Value::String("pick.one"));
}

TEST(DriverBodies, ChoosingNoBodyIsAnEarlyReturn) {
  const plan::PlanView plan = PlanOfBodies("none").Build();
  TestRun run(plan);
  EXPECT_EQ(run.Run().status, RunStatus::Completed);
  EXPECT_EQ(run.result.output, Value::String("nothing"));
  EXPECT_THAT(run.settled, Contains("reader skipped (dependency)"));
}

TEST(DriverBodies, NoRouteFailsTheDecide) {
  const plan::PlanView plan = PlanOfBodies("other").Build();
  TestRun run(plan);
  EXPECT_EQ(run.Run().failure->code, FailureCode::NoRoute);
}

TEST(DriverBodies, AFailureInABodyIsRetriedWithTheWholeBody) {
  TestPlan draft = PlanOfBodies("two");
  const uint32_t retry = draft.Retry(1, kSecond);
  draft.builder.tables.policies[1] = plan::MakePolicy({.retry = retry});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view stage, uint32_t attempt) {
    return stage == "pick.second" && attempt == 1 ? Break(FailureCode::Exit)
                                                  : Answer(Value::String(stage));
  };
  EXPECT_EQ(run.Run().status, RunStatus::Completed);
  EXPECT_EQ(run.executor.commands.size(), 4U);
  EXPECT_EQ(run.errors["pick"], "exit");
  // The second body is a new one, but its attempts are counted on.
  EXPECT_THAT(run.events, Contains("stage_started pick.first 2"));
  EXPECT_THAT(run.events, Contains("stage_started pick.second 2"));
}

TEST(DriverBodies, OnlyBodiesThatNoAttemptEnteredAreNotNeeded) {
  TestPlan draft = PlanOfBodies("two");
  draft.builder.tables.policies[1] =
      plan::MakePolicy({.on_error = OnError::Fallback, .fallback = 3});
  draft.Body(0, RegionKind::Fallback);
  draft.Add({.name = "pick.fallback", .payload = draft.Select(RootKind::Error, "stage")});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view, uint32_t) { return Break(FailureCode::Exit); };
  EXPECT_EQ(run.Run().output, Value::String("pick"));
  EXPECT_THAT(run.settled,
              ElementsAre("pick.first failed", "pick.second cancelled", "pick.fallback succeeded",
                          "pick recovered", "pick.one skipped (not_needed)", "reader succeeded"));
}

TEST(DriverBodies, ATimeoutSpansTheBody) {
  const plan::PlanView plan =
      PlanOfBodies("two", {.on_error = OnError::Continue, .timeout_ns = kSecond}).Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view stage, uint32_t) {
    ScriptedCall call = Answer(Value::String(stage));
    call.duration_ns = 700'000'000;
    return call;
  };
  EXPECT_EQ(run.Run().status, RunStatus::Partial);
  EXPECT_EQ(run.errors["pick"], "timeout");
  EXPECT_THAT(run.settled, Contains("pick.second cancelled"));
}

TEST(DriverBodies, AFallbackSeesTheErrorAndRecovers) {
  TestPlan draft;
  const uint32_t policy = draft.Policy({.on_error = OnError::Fallback, .fallback = 1});
  draft.Add({.name = "a", .verb = Verb::Run, .payload = draft.Command("x"), .policy = policy});
  draft.Body(0, RegionKind::Fallback);
  draft.Add({.name = "a.fallback", .payload = draft.Select(RootKind::Error, "code")});
  draft.builder.tables.output = draft.Read(0, StageField::Output);
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view, uint32_t) { return Break(FailureCode::RateLimit); };
  EXPECT_EQ(run.Run().status, RunStatus::Completed);
  EXPECT_EQ(run.result.output, Value::String("rate_limit"));
  EXPECT_THAT(run.settled, ElementsAre("a.fallback succeeded", "a recovered"));
  EXPECT_THAT(run.events, Contains("fallback_started a"));
}

TEST(DriverBodies, AFallbackThatFailsIsTheEnd) {
  TestPlan draft;
  const uint32_t policy = draft.Policy({.on_error = OnError::Fallback, .fallback = 1});
  draft.Add({.name = "a", .verb = Verb::Run, .payload = draft.Command("x"), .policy = policy});
  draft.Body(0, RegionKind::Fallback);
  draft.Add({.name = "a.fallback",
             .verb = Verb::Fail,
             .payload = draft.Constant(Value::String("worse"))});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view, uint32_t) { return Break(FailureCode::Exit); };
  EXPECT_EQ(run.Run().status, RunStatus::Failed);
  EXPECT_EQ(run.result.failure->message, "worse");
  EXPECT_THAT(run.settled, ElementsAre("a.fallback failed", "a failed"));
}

TEST(DriverBodies, AFallbackThatIsSkippedLeavesTheFailure) {
  TestPlan draft;
  const uint32_t policy = draft.Policy({.on_error = OnError::Fallback, .fallback = 1});
  draft.Add({.name = "a", .verb = Verb::Run, .payload = draft.Command("x"), .policy = policy});
  draft.Body(0, RegionKind::Fallback);
  draft.Add({.name = "a.fallback",
             .payload = draft.Constant(Value::String("instead")),
             .condition = draft.Constant(Value::Bool(false))});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view, uint32_t) { return Break(FailureCode::Exit); };
  EXPECT_EQ(run.Run().status, RunStatus::Failed);
  EXPECT_EQ(run.result.failure->code, FailureCode::Exit);
  EXPECT_THAT(run.settled, ElementsAre("a.fallback skipped (condition)", "a failed"));
}

TEST(DriverBodies, TheSameSeedGivesTheSameRun) {
  std::vector<std::string> first;
  for (int round = 0; round < 2; ++round) {
    const plan::PlanView plan = PlanOfBodies("two").Build();
    TestRun run(plan, 42);
    run.Run();
    if (round == 0) first = run.events;
    EXPECT_EQ(run.events, first);
  }
}

TEST(DriverBodies, CancellingReachesTheCallsInThem) {
  const plan::PlanView plan = PlanOfBodies("one").Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view, uint32_t) {
    return Slow(Answer(Value::Null()), 100 * kSecond);
  };
  Driver& driver = run.Prepare();
  const int64_t start = run.host.clock().Now();
  run.host.StartTimer(start + kSecond, [&] { driver.Cancel(); });
  EXPECT_EQ(run.Run().status, RunStatus::Cancelled);
  EXPECT_EQ(run.host.clock().Now() - start, kSecond);
  EXPECT_THAT(run.settled, Contains("pick.one cancelled"));
  EXPECT_THAT(run.settled, Contains("pick cancelled"));
}

TEST(DriverBodies, ATimeoutIsOfOneRoundOfTheBody) {
  TestPlan draft = PlanOfBodies("one");
  draft.builder.tables.policies[1] =
      plan::MakePolicy({.retry = draft.Retry(1, kSecond / 10), .timeout_ns = 2 * kSecond});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view stage, uint32_t attempt) {
    return Slow(attempt == 1 ? Break(FailureCode::Exit) : Answer(Value::String(stage)),
                kSecond * 3 / 2);
  };
  EXPECT_EQ(run.Run().status, RunStatus::Completed);
  EXPECT_EQ(run.errors["pick"], "exit");
}

TEST(DriverBodies, AFallbackHasNoTimeoutOfItsOwners) {
  TestPlan draft;
  const uint32_t policy =
      draft.Policy({.on_error = OnError::Fallback, .fallback = 1, .timeout_ns = kSecond});
  draft.Add({.name = "a", .verb = Verb::Run, .payload = draft.Command("x"), .policy = policy});
  draft.Body(0, RegionKind::Fallback);
  draft.Add({.name = "a.fallback", .verb = Verb::Run, .payload = draft.Command("y")});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view, uint32_t) {
    return Slow(Answer(Value::Null()), 5 * kSecond);
  };
  EXPECT_EQ(run.Run().status, RunStatus::Completed);
  EXPECT_THAT(run.settled, ElementsAre("a.fallback succeeded", "a recovered"));
  EXPECT_EQ(run.errors["a"], "timeout");
}

TEST(DriverBodies, AFallbackOfSeveralRecoversWithItsOutput) {
  TestPlan draft;
  const uint32_t policy = draft.Policy({.on_error = OnError::Fallback, .fallback = 1});
  draft.Add({.name = "a",
             .verb = Verb::Fail,
             .payload = draft.Constant(Value::String("no")),
             .policy = policy});
  draft.Body(0, RegionKind::Fallback, draft.Read(2, StageField::Output));
  draft.Add({.name = "a.first", .payload = draft.Constant(Value::Int(1))});
  draft.Add({.name = "a.second", .payload = draft.Constant(Value::Int(2))});
  draft.builder.tables.output = draft.Read(0, StageField::Output);
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  EXPECT_EQ(run.Run().output, Value::Int(2));
  EXPECT_THAT(run.settled, ElementsAre("a.first succeeded", "a.second succeeded", "a recovered"));
}

TEST(DriverBodies, AFallbackThatYieldsNothingLeavesTheFailure) {
  TestPlan draft;
  const uint32_t policy = draft.Policy({.on_error = OnError::Fallback, .fallback = 1});
  const uint32_t no = draft.Constant(Value::String("no"));
  draft.Add({.name = "a", .verb = Verb::Fail, .payload = no, .policy = policy});
  draft.Body(0, RegionKind::Fallback);
  const uint32_t decide =
      draft.Decide(draft.Constant(Value::String("none")),
                   {{.key = Value::String("one"), .region = 2}, {.key = Value::String("none")}});
  draft.Add({.name = "a.fallback", .verb = Verb::Decide, .payload = decide});
  draft.Body(1, RegionKind::Route);
  draft.Add({.name = "a.fallback.one", .payload = no});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  EXPECT_EQ(run.Run().failure->message, "no");
  EXPECT_THAT(run.settled, ElementsAre("a.fallback succeeded",
                                       "a.fallback.one skipped (not_needed)", "a failed"));
}

TEST(DriverBodies, AFallbackThatToleratesItsFailureTolerates) {
  TestPlan draft;
  const uint32_t policy = draft.Policy({.on_error = OnError::Fallback, .fallback = 1});
  const uint32_t no = draft.Constant(Value::String("no"));
  draft.Add({.name = "a", .verb = Verb::Fail, .payload = no, .policy = policy});
  draft.Body(0, RegionKind::Fallback);
  draft.Add({.name = "a.fallback",
             .verb = Verb::Fail,
             .payload = no,
             .policy = draft.Policy({.on_error = OnError::Continue})});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  EXPECT_EQ(run.Run().status, RunStatus::Partial);
  EXPECT_THAT(run.settled, ElementsAre("a.fallback tolerated", "a tolerated"));
}

TEST(DriverBodies, ARecoveredStageInASingleBodyRecoversItsOwner) {
  TestPlan draft = PlanOfBodies("one");
  const uint32_t value = draft.Constant(Value::Int(5));
  const uint32_t policy = draft.Policy({.on_error = OnError::Value, .value = value});
  plan::fb::Node& inner = draft.builder.tables.nodes[2];
  inner = plan::fb::Node(inner.name(), inner.verb(), inner.join(), 0, 0, 0, inner.region(),
                         inner.payload(), inner.condition(), policy, inner.returns());
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view, uint32_t) { return Break(FailureCode::Exit); };
  EXPECT_EQ(run.Run().output, Value::Int(5));
  EXPECT_THAT(run.settled, Contains("pick recovered"));
}

TEST(DriverBodies, ADecideThatIsCancelledHasNoError) {
  TestPlan draft;
  const uint32_t decide = draft.Decide(draft.Constant(Value::String("one")),
                                       {{.key = Value::String("one"), .region = 1}});
  draft.Add({.name = "pick", .verb = Verb::Decide, .payload = decide});
  draft.Add({.name = "cleanup",
             .payload = draft.ReadOr(0, StageField::Error, Value::String("none")),
             .join = Join::Settled});
  draft.Edge(0, 1, EdgeKind::Soft);
  draft.Body(0, RegionKind::Route);
  draft.Add({.name = "pick.one", .verb = Verb::Run, .payload = draft.Command("one")});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view, uint32_t) {
    return Slow(Answer(Value::Null()), 100 * kSecond);
  };
  Driver& driver = run.Prepare();
  run.host.StartTimer(run.host.clock().Now() + kSecond, [&] { driver.Cancel(); });
  EXPECT_EQ(run.Run().status, RunStatus::Cancelled);
  EXPECT_EQ(run.outputs["cleanup"], Value::String("none"));
}

}  // namespace
}  // namespace wfc::runtime

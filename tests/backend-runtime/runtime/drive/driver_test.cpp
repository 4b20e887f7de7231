#include "backend-runtime/runtime/drive/driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/plan/words.h"
#include "ir/value/json.h"
#include "tests/backend-runtime/runtime/drive/test_plan.h"
#include "tests/backend-runtime/runtime/drive/test_run.h"

namespace wfc::runtime {
namespace {

using plan::fb::EdgeKind;
using plan::fb::Effect;
using plan::fb::Join;
using plan::fb::OnError;
using plan::fb::Verb;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

uint32_t AddValue(TestPlan& plan, std::string_view name, const Value& value) {
  return plan.Add({.name = name, .payload = plan.Constant(value)});
}

TEST(Driver, ValuesFlowFromStageToStageAndOut) {
  TestPlan draft;
  AddValue(draft, "a", Value::Int(7));
  draft.Add({.name = "b", .payload = draft.Read(0, StageField::Output)});
  draft.Edge(0, 1, EdgeKind::HardOutput);
  draft.builder.tables.output = draft.Read(1, StageField::Output);
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  EXPECT_EQ(run.Run().status, RunStatus::Completed);
  EXPECT_EQ(run.result.output, Value::Int(7));
  EXPECT_THAT(run.events,
              ElementsAre("run_started", "stage_started a 1", "stage_finished a succeeded",
                          "stage_started b 1", "stage_finished b succeeded", "run_finished"));
}

TEST(Driver, AnOutputThatCannotBeFormedFailsTheRun) {
  TestPlan draft;
  draft.Add({.name = "a",
             .payload = draft.Constant(Value::Int(1)),
             .condition = draft.Constant(Value::Bool(false))});
  draft.builder.tables.output = draft.Read(0, StageField::Output);
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  EXPECT_EQ(run.Run().status, RunStatus::Failed);
  EXPECT_EQ(run.result.failure->code, FailureCode::NoOutput);
  EXPECT_THAT(run.result.failure->message, HasSubstr("`a` has no output: it is skipped"));
}

TEST(Driver, AnErrorInAConditionFailsTheStage) {
  TestPlan draft;
  draft.Add({.name = "a",
             .payload = draft.Constant(Value::Int(1)),
             .condition = draft.Constant(Value::Int(3))});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  EXPECT_EQ(run.Run().status, RunStatus::Failed);
  EXPECT_EQ(run.result.failure->code, FailureCode::Expression);
  EXPECT_EQ(run.result.failed_node, NodeId(0));
  EXPECT_THAT(run.events,
              ElementsAre("run_started", "stage_started a 1", "attempt_failed a",
                          "stage_finished a failed", "run_failing a", "run_finished a"));
}

TEST(Driver, AStageThatEndsLeavesOthersAlone) {
  TestPlan draft;
  draft.Add({.name = "slow", .verb = Verb::Run, .payload = draft.Command("slow")});
  draft.Add({.name = "again",
             .verb = Verb::Run,
             .payload = draft.Command("again"),
             .policy = draft.Policy({.retry = draft.Retry(1, kSecond)})});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view stage, uint32_t attempt) {
    ScriptedCall call =
        stage == "again" && attempt == 1 ? Break(FailureCode::Exit) : Answer(Value::String(stage));
    call.duration_ns = stage == "slow" ? 9 * kSecond : kSecond;
    return call;
  };
  EXPECT_EQ(run.Run().status, RunStatus::Completed);
  EXPECT_THAT(run.settled, ElementsAre("again succeeded", "slow succeeded"));
}

TEST(Driver, ToleratedFailuresMakeTheRunPartial) {
  TestPlan draft;
  draft.Add({.name = "a",
             .verb = Verb::Fail,
             .payload = draft.Constant(Value::String("no")),
             .policy = draft.Policy({.on_error = OnError::Continue})});
  draft.builder.tables.output = draft.Read(0, StageField::Error);
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  EXPECT_EQ(run.Run().status, RunStatus::Partial);
  EXPECT_EQ(WriteJson(run.result.output),
            R"({"attempt":1,"code":"assertion","details":null,"message":"no","stage":"a"})");
}

TEST(Driver, CallsRunTogetherUpToTheBound) {
  TestPlan draft;
  for (const std::string_view name : {"a", "b", "c", "d", "e"}) {
    draft.Add({.name = name, .verb = Verb::Run, .payload = draft.Command("true")});
  }
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.options.concurrency = 2;
  EXPECT_EQ(run.Run().status, RunStatus::Completed);
  EXPECT_EQ(run.executor.most_at_once, 2U);
  EXPECT_EQ(run.executor.commands.size(), 5U);
}

TEST(Driver, RetriesWaitAndCount) {
  TestPlan draft;
  const uint32_t policy = draft.Policy({.retry = draft.Retry(3, kSecond)});
  draft.Add({.name = "a", .verb = Verb::Run, .payload = draft.Command("x"), .policy = policy});
  draft.builder.tables.output = draft.Read(0, StageField::Attempts);
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view, uint32_t attempt) {
    return attempt < 3 ? Break(FailureCode::Exit) : Answer(Value::String("ok"));
  };
  const int64_t start = run.host.clock().Now();
  EXPECT_EQ(run.Run().status, RunStatus::Completed);
  EXPECT_EQ(run.result.output, Value::Int(3));
  EXPECT_GE(run.host.clock().Now() - start, 3 * kSecond);  // 1 s, then 2 s
  EXPECT_THAT(run.settled, ElementsAre("a succeeded"));
}

TEST(Driver, ATimeoutEndsTheAttempt) {
  TestPlan draft;
  const uint32_t policy =
      draft.Policy({.retry = draft.Retry(1, kSecond), .timeout_ns = 2 * kSecond});
  draft.Add({.name = "a", .verb = Verb::Run, .payload = draft.Command("x"), .policy = policy});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view, uint32_t) {
    ScriptedCall call = Answer(Value::Null());
    call.duration_ns = 100 * kSecond;
    return call;
  };
  const int64_t start = run.host.clock().Now();
  EXPECT_EQ(run.Run().status, RunStatus::Failed);
  EXPECT_EQ(run.result.failure->code, FailureCode::Timeout);
  EXPECT_EQ(run.host.clock().Now() - start, 5 * kSecond);  // 2 s, wait 1 s, 2 s
}

TEST(Driver, ATimeoutCoversTheReadingOfWhatWasPrinted) {
  for (const bool is_late : {false, true}) {
    TestPlan draft;
    const uint32_t policy = draft.Policy({.timeout_ns = 2 * kSecond});
    draft.Add({.name = "a", .verb = Verb::Run, .payload = draft.Command("x"), .policy = policy});
    const plan::PlanView plan = draft.Build();
    TestRun run(plan);
    run.executor.script = [is_late](std::string_view, uint32_t) {
      ScriptedCall call = Answer(Value::Null());
      call.result.running_time = kSecond;
      call.result.reading_time = is_late ? 2 * kSecond : kSecond;
      return call;
    };
    EXPECT_EQ(run.Run().status, is_late ? RunStatus::Failed : RunStatus::Completed);
    if (is_late) EXPECT_EQ(run.result.failure->code, FailureCode::Timeout);
  }
}

TEST(Driver, ATimeoutIsOfOneAttempt) {
  TestPlan draft;
  const uint32_t policy =
      draft.Policy({.retry = draft.Retry(1, kSecond / 10), .timeout_ns = 2 * kSecond});
  draft.Add({.name = "a", .verb = Verb::Run, .payload = draft.Command("x"), .policy = policy});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view, uint32_t attempt) {
    ScriptedCall call = attempt == 1 ? Break(FailureCode::Exit) : Answer(Value::Null());
    call.duration_ns = kSecond * 3 / 2;
    return call;
  };
  EXPECT_EQ(run.Run().status, RunStatus::Completed);
}

TEST(Driver, AnAttemptAfterATimeoutFailsForItsOwnReason) {
  TestPlan draft;
  const uint32_t policy =
      draft.Policy({.retry = draft.Retry(1, kSecond), .timeout_ns = 2 * kSecond});
  draft.Add({.name = "a", .verb = Verb::Run, .payload = draft.Command("x"), .policy = policy});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view, uint32_t attempt) {
    ScriptedCall call = Break(FailureCode::Exit);
    call.duration_ns = attempt == 1 ? 9 * kSecond : kSecond;
    return call;
  };
  EXPECT_EQ(run.Run().failure->code, FailureCode::Exit);
}

TEST(Driver, TheShorterOfTheStagesAndTheToolsTimeoutHolds) {
  struct Timeouts {
    int64_t stage;
    int64_t tool;
    int64_t effective;
  };
  for (const Timeouts& seconds : {Timeouts{0, 3, 3}, {3, 0, 3}, {2, 3, 2}, {3, 2, 2}, {0, 0, 9}}) {
    TestPlan draft;
    const uint32_t call = draft.ToolCall(draft.Command("x"), seconds.tool * kSecond);
    const uint32_t policy = draft.Policy({.timeout_ns = seconds.stage * kSecond});
    draft.Add({.name = "a", .verb = Verb::Tool, .payload = call, .policy = policy});
    const plan::PlanView plan = draft.Build();
    TestRun run(plan);
    run.executor.script = [](std::string_view, uint32_t) {
      ScriptedCall call = Break(FailureCode::Exit);
      call.duration_ns = 9 * kSecond;
      return call;
    };
    const int64_t start = run.host.clock().Now();
    EXPECT_EQ(run.Run().failure->code,
              seconds.effective == 9 ? FailureCode::Exit : FailureCode::Timeout);
    EXPECT_EQ(run.host.clock().Now() - start, seconds.effective * kSecond);
  }
}

TEST(Driver, ARunOfManyStagesIsCancelledInBetween) {
  TestPlan draft;
  const uint32_t program = draft.Constant(Value::Null());
  for (int i = 0; i < 10'000; ++i) draft.Add({.name = "a", .payload = program});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  Driver& driver = run.Prepare();
  run.host.Post([&] { driver.Cancel(); });
  EXPECT_EQ(run.Run().status, RunStatus::Cancelled);
  const StateMachine& machine = driver.machine();
  const auto count = [&](NodeStatus status) {
    return std::ranges::count_if(machine.instances().workflow().slots,
                                 [&](SlotId slot) { return machine.status(slot) == status; });
  };
  EXPECT_GT(count(NodeStatus::Succeeded), 0);
  EXPECT_GT(count(NodeStatus::Cancelled), 0);
  EXPECT_EQ(count(NodeStatus::Succeeded) + count(NodeStatus::Cancelled), 10'000);
}

TEST(Driver, AFailureCancelsWhatRunsAndCleansUp) {
  TestPlan draft;
  draft.Add({.name = "slow", .verb = Verb::Run, .payload = draft.Command("slow")});
  draft.Add({.name = "broken", .verb = Verb::Run, .payload = draft.Command("broken")});
  draft.Add({.name = "cleanup",
             .payload = draft.Load(RootKind::RunField, static_cast<uint32_t>(RunField::Status)),
             .join = Join::Settled});
  draft.Edge(0, 2, EdgeKind::HardAfter);
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view stage, uint32_t) {
    if (stage == "broken") return Break(FailureCode::Exit);
    ScriptedCall call = Answer(Value::Null());
    call.duration_ns = 100 * kSecond;
    return call;
  };
  EXPECT_EQ(run.Run().status, RunStatus::Failed);
  EXPECT_THAT(run.settled, ElementsAre("broken failed", "slow cancelled", "cleanup succeeded"));
  EXPECT_EQ(run.outputs["cleanup"], Value::String("failed"));
}

TEST(Driver, CancellingEndsTheRunAsCancelled) {
  TestPlan draft;
  draft.Add({.name = "slow", .verb = Verb::Run, .payload = draft.Command("slow")});
  draft.Add({.name = "later", .payload = draft.Read(0, StageField::Output)});
  draft.Edge(0, 1, EdgeKind::HardOutput);
  draft.builder.tables.output = draft.Read(0, StageField::Output);
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view, uint32_t) {
    ScriptedCall call = Answer(Value::Null());
    call.duration_ns = 100 * kSecond;
    return call;
  };
  Driver& driver = run.Prepare();
  run.host.StartTimer(run.host.clock().Now() + kSecond, [&] { driver.Cancel(); });
  EXPECT_EQ(run.Run().status, RunStatus::Cancelled);
  EXPECT_THAT(run.settled, ElementsAre("later cancelled", "slow cancelled"));
  EXPECT_THAT(run.events, Contains("cancel_requested"));
}

TEST(Driver, CancellingWhatHasEndedChangesNothing) {
  TestPlan draft;
  AddValue(draft, "a", Value::Null());
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  Driver& driver = run.Prepare();
  EXPECT_EQ(run.Run().status, RunStatus::Completed);
  const size_t event_count = run.events.size();
  driver.Cancel();
  driver.Kill();
  EXPECT_EQ(run.events.size(), event_count);
}

TEST(Driver, AskingTwiceCancelsCleanupToo) {
  TestPlan draft;
  draft.Add({.name = "cleanup",
             .verb = Verb::Run,
             .payload = draft.Command("slow"),
             .join = Join::Settled});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view, uint32_t) {
    ScriptedCall call = Answer(Value::Null());
    call.duration_ns = 100 * kSecond;
    return call;
  };
  Driver& driver = run.Prepare();
  const int64_t start = run.host.clock().Now();
  run.host.StartTimer(start + kSecond, [&] { driver.Cancel(); });
  run.host.StartTimer(start + 2 * kSecond, [&] { driver.Kill(); });
  EXPECT_EQ(run.Run().status, RunStatus::Cancelled);
  EXPECT_EQ(run.host.clock().Now() - start, 2 * kSecond);
}

TEST(Driver, ARecoveredDecideChoosesByWhatItRecovered) {
  TestPlan draft;
  const uint32_t decide = draft.Decide(
      draft.Constant(Value::String("other")),
      {{.key = Value::String("b"), .nodes = {1}}, {.key = Value::String("c"), .nodes = {2}}});
  const uint32_t value = draft.Constant(Value::String("c"));
  draft.Add({.name = "a",
             .verb = Verb::Decide,
             .payload = decide,
             .policy = draft.Policy({.on_error = OnError::Value, .value = value})});
  AddValue(draft, "b", Value::Null());
  AddValue(draft, "c", Value::Null());
  draft.Edge(0, 1, EdgeKind::Control);
  draft.Edge(0, 2, EdgeKind::Control);
  draft.builder.tables.output = draft.Read(0, StageField::Chosen);
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.Run();
  EXPECT_THAT(run.settled, ElementsAre("a recovered", "b skipped (not_chosen)", "c succeeded"));
  EXPECT_EQ(WriteJson(run.result.output), R"(["c"])");
}

TEST(Driver, AssertionsFailWithTheirMessage) {
  TestPlan draft;
  draft.builder.tables.asserts.emplace_back(draft.Constant(Value::Bool(false)),
                                            draft.Constant(Value::String("too few")));
  draft.Add({.name = "a", .verb = Verb::Assert});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  EXPECT_EQ(run.Run().failure->code, FailureCode::Assertion);
  EXPECT_EQ(run.result.failure->message, "too few");
}

TEST(Driver, EffectsFromWriteUpArePretendedInADryRun) {
  TestPlan draft;
  draft.Add({.name = "reads", .verb = Verb::Run, .payload = draft.Command("r", Effect::Read)});
  draft.Add({.name = "writes", .verb = Verb::Run, .payload = draft.Command("w", Effect::Write)});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.options.identity.mode = Mode::DryRun;
  EXPECT_EQ(run.Run().status, RunStatus::Completed);
  EXPECT_THAT(run.simulated, ElementsAre("writes"));
  EXPECT_EQ(run.executor.commands.size(), 1U);
  EXPECT_EQ(run.outputs["writes"], Value::String(""));
}

TEST(Driver, ReadingModesRefuseEffectsAndSayWhy) {
  TestPlan draft;
  draft.Add({.name = "writes", .verb = Verb::Run, .payload = draft.Command("w", Effect::Write)});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.options.identity.mode = Mode::Review;
  EXPECT_EQ(run.Run().failure->code, FailureCode::Denied);
  EXPECT_THAT(run.executor.commands, IsEmpty());
  ASSERT_EQ(run.notes.size(), 1U);
  EXPECT_EQ(run.notes[0].type, NoteType::Decision);
  EXPECT_EQ(*run.notes[0].value.Find("allowed"), Value::Bool(false));
}

TEST(Driver, ReviewAllowsCommandsThatOnlyReadAndAnalysisNone) {
  TestPlan draft;
  draft.Add({.name = "reads", .verb = Verb::Run, .payload = draft.Command("r", Effect::Read)});
  const plan::PlanView plan = draft.Build();
  for (const bool is_review : {true, false}) {
    TestRun run(plan);
    run.options.identity.mode = is_review ? Mode::Review : Mode::AnalysisOnly;
    bool is_allowed = !is_review;
    run.executor.script = [&](std::string_view, uint32_t) {
      const CommandCall& request = run.executor.commands.back();
      is_allowed = run.executor.last_authority->CheckExec(request.argv);
      return Answer(Value::Null());
    };
    run.Run();
    EXPECT_EQ(is_allowed, is_review);
  }
}

TEST(Driver, WhatACommandDeclaresIsHeldToTheGrants) {
  for (const auto denied : {Capability::FsRead, Capability::FsWrite, Capability::Net}) {
    TestPlan draft;
    plan::fb::PlanT& tables = draft.builder.tables;
    const uint32_t command = draft.Command("x");
    tables.pattern_lists = {draft.builder.AddString("in/**"), draft.builder.AddString("out/**"),
                            draft.builder.AddString("example.org")};
    const plan::fb::Command& bare = tables.commands[command];
    tables.commands[command] =
        plan::fb::Command(bare.stdout_limit(), bare.argv(), bare.env(), bare.ok_exit(),
                          plan::fb::Range(0, 1), plan::fb::Range(1, 1), plan::fb::Range(2, 1),
                          plan::kNone, plan::kNone, false, bare.parse(), Effect::Send, false);
    draft.Add({.name = "a", .verb = Verb::Run, .payload = command});
    tables.patterns[static_cast<size_t>(denied)] =
        plan::fb::Pattern(draft.builder.AddString("other"), plan::ToPlan(denied));
    const plan::PlanView plan = draft.Build();
    TestRun run(plan);
    ASSERT_EQ(run.Run().status, RunStatus::Failed);
    EXPECT_EQ(run.result.failure->code, FailureCode::Denied);
    EXPECT_THAT(run.result.failure->message, HasSubstr(Spell(denied)));
    EXPECT_THAT(run.executor.commands, IsEmpty());
  }
}

TEST(Driver, RisksAboveTheAcceptedAreRefused) {
  TestPlan draft;
  draft.Add({.name = "pays", .verb = Verb::Run, .payload = draft.Command("p", Effect::Pay)});
  draft.builder.tables.max_risk = plan::fb::Risk::Medium;
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  EXPECT_EQ(run.Run().failure->code, FailureCode::Denied);
}

TEST(Driver, TheRiskThatIsAcceptedIsTaken) {
  TestPlan draft;
  draft.Add({.name = "sends", .verb = Verb::Run, .payload = draft.Command("s", Effect::Send)});
  draft.builder.tables.max_risk = plan::fb::Risk::Medium;
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  EXPECT_EQ(run.Run().status, RunStatus::Completed);
}

TEST(Driver, RefusesAModeThatTheWorkflowMayNotRunIn) {
  TestPlan draft;
  AddValue(draft, "a", Value::Null());
  draft.builder.tables.modes = 0b0001;
  draft.builder.tables.default_mode = plan::fb::Mode::AnalysisOnly;
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.options.identity.mode = Mode::Implement;
  const auto made = Driver::Make(plan, run.options, {run.host, run.executor, run});
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().message, "workflow `main` may not run in mode implement");
}

TEST(Driver, VariablesComeFromTheEnvironmentOrTheirDefault) {
  TestPlan draft;
  plan::fb::PlanT& tables = draft.builder.tables;
  const uint32_t region = draft.builder.AddString("REGION");
  tables.vars.emplace_back(draft.builder.AddString("limit"),
                           draft.builder.AddConstant(Value::Int(3)), plan::kNone, plan::kNone);
  tables.vars.emplace_back(draft.builder.AddString("region"), plan::kNone, region, plan::kNone);
  tables.output = draft.Load(RootKind::Vars);
  AddValue(draft, "a", Value::Null());
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  EXPECT_FALSE(Driver::Make(plan, run.options, {run.host, run.executor, run}).ok());
  run.options.environment = [](std::string_view name) {
    return name == "REGION" ? std::optional<std::string>("eu") : std::nullopt;
  };
  EXPECT_EQ(WriteJson(run.Run().output), R"({"limit":3,"region":"eu"})");
}

TEST(Driver, SecretsReachOnlyWhomTheyAreGrantedTo) {
  struct Secret {
    bool is_granted;
    bool is_set;
  };
  for (const auto [is_granted, is_set] : {Secret{true, true}, {false, true}, {true, false}}) {
    TestPlan draft;
    plan::fb::PlanT& tables = draft.builder.tables;
    const uint32_t token = draft.builder.AddString("TOKEN");
    tables.secrets.emplace_back(token, token, plan::kNone);
    const uint32_t command = draft.Command("x");
    const plan::fb::Command& bare = tables.commands[command];
    tables.env_entries.emplace_back(token, draft.Load(RootKind::Secret, 0));
    tables.commands[command] =
        plan::fb::Command(bare.stdout_limit(), bare.argv(), plan::fb::Range(0, 1), bare.ok_exit(),
                          bare.reads(), bare.writes(), bare.net(), plan::kNone, plan::kNone, false,
                          bare.parse(), bare.effect(), false);
    draft.Add({.name = "a", .verb = Verb::Run, .payload = command});
    if (!is_granted) {
      const auto secret = static_cast<size_t>(plan::fb::Capability::Secret);
      tables.patterns[secret] =
          plan::fb::Pattern(draft.builder.AddString("OTHER"), plan::fb::Capability::Secret);
    }
    const plan::PlanView plan = draft.Build();
    TestRun run(plan);
    if (is_set) run.options.secrets.Add("hush");
    run.Run();
    if (is_granted && is_set) {
      EXPECT_EQ(run.executor.commands.at(0).environment.at(0).second, "hush");
    } else {
      EXPECT_EQ(run.result.failure->code, is_granted ? FailureCode::Auth : FailureCode::Denied);
      EXPECT_THAT(run.executor.commands, IsEmpty());
    }
    EXPECT_EQ(*run.notes.at(0).value.Find("subject"), Value::String("TOKEN"));
  }
}

}  // namespace
}  // namespace wfc::runtime

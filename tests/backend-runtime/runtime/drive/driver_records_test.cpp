// What the interpreter tells its recorder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/runtime/drive/driver.h"
#include "tests/backend-runtime/runtime/drive/test_plan.h"
#include "tests/backend-runtime/runtime/drive/test_run.h"

namespace wfc::runtime {
namespace {

using plan::fb::EdgeKind;
using plan::fb::OnError;
using plan::fb::RegionKind;
using plan::fb::Verb;
using ::testing::ElementsAre;

TEST(DriverRecords, EveryAttemptThatFailsIsToldWhateverFollows) {
  TestPlan draft;
  const uint32_t no = draft.Constant(Value::String("no"));
  const uint32_t value = draft.Constant(Value::Int(1));
  const auto add = [&](std::string_view name, const plan::PolicyParts& options) {
    draft.Add({.name = name, .verb = Verb::Fail, .payload = no, .policy = draft.Policy(options)});
  };
  add("tolerated", {.on_error = OnError::Continue});
  add("valued", {.on_error = OnError::Value, .value = value});
  add("fallen", {.on_error = OnError::Fallback, .fallback = 1});
  add("again", {.retry = draft.Retry(1, kSecond)});
  draft.Body(2, RegionKind::Fallback);
  draft.Add({.name = "fallen.fallback", .payload = value});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  EXPECT_EQ(run.Run().status, RunStatus::Failed);
  EXPECT_THAT(
      run.events,
      ElementsAre("run_started", "stage_started tolerated 1", "attempt_failed tolerated",
                  "stage_finished tolerated tolerated", "stage_started valued 1",
                  "attempt_failed valued", "stage_finished valued recovered",
                  "stage_started fallen 1", "attempt_failed fallen", "fallback_started fallen",
                  "stage_started fallen.fallback 1", "stage_finished fallen.fallback succeeded",
                  "stage_finished fallen recovered", "stage_started again 1",
                  "attempt_failed again", "stage_started again 2", "attempt_failed again",
                  "stage_finished again failed", "run_failing again", "run_finished again"));
  EXPECT_THAT(
      run.failures,
      ElementsAre("attempt_failed tolerated: assertion",
                  "stage_finished tolerated tolerated: assertion",
                  "attempt_failed valued: assertion", "stage_finished valued recovered: assertion",
                  "attempt_failed fallen: assertion", "fallback_started fallen: assertion",
                  "stage_finished fallen recovered: assertion", "attempt_failed again: assertion",
                  "attempt_failed again: assertion", "stage_finished again failed: assertion",
                  "run_finished again: assertion"));
}

TEST(DriverRecords, AnAttemptLastsFromItsBeginningAStageFromItsFirst) {
  TestPlan draft;
  const uint32_t policy = draft.Policy({.retry = draft.Retry(2, 5 * kSecond)});
  draft.Add({.name = "a", .verb = Verb::Run, .payload = draft.Command("x"), .policy = policy});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view, uint32_t attempt) {
    ScriptedCall call = attempt < 3 ? Break(FailureCode::Exit) : Answer(Value::Null());
    call.duration_ns = attempt * kSecond;
    return call;
  };
  EXPECT_EQ(run.Run().status, RunStatus::Completed);
  // Tries of 1, 2 and 3 s; 5 and 10 s between them.
  EXPECT_THAT(run.durations["attempt_failed a"], ElementsAre(kSecond, 2 * kSecond));
  EXPECT_THAT(run.durations["stage_finished a succeeded"], ElementsAre(21 * kSecond));
  EXPECT_THAT(run.failures, ElementsAre("attempt_failed a: exit", "attempt_failed a: exit"));
}

TEST(DriverRecords, TheFirstFailureOfARunIsToldOnce) {
  TestPlan draft;
  draft.Add({.name = "slow", .verb = Verb::Run, .payload = draft.Command("slow")});
  draft.Add({.name = "broken", .verb = Verb::Run, .payload = draft.Command("broken")});
  const plan::PlanView plan = draft.Build();
  TestRun run(plan);
  run.executor.script = [](std::string_view stage, uint32_t) {
    ScriptedCall call = Break(FailureCode::Exit);
    call.duration_ns = stage == "slow" ? 2 * kSecond : kSecond;
    return call;
  };
  run.Run();
  EXPECT_THAT(
      run.events,
      ElementsAre("run_started", "stage_started slow 1", "stage_started broken 1",
                  "attempt_failed broken", "stage_finished broken failed", "run_failing broken",
                  "attempt_failed slow", "stage_finished slow cancelled", "run_finished broken"));
}

}  // namespace
}  // namespace wfc::runtime

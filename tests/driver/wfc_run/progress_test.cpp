#include "driver/wfc_run/progress.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "backend-runtime/plan/verifier.h"
#include "tests/support/sample_plan.h"

namespace wfc::driver {
namespace {

using runtime::Event;
using runtime::Failure;

class ProgressTest : public testing::Test {
 protected:
  ProgressTest() : stream_(open_memstream(&text_, &size_)) {
    redactor_.Add("TOKEN", "hunter2");
    options_ = {.stream = stream_, .paint = Paint::Plain, .redactor = &redactor_};
  }
  ~ProgressTest() override {
    std::fclose(stream_);
    std::free(text_);
  }
  std::string Text() {
    std::fflush(stream_);
    return {text_, size_};
  }

  char* text_ = nullptr;
  size_t size_ = 0;
  std::FILE* stream_;
  redact::Redactor redactor_;
  ProgressOptions options_;
};

const Failure kFailure = {.code = FailureCode::Exit, .message = "hunter2\n\x1b[2J", .details = {}};

TEST_F(ProgressTest, ASettledStageIsALine) {
  const auto progress = MakePlainProgress(options_);
  progress->Show({.type = EventType::StageStarted, .node = plan::NodeId(0), .attempt = 1}, "a");
  progress->Show({.type = EventType::StageFinished,
                  .node = plan::NodeId(0),
                  .status = NodeStatus::Succeeded,
                  .duration_ns = 1'250'000'000},
                 "a");
  EXPECT_EQ(Text(), " succeeded a  1.25s\n");
}

TEST_F(ProgressTest, AFailureIsRedactedAndCannotDriveTheTerminal) {
  const auto progress = MakePlainProgress(options_);
  progress->Show(
      {.type = EventType::StageFinished, .status = NodeStatus::Failed, .failure = &kFailure},
      "a.b");
  EXPECT_EQ(Text(), "    failed a.b  0.00s  exit: [secret TOKEN] \\x1b[2J\n");
}

TEST_F(ProgressTest, ARetrySaysWhenAndWhy) {
  const auto progress = MakePlainProgress(options_);
  const Value wait = Value::Record({{"retry_after_ms", Value::Int(1500)}});
  progress->Show(
      {.type = EventType::AttemptFailed, .attempt = 1, .failure = &kFailure, .payload = &wait},
      "a");
  EXPECT_EQ(Text(), "  retrying a  in 1.50s  attempt 1 failed: exit: [secret TOKEN] \\x1b[2J\n");
}

TEST_F(ProgressTest, TheLiveFormRedrawsWhatRuns) {
  const auto progress = MakeLiveProgress(options_, 80);
  progress->Show({.type = EventType::StageStarted, .attempt = 1, .time_ns = 0}, "a.b");
  EXPECT_EQ(Text(), "   running   a.b  0.00s\n");
  progress->Tick(2'000'000'000);
  EXPECT_TRUE(Text().ends_with("\x1b[1A\r\x1b[J   running   a.b  2.00s\n")) << Text();
  progress->Show({.type = EventType::StageFinished,
                  .status = NodeStatus::Succeeded,
                  .time_ns = 3'000'000'000,
                  .duration_ns = 3'000'000'000},
                 "a.b");
  EXPECT_TRUE(Text().ends_with("\x1b[1A\r\x1b[J succeeded a.b  3.00s\n")) << Text();
}

TEST_F(ProgressTest, TheLiveFormFitsItsTerminal) {
  const auto progress = MakeLiveProgress(options_, 24);
  progress->Show({.type = EventType::StageStarted, .attempt = 1}, std::string(100, 'x'));
  EXPECT_EQ(Text().size(), 24u) << Text();
  for (int stage = 0; stage < 30; ++stage) {
    progress->Show({.type = EventType::StageStarted, .attempt = 1}, "s" + std::to_string(stage));
  }
  EXPECT_TRUE(Text().ends_with("and 19 more\n")) << Text();
  progress->Finish();
  EXPECT_TRUE(Text().ends_with("\x1b[13A\r\x1b[J")) << Text();
}

TEST_F(ProgressTest, TheJsonFormIsALineAnEvent) {
  const auto progress = MakeJsonProgress(options_);
  progress->Show({.type = EventType::StageSkipped,
                  .node = plan::NodeId(0),
                  .status = NodeStatus::Skipped,
                  .reason = SkipReason::Condition,
                  .time_ns = 1'500'000},
                 "a");
  EXPECT_EQ(Text(),
            "{\"reason\":\"condition\",\"stage\":\"a\",\"status\":\"skipped\",\"time_ms\":1.5,"
            "\"type\":\"stage_skipped\"}\n");
}

TEST_F(ProgressTest, AFailureShowsHowTheOutputEnded) {
  options_.folder = "/runs/r1";
  const auto progress = MakePlainProgress(options_);
  const Failure failure = {.code = FailureCode::Exit,
                           .message = "`make` exited with 2",
                           .details = {},
                           .printed = "stdout: … (more before)\nstdout: FAIL \x1b[2J\n"};
  progress->Show(
      {.type = EventType::StageFinished, .status = NodeStatus::Failed, .failure = &failure}, "a.b");
  EXPECT_EQ(Text(),
            "    failed a.b  0.00s  exit: `make` exited with 2\n"
            "           stdout: … (more before)\n"
            "           stdout: FAIL \\x1b[2J\n"
            "           all of it: /runs/r1/transcripts/a.b.jsonl\n");
}

/// An event about a stage that neither a route nor a failure called for.
Event Unneeded(SkipReason reason) {
  return {.type = EventType::StageSkipped, .status = NodeStatus::Skipped, .reason = reason};
}

TEST_F(ProgressTest, StagesThatNothingCalledForAreOneLineAtTheEnd) {
  const auto progress = MakePlainProgress(options_);
  for (int stage = 0; stage < 7; ++stage) {
    progress->Show(Unneeded(stage == 0 ? SkipReason::NotChosen : SkipReason::NotNeeded),
                   "s" + std::to_string(stage));
  }
  progress->Show(Unneeded(SkipReason::Condition), "other");
  EXPECT_EQ(Text(), "   skipped other  condition\n");
  progress->Show({.type = EventType::RunFinished}, "");
  progress->Finish();
  EXPECT_EQ(Text(),
            "   skipped other  condition\n"
            "   skipped 7 stages  no route or failure called for s0, s1, s2, s3, s4 and 2 more\n");
}

TEST_F(ProgressTest, ARunThatIsLeftToldOfThemToo) {
  const auto progress = MakeLiveProgress(options_, 80);
  progress->Show(Unneeded(SkipReason::NotNeeded), "a");
  progress->Finish();
  EXPECT_TRUE(Text().ends_with("   skipped 1 stage  no route or failure called for a\n")) << Text();
}

TEST_F(ProgressTest, ARunBeginsWithALineOffATerminal) {
  const auto plan = plan::Verify(plan::SamplePlan().Bytes());
  ASSERT_TRUE(plan.ok());
  options_.plan = &*plan;
  options_.folder = "/runs/r1";
  const Value about = Value::Record({{"run", Value::String("r1")},
                                     {"workflow", Value::String("main")},
                                     {"mode", Value::String("dry_run")}});
  const Event started = {.type = EventType::RunStarted, .payload = &about};
  MakeLiveProgress(options_, 80)->Show(started, "");
  EXPECT_EQ(Text(), "");
  MakePlainProgress(options_)->Show(started, "");
  EXPECT_EQ(Text(), "       run r1  workflow `main` in mode dry_run, " +
                        std::to_string(plan->nodes.size()) + " stages, in /runs/r1\n");
}

TEST_F(ProgressTest, ARouteSaysWhereItLeadsAndWhy) {
  const auto plan = plan::Verify(plan::SamplePlan().Bytes());
  ASSERT_TRUE(plan.ok());
  options_.plan = &*plan;
  const auto progress = MakePlainProgress(options_);
  for (const plan::NodeId node : plan->nodes.ids()) {
    if (!plan->is_decide(plan->nodes[node])) continue;
    for (const plan::RouteId route : plan::RoutesOf(plan->decide_of(plan->nodes[node]))) {
      progress->Show({.type = EventType::RouteChosen, .node = node, .route = route},
                     plan->name(node));
    }
  }
  EXPECT_EQ(Text(),
            "     route choose  to its body: the value is \"a\"\n"
            "     route choose  to no stage: the value is \"b\"\n"
            "     route choose  to its body: the default, since no other route has the value\n"
            "     route pick  to left, right: case 1 holds\n"
            "     route pick  to left: no earlier case holds\n");
}

TEST(ShortDuration, IsShort) {
  EXPECT_EQ(ShortDuration(59'990'000'000), "59.99s");
  EXPECT_EQ(ShortDuration(60'000'000'000), "1m00s");
  EXPECT_EQ(ShortDuration(3'720'000'000'000), "1h02m");
}

}  // namespace
}  // namespace wfc::driver

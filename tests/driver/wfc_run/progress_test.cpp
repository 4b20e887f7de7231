#include "driver/wfc_run/progress.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

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

TEST(ShortDuration, IsShort) {
  EXPECT_EQ(ShortDuration(59'990'000'000), "59.99s");
  EXPECT_EQ(ShortDuration(60'000'000'000), "1m00s");
  EXPECT_EQ(ShortDuration(3'720'000'000'000), "1h02m");
}

}  // namespace
}  // namespace wfc::driver

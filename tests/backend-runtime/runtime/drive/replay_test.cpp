#include "backend-runtime/runtime/drive/replay.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/runtime/drive/record_codec.h"
#include "tests/backend-runtime/runtime/drive/crashing_run.h"

namespace wfc::runtime {
namespace {

using plan::fb::Effect;
using plan::fb::Verb;
using ::testing::HasSubstr;

/// Runs a record again; an error fails the test.
Replay Repeat(const plan::PlanView& plan, journal::MemoryRecord record) {
  journal::MemoryBlobs blobs(record, journal::TestSha256);
  Replay replay(plan);
  const auto shown = record.Show([&](const journal::Row& row) { return replay.Take(row, blobs); });
  EXPECT_TRUE(shown.ok()) << shown.error().message;
  return replay;
}

TEST(Replay, EveryRunComesOutAsItIsRecorded) {
  const plan::PlanView plan = MakePlan();
  for (uint64_t seed = 1; seed <= 600 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    CrashingRun run(plan, seed);
    run.ToTheEnd(static_cast<int>(seed % 5));
    const Replay replay = Repeat(plan, run.record());
    ASSERT_FALSE(replay.difference())
        << replay.difference()->seq << " " << replay.difference()->what << " "
        << replay.difference()->path << " " << replay.difference()->recorded << " "
        << replay.difference()->replayed;
    EXPECT_GT(replay.computed_count(), 10U);
    EXPECT_GT(replay.fact_count(), replay.computed_count());
  }
}

/// `sum` adds to what a command said, and a decide says where to go on.
plan::PlanView MakeSmallPlan(const Value& constant, std::string_view command = "tool") {
  TestPlan draft;
  draft.Add({.name = "say", .verb = Verb::Run, .payload = draft.Command(command, Effect::Read)});
  draft.Add({.name = "constant", .payload = draft.Constant(constant)});
  draft.Edge(0, 1, plan::fb::EdgeKind::HardAfter);
  return draft.Build();
}

journal::MemoryRecord RecordOf(const plan::PlanView& plan) {
  CrashingRun run(plan, 1);
  run.ToTheEnd(0);
  return run.record();
}

TEST(Replay, AnotherValueIsTheFirstDifference) {
  const plan::PlanView plan =
      MakeSmallPlan(Value::Record({{"a/b", Value::List({Value::Int(1), Value::Int(2)})}}));
  const plan::PlanView changed =
      MakeSmallPlan(Value::Record({{"a/b", Value::List({Value::Int(1), Value::Int(3)})}}));
  const Replay replay = Repeat(changed, RecordOf(plan));
  ASSERT_TRUE(replay.difference());
  EXPECT_EQ(replay.difference()->node, NodeId(1));
  EXPECT_EQ(replay.difference()->what, "succeeded");
  EXPECT_EQ(replay.difference()->path, "/value/a~1b/1");
  EXPECT_EQ(replay.difference()->recorded, "2");
  EXPECT_EQ(replay.difference()->replayed, "3");
}

TEST(Replay, AnotherCallIsADifference) {
  const Replay replay =
      Repeat(MakeSmallPlan(Value::Int(1), "other"), RecordOf(MakeSmallPlan(Value::Int(1))));
  ASSERT_TRUE(replay.difference());
  EXPECT_EQ(replay.difference()->what, "began");
  EXPECT_EQ(replay.difference()->path, "/value/argv/0");
  EXPECT_EQ(replay.difference()->recorded, "\"tool\"");
}

TEST(Replay, WhatTheMachineWouldNotDoIsADifference) {
  const plan::PlanView plan = MakeSmallPlan(Value::Int(1));
  const journal::MemoryRecord whole = RecordOf(plan);
  // Without what the command came to, nothing may follow.
  journal::MemoryRecord cut = whole;
  cut.rows.Truncate(0);
  for (size_t i = 0; i < whole.rows.size(); ++i) {
    const journal::Row row = whole.rows.Get(i);
    if (row.is_fact() && row.type == static_cast<uint8_t>(FactType::Succeeded) &&
        cut.rows.size() < 5)
      continue;
    cut.rows.Add(row);
  }
  const Replay replay = Repeat(plan, cut);
  ASSERT_TRUE(replay.difference());
  EXPECT_THAT(replay.difference()->replayed, HasSubstr("would not do this now"));
}

}  // namespace
}  // namespace wfc::runtime

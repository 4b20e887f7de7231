#include "backend-runtime/runtime/drive/branch.h"

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/runtime/drive/record_codec.h"
#include "tests/backend-runtime/runtime/drive/crashing_run.h"

namespace wfc::runtime {
namespace {

using plan::fb::EdgeKind;
using plan::fb::Effect;
using plan::fb::Verb;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

Result<std::vector<Record>> BranchOf(const plan::PlanView& plan, journal::MemoryRecord record,
                                     NodeId from) {
  journal::MemoryBlobs blobs(record, journal::TestSha256);
  Branch branch(plan, StagesFrom(plan, from),
                {.id = "new", .started_at = {.seconds = 7}, .folder = "f"});
  const auto shown = record.Show([&](const journal::Row& row) { return branch.Take(row, blobs); });
  EXPECT_TRUE(shown.ok()) << shown.error().message;
  return branch.Finish();
}

journal::MemoryRecord RecordsAsRows(const std::vector<Record>& records) {
  journal::MemoryRecord made;
  journal::MemoryBlobs blobs(made, journal::TestSha256);
  std::vector<uint8_t> payload;
  for (const Record& record : records) made.rows.Add(ToRow(record, blobs, payload));
  return made;
}

TEST(Branch, RunsTheStageAgainAndTakesAllElseOver) {
  const plan::PlanView plan = MakePlan();
  CrashingRun undisturbed(plan, 0);
  const RunResult expected = undisturbed.ToTheEnd(0);
  for (uint64_t seed = 1; seed <= 60 && !testing::Test::HasFailure(); ++seed) {
    CrashingRun parent(plan, seed);
    parent.ToTheEnd(static_cast<int>(seed % 4));
    for (uint32_t node = 0; node < 7; ++node) {
      SCOPED_TRACE("seed " + std::to_string(seed) + " node " + std::to_string(node));
      const auto records = BranchOf(plan, parent.record(), NodeId(node));
      ASSERT_TRUE(records.ok()) << records.error().message;
      EXPECT_EQ(*records->front().value.Find("parent"), Value::String("run"));
      EXPECT_EQ(*records->front().value.Find("run"), Value::String("new"));
      CrashingRun again(plan, seed + 1000, RecordsAsRows(*records));
      ASSERT_EQ(again.ToTheEnd(static_cast<int>(seed % 3)).status, expected.status);
      // What the commands of other stages did is not done again.
      std::set<std::string> started;
      for (const auto& [name, count] : again.ledger().started) started.insert(name);
      const std::map<uint32_t, std::set<std::string>> may_start = {
          {0, {"inner_read", "inner_unkeyed"}},
          {1, {"read"}},
          {2, {"flaky"}},
          {3, {"keyed"}},
          {4, {"unkeyed"}},
          {5, {"broken"}},
          {6, {"broken"}}};
      EXPECT_EQ(started, may_start.at(node));
    }
  }
}

/// first → second → third, and one beside them.
plan::PlanView MakeChain(std::string_view second = "tool") {
  TestPlan draft;
  for (const auto& [name, command] :
       {std::pair{"first", std::string_view("tool")}, std::pair{"second", second},
        std::pair{"third", std::string_view("tool")},
        std::pair{"beside", std::string_view("tool")}}) {
    draft.Add({.name = name, .verb = Verb::Run, .payload = draft.Command(command, Effect::Read)});
  }
  draft.Edge(0, 1, EdgeKind::HardAfter);
  draft.Edge(1, 2, EdgeKind::HardAfter);
  return draft.Build();
}

TEST(Branch, WhatWaitsForTheStageRunsAgainToo) {
  const plan::PlanView plan = MakeChain();
  EXPECT_THAT(StagesFrom(plan, NodeId(1)), UnorderedElementsAre(NodeId(1), NodeId(2)));
  EXPECT_THAT(StagesFrom(plan, NodeId(3)), UnorderedElementsAre(NodeId(3)));
}

TEST(Branch, AFailureThatWouldStayIsRefused) {
  const plan::PlanView plan = MakeChain("broken");
  CrashingRun parent(plan, 1);
  ASSERT_EQ(parent.ToTheEnd(0).status, RunStatus::Failed);
  EXPECT_TRUE(BranchOf(plan, parent.record(), NodeId(1)).ok());
  EXPECT_TRUE(BranchOf(plan, parent.record(), NodeId(0)).ok());
  const auto refused = BranchOf(plan, parent.record(), NodeId(3));
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("stage `second` had not succeeded"));
}

}  // namespace
}  // namespace wfc::runtime

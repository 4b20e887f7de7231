#include "backend-runtime/preflight/needs.h"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "backend-runtime/plan/verifier.h"
#include "tests/support/sample_plan.h"

namespace wfc::preflight {
namespace {

using plan::NodeId;

class NeedsTest : public testing::Test {
 protected:
  NeedsTest() : plan_(plan::Verify(plan::SamplePlan().Bytes())) {}

  [[nodiscard]] const plan::PlanView& plan() const { return *plan_; }

 private:
  Result<plan::PlanView, plan::VerifyError> plan_;
};

TEST_F(NeedsTest, AStageIsNotCertainInABodyBehindAConditionOrATolerance) {
  const std::vector<bool> certain = FindCertainStages(plan());
  for (const NodeId node : plan().nodes.ids()) {
    const plan::fb::Node& row = plan().nodes[node];
    const bool is_left_out = plan().region_of(node) != plan::kWorkflowRegion ||
                             plan::ProgramId(row.condition()).has_value() ||
                             row.join() == plan::fb::Join::Any || ToleratesFailure(plan(), node);
    if (is_left_out) {
      EXPECT_FALSE(certain[node.index()]) << plan().name(node);
    }
  }
}

TEST_F(NeedsTest, AStageThatADecideChoosesIsNotCertain) {
  const std::vector<bool> certain = FindCertainStages(plan());
  for (const NodeId from : plan().nodes.ids()) {
    for (const uint32_t word : plan().edges_of(from)) {
      const plan::Edge edge = plan::UnpackEdge(word);
      if (edge.kind == plan::fb::EdgeKind::Control) {
        EXPECT_FALSE(certain[edge.to.index()]) << plan().name(edge.to);
      }
    }
  }
}

TEST_F(NeedsTest, WhatIsOverNeedsNothing) {
  const Needs all = FindNeeds(plan(), Mode::Implement, {});
  EXPECT_FALSE(all.programs.empty());
  const Needs none =
      FindNeeds(plan(), Mode::Implement, std::vector<bool>(plan().nodes.size(), true));
  EXPECT_TRUE(none.programs.empty());
  EXPECT_TRUE(none.secrets.empty());
}

TEST_F(NeedsTest, APretendedStageNeedsNothing) {
  const Needs performed = FindNeeds(plan(), Mode::Implement, {});
  const Needs pretended = FindNeeds(plan(), Mode::DryRun, {});
  EXPECT_EQ(performed.secrets.size(), 1U);
  EXPECT_FALSE(performed.writes.empty());
  EXPECT_TRUE(pretended.programs.empty());
  EXPECT_TRUE(pretended.secrets.empty());
  EXPECT_TRUE(pretended.writes.empty());
}

}  // namespace
}  // namespace wfc::preflight

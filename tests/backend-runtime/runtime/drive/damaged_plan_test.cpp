// A plan that was changed on purpose, with the checksum made to fit: what the verifier lets through
// runs to an end. The other half of tests/backend-runtime/plan/damage_test.cpp.
#include <gtest/gtest.h>

#include "backend-runtime/plan/verifier.h"
#include "tests/support/sample_plan.h"
#include "tests/support/simulated_run.h"

namespace wfc::runtime {
namespace {

TEST(DamagedPlan, TheSampleRunsToItsEnd) {
  Result<plan::PlanView, plan::VerifyError> plan = plan::Verify(plan::SamplePlan().Bytes());
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(RunSimulated(*plan, 1), SimulatedEnd::Ended);
}

TEST(DamagedPlan, WhatIsNotRefusedEnds) {
  const std::vector<std::byte> good = plan::SamplePlan().Bytes();
  size_t ended = 0;
  for (size_t i = plan::kHeaderLength; i < good.size(); ++i) {
    std::vector<std::byte> values = {std::byte{0}, std::byte{0xFF}};
    for (unsigned bit = 0; bit < 8; ++bit) values.push_back(good[i] ^ std::byte{1} << bit);
    for (const std::byte value : values) {
      if (value == good[i]) continue;
      std::vector<std::byte> bytes = good;
      bytes[i] = value;
      plan::Reseal(bytes, plan::FakeSha256);
      const Result<plan::PlanView, plan::VerifyError> plan = plan::Verify(std::move(bytes));
      if (!plan.ok()) continue;
      const SimulatedEnd end = RunSimulated(*plan, i);
      ASSERT_NE(end, SimulatedEnd::Stuck) << "byte " << i;
      ended += end == SimulatedEnd::Ended ? 1 : 0;
    }
  }
  EXPECT_GT(ended, 1000u);
}

}  // namespace
}  // namespace wfc::runtime

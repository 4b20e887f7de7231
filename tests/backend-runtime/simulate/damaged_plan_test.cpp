// A plan that was changed on purpose, with the checksum made to fit: what the verifier lets through
// is simulated to an end.
#include <gtest/gtest.h>

#include "backend-runtime/plan/verifier.h"
#include "backend-runtime/simulate/simulation.h"
#include "tests/support/sample_plan.h"

namespace wfc::simulate {
namespace {

constexpr int kRunsOfPlan = 3;

/// How many of the runs have ended; none where no input was found.
int CountEnded(const plan::PlanView& plan, uint64_t seed) {
  Simulation simulation(plan, {.seed = seed});
  int ended = 0;
  for (int i = 0; i < kRunsOfPlan; ++i) ended += simulation.RunNext(nullptr).ok() ? 1 : 0;
  return ended;
}

TEST(DamagedPlan, TheSampleIsSimulated) {
  const Result<plan::PlanView, plan::VerifyError> plan = plan::Verify(plan::SamplePlan().Bytes());
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(CountEnded(*plan, 1), kRunsOfPlan);
}

TEST(DamagedPlan, WhatIsNotRefusedIsSimulatedToAnEnd) {
  const std::vector<std::byte> good = plan::SamplePlan().Bytes();
  int ended = 0;
  for (size_t i = plan::kHeaderLength; i < good.size(); ++i) {
    std::vector<std::byte> bytes = good;
    bytes[i] ^= std::byte{1} << i % 8;
    plan::Reseal(bytes, plan::FakeSha256);
    const Result<plan::PlanView, plan::VerifyError> plan = plan::Verify(std::move(bytes));
    if (plan.ok()) ended += CountEnded(*plan, i);
  }
  EXPECT_GT(ended, 1000);
}

}  // namespace
}  // namespace wfc::simulate

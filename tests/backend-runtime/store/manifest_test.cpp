#include "backend-runtime/store/manifest.h"

#include <gtest/gtest.h>

#include "backend-runtime/store/run_id.h"
#include "ir/value/json.h"

namespace wfc::store {
namespace {

TEST(RunId, SortsByTimeAndSaysIt) {
  EXPECT_EQ(MakeRunId({.seconds = 1795256102, .nanos = 7'999'999}, 0xAB),
            "20261121T101502007Z-000000ab");
  EXPECT_LT(MakeRunId({.seconds = 1795256102, .nanos = 0}, 0xFFFFFFFF),
            MakeRunId({.seconds = 1795256102, .nanos = 1'000'000}, 0));
}

TEST(Manifest, CountsItsStagesByStatus) {
  Manifest manifest;
  manifest.stages = {{.path = "a", .kind = "run", .status = NodeStatus::Succeeded, .attempts = 2},
                     {.path = "b",
                      .kind = "run",
                      .status = NodeStatus::Failed,
                      .attempts = 1,
                      .error_code = "exit"},
                     {.path = "c", .kind = "run"}};
  const Value value = ToValue(manifest);
  EXPECT_EQ(WriteJson(*value.Find("summary")),
            R"({"attempts":3,"by_status":{"failed":1,"pending":1,"succeeded":1},"stages":3})");
  const Value& second = value.Find("stages")->items()[1];
  EXPECT_EQ(second.Find("index")->AsInt(), 1);
  EXPECT_EQ(second.Find("error_code")->AsString(), "exit");
  EXPECT_TRUE(second.Find("error_file")->is_null());
}

TEST(Manifest, WhatIsNotKnownYetIsNull) {
  const Value value = ToValue(Manifest{.run_id = "r"});
  EXPECT_TRUE(value.Find("completed_at")->is_null());
  EXPECT_TRUE(value.Find("audit")->Find("head")->is_null());
  EXPECT_EQ(value.Find("status")->AsString(), "running");
  EXPECT_EQ(value.Find("started_at")->AsString(), "1970-01-01T00:00:00Z");
}

}  // namespace
}  // namespace wfc::store

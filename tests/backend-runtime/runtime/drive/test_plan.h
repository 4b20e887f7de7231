// TestPlan: a plan written by hand, stage by stage, for tests of what runs plans.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "backend-runtime/plan/verifier.h"
#include "backend-runtime/plan/view.h"
#include "backend-runtime/plan/writer.h"
#include "ir/value/value.h"
#include "tests/support/policies.h"

namespace wfc::runtime {

struct TestStage {
  std::string_view name;
  plan::fb::Verb verb = plan::fb::Verb::Transform;
  uint32_t payload = 0;
  plan::fb::Join join = plan::fb::Join::All;
  uint32_t condition = plan::kNone;
  uint32_t policy = 0;
  uint32_t returns = plan::kNone;
};

class TestPlan {
 public:
  plan::PlanBuilder builder;

  /// With policy 0, which fails, and everything granted.
  TestPlan();

  // Programs
  uint32_t Constant(const Value& value);
  uint32_t Load(RootKind kind, uint32_t a = 0, uint32_t b = 0);
  uint32_t Read(uint32_t node, StageField field);
  /// `coalesce(STAGE.field, other)`
  uint32_t ReadOr(uint32_t node, StageField field, const Value& other);
  /// `error.code` and the like.
  uint32_t Select(RootKind kind, std::string_view field);

  uint32_t Policy(const plan::PolicyParts& parts);
  uint32_t Retry(uint32_t further_attempts, int64_t initial_ns);

  /// A command that `argv` names; its output is text.
  uint32_t Command(std::string_view argv, plan::fb::Effect effect = plan::fb::Effect::Read,
                   bool is_idempotent = false);
  /// A call of a tool that runs `command`.
  uint32_t ToolCall(uint32_t command, int64_t timeout_ns);
  struct Route {
    Value key;                    ///< Null: the default
    std::vector<uint32_t> nodes;  ///< or
    uint32_t region = plan::kNone;
  };
  uint32_t Decide(uint32_t subject, const std::vector<Route>& routes);
  /// Of what a program yields.
  uint32_t Assert(uint32_t program);

  /// A stage of the region that was begun last (at first the workflow).
  uint32_t Add(const TestStage& stage);
  /// Begins a body; regions are numbered from 1.
  uint32_t Body(uint32_t owner, plan::fb::RegionKind kind, uint32_t output = plan::kNone);
  void Edge(uint32_t from, uint32_t to, plan::fb::EdgeKind kind);
  /// By a stage of the region that was begun last.
  void OuterRead(uint32_t node, uint32_t from, plan::fb::EdgeKind kind);

  /// Verified.
  [[nodiscard]] plan::PlanView Build();

 private:
  std::vector<std::vector<uint32_t>> edges_;  // by node
};

}  // namespace wfc::runtime

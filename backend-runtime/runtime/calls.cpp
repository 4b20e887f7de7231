#include "backend-runtime/runtime/calls.h"

#include <algorithm>

#include <fmt/format.h>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/plan/words.h"
#include "ir/value/text.h"

namespace wfc::runtime {

using plan::fb::Verb;

bool IsCall(const plan::PlanTables& plan, NodeId id) {
  const Verb verb = plan.nodes[id].verb();
  return verb == Verb::Agent || verb == Verb::Tool || verb == Verb::Run;
}

Effect EffectOf(const plan::PlanTables& plan, NodeId id) {
  const plan::fb::Node& node = plan.nodes[id];
  switch (node.verb()) {
    case Verb::Agent:
      return plan::FromPlan(plan.agent_of(node).effect());
    case Verb::Tool:
      return plan::FromPlan(plan.tool_of(node).effect());
    case Verb::Run:
      return plan::FromPlan(plan.command_of(node).effect());
    case Verb::Transform:
    case Verb::Decide:
    case Verb::Assert:
    case Verb::Fail:
      break;
  }
  return Effect::Pure;
}

SchemaId SchemaOf(const plan::PlanTables& plan, NodeId id) {
  const plan::fb::Node& node = plan.nodes[id];
  const SchemaId own(node.returns());
  if (own.has_value()) return own;
  if (node.verb() == Verb::Agent) return SchemaId(plan.agent_of(node).returns());
  if (node.verb() == Verb::Tool) return SchemaId(plan.tool_of(node).returns());
  return {};
}

int64_t TimeoutOf(const plan::PlanTables& plan, NodeId id) {
  const plan::fb::Node& node = plan.nodes[id];
  const int64_t own = plan.policy_of(node).timeout_ns();
  if (node.verb() != Verb::Tool) return own;
  const int64_t tool = plan.tool_of(node).timeout_ns();
  return own == 0 || tool == 0 ? std::max(own, tool) : std::min(own, tool);
}

std::string TimeoutMessage(int64_t timeout_ns) {
  if (timeout_ns < host::kNsPerSecond && timeout_ns % host::kNsPerMs == 0) {
    return fmt::format("took longer than {}ms", timeout_ns / host::kNsPerMs);
  }
  return fmt::format(
      "took longer than {}",
      FormatDuration({.seconds = timeout_ns / host::kNsPerSecond,
                      .nanos = static_cast<uint32_t>(timeout_ns % host::kNsPerSecond)}));
}

}  // namespace wfc::runtime

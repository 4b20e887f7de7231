#include "backend-runtime/runtime/evaluate/callee.h"

#include <algorithm>

#include <fmt/core.h>

#include "backend-runtime/plan/words.h"
#include "ir/base/time_units.h"
#include "ir/value/text.h"

namespace wfc::runtime {

bool IsCall(const plan::PlanTables& plan, NodeId id) {
  return plan::CalleeOf(plan.nodes[id]) != Callee::None;
}

Effect EffectOf(const plan::PlanTables& plan, NodeId id) {
  const plan::fb::Node& node = plan.nodes[id];
  switch (plan::CalleeOf(node)) {
    case Callee::Agent:
      return plan::FromPlan(plan.agent_of(node).effect());
    case Callee::Tool:
      return plan::FromPlan(plan.tool_of(node).effect());
    case Callee::Command:
      return plan::FromPlan(plan.command_of(node).effect());
    case Callee::None:
      break;
  }
  return Effect::Pure;
}

const plan::fb::Command* CommandOf(const plan::PlanTables& plan, NodeId id) {
  const plan::fb::Node& node = plan.nodes[id];
  CommandId command;
  switch (plan::CalleeOf(node)) {
    case Callee::Agent:
      command = CommandId(plan.agent_of(node).command());
      break;
    case Callee::Tool:
      if (plan.tool_of(node).kind() != plan::fb::ToolKind::Command) return nullptr;
      command = CommandId(plan.tool_of(node).command());
      break;
    case Callee::Command:
      return &plan.command_of(node);
    case Callee::None:
      break;
  }
  return command.has_value() ? &plan.commands[command] : nullptr;
}

bool IsIdempotent(const plan::PlanTables& plan, NodeId id) {
  const plan::fb::Node& node = plan.nodes[id];
  if (plan::CalleeOf(node) == Callee::Tool) return plan.tool_of(node).is_idempotent();
  const plan::fb::Command* command = CommandOf(plan, id);
  return command != nullptr && command->is_idempotent();
}

SchemaId SchemaOf(const plan::PlanTables& plan, NodeId id) {
  const plan::fb::Node& node = plan.nodes[id];
  const SchemaId own(node.returns());
  if (own.has_value()) return own;
  switch (plan::CalleeOf(node)) {
    case Callee::Agent:
      return SchemaId(plan.agent_of(node).returns());
    case Callee::Tool:
      return SchemaId(plan.tool_of(node).returns());
    case Callee::Command:
    case Callee::None:
      break;
  }
  return {};
}

int64_t TimeoutOf(const plan::PlanTables& plan, NodeId id) {
  const plan::fb::Node& node = plan.nodes[id];
  const int64_t own = plan.policy_of(node).timeout_ns();
  if (plan::CalleeOf(node) != Callee::Tool) return own;
  const int64_t tool = plan.tool_of(node).timeout_ns();
  return own == 0 || tool == 0 ? std::max(own, tool) : std::min(own, tool);
}

std::string TimeoutMessage(int64_t timeout_ns) {
  if (timeout_ns < kNsPerSecond && timeout_ns % kNsPerMs == 0) {
    return fmt::format("took longer than {}ms", timeout_ns / kNsPerMs);
  }
  return fmt::format("took longer than {}",
                     FormatDuration({.seconds = timeout_ns / kNsPerSecond,
                                     .nanos = static_cast<uint32_t>(timeout_ns % kNsPerSecond)}));
}

}  // namespace wfc::runtime

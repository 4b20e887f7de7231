#include "backend-runtime/runtime/calls.h"

#include <algorithm>

#include <fmt/format.h>

#include "backend-runtime/host/clock.h"
#include "ir/value/text.h"

namespace wfc::runtime {

using plan::kNone;
using plan::fb::Effect;
using plan::fb::Verb;

bool IsCall(const plan::PlanTables& plan, uint32_t index) {
  const Verb verb = plan.nodes[index].verb();
  return verb == Verb::Agent || verb == Verb::Tool || verb == Verb::Run;
}

Effect EffectOf(const plan::PlanTables& plan, uint32_t index) {
  const plan::fb::Node& node = plan.nodes[index];
  switch (node.verb()) {
    case Verb::Agent:
      return plan.agents[plan.agent_calls[node.payload()].agent()].effect();
    case Verb::Tool:
      return plan.tools[plan.tool_calls[node.payload()].tool()].effect();
    case Verb::Run:
      return plan.commands[node.payload()].effect();
    case Verb::Transform:
    case Verb::Decide:
    case Verb::Assert:
    case Verb::Fail:
      break;
  }
  return Effect::Pure;
}

uint32_t SchemaOf(const plan::PlanTables& plan, uint32_t index) {
  const plan::fb::Node& node = plan.nodes[index];
  if (node.returns() != kNone) return node.returns();
  if (node.verb() == Verb::Agent) {
    return plan.agents[plan.agent_calls[node.payload()].agent()].returns();
  }
  if (node.verb() == Verb::Tool) {
    return plan.tools[plan.tool_calls[node.payload()].tool()].returns();
  }
  return kNone;
}

int64_t TimeoutOf(const plan::PlanTables& plan, uint32_t index) {
  const plan::fb::Node& node = plan.nodes[index];
  const int64_t own = plan.policies[node.policy()].timeout_ns();
  if (node.verb() != Verb::Tool) return own;
  const int64_t tool = plan.tools[plan.tool_calls[node.payload()].tool()].timeout_ns();
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

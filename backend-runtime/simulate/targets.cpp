#include "backend-runtime/simulate/targets.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/evaluate/callee.h"
#include "backend-runtime/runtime/machine/failure.h"
#include "backend-runtime/simulate/upstream.h"
#include "ir/value/json.h"

namespace wfc::simulate {
namespace {

using plan::ConstantId;
using plan::fb::OnError;

/// The route's key in a map of routes, or its index in a list of cases.
std::string RouteName(const plan::PlanView& plan, const Target& target) {
  const plan::fb::Decide& decide = plan.decide_of(plan.nodes[target.node]);
  const plan::fb::Route& route = plan.routes[RouteId(target.detail)];
  if (decide.is_case_list()) return fmt::format("case {}", target.detail - decide.routes().first());
  const ConstantId constant(route.key());
  if (!constant.has_value()) return "default";
  const Value& key = plan.constant(constant);
  return key.is_string() ? std::string(key.AsString()) : WriteJson(key);
}

}  // namespace

Targets::Targets(const plan::PlanTables& plan, const Upstream& upstream) {
  for (const NodeId node : plan.nodes.ids()) {
    const plan::fb::Node& each = plan.nodes[node];
    all_.push_back({.node = node, .kind = TargetKind::Stage});
    if (plan::ProgramId(each.condition()).has_value())
      all_.push_back({.node = node, .kind = TargetKind::Condition});
    if (plan.is_decide(each)) AddRoutes(plan, node);
    AddPolicy(plan, upstream, node);
    const bool is_cleanup = each.join() == plan::fb::Join::Settled && each.in_degree() > 0;
    if (is_cleanup) all_.push_back({.node = node, .kind = TargetKind::Cleanup});
  }
}

void Targets::AddRoutes(const plan::PlanTables& plan, NodeId decide) {
  for (const RouteId route : plan::RoutesOf(plan.decide_of(plan.nodes[decide]))) {
    all_.push_back({.node = decide, .kind = TargetKind::Route, .detail = route.index()});
  }
}

void Targets::AddPolicy(const plan::PlanTables& plan, const Upstream& upstream, NodeId node) {
  const plan::fb::Policy& policy = plan.policy_of(node);
  const bool can_fail = !upstream.Breakers(node).empty();
  if (const plan::fb::Retry* retry = plan.retry_of(policy); can_fail && retry != nullptr) {
    for (const FailureCode code : AllOf<FailureCode>()) {
      if (retry->further_attempts() == 0 || (retry->codes() & Bit(code)) == 0) continue;
      all_.push_back(
          {.node = node, .kind = TargetKind::Retry, .detail = static_cast<uint32_t>(code)});
    }
  }
  if (policy.on_error() != OnError::Fail) {
    all_.push_back({.node = node, .kind = TargetKind::OnError});
  }
  const bool is_timed = can_fail && runtime::TimeoutOf(plan, node) != 0;
  if (is_timed) all_.push_back({.node = node, .kind = TargetKind::Timeout});
}

std::optional<size_t> Targets::Find(const Target& target) const {
  const auto found = std::ranges::lower_bound(all_, target);
  if (found == all_.end() || *found != target) return std::nullopt;
  return static_cast<size_t>(found - all_.begin());
}

TargetGroup GroupOf(TargetKind kind) {
  switch (kind) {
    case TargetKind::Stage:
      return TargetGroup::Stages;
    case TargetKind::Route:
      return TargetGroup::Routes;
    case TargetKind::Condition:
      return TargetGroup::Conditions;
    case TargetKind::Retry:
    case TargetKind::OnError:
    case TargetKind::Timeout:
    case TargetKind::Cleanup:
      break;
  }
  return TargetGroup::Policies;
}

std::string_view GetName(TargetGroup group) {
  constexpr std::array<std::string_view, kTargetGroupCount> kNames = {"stages", "routes",
                                                                      "conditions", "policies"};
  return kNames[static_cast<size_t>(group)];
}

std::string Detail(const plan::PlanView& plan, const Target& target) {
  switch (target.kind) {
    case TargetKind::Stage:
      return {};
    case TargetKind::Condition:
      return "if false";
    case TargetKind::Route:
      return RouteName(plan, target);
    case TargetKind::Retry:
      return fmt::format("retry on {}", Spell(static_cast<FailureCode>(target.detail)));
    case TargetKind::OnError:
      return fmt::format("on_error {}", plan::Spell(plan.policy_of(target.node).on_error()));
    case TargetKind::Timeout:
      return "timeout";
    case TargetKind::Cleanup:
      return "join settled, something missing";
  }
  return {};
}

}  // namespace wfc::simulate

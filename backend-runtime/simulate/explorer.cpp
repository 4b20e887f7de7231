#include "backend-runtime/simulate/explorer.h"

#include <algorithm>
#include <span>

#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/evaluate/callee.h"

namespace wfc::simulate {
namespace {

// The failure codes of each kind of call.
constexpr FailureCode kModelFaults[] = {FailureCode::Timeout,    FailureCode::RateLimit,
                                        FailureCode::Overloaded, FailureCode::Network,
                                        FailureCode::Auth,       FailureCode::Refused,
                                        FailureCode::BadRequest, FailureCode::ContextLength,
                                        FailureCode::Provider,   FailureCode::Schema};
constexpr FailureCode kCommandFaults[] = {FailureCode::Exit, FailureCode::Timeout, FailureCode::Io,
                                          FailureCode::Schema};
constexpr FailureCode kBuiltinFaults[] = {FailureCode::Io, FailureCode::Timeout,
                                          FailureCode::Denied};

std::span<const FailureCode> FaultsOf(const plan::PlanTables& plan, NodeId node) {
  const plan::fb::Node& each = plan.nodes[node];
  switch (plan::CalleeOf(each)) {
    case Callee::Agent:
      if (plan.agent_of(each).kind() == plan::fb::AgentKind::Llm) return kModelFaults;
      return kCommandFaults;
    case Callee::Tool:
      if (plan.tool_of(each).kind() == plan::fb::ToolKind::Builtin) return kBuiltinFaults;
      return kCommandFaults;
    case Callee::Command:
    case Callee::None:
      return kCommandFaults;
  }
  return kCommandFaults;
}

}  // namespace

Explorer::Explorer(const plan::PlanView& plan, const Targets& targets, const Upstream& upstream,
                   uint64_t seed, std::optional<Mode> mode)
    : plan_(plan),
      targets_(targets),
      upstream_(upstream),
      seed_(seed),
      reached_(targets.all().size()),
      open_count_(targets.all().size()),
      kept_for_(plan.nodes.size()),
      next_ordinals_(PlaceCount(plan)) {
  modes_.push_back(mode.value_or(plan::FromPlan(plan.root().default_mode())));
  for (const Mode each : AllOf<Mode>()) {
    const bool is_listed = (plan.root().modes() & Bit(each)) != 0;
    if (!mode && is_listed && each != modes_.front()) modes_.push_back(each);
  }
  for (const NodeId node : plan.nodes.ids()) {
    if (IsDrawn(plan, node)) drawn_nodes_.push_back(node);
  }
}

Scenario Explorer::Next() {
  Random random(Mix(seed_, ++run_count_));
  if (run_count_ == 1) {
    return {.seed = random.Next(), .mode = modes_.front(), .is_smallest = true};
  }
  constexpr uint64_t kFreshOneIn = 4;
  const std::optional<size_t> aim = FindAim();
  if (!aim || random.Below(kFreshOneIn) == 0) return MakeFresh(random);
  return MakeAimed(targets_.all()[*aim], random);
}

void Explorer::Learn(const Scenario& scenario, const Observation& observation) {
  KeptId kept;
  for (const size_t index : observation.reached) {
    if (!reached_[index]) --open_count_;
    reached_[index] = true;
    const Target& target = targets_.all()[index];
    if (target.kind != TargetKind::Stage || kept_for_[target.node].has_value()) continue;
    if (!kept.has_value()) kept = kept_.Add(scenario);
    kept_for_[target.node] = kept;
  }
}

/// The next open target whose stage has run, in turn; none if there is none.
std::optional<size_t> Explorer::FindAim() {
  for (size_t i = 0; open_count_ > 0 && i < reached_.size(); ++i) {
    next_aim_ = (next_aim_ + 1) % reached_.size();
    const Target& target = targets_.all()[next_aim_];
    if (!reached_[next_aim_] && kept_for_[target.node].has_value()) return next_aim_;
  }
  return std::nullopt;
}

Mode Explorer::ChooseMode(Random& random) const {
  return modes_[random.Below(modes_.size())];
}

Scenario Explorer::MakeFresh(Random& random) const {
  Scenario scenario = {.seed = random.Next(), .mode = ChooseMode(random)};
  constexpr uint64_t kMostFaults = 3;
  if (drawn_nodes_.empty() || random.Below(2) == 0) return scenario;
  for (uint64_t count = 1 + random.Below(kMostFaults); count > 0; --count) {
    const NodeId node = drawn_nodes_[random.Below(drawn_nodes_.size())];
    if (scenario.FindFault(node) == nullptr) scenario.faults.push_back(DrawFault(node, random));
  }
  return scenario;
}

Scenario Explorer::MakeAimed(const Target& target, Random& random) {
  Scenario scenario = kept_[kept_for_[target.node]];
  if (random.Below(4) == 0) scenario.mode = ChooseMode(random);
  const bool is_policy = GroupOf(target.kind) == TargetGroup::Policies;
  // A stage that is evaluated in place can only fail because of the values it reads.
  const bool is_broken_by_values =
      target.kind == TargetKind::OnError && upstream_.Breakers(target.node).empty();
  if (is_policy && !is_broken_by_values) {
    AddFault(target, scenario, random);
  } else {
    RedrawBefore(target.node, scenario, random);
  }
  return scenario;
}

/// Draws other values in one or two places before the node. Near places, which come first in the
/// list, are likelier to matter, so they are likelier to be chosen.
void Explorer::RedrawBefore(NodeId node, Scenario& scenario, Random& random) {
  const std::vector<DrawSite> places = upstream_.PlacesBefore(node);
  for (uint64_t count = 1 + random.Below(2); count > 0; --count) {
    const DrawSite place =
        places[std::min(random.Below(places.size()), random.Below(places.size()))];
    const uint64_t ordinal = ++next_ordinals_[place];
    if (Redraw* redraw = scenario.FindRedraw(place)) {
      redraw->ordinal = ordinal;
    } else {
      scenario.redraws.push_back({.place = place, .ordinal = ordinal});
    }
    // Fallbacks, and stages after a tolerated failure, can depend on the failure's code, so the
    // fault is changed as well.
    const NodeId drawn = NodeAt(plan_, place);
    if (random.Below(2) == 0) continue;
    if (Fault* fault = scenario.FindFault(drawn)) {
      *fault = DrawFault(drawn, random);
    } else if (drawn.has_value() && plan_.policy_of(drawn).on_error() != plan::fb::OnError::Fail) {
      scenario.faults.push_back(DrawFault(drawn, random));
    }
  }
}

void Explorer::AddFault(const Target& target, Scenario& scenario, Random& random) const {
  const std::vector<NodeId>& breakers = upstream_.Breakers(target.node);
  const std::vector<NodeId> nodes =
      target.kind == TargetKind::Cleanup ? upstream_.DrawnBefore(target.node) : breakers;
  if (nodes.empty()) return;
  const NodeId node = nodes[random.Below(nodes.size())];
  Fault fault = DrawFault(node, random);
  if (target.kind == TargetKind::Retry) {
    fault.code = static_cast<FailureCode>(target.detail);
    fault.hangs = fault.code == FailureCode::Timeout && CanHang(node) && random.Below(2) == 0;
    if (breakers.size() == 1) fault.attempts = 1 + static_cast<uint32_t>(random.Below(2));
  } else {
    fault.attempts = kAllAttempts;
    if (target.kind == TargetKind::Timeout) fault.hangs = CanHang(node);
  }
  std::erase_if(scenario.faults, [&](const Fault& each) { return each.node == node; });
  scenario.faults.push_back(fault);
}

Fault Explorer::DrawFault(NodeId node, Random& random) const {
  std::vector<FailureCode> codes(FaultsOf(plan_, node).begin(), FaultsOf(plan_, node).end());
  const plan::fb::Retry* retry = plan_.retry_of(plan_.policy_of(node));
  const uint32_t spoken_of = retry == nullptr ? 0 : retry->codes();
  for (const FailureCode code : AllOf<FailureCode>()) {
    if ((spoken_of & Bit(code)) != 0) codes.push_back(code);
  }
  Fault fault = {.node = node, .code = codes[random.Below(codes.size())]};
  if (random.Below(3) != 0) fault.attempts = 1 + static_cast<uint32_t>(random.Below(3));
  fault.hangs = fault.code == FailureCode::Timeout && CanHang(node);
  return fault;
}

/// Whether a timeout ends a call of the node that does not end by itself.
bool Explorer::CanHang(NodeId node) const {
  if (runtime::TimeoutOf(plan_, node) > 0) return true;
  return std::ranges::any_of(OwnersOfRoutesAround(plan_, node),
                             [&](NodeId owner) { return runtime::TimeoutOf(plan_, owner) > 0; });
}

}  // namespace wfc::simulate

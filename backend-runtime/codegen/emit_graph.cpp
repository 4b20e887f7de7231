// The part of the emitter that writes nodes and what holds them together: edges, regions, decides
// and policies.
#include <algorithm>
#include <tuple>

#include "backend-runtime/codegen/emitter.h"
#include "backend-runtime/plan/words.h"
#include "ir/base/check.h"

namespace wfc::codegen {
namespace {

fb::EdgeKind HardKind(ir::Need need) {
  switch (need) {
    case ir::Need::After:
      return fb::EdgeKind::HardAfter;
    case ir::Need::Output:
      return fb::EdgeKind::HardOutput;
    case ir::Need::RanToEnd:
      return fb::EdgeKind::HardRan;
    case ir::Need::Settled:
      return fb::EdgeKind::Soft;
  }
  return fb::EdgeKind::Soft;
}

fb::EdgeKind ToPlan(const ir::Dependency& dependency) {
  switch (dependency.kind) {
    case ir::DependencyKind::Control:
      return fb::EdgeKind::Control;
    case ir::DependencyKind::Hard:
      return HardKind(dependency.need);
    case ir::DependencyKind::Soft:
      return fb::EdgeKind::Soft;
    case ir::DependencyKind::Order:
      return fb::EdgeKind::Order;
    case ir::DependencyKind::Wait:
      return fb::EdgeKind::Wait;
  }
  return fb::EdgeKind::Wait;
}

bool IsRead(fb::EdgeKind kind) {
  return kind == fb::EdgeKind::HardAfter || kind == fb::EdgeKind::HardOutput ||
         kind == fb::EdgeKind::HardRan || kind == fb::EdgeKind::Soft;
}

/// Adds `entry` to `table` and returns its index.
template <class T>
uint32_t Append(std::vector<T>& table, const T& entry) {
  table.push_back(entry);
  return static_cast<uint32_t>(table.size() - 1);
}

/// Adds `entry` to `table` unless the same bytes are there, and says where it is.
template <class IdT, class T>
IdT AddOnce(std::vector<T>& table, std::map<std::string, IdT>& ids, const T& entry) {
  std::string bytes(reinterpret_cast<const char*>(&entry), sizeof(T));
  const auto [known, is_new] =
      ids.try_emplace(std::move(bytes), static_cast<uint32_t>(table.size()));
  if (is_new) table.push_back(entry);
  return known->second;
}

}  // namespace

void Emitter::EmitGraph() {
  for (const plan::RegionId region : layout_.regions.ids()) {
    for (const plan::NodeId node : layout_.nodes_of[region]) EmitNode(layout_.nodes[node], region);
    EmitRegion(region);
  }
  tables_.output = AddProgram(project_.workflows[workflow_].output);
  EmitEdges();
}

void Emitter::EmitNode(ir::StageId id, plan::RegionId region) {
  const ir::Stage& stage = project_.stages[id];
  WFC_CHECK(!stage.is_poison());  // an error was found, and nothing is compiled
  const uint32_t payload = EmitPayload(stage);
  tables_.nodes.push_back(fb::Node{AddText(stage.path), plan::ToPlan(stage.verb),
                                   plan::ToPlan(stage.join), uint16_t{0}, 0u, 0u, region.index(),
                                   payload, AddProgram(stage.condition), EmitPolicy(id).index(),
                                   SchemaOf(stage.returns)});
}

uint32_t Emitter::EmitPayload(const ir::Stage& stage) {
  switch (stage.verb) {
    case Verb::Agent: {
      const ir::AgentCall& call = project_.GetAgentCall(stage);
      return Append(tables_.agent_calls,
                    fb::AgentCall{reach_.agents.of(call.agent).index(), AddProgram(call.with.whole),
                                  AddProgram(call.prompt), reach_.models.of(call.model).index()});
    }
    case Verb::Tool: {
      const ir::ToolCall& call = project_.GetToolCall(stage);
      return Append(tables_.tool_calls,
                    fb::ToolCall{reach_.tools.of(call.tool).index(), AddProgram(call.with.whole)});
    }
    case Verb::Run:
      return reach_.commands.of(project_.command_of(stage)).index();
    case Verb::Transform:
      return AddProgram(project_.GetTransform(stage).value);
    case Verb::Decide:
      return EmitDecide(project_.GetDecide(stage)).index();
    case Verb::Assert: {
      const ir::Assert& assertion = project_.GetAssert(stage);
      return Append(tables_.asserts,
                    fb::Assert{AddProgram(assertion.condition), AddProgram(assertion.message)});
    }
    case Verb::Fail:
      return AddProgram(project_.GetFail(stage).text);
    case Verb::Poison:
      break;
  }
  return plan::kNone;
}

plan::DecideId Emitter::EmitDecide(const ir::Decide& decide) {
  const std::span<const ir::Route> routes = ir::Project::View(project_.routes, decide.routes);
  const fb::Range range(static_cast<uint32_t>(tables_.routes.size()),
                        static_cast<uint32_t>(routes.size()));
  for (const ir::Route& route : routes) EmitRoute(route, decide);
  const bool has_default = !routes.empty() && routes.back().is_default;
  tables_.decides.push_back(
      fb::Decide{range, AddProgram(decide.subject), decide.is_case_list, has_default});
  return plan::DecideId(static_cast<uint32_t>(tables_.decides.size() - 1));
}

void Emitter::EmitRoute(const ir::Route& route, const ir::Decide& decide) {
  std::vector<uint32_t> targets;
  if (route.kind == ir::Route::Kind::Ids) {
    for (const ir::StageId stage : ir::Project::View(project_.stage_lists, route.stages)) {
      targets.push_back(layout_.node_of[stage].index());
    }
  }
  fb::RouteKind kind = fb::RouteKind::None;
  if (!targets.empty()) kind = fb::RouteKind::Nodes;
  if (route.kind == ir::Route::Kind::Body) kind = fb::RouteKind::Region;
  const bool has_key = !decide.is_case_list && !route.is_default;
  tables_.routes.push_back(fb::Route{
      fb::Range(static_cast<uint32_t>(tables_.route_targets.size()),
                static_cast<uint32_t>(targets.size())),
      has_key ? AddConstant(route.key) : plan::kNone, AddProgram(route.when),
      kind == fb::RouteKind::Region ? layout_.region_of[route.body].index() : plan::kNone, kind});
  tables_.route_targets.insert(tables_.route_targets.end(), targets.begin(), targets.end());
}

plan::PolicyId Emitter::EmitPolicy(ir::StageId id) {
  const ir::Stage& stage = project_.stages[id];
  const bool has_value = stage.on_error == ir::OnError::Value;
  const bool has_fallback = stage.on_error == ir::OnError::Fallback;
  const fb::Policy policy{std::max<int64_t>(stage.timeout_ns, 0),
                          EmitRetry(stage.retry).index(),
                          has_value ? AddProgram(stage.on_error_value) : plan::kNone,
                          has_fallback ? layout_.region_of[stage.fallback].index() : plan::kNone,
                          authorities_.Add(id).index(),
                          plan::ToPlan(stage.on_error)};
  return AddOnce(tables_.policies, policies_, policy);
}

plan::RetryId Emitter::EmitRetry(ir::RetryId id) {
  if (!id.has_value()) return {};
  const ir::Retry& retry = project_.retries[id];
  if (retry.further_attempts == 0) return {};
  const auto delay = [](int64_t ns) { return std::clamp<int64_t>(ns, 0, plan::kMaxDelayNs); };
  const fb::Retry emitted(delay(retry.initial_ns), delay(retry.max_ns),
                          std::clamp(retry.factor, 0.0, plan::kMaxBackoffFactor),
                          std::min(retry.further_attempts, plan::kMaxFurtherAttempts), retry.codes,
                          retry.has_jitter);
  return AddOnce(tables_.retries, retries_, emitted);
}

void Emitter::EmitRegion(plan::RegionId region) {
  const ir::Body& body = project_.bodies[layout_.regions[region]];
  const IdRange<plan::NodeId> nodes = layout_.nodes_of[region];
  std::vector<std::tuple<plan::NodeId, plan::NodeId, fb::EdgeKind>> reads;
  for (const plan::NodeId node : nodes) {
    const ir::Stage& stage = project_.stages[layout_.nodes[node]];
    for (const ir::Dependency& dependency : project_.dependencies_of(stage)) {
      const fb::EdgeKind kind = ToPlan(dependency);
      if (project_.stages[dependency.from].body == stage.body || !IsRead(kind)) continue;
      reads.emplace_back(node, layout_.node_of[dependency.from], kind);
    }
  }
  std::ranges::sort(reads);
  reads.erase(std::ranges::unique(reads).begin(), reads.end());
  const fb::Range outer(static_cast<uint32_t>(tables_.outer_reads.size()),
                        static_cast<uint32_t>(reads.size()));
  for (const auto& [node, from, kind] : reads)
    tables_.outer_reads.emplace_back(node.index(), from.index(), kind);
  tables_.regions.push_back(
      fb::Region{fb::Range(nodes.front().index(), body.stages.count),
                 body.owner.has_value() ? layout_.node_of[body.owner].index() : plan::kNone,
                 AddProgram(body.output), outer, plan::ToPlan(body.kind), body.is_single});
}

void Emitter::EmitEdges() {
  IdVector<plan::NodeId, std::vector<uint32_t>> edges(layout_.nodes.size());  // as words
  for (const plan::NodeId node : layout_.nodes.ids()) {
    const ir::Stage& stage = project_.stages[layout_.nodes[node]];
    for (const ir::Dependency& dependency : project_.dependencies_of(stage)) {
      if (project_.stages[dependency.from].body != stage.body) continue;
      edges[layout_.node_of[dependency.from]].push_back(
          plan::PackEdge({.to = node, .kind = ToPlan(dependency)}));
    }
  }
  IdVector<plan::NodeId, uint32_t> in_degrees(edges.size());
  IdVector<plan::NodeId, uint32_t> first_edges(edges.size());
  for (const plan::NodeId node : edges.ids()) {
    std::ranges::sort(edges[node]);
    edges[node].erase(std::ranges::unique(edges[node]).begin(), edges[node].end());
    first_edges[node] = static_cast<uint32_t>(tables_.edges.size());
    for (const uint32_t word : edges[node]) ++in_degrees[plan::UnpackEdge(word).to];
    tables_.edges.insert(tables_.edges.end(), edges[node].begin(), edges[node].end());
  }
  for (const plan::NodeId id : layout_.nodes.ids()) {
    fb::Node& node = tables_.nodes[id.index()];
    node = fb::Node(node.name(), node.verb(), node.join(), 0, in_degrees[id], first_edges[id],
                    node.region(), node.payload(), node.condition(), node.policy(), node.returns());
  }
}

}  // namespace wfc::codegen

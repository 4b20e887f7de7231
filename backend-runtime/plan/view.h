// PlanView: a verified plan in private memory, as flat tables. Only the verifier makes one, so
// reading it cannot fail: every index is in bounds, and every rule of schemas/plan.fbs holds. The
// runtime, the simulator and the dumps read it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/plan/header.h"
#include "backend-runtime/plan/ids.h"
#include "backend-runtime/plan/payloads.h"
#include "ir/base/id_range.h"
#include "ir/base/sizes.h"
#include "ir/expr/vm/vm.h"
#include "ir/types/vm/validator.h"
#include "ir/value/value.h"
#include "schemas/plan_generated.h"

namespace wfc::plan {

/// A decoded word of `edges`: the node that waits, and why.
struct Edge {
  NodeId to;
  fb::EdgeKind kind;
};
[[nodiscard]] constexpr Edge UnpackEdge(uint32_t word) {
  return {.to = NodeId(word >> 3), .kind = static_cast<fb::EdgeKind>(word & 7)};
}
/// The inverse of UnpackEdge.
[[nodiscard]] constexpr uint32_t PackEdge(Edge edge) {
  return edge.to.index() << 3 | static_cast<uint32_t>(edge.kind);
}
/// A plan has at most this many nodes, so that a node's index fits into the word of an edge.
inline constexpr uint32_t kMaxNodes = (1u << 29) - 1;

/// How deep regions may be nested, including the workflow's. It bounds recursion over regions.
inline constexpr uint32_t kMaxRegionDepth = 256;

// The largest values that a plan may contain; codegen reduces larger ones.
inline constexpr uint32_t kMaxFurtherAttempts = 1'000'000;
inline constexpr uint32_t kMaxConcurrency = 100'000;
inline constexpr uint64_t kMaxStdoutBytes = kMostStdoutBytes;
/// The longest delay before a retry, in nanoseconds; a timeout may be longer.
inline constexpr int64_t kMaxDelayNs = 366ll * 24 * 3600 * 1'000'000'000;
inline constexpr double kMaxBackoffFactor = 1e6;

/// The vectors of schemas/plan.fbs, in the same order. The indices and ranges in their structs
/// refer to these.
struct PlanTables {
  std::span<const uint8_t> string_bytes;
  std::span<const uint32_t> string_ends;

  IdTable<NodeId, fb::Node> nodes;
  std::span<const uint32_t> edges;  ///< decoded by `UnpackEdge`
  IdTable<RegionId, fb::Region> regions;
  std::span<const fb::OuterRead> outer_reads;
  IdTable<PolicyId, fb::Policy> policies;
  IdTable<RetryId, fb::Retry> retries;

  IdTable<AgentCallId, fb::AgentCall> agent_calls;
  IdTable<ToolCallId, fb::ToolCall> tool_calls;
  IdTable<AssertId, fb::Assert> asserts;
  IdTable<DecideId, fb::Decide> decides;
  IdTable<RouteId, fb::Route> routes;
  std::span<const uint32_t> route_targets;

  IdTable<AgentId, fb::Agent> agents;
  IdTable<ToolId, fb::Tool> tools;
  IdTable<ModelId, fb::Model> models;
  IdTable<CommandId, fb::Command> commands;
  std::span<const fb::EnvEntry> env_entries;
  std::span<const uint32_t> program_lists;
  std::span<const uint32_t> pattern_lists;
  std::span<const int64_t> integers;

  std::span<const uint32_t> code;
  IdTable<ProgramId, fb::Range> programs;
  std::span<const uint8_t> constant_bytes;
  std::span<const uint32_t> constant_ends;
  std::span<const uint32_t> schema_code;
  std::span<const uint32_t> schema_constants;
  std::span<const uint32_t> schema_patterns;
  IdTable<SchemaId, fb::Schema> schemas;

  IdTable<VarId, fb::Var> vars;
  IdTable<SecretId, fb::Secret> secrets;

  IdTable<ScopeId, fb::Scope> scopes;
  std::span<const fb::Pattern> patterns;
  std::span<const uint32_t> scope_lists;
  IdTable<AuthorityId, fb::Authority> authorities;
  std::span<const fb::Suppressed> suppressed;
  std::span<const fb::DryRun> dry_runs;

  [[nodiscard]] std::string_view text(StringId string) const {
    const uint32_t index = string.index();
    const uint32_t begin = index == 0 ? 0 : string_ends[index - 1];
    return {reinterpret_cast<const char*>(string_bytes.data()) + begin, string_ends[index] - begin};
  }
  /// A node's path: `answer.bug`.
  [[nodiscard]] std::string_view name(NodeId node) const { return name(nodes[node]); }
  /// The name of a node, agent, tool or any other struct that has one.
  template <class Row>
  [[nodiscard]] std::string_view name(const Row& row) const
    requires requires { row.name(); }
  {
    return text(StringId(row.name()));
  }
  /// The edges that leave `node`, sorted by target.
  [[nodiscard]] std::span<const uint32_t> edges_of(NodeId node) const {
    const size_t next = size_t{node.index()} + 1;
    const size_t begin = nodes[node].first_edge();
    const size_t end = next < nodes.size() ? nodes.data()[next].first_edge() : edges.size();
    return edges.subspan(begin, end - begin);
  }

  [[nodiscard]] RegionId region_of(NodeId node) const { return RegionId(nodes[node].region()); }
  /// The node whose body the region is; none for the workflow's region.
  [[nodiscard]] NodeId owner_of(RegionId region) const { return NodeId(regions[region].owner()); }
  [[nodiscard]] const fb::Policy& policy_of(const fb::Node& node) const {
    return policies[PolicyId(node.policy())];
  }
  [[nodiscard]] const fb::Policy& policy_of(NodeId node) const { return policy_of(nodes[node]); }
  /// Null if the policy does not allow a further attempt.
  [[nodiscard]] const fb::Retry* retry_of(const fb::Policy& policy) const {
    const RetryId retry(policy.retry());
    return retry.has_value() ? &retries[retry] : nullptr;
  }

  [[nodiscard]] static bool is_decide(const fb::Node& node) {
    return TableOf(node.verb()) == PayloadTable::Decides;
  }
  // The payload of a node, and what it calls. The node must have the verb concerned.
  [[nodiscard]] const fb::AgentCall& agent_call_of(const fb::Node& node) const {
    return agent_calls[AgentCallId(node.payload())];
  }
  [[nodiscard]] const fb::ToolCall& tool_call_of(const fb::Node& node) const {
    return tool_calls[ToolCallId(node.payload())];
  }
  [[nodiscard]] const fb::Agent& agent_of(const fb::Node& node) const {
    return agents[AgentId(agent_call_of(node).agent())];
  }
  [[nodiscard]] const fb::Tool& tool_of(const fb::Node& node) const {
    return tools[ToolId(tool_call_of(node).tool())];
  }
  [[nodiscard]] const fb::Command& command_of(const fb::Node& node) const {
    return commands[CommandId(node.payload())];
  }
  [[nodiscard]] const fb::Decide& decide_of(const fb::Node& node) const {
    return decides[DecideId(node.payload())];
  }
  [[nodiscard]] const fb::Assert& assert_of(const fb::Node& node) const {
    return asserts[AssertId(node.payload())];
  }

  /// Whether the routes of a decide are bodies; otherwise they are stages.
  [[nodiscard]] bool ChoosesBodies(const fb::Decide& decide) const {
    for (const fb::Route& route : Slice(routes, decide.routes())) {
      if (route.kind() == fb::RouteKind::Region) return true;
    }
    return false;
  }

  // Lists that structs refer to by ranges.
  [[nodiscard]] IdSpan<NodeId> targets_of(const fb::Route& route) const {
    return IdSpan<NodeId>(Slice(route_targets, route.targets()));
  }
  [[nodiscard]] IdSpan<ProgramId> argv_of(const fb::Command& command) const {
    return IdSpan<ProgramId>(Slice(program_lists, command.argv()));
  }
  /// The patterns in one of a command's ranges `reads`, `writes` and `net`.
  [[nodiscard]] IdSpan<StringId> patterns_of(const fb::Range& range) const {
    return IdSpan<StringId>(Slice(pattern_lists, range));
  }
  [[nodiscard]] IdSpan<ScopeId> scopes_of(const fb::Authority& authority) const {
    return IdSpan<ScopeId>(Slice(scope_lists, authority.scopes()));
  }

  /// The part of `table` to which `range` refers.
  template <class T>
  [[nodiscard]] static std::span<const T> Slice(std::span<const T> table, const fb::Range& range) {
    return table.subspan(range.first(), range.count());
  }
};

/// The ids in a range, such as the nodes of a region or the routes of a decide.
template <class IdT>
[[nodiscard]] IdRange<IdT> IdsOf(const fb::Range& range) {
  return IdRange<IdT>(range.first(), range.count());
}
[[nodiscard]] inline IdRange<NodeId> NodesOf(const fb::Region& region) {
  return IdsOf<NodeId>(region.nodes());
}
[[nodiscard]] inline IdRange<RouteId> RoutesOf(const fb::Decide& decide) {
  return IdsOf<RouteId>(decide.routes());
}

/// Owns the bytes of the file; the tables point into them. Movable, so views into it stay valid.
class PlanView : public PlanTables {
 public:
  PlanView(PlanView&&) = default;
  PlanView& operator=(PlanView&&) = default;
  PlanView(const PlanView&) = delete;
  PlanView& operator=(const PlanView&) = delete;

  /// The table with the plan's single values: `workflow`, `input`, `concurrency` and so on.
  [[nodiscard]] const fb::Plan& root() const { return *root_; }
  [[nodiscard]] std::string_view workflow() const { return text(StringId(root_->workflow())); }

  [[nodiscard]] ProgramView program(ProgramId program) const {
    return {Slice(code, programs[program]), constants_};
  }
  /// A constant, decoded when the plan was verified.
  [[nodiscard]] const Value& constant(ConstantId constant) const {
    return constants_[constant.index()];
  }
  [[nodiscard]] std::span<const Value> constants() const { return constants_; }

  /// Validates values against the plan's schemas:
  /// `validator().Validate(schemas[id].entry(), value)`.
  [[nodiscard]] const types::Validator& validator() const { return *validator_; }

  /// The SHA-256 of `content()` as the header states it. The verifier does not recompute it;
  /// `IdentityMatches` does, for `wfc inspect --verify`.
  [[nodiscard]] const Sha256Digest& identity() const { return header_.identity; }
  /// The whole file as it was read; a run folder keeps it as `plan.bin`.
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
  /// The part of the file of which the identity is the digest.
  [[nodiscard]] std::span<const std::byte> content() const {
    return bytes().subspan(kHeaderLength, header_.content_length);
  }
  /// Where the nodes come from, for messages only. Its vectors may be missing.
  [[nodiscard]] const fb::SourceMap* source_map() const { return source_map_; }

 private:
  friend class PlanVerifier;
  PlanView() = default;

  std::vector<std::byte> bytes_;
  Header header_;
  const fb::Plan* root_ = nullptr;
  const fb::SourceMap* source_map_ = nullptr;
  std::vector<Value> constants_;
  std::vector<Value> schema_constants_;
  std::vector<std::string> schema_patterns_;
  std::optional<types::Validator> validator_;
};

}  // namespace wfc::plan

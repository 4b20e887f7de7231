// PlanView: a verified plan in private memory, as flat tables. Only the verifier makes one, so
// reading it cannot fail: every index is in bounds and every rule of schemas/plan.fbs and of
// verifier.h holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/plan/header.h"
#include "ir/base/id.h"
#include "ir/base/sizes.h"
#include "ir/expr/vm/vm.h"
#include "ir/types/vm/validator.h"
#include "ir/value/value.h"
#include "schemas/plan_generated.h"

namespace wfc::plan {

/// Where an index may be missing.
inline constexpr uint32_t kNone = 0xFFFFFFFF;

/// A word of `edges`: where it leads and why.
struct Edge {
  uint32_t to;
  fb::EdgeKind kind;
};
[[nodiscard]] constexpr Edge UnpackEdge(uint32_t word) {
  return {.to = word >> 3, .kind = static_cast<fb::EdgeKind>(word & 7)};
}
[[nodiscard]] constexpr uint32_t PackEdge(Edge edge) {
  return edge.to << 3 | static_cast<uint32_t>(edge.kind);
}
/// Numbers of nodes must fit an edge's word.
inline constexpr uint32_t kMaxNodes = (1u << 29) - 1;

/// Regions inside each other, the workflow's included.
inline constexpr uint32_t kMaxRegionDepth = 256;

// What a plan may ask for at most; codegen lowers anything above.
inline constexpr uint32_t kMaxFurtherAttempts = 1'000'000;
inline constexpr uint32_t kMaxConcurrency = 100'000;
inline constexpr uint64_t kMaxStdoutBytes = kMostStdoutBytes;
inline constexpr int64_t kMaxDelayNs =
    366ll * 24 * 3600 * 1'000'000'000;  ///< of a retry; a timeout may be longer
inline constexpr double kMaxBackoffFactor = 1e6;

inline constexpr uint32_t kCapabilityCount = static_cast<uint32_t>(fb::Capability::MAX) + 1;
inline constexpr uint32_t kErrorCodeCount = static_cast<uint32_t>(fb::ErrorCode::MAX) + 1;

/// The vectors of schemas/plan.fbs, in its order. Ranges and indices of their structs lead into
/// these.
struct PlanTables {
  std::span<const uint8_t> string_bytes;
  std::span<const uint32_t> string_ends;

  std::span<const fb::Node> nodes;
  std::span<const uint32_t> edges;  ///< `UnpackEdge`
  std::span<const fb::Region> regions;
  std::span<const fb::OuterRead> outer_reads;
  std::span<const fb::Policy> policies;
  std::span<const fb::Retry> retries;

  std::span<const fb::AgentCall> agent_calls;
  std::span<const fb::ToolCall> tool_calls;
  std::span<const fb::Assert> asserts;
  std::span<const fb::Decide> decides;
  std::span<const fb::Route> routes;
  std::span<const uint32_t> route_targets;

  std::span<const fb::Agent> agents;
  std::span<const fb::Tool> tools;
  std::span<const fb::Model> models;
  std::span<const fb::Command> commands;
  std::span<const fb::EnvEntry> env_entries;
  std::span<const uint32_t> program_lists;
  std::span<const uint32_t> pattern_lists;
  std::span<const int64_t> integers;

  std::span<const uint32_t> code;
  std::span<const fb::Range> programs;
  std::span<const uint8_t> constant_bytes;
  std::span<const uint32_t> constant_ends;
  std::span<const uint32_t> schema_code;
  std::span<const uint32_t> schema_constants;
  std::span<const uint32_t> schema_patterns;
  std::span<const fb::Schema> schemas;

  std::span<const fb::Var> vars;
  std::span<const fb::Secret> secrets;

  std::span<const fb::Scope> scopes;
  std::span<const fb::Pattern> patterns;
  std::span<const uint32_t> scope_lists;
  std::span<const fb::Authority> authorities;
  std::span<const fb::Suppressed> suppressed;
  std::span<const fb::DryRun> dry_runs;

  /// String `index` of the pool.
  [[nodiscard]] std::string_view text(uint32_t index) const {
    const uint32_t begin = index == 0 ? 0 : string_ends[index - 1];
    return {reinterpret_cast<const char*>(string_bytes.data()) + begin, string_ends[index] - begin};
  }
  /// A node's path: `answer.bug`.
  [[nodiscard]] std::string_view name(uint32_t node) const { return text(nodes[node].name()); }
  /// Edges that lead out of `node`, sorted by where they lead.
  [[nodiscard]] std::span<const uint32_t> edges_of(uint32_t node) const {
    const size_t end = node + 1 < nodes.size() ? nodes[node + 1].first_edge() : edges.size();
    return edges.subspan(nodes[node].first_edge(), end - nodes[node].first_edge());
  }
  /// The part of `table` that `range` names.
  template <class T>
  [[nodiscard]] static std::span<const T> Slice(std::span<const T> table, const fb::Range& range) {
    return table.subspan(range.first(), range.count());
  }
};

class PlanView : public PlanTables {
 public:
  PlanView(PlanView&&) = default;
  PlanView& operator=(PlanView&&) = default;
  PlanView(const PlanView&) = delete;
  PlanView& operator=(const PlanView&) = delete;

  /// The plan's single values: `workflow`, `input`, `concurrency`…
  [[nodiscard]] const fb::Plan& root() const { return *root_; }
  [[nodiscard]] std::string_view workflow() const { return text(root_->workflow()); }

  [[nodiscard]] ProgramView program(uint32_t index) const {
    return {Slice(code, programs[index]), constants_};
  }
  /// Constants, decoded once.
  [[nodiscard]] const Value& constant(uint32_t index) const { return constants_[index]; }
  [[nodiscard]] std::span<const Value> constants() const { return constants_; }

  /// Runs the plan's schemas: `validator().Validate(schemas[i].entry(), value)`.
  [[nodiscard]] const types::Validator& validator() const { return *validator_; }

  /// As the header states it; `inspect --verify` and resume recompute it.
  [[nodiscard]] const Sha256Digest& identity() const { return header_.identity; }
  /// The whole file as it was read; `plan.bin` of a run folder.
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
  /// What the identity is the digest of.
  [[nodiscard]] std::span<const std::byte> content() const {
    return bytes().subspan(kHeaderLength, header_.content_length);
  }
  /// Where the nodes came from, for messages only; null when the plan has none.
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

// Checks programs: each stays within its code, and reads only what every place that uses it may
// read: a stage the nodes it waits for, an agent or a tool its own `with`.
#include <algorithm>

#include <fmt/core.h>

#include "backend-runtime/plan/check.h"
#include "backend-runtime/plan/programs.h"
#include "backend-runtime/plan/words.h"

namespace wfc::plan {
namespace {

/// The budget for checking uses. Without it, a plan whose nodes all share one program that reads
/// everything would take quadratic time.
constexpr uint64_t kMaxUseSteps = 1ull << 25;

constexpr uint32_t Bit(RootKind kind) {
  return 1u << static_cast<unsigned>(kind);
}

constexpr uint32_t kProjectRoots =
    Bit(RootKind::Var) | Bit(RootKind::Vars) | Bit(RootKind::RunField);
constexpr uint32_t kStageRoots = kProjectRoots | Bit(RootKind::Input) | Bit(RootKind::StageField);
constexpr uint32_t kCalleeRoots = kProjectRoots | Bit(RootKind::With);
/// What a program in this role may read, if its owner may read `roots`.
constexpr uint32_t VisibleRoots(ExprRole role, uint32_t roots) {
  if (role == ExprRole::Variable) return roots | Bit(RootKind::Secret);
  return role == ExprRole::Prompt ? roots | Bit(RootKind::With) : roots;
}

constexpr uint32_t kKnownRoots =
    kStageRoots | kCalleeRoots | Bit(RootKind::Error) | Bit(RootKind::Secret);

bool IsKnownField(uint32_t field) {
  return field < kStageFieldCount &&
         RuleOf(static_cast<StageField>(field)).owner != FieldOwner::Later;
}

/// The roots that a program reads.
struct Reads {
  uint32_t kinds = 0;    ///< one bit per RootKind
  Range stages;          ///< the nodes it reads, as a range of ProgramChecker::stage_reads_
  bool is_free = false;  ///< every stage may read everything that the program reads
};

class ProgramChecker {
 public:
  ProgramChecker(const PlanTables& plan, const fb::Plan& root, std::span<const Value> constants)
      : plan_(plan), root_(root), constants_(constants) {}

  Result<void> Check() {
    Result<void> result = CheckCode();
    if (result.ok()) result = CheckCallees();
    if (result.ok()) result = CheckRegionOutputs();
    if (result.ok()) result = CheckNodes();
    return result;
  }

 private:
  // Each program by itself

  Result<void> CheckCode() {
    ProgramLimits limits;
    limits.constant_count = static_cast<uint32_t>(constants_.size());
    limits.is_string_constant = [this](uint32_t index) { return constants_[index].is_string(); };
    Reads* reads = nullptr;
    limits.admits_root = [&](const Root& root) { return Admit(root, *reads); };
    reads_ = IdVector<ProgramId, Reads>(plan_.programs.size());
    for (const ProgramId id : plan_.programs.ids()) {
      reads = &reads_[id];
      const size_t first = stage_reads_.size();
      const Result<void> program =
          VerifyProgram(PlanTables::Slice(plan_.code, plan_.programs[id]), limits);
      if (!program.ok()) return At("program", id.index(), program.error().message);
      std::sort(stage_reads_.begin() + static_cast<ptrdiff_t>(first), stage_reads_.end());
      stage_reads_.erase(
          std::unique(stage_reads_.begin() + static_cast<ptrdiff_t>(first), stage_reads_.end()),
          stage_reads_.end());
      reads->stages = {.first = static_cast<uint32_t>(first),
                       .count = static_cast<uint32_t>(stage_reads_.size() - first)};
      reads->is_free = reads->stages.empty() && (reads->kinds & ~kStageRoots) == 0;
    }
    return {};
  }

  bool Admit(const Root& root, Reads& reads) {
    const auto kind = static_cast<uint32_t>(root.kind);
    if (kind >= kRootKindCount || (kKnownRoots >> kind & 1) == 0) return false;
    reads.kinds |= 1u << kind;
    if (root.kind == RootKind::Var) return root.a < plan_.vars.size();
    if (root.kind == RootKind::Secret) return root.a < plan_.secrets.size();
    if (root.kind == RootKind::RunField) return root.a < kRunFieldCount;
    if (root.kind != RootKind::StageField) return true;
    if (root.a >= plan_.nodes.size() || !IsKnownField(root.b)) return false;
    stage_reads_.emplace_back(root.a);
    return true;
  }

  // Uses

  bool MayRead(ProgramId program, uint32_t roots) const {
    return !program.has_value() || (reads_[program].kinds & ~roots) == 0;
  }

  /// Whether the programs of an agent or a tool read only what they may.
  template <class Callee>
  bool CalleeMayRead(const Callee& callee) const {
    bool is_sound = true;
    ForEachProgram(plan_, callee, [&](ExprRole role, ProgramId program) {
      is_sound = is_sound && MayRead(program, VisibleRoots(role, kCalleeRoots));
    });
    return is_sound;
  }

  Result<void> CheckCallees() {
    constexpr std::string_view kFault = "reads what it does not see";
    for (const AgentId id : plan_.agents.ids()) {
      if (!CalleeMayRead(plan_.agents[id])) return At("agent", id.index(), kFault);
    }
    for (const ToolId id : plan_.tools.ids()) {
      if (!CalleeMayRead(plan_.tools[id])) return At("tool", id.index(), kFault);
    }
    return {};
  }

  /// Checks the outputs of regions. An output may read the nodes of its region, and everything
  /// outside that a node of the region could read.
  Result<void> CheckRegionOutputs() {
    sees_error_ = IdVector<RegionId, bool>(plan_.regions.size());
    for (const RegionId id : plan_.regions.ids()) {
      const fb::Region& region = plan_.regions[id];
      const NodeId owner(region.owner());
      sees_error_[id] = owner.has_value() &&
                        (RuleOf(region.kind()).sees_error || sees_error_[plan_.region_of(owner)]);
      if (Fault fault = CheckOutput(ProgramId(region.output()), id))
        return At("region", id.index(), fault);
    }
    if (Fault fault = CheckOutput(ProgramId(root_.output()), kWorkflowRegion))
      return Error{fmt::format("plan: {}", fault)};
    return {};
  }

  uint32_t RootsOf(RegionId region) const {
    return kStageRoots | (sees_error_[region] ? Bit(RootKind::Error) : 0);
  }

  Fault CheckOutput(ProgramId program, RegionId region) {
    if (!program.has_value()) return nullptr;
    if (!MayRead(program, RootsOf(region))) return "its output reads what it does not see";
    for (const NodeId from : StagesOf(program)) {
      if (++steps_ > kMaxUseSteps) return "its programs read too much";
      if (plan_.region_of(from) == region) continue;
      const NodeId owner = plan_.owner_of(region);
      if (!owner.has_value() || !HasSettled(owner, from))
        return "its output reads a node that has not settled";
    }
    return nullptr;
  }

  std::span<const NodeId> StagesOf(ProgramId program) const {
    return std::span(stage_reads_)
        .subspan(reads_[program].stages.first, reads_[program].stages.count);
  }

  /// Whether `from` is guaranteed to have settled when `reader` starts.
  bool HasSettled(NodeId reader, NodeId from) {
    const NodeId waits = FindWaiter(plan_, reader, from, steps_);
    return waits.has_value() && IsEdge(plan_, from, waits);
  }

  Result<void> CheckNodes() {
    for (const NodeId node : plan_.nodes.ids()) {
      if (IsPlainProgram(plan_.nodes[node])) continue;
      if (Fault fault = CheckNode(node)) return AtNode(plan_, node, fault);
      if (unsettled_.has_value()) {
        return AtNode(plan_, node,
                      fmt::format("reads node {}, for which it does not wait", unsettled_.index()));
      }
      if (steps_ > kMaxUseSteps) return Error{"nodes: their programs read too much"};
    }
    return {};
  }

  /// Whether the node is a transform that reads only what every stage may read. Most nodes of the
  /// largest plans are, so they are recognized quickly.
  bool IsPlainProgram(const fb::Node& node) const {
    return TableOf(node.verb()) == PayloadTable::Programs &&
           reads_[ProgramId(node.payload())].is_free && node.condition() == kNone &&
           plan_.policy_of(node).on_error_value() == kNone;
  }

  Fault CheckNode(NodeId id) {
    const uint32_t roots = RootsOf(plan_.region_of(id));
    bool is_sound = true;
    ForEachProgram(plan_, plan_.nodes[id], [&](ExprRole role, ProgramId program) {
      is_sound = is_sound && Use(id, program, VisibleRoots(role, roots));
    });
    return is_sound ? nullptr : "reads what it does not see";
  }

  /// Whether `node` may read the roots of `program`. A node that it reads without waiting for it is
  /// stored in `unsettled_`.
  bool Use(NodeId node, ProgramId program, uint32_t roots) {
    if (!MayRead(program, roots)) return false;
    for (const NodeId from : StagesOf(program)) {
      if (++steps_ > kMaxUseSteps) return true;
      if (!HasSettled(node, from)) unsettled_ = from;
    }
    return true;
  }

  const PlanTables& plan_;
  const fb::Plan& root_;
  std::span<const Value> constants_;
  IdVector<ProgramId, Reads> reads_;
  std::vector<NodeId> stage_reads_;
  IdVector<RegionId, bool> sees_error_;
  uint64_t steps_ = 0;
  NodeId unsettled_;
};

}  // namespace

Result<void> CheckPrograms(const PlanTables& plan, const fb::Plan& root,
                           std::span<const Value> constants) {
  return ProgramChecker(plan, root, constants).Check();
}

}  // namespace wfc::plan

// Programs: each stays in its code, and reads only what the places that use it may read: a stage
// what it waits for, an agent or a tool its own `with`.
#include <algorithm>

#include <fmt/format.h>

#include "backend-runtime/plan/check.h"

namespace wfc::plan {
namespace {

/// Steps that judging uses may take: a plan whose nodes share one program that reads everything
/// would take for ever.
constexpr uint64_t kMaxUseSteps = 1ull << 25;

constexpr uint32_t Bit(RootKind kind) {
  return 1u << static_cast<unsigned>(kind);
}

constexpr uint32_t kProjectRoots =
    Bit(RootKind::Var) | Bit(RootKind::Vars) | Bit(RootKind::RunField);
constexpr uint32_t kStageRoots = kProjectRoots | Bit(RootKind::Input) | Bit(RootKind::StageField);
constexpr uint32_t kCalleeRoots = kProjectRoots | Bit(RootKind::With);
constexpr uint32_t kKnownRoots =
    kStageRoots | kCalleeRoots | Bit(RootKind::Error) | Bit(RootKind::Secret);

bool IsKnownField(uint32_t field) {
  return field < kStageFieldCount &&
         RuleOf(static_cast<StageField>(field)).owner != FieldOwner::Later;
}

/// What a program reads.
struct Reads {
  uint32_t kinds = 0;    ///< a bit a RootKind
  Range stages;          ///< nodes, in ProgramChecker::stage_reads_
  bool is_free = false;  ///< every stage may read all of it
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
    reads_.resize(plan_.programs.size());
    for (size_t i = 0; i < plan_.programs.size(); ++i) {
      reads = &reads_[i];
      const size_t first = stage_reads_.size();
      const Result<void> program =
          VerifyProgram(PlanTables::Slice(plan_.code, plan_.programs[i]), limits);
      if (!program.ok()) return At("program", i, program.error().message);
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
    stage_reads_.push_back(root.a);
    return true;
  }

  // Uses

  bool MayRead(uint32_t program, uint32_t roots) const {
    return program == kNone || (reads_[program].kinds & ~roots) == 0;
  }

  bool MayReadAll(std::span<const uint32_t> programs, uint32_t roots) const {
    return std::ranges::all_of(programs, [&](uint32_t program) { return MayRead(program, roots); });
  }

  bool CommandMayRead(const fb::Command& command, uint32_t roots) const {
    if (!MayReadAll(PlanTables::Slice(plan_.program_lists, command.argv()), roots)) return false;
    for (const fb::EnvEntry& entry : PlanTables::Slice(plan_.env_entries, command.env())) {
      if (!MayRead(entry.program(), roots | Bit(RootKind::Secret))) return false;
    }
    return MayRead(command.cwd(), roots) && MayRead(command.stdin_program(), roots);
  }

  Result<void> CheckCallees() {
    constexpr std::string_view kFault = "reads what it does not see";
    for (size_t i = 0; i < plan_.agents.size(); ++i) {
      const fb::Agent& agent = plan_.agents[i];
      const bool is_sound = MayRead(agent.system(), kCalleeRoots) &&
                            MayRead(agent.prompt(), kCalleeRoots) &&
                            (agent.command() == kNone ||
                             CommandMayRead(plan_.commands[agent.command()], kCalleeRoots));
      if (!is_sound) return At("agent", i, kFault);
    }
    for (size_t i = 0; i < plan_.tools.size(); ++i) {
      const uint32_t command = plan_.tools[i].command();
      if (command != kNone && !CommandMayRead(plan_.commands[command], kCalleeRoots))
        return At("tool", i, kFault);
    }
    return {};
  }

  /// An output reads the nodes of its region, and what a node of it could read outside.
  Result<void> CheckRegionOutputs() {
    sees_error_.resize(plan_.regions.size());
    for (uint32_t i = 0; i < plan_.regions.size(); ++i) {
      const fb::Region& region = plan_.regions[i];
      const bool is_inner = region.owner() != kNone;
      sees_error_[i] = is_inner && (region.kind() == fb::RegionKind::Fallback ||
                                    sees_error_[plan_.nodes[region.owner()].region()]);
      if (Fault fault = CheckOutput(region.output(), i)) return At("region", i, fault);
    }
    if (Fault fault = CheckOutput(root_.output(), 0)) return Error{fmt::format("plan: {}", fault)};
    return {};
  }

  uint32_t RootsOf(uint32_t region) const {
    return kStageRoots | (sees_error_[region] ? Bit(RootKind::Error) : 0);
  }

  Fault CheckOutput(uint32_t program, uint32_t region) {
    if (program == kNone) return nullptr;
    if (!MayRead(program, RootsOf(region))) return "its output reads what it does not see";
    for (const uint32_t from : StagesOf(program)) {
      if (++steps_ > kMaxUseSteps) return "its programs read too much";
      if (plan_.nodes[from].region() == region) continue;
      const uint32_t owner = plan_.regions[region].owner();
      if (owner == kNone || !HasSettled(owner, from))
        return "its output reads a node that has not settled";
    }
    return nullptr;
  }

  std::span<const uint32_t> StagesOf(uint32_t program) const {
    return std::span(stage_reads_)
        .subspan(reads_[program].stages.first, reads_[program].stages.count);
  }

  /// Whether `from` has settled whenever `reader` starts.
  bool HasSettled(uint32_t reader, uint32_t from) {
    const uint32_t waits = FindWaiting(plan_, reader, from, steps_);
    return waits != kNone && IsEdge(plan_, from, waits);
  }

  Result<void> CheckNodes() {
    for (uint32_t node = 0; node < plan_.nodes.size(); ++node) {
      if (IsPlainTransform(plan_.nodes[node])) continue;
      if (Fault fault = CheckNode(node)) return AtNode(plan_, node, fault);
      if (unsettled_ != kNone) {
        return AtNode(plan_, node,
                      fmt::format("reads node {}, for which it does not wait", unsettled_));
      }
      if (steps_ > kMaxUseSteps) return Error{"nodes: their programs read too much"};
    }
    return {};
  }

  /// Reads nothing that any stage could not: most nodes of the largest plans, told apart quickly.
  bool IsPlainTransform(const fb::Node& node) const {
    return node.verb() == fb::Verb::Transform && reads_[node.payload()].is_free &&
           node.condition() == kNone && plan_.policies[node.policy()].on_error_value() == kNone;
  }

  Fault CheckNode(uint32_t index) {
    const fb::Node& node = plan_.nodes[index];
    const uint32_t roots = RootsOf(node.region());
    const fb::Policy& policy = plan_.policies[node.policy()];
    bool is_sound =
        Use(index, node.condition(), roots) && Use(index, policy.on_error_value(), roots);
    switch (node.verb()) {
      case fb::Verb::Agent: {
        const fb::AgentCall& call = plan_.agent_calls[node.payload()];
        is_sound = is_sound && Use(index, call.with_program(), roots) &&
                   Use(index, call.prompt(), roots | Bit(RootKind::With));
        break;
      }
      case fb::Verb::Tool:
        is_sound = is_sound && Use(index, plan_.tool_calls[node.payload()].with_program(), roots);
        break;
      case fb::Verb::Run:
        is_sound = is_sound && UseCommand(index, plan_.commands[node.payload()], roots);
        break;
      case fb::Verb::Transform:
      case fb::Verb::Fail:
        is_sound = is_sound && Use(index, node.payload(), roots);
        break;
      case fb::Verb::Decide:
        is_sound = is_sound && UseDecide(index, plan_.decides[node.payload()], roots);
        break;
      case fb::Verb::Assert: {
        const fb::Assert& assertion = plan_.asserts[node.payload()];
        is_sound = is_sound && Use(index, assertion.program(), roots) &&
                   Use(index, assertion.message(), roots);
        break;
      }
    }
    return is_sound ? nullptr : "reads what it does not see";
  }

  /// Whether `node` may read the roots of `program`; nodes that it does not wait for are noted in
  /// `unsettled_`.
  bool Use(uint32_t node, uint32_t program, uint32_t roots) {
    if (program == kNone) return true;
    if (!MayRead(program, roots)) return false;
    for (const uint32_t from : StagesOf(program)) {
      if (++steps_ > kMaxUseSteps) return true;
      if (!HasSettled(node, from)) unsettled_ = from;
    }
    return true;
  }

  bool UseCommand(uint32_t node, const fb::Command& command, uint32_t roots) {
    for (const uint32_t program : PlanTables::Slice(plan_.program_lists, command.argv())) {
      if (!Use(node, program, roots)) return false;
    }
    for (const fb::EnvEntry& entry : PlanTables::Slice(plan_.env_entries, command.env())) {
      if (!Use(node, entry.program(), roots | Bit(RootKind::Secret))) return false;
    }
    return Use(node, command.cwd(), roots) && Use(node, command.stdin_program(), roots);
  }

  bool UseDecide(uint32_t node, const fb::Decide& decide, uint32_t roots) {
    if (!Use(node, decide.subject(), roots)) return false;
    return std::ranges::all_of(
        PlanTables::Slice(plan_.routes, decide.routes()),
        [&](const fb::Route& route) { return Use(node, route.when(), roots); });
  }

  const PlanTables& plan_;
  const fb::Plan& root_;
  std::span<const Value> constants_;
  std::vector<Reads> reads_;           // of each program
  std::vector<uint32_t> stage_reads_;  // nodes
  std::vector<bool> sees_error_;       // of each region
  uint64_t steps_ = 0;
  uint32_t unsettled_ = kNone;
};

}  // namespace

Result<void> CheckPrograms(const PlanTables& plan, const fb::Plan& root,
                           std::span<const Value> constants) {
  return ProgramChecker(plan, root, constants).Check();
}

}  // namespace wfc::plan

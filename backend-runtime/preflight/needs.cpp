#include "backend-runtime/preflight/needs.h"

#include <set>
#include <utility>

#include "backend-runtime/plan/programs.h"
#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/evaluate/callee.h"
#include "backend-runtime/tools/program_paths.h"
#include "ir/expr/vm/vm.h"

namespace wfc::preflight {
namespace {

using plan::NodeId;
using plan::ProgramId;
using plan::SecretId;
using plan::StringId;
using plan::fb::EdgeKind;

/// The context of expressions before the run, when only constants are known. Records the secrets
/// that an expression reads.
class ConstantContext : public LoadContext {
 public:
  const Value& Load(const Root& root, Value& made) override {
    if (root.kind == RootKind::Secret) secrets.insert(SecretId(root.a));
    return made = Value::Error(EvalError::Unknown, "not known before the run");
  }

  std::set<SecretId> secrets;
};

class NeedsFinder {
 public:
  NeedsFinder(const plan::PlanView& plan, Mode mode, const std::vector<bool>& is_over)
      : plan_(plan), mode_(mode), is_over_(is_over) {}

  Needs Find() {
    for (const NodeId node : plan_.nodes.ids()) {
      const Effect effect = runtime::EffectOf(plan_, node);
      if (effect >= Effect::Write) needs_.has_writers = true;
      const bool is_pretended = mode_ == Mode::DryRun && effect >= Effect::Write;
      if (is_pretended || IsOver(node) || !runtime::IsCall(plan_, node)) continue;
      const plan::fb::Command* command = runtime::CommandOf(plan_, node);
      if (command != nullptr) {
        AddCommand(node, *command);
      } else {
        AddBuiltin(node);
      }
    }
    return std::move(needs_);
  }

 private:
  /// Whether the stage, or the one of the workflow whose body it is in, has ended.
  [[nodiscard]] bool IsOver(NodeId node) const {
    if (is_over_.empty()) return false;
    NodeId outermost = node;
    while (plan_.region_of(outermost) != plan::kWorkflowRegion) {
      outermost = plan_.owner_of(plan_.region_of(outermost));
    }
    return is_over_[outermost.index()];
  }

  void AddCommand(NodeId node, const plan::fb::Command& command) {
    bool has_own_path = false;
    for (const plan::fb::EnvEntry& entry :
         plan::PlanTables::Slice(plan_.env_entries, command.env())) {
      if (plan_.text(StringId(entry.name())) == "PATH") has_own_path = true;
      ConstantContext context;
      static_cast<void>(Evaluate(plan_.program(ProgramId(entry.program())), context));
      for (const SecretId secret : context.secrets) needs_.secrets[secret].push_back(node);
    }
    AddProgram(node, plan_.argv_of(command).front(), has_own_path);
    AddWrites(node, command);
  }

  void AddProgram(NodeId node, ProgramId program, bool has_own_path) {
    ConstantContext context;
    const Value name = Evaluate(plan_.program(program), context);
    if (!name.is_string()) return;
    needs_.programs[{.name = std::string(name.AsString()), .has_own_path = has_own_path}].push_back(
        node);
  }

  /// Patterns that are absolute are about other folders, of which nothing is known here.
  void AddWrites(NodeId node, const plan::fb::Command& command) {
    WriteNeed need{.stage = node, .patterns = {}};
    for (const StringId id : plan_.patterns_of(command.writes())) {
      const std::string_view pattern = plan_.text(id);
      if (pattern.empty() || pattern.starts_with('/')) return;
      need.patterns.emplace_back(pattern);
    }
    if (!need.patterns.empty()) needs_.writes.push_back(std::move(need));
  }

  void AddBuiltin(NodeId node) {
    const plan::fb::Node& row = plan_.nodes[node];
    if (plan::CalleeOf(row) != Callee::Tool) return;
    const plan::fb::Tool& tool = plan_.tool_of(row);
    if (tool.kind() != plan::fb::ToolKind::Builtin) return;
    const auto builtin = static_cast<BuiltinTool>(tool.builtin());
    const std::string_view program = tools::ProgramOf(builtin);
    if (!program.empty()) {
      needs_.programs[{.name = std::string(program), .is_system = true}].push_back(node);
    }
    if (builtin == BuiltinTool::FsWrite) AddWrittenFile(node);
  }

  void AddWrittenFile(NodeId node) {
    const ProgramId with(plan_.tool_call_of(plan_.nodes[node]).with_program());
    if (!with.has_value()) return;
    ConstantContext context;
    const Value arguments = Evaluate(plan_.program(with), context);
    const Value* path = arguments.kind() == Kind::Map ? arguments.Find("path") : nullptr;
    if (path == nullptr || !path->is_string()) return;
    needs_.writes.push_back({.stage = node, .patterns = {std::string(path->AsString())}});
  }

  const plan::PlanView& plan_;
  Mode mode_;
  const std::vector<bool>& is_over_;
  Needs needs_;
};

/// Whether a stage of the workflow itself can be skipped for a reason of its own.
bool MayBeLeftOut(const plan::PlanView& plan, NodeId node) {
  const plan::fb::Node& row = plan.nodes[node];
  return plan.region_of(node) != plan::kWorkflowRegion || ProgramId(row.condition()).has_value() ||
         row.join() == plan::fb::Join::Any;
}

/// Whether a stage at the end of such an edge is skipped if the one at its beginning is.
bool IsHard(EdgeKind kind) {
  return kind == EdgeKind::HardAfter || kind == EdgeKind::HardOutput || kind == EdgeKind::HardRan;
}

}  // namespace

Needs FindNeeds(const plan::PlanView& plan, Mode mode, const std::vector<bool>& is_over) {
  return NeedsFinder(plan, mode, is_over).Find();
}

bool ToleratesFailure(const plan::PlanView& plan, NodeId stage) {
  return plan.policy_of(stage).on_error() != plan::fb::OnError::Fail;
}

std::vector<bool> FindCertainStages(const plan::PlanView& plan) {
  std::vector<bool> runs(plan.nodes.size(), true);
  for (const NodeId node : plan.nodes.ids()) {
    if (MayBeLeftOut(plan, node)) runs[node.index()] = false;
    // Edges lead to higher numbers, so that what is known of this node does not change any more.
    for (const uint32_t word : plan.edges_of(node)) {
      const plan::Edge edge = plan::UnpackEdge(word);
      const bool waits_for_all = plan.nodes[edge.to].join() == plan::fb::Join::All;
      const bool can_skip = edge.kind == EdgeKind::Control ||
                            (IsHard(edge.kind) && waits_for_all && !runs[node.index()]);
      if (can_skip) runs[edge.to.index()] = false;
    }
  }
  for (const NodeId node : plan.nodes.ids()) {
    if (ToleratesFailure(plan, node)) runs[node.index()] = false;
  }
  return runs;
}

}  // namespace wfc::preflight

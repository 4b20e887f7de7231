#include "driver/wfc_run/preflight.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "backend-runtime/runtime/evaluate/callee.h"
#include "backend-runtime/runtime/redact/redactor.h"
#include "backend-runtime/tools/executables.h"
#include "driver/wfc_run/host_executor.h"

namespace wfc::driver {
namespace {

using plan::CommandId;
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

class Preflight {
 public:
  explicit Preflight(const PreflightInput& input) : input_(input), plan_(input.plan) {}

  std::vector<std::string> Run() {
    for (const SecretId secret : plan_.secrets.ids()) CheckLength(secret);
    for (const NodeId node : plan_.nodes.ids()) {
      const CommandId command = CommandOf(node);
      if (!command.has_value() || !IsPerformed(node) || ToleratesFailure(node)) continue;
      CheckCommand(node, plan_.commands[command]);
    }
    return std::move(problems_);
  }

 private:
  [[nodiscard]] CommandId CommandOf(NodeId node) const {
    const plan::fb::Node& each = plan_.nodes[node];
    switch (plan::CalleeOf(each)) {
      case Callee::Agent: {
        const plan::fb::Agent& agent = plan_.agent_of(each);
        const bool is_command = agent.kind() == plan::fb::AgentKind::Command;
        return is_command ? CommandId(agent.command()) : CommandId();
      }
      case Callee::Tool: {
        const plan::fb::Tool& tool = plan_.tool_of(each);
        const bool is_command = tool.kind() == plan::fb::ToolKind::Command;
        return is_command ? CommandId(tool.command()) : CommandId();
      }
      case Callee::Command:
        return CommandId(each.payload());
      case Callee::None:
        break;
    }
    return {};
  }

  [[nodiscard]] bool IsPerformed(NodeId node) const {
    return input_.mode != Mode::DryRun || runtime::EffectOf(plan_, node) < Effect::Write;
  }

  /// Whether the run tolerates a failure of the stage: then the stage may lack what it needs.
  [[nodiscard]] bool ToleratesFailure(NodeId node) const {
    return plan_.policy_of(node).on_error() != plan::fb::OnError::Fail;
  }

  void CheckCommand(NodeId node, const plan::fb::Command& command) {
    for (const plan::fb::EnvEntry& entry :
         plan::PlanTables::Slice(plan_.env_entries, command.env())) {
      ConstantContext context;
      static_cast<void>(Evaluate(plan_.program(ProgramId(entry.program())), context));
      for (const SecretId secret : context.secrets) CheckSecret(node, secret);
    }
    CheckProgram(node, plan_.argv_of(command).front());
  }

  [[nodiscard]] std::string SourceOf(const plan::fb::Secret& secret) const {
    const StringId environment(secret.environment());
    return environment.has_value()
               ? fmt::format("the environment variable `{}`", plan_.text(environment))
               : fmt::format("the file `{}`", plan_.text(StringId(secret.file())));
  }

  /// Reports a secret that is too short to be hidden. That concerns every secret with a value,
  /// whichever stage reads it.
  void CheckLength(SecretId id) {
    const plan::fb::Secret& secret = plan_.secrets[id];
    const std::optional<std::string>& value = input_.secrets[id];
    if (!value || value->empty() || redact::CanBeHidden(*value)) return;
    problems_.push_back(fmt::format(
        "the secret `{}` has fewer than {} bytes ({}), so that it could not be redacted from "
        "records; use a longer one, or a `vars` entry if it is not a secret",
        plan_.name(secret), redact::kShortestSecret, SourceOf(secret)));
  }

  void CheckSecret(NodeId node, SecretId id) {
    if (!checked_secrets_.insert(id).second) return;
    const plan::fb::Secret& secret = plan_.secrets[id];
    const std::optional<std::string>& value = input_.secrets[id];
    if (value && !value->empty()) return;
    const std::string& unread = input_.unread[id];
    problems_.push_back(fmt::format("the secret `{}`, which stage `{}` needs, is not set: {} {}",
                                    plan_.name(secret), plan_.name(node), SourceOf(secret),
                                    value            ? "is empty"
                                    : unread.empty() ? "is not there"
                                                     : "cannot be read: " + unread));
  }

  void CheckProgram(NodeId node, ProgramId program) {
    ConstantContext context;
    const Value name = Evaluate(plan_.program(program), context);
    if (!name.is_string() || !checked_programs_.insert(std::string(name.AsString())).second) return;
    const std::string text(name.AsString());
    const Result<std::string> path =
        tools::FindProgramPath(text, SearchPath(plan_), input_.workspace);
    if (path || MayBeMade(text) || !IsCertain(node)) {
      if (!path) checked_programs_.erase(text);
      return;
    }
    problems_.push_back(
        fmt::format("stage `{}` cannot run: {}", plan_.name(node), path.error().message));
  }

  /// Whether the run itself may create the program: it is looked up in the workspace, and some
  /// stage writes.
  [[nodiscard]] bool MayBeMade(const std::string& name) const {
    const bool is_absolute = name.starts_with('/');
    const bool is_relative = !is_absolute && name.find('/') != std::string::npos;
    const std::string& root = input_.workspace.root();
    const std::string where = is_absolute ? name : is_relative ? root : SearchPath(plan_);
    if (where.find(root) == std::string::npos) return false;
    for (const NodeId node : plan_.nodes.ids()) {
      if (runtime::EffectOf(plan_, node) >= Effect::Write) return true;
    }
    return false;
  }

  /// Whether the stage runs unless something fails: it belongs to the workflow itself, and neither
  /// a condition nor a decide can skip it or a stage that it depends on.
  [[nodiscard]] bool IsCertain(NodeId node) {
    if (incoming_.empty()) CollectEdges();
    std::set<NodeId> seen;
    std::vector<NodeId> open = {node};
    while (!open.empty()) {
      const NodeId each = open.back();
      open.pop_back();
      if (!seen.insert(each).second) continue;
      const plan::fb::Node& it = plan_.nodes[each];
      const bool may_be_left_out = plan_.region_of(each) != plan::kWorkflowRegion ||
                                   ProgramId(it.condition()).has_value() ||
                                   it.join() == plan::fb::Join::Any;
      if (may_be_left_out) return false;
      for (const auto& [from, kind] : incoming_[each]) {
        if (kind == EdgeKind::Control) return false;
        const bool is_hard = kind == EdgeKind::HardAfter || kind == EdgeKind::HardOutput ||
                             kind == EdgeKind::HardRan;
        if (is_hard && it.join() == plan::fb::Join::All) open.push_back(from);
      }
    }
    return true;
  }

  void CollectEdges() {
    for (const NodeId from : plan_.nodes.ids()) {
      for (const uint32_t word : plan_.edges_of(from)) {
        const plan::Edge edge = plan::UnpackEdge(word);
        incoming_[edge.to].emplace_back(from, edge.kind);
      }
    }
  }

  const PreflightInput& input_;
  const plan::PlanView& plan_;
  std::set<SecretId> checked_secrets_;
  std::set<std::string> checked_programs_;
  std::unordered_map<NodeId, std::vector<std::pair<NodeId, EdgeKind>>> incoming_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> FindBlockingProblems(const PreflightInput& input) {
  return Preflight(input).Run();
}

}  // namespace wfc::driver

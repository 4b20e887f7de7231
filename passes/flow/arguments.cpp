// N012, N013: checks `with` against the input of the agent or the tool. A `with` that is a single
// `${…}` is validated at run time.
#include <algorithm>
#include <optional>
#include <span>

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/support/id_keys.h"
#include "ir/support/suggest.h"
#include "passes/context/pass.h"
#include "passes/flow/taken_arguments.h"

namespace wfc::passes {

namespace {

using Names = llvm::SmallVector<std::string_view, 8>;

class ArgumentCheck {
 public:
  ArgumentCheck(PassContext& context, const ir::Stage& stage, const TakenArguments& input,
                uint32_t& suggestion_budget)
      : context_(context), stage_(stage), input_(input), suggestion_budget_(suggestion_budget) {}

  void Run() {
    for (const ir::Argument& argument : Arguments()) {
      std::string_view name = context_.project.text(argument.name);
      given_.push_back(name);
      if (!input_.is_open && !Contains(input_.names, name)) extra_.push_back(&argument);
    }
    for (const ir::Argument* argument : extra_) ReportExtra(*argument);
    for (std::string_view name : input_.required) {
      if (!Contains(given_, name) && !Contains(meant_, name)) ReportMissing(name);
    }
  }

 private:
  /// Whether the sorted `names` contain `name`.
  static bool Contains(std::span<const std::string_view> names, std::string_view name) {
    return std::ranges::binary_search(names, name);
  }
  std::span<const ir::Argument> Arguments() const {
    return context_.project.arguments_of(*context_.project.FindWith(stage_));
  }

  std::string Callee() const {
    const ir::Project& project = context_.project;
    const ir::AgentId agent = project.agent_of(stage_);
    if (agent.has_value())
      return fmt::format("the agent `{}`", project.text(project.agents[agent].name));
    return fmt::format("the tool `{}`", project.text(project.tools[project.tool_of(stage_)].name));
  }

  /// The only required argument that is missing, provided there is exactly one unknown argument:
  /// whatever its name, that argument is most likely the missing one.
  std::string_view FindOnlyMissing() const {
    if (extra_.size() != 1) return {};
    std::string_view missing;
    for (std::string_view name : input_.required) {
      if (Contains(given_, name)) continue;
      if (!missing.empty()) return {};
      missing = name;
    }
    return missing;
  }

  void ReportExtra(const ir::Argument& argument) {
    const std::string_view name = context_.project.text(argument.name);
    Suggester suggester(name);
    if (suggestion_budget_ >= input_.names.size()) {
      suggestion_budget_ -= static_cast<uint32_t>(input_.names.size());
      for (std::string_view known : input_.names) {
        if (!IsGiven(known)) suggester.Consider(known);
      }
    }
    const bool is_slip = !suggester.best().empty();
    const std::string_view meant = is_slip ? suggester.best() : FindOnlyMissing();
    const std::string hint = is_slip         ? suggester.Phrase()
                             : meant.empty() ? ListTaken()
                                             : fmt::format("; it needs `{}`", meant);
    diag::Reported reported =
        context_.sink.Report(diag::ExtraArgument, argument.name.span, Callee(), name, hint);
    if (meant.empty()) return;
    meant_.insert(std::ranges::upper_bound(meant_, meant), meant);
    reported.SetFix({.title = fmt::format("rename the argument to `{}`", meant),
                     .safety = diag::FixSafety::Unsafe,
                     .edits = {{argument.name.span, std::string(meant)}}});
  }

  std::string ListTaken() const {
    if (input_.names.empty()) return "; it takes none";
    const std::string list = ListNames(input_.names);
    return list.empty() ? "" : "; it takes " + list;
  }

  void ReportMissing(std::string_view name) {
    context_.sink.Report(diag::MissingArgument, stage_.verb_span, Callee(), name);
  }

  bool IsGiven(std::string_view name) const {
    auto text = [&](const ir::Argument& argument) { return context_.project.text(argument.name); };
    return std::ranges::binary_search(Arguments(), name, {}, text);
  }

  PassContext& context_;
  const ir::Stage& stage_;
  const TakenArguments& input_;
  Names given_;  ///< sorted, as the arguments are
  std::vector<const ir::Argument*> extra_;
  Names meant_;  ///< required names that a near miss stands for
  uint32_t& suggestion_budget_;
};

/// Checks all stages. The input of each callee is computed once.
class StageChecks {
 public:
  explicit StageChecks(PassContext& context) : context_(context), project_(context.project) {}

  void Check(const ir::Stage& stage) {
    if (project_.agent_of(stage).has_value()) CheckAgent(stage);
    if (project_.tool_of(stage).has_value()) CheckTool(stage);
  }

 private:
  void CheckAgent(const ir::Stage& stage) {
    const ir::AgentCall& call = project_.GetAgentCall(stage);
    if (call.prompt.has_value()) {
      Run(stage, FindTaken(project_, stage));
      return;
    }
    auto [entry, is_new] = agents_.try_emplace(call.agent);
    if (is_new) entry->second = FindTaken(project_, project_.agents[call.agent]);
    Run(stage, entry->second);
  }

  void CheckTool(const ir::Stage& stage) {
    const ir::ToolId id = project_.tool_of(stage);
    auto [entry, is_new] = tools_.try_emplace(id);
    if (is_new) entry->second = FindTaken(project_, project_.tools[id]);
    Run(stage, entry->second);
  }

  void Run(const ir::Stage& stage, const std::optional<TakenArguments>& input) {
    if (input) ArgumentCheck(context_, stage, *input, suggestion_budget_).Run();
  }

  PassContext& context_;
  const ir::Project& project_;
  llvm::DenseMap<ir::AgentId, std::optional<TakenArguments>> agents_;
  llvm::DenseMap<ir::ToolId, std::optional<TakenArguments>> tools_;
  /// How many more names may be compared with misspelt ones.
  uint32_t suggestion_budget_ = 200'000;
};

}  // namespace

void CheckArguments(PassContext& context) {
  StageChecks checks(context);
  context.ForEachStage([&](ir::StageId id) {
    const ir::Stage& stage = context.project.stages[id];
    const ir::With* with = context.project.FindWith(stage);
    if (with != nullptr && with->is_map) checks.Check(stage);
  });
}

}  // namespace wfc::passes

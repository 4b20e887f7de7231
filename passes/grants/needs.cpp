// A need is as narrow as the constants of the manifest make it: a constant path needs itself, a
// constant root its subtree, and `a/b/${…}` the folder `a/b`. What is wholly dynamic is checked
// when it is used.
#include "passes/grants/needs.h"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "ir/base/builtin_tools.h"
#include "ir/base/exec_pattern.h"
#include "ir/expr/compiler.h"
#include "ir/expr/reads.h"
#include "ir/expressions.h"
#include "passes/grants/fixed_paths.h"
#include "passes/grants/shell_text.h"

namespace wfc::passes {
namespace {

using ir::Capability;

class NeedFinder {
 public:
  NeedFinder(const ir::Project& project, const ir::Stage& stage)
      : project_(project), stage_(stage) {}

  std::vector<Need> Find() {
    switch (RuleOf(stage_.verb).callee) {
      case Callee::Agent:
        if (project_.agent_of(stage_).has_value()) AddAgent(project_.GetAgentCall(stage_));
        break;
      case Callee::Tool:
        if (project_.tool_of(stage_).has_value()) AddTool(project_.GetToolCall(stage_));
        break;
      case Callee::Command:
        AddCommand(project_.GetCommand(stage_));
        break;
      case Callee::None:
        break;
    }
    return std::move(needs_);
  }

 private:
  void Add(Need need) {
    need.agent = agent_;
    need.tool = tool_;
    const bool is_known = std::ranges::any_of(needs_, [&](const Need& other) {
      return other.capability == need.capability && other.form == need.form &&
             other.has_more_words == need.has_more_words && other.text == need.text;
    });
    if (!is_known) needs_.push_back(std::move(need));
  }

  void AddAgent(const ir::AgentCall& call) {
    const ir::Agent& agent = project_.agents[call.agent];
    agent_ = call.agent;
    if (agent.command.has_value()) AddCommand(project_.commands[agent.command]);
    if (agent.kind != ir::Agent::Kind::Llm) return;
    const ir::ModelId model = project_.model_of(call);
    if (!model.has_value()) return;
    Add({.capability = Capability::Llm,
         .text = std::string(project_.text(project_.models[model].name)),
         .span = stage_.verb_span});
  }

  void AddTool(const ir::ToolCall& call) {
    const ir::Tool& tool = project_.tools[call.tool];
    tool_ = call.tool;
    if (tool.command.has_value()) AddCommand(project_.commands[tool.command]);
    if (tool.kind == ir::Tool::Kind::Builtin) AddBuiltin(project_.text(tool.builtin), call.with);
  }

  void AddBuiltin(std::string_view name, const ir::With& with) {
    const BuiltinToolInfo* info = FindBuiltinTool(name);
    if (info == nullptr || info->need == BuiltinNeed::None) return;
    const bool is_root = info->need == BuiltinNeed::FsReadRoot;
    const Capability capability = CapabilityOf(info->need);
    const auto arguments = project_.arguments_of(with);
    const auto it = std::ranges::find_if(arguments, [&](const ir::Argument& argument) {
      return project_.text(argument.name) == info->argument;
    });
    if (it != arguments.end()) {
      AddPath(capability, it->value, is_root);
    } else if (with.whole.has_value() && !with.is_map) {
      Add({.capability = capability, .form = Need::Form::Dynamic, .span = with.span});
    } else if (is_root) {  // the default root is the workspace
      Add({.capability = capability,
           .form = Need::Form::Pattern,
           .text = "**",
           .hint = fmt::format("without `{0}` it reads the whole workspace; to read less, write "
                               "`with: {{{0}: FOLDER}}`",
                               info->argument),
           .span = stage_.verb_span});
    }
  }

  void AddPath(Capability capability, ir::ExprId value, bool is_root) {
    const Span span = project_.exprs[value].span;
    const KnownText known = FindKnownText(project_, value);
    if (!FindPathProblem(known).empty()) return;  // refused whatever is granted: K004
    if (known.is_whole) {
      const std::string path = Trimmed(known.text);
      if (is_root) {
        Add({.capability = capability,
             .form = Need::Form::Pattern,
             .text = Subtree(path),
             .span = span});
      } else {
        Add({.capability = capability, .text = path, .span = span});
      }
      return;
    }
    const size_t slash = known.text.rfind('/');
    if (slash == std::string::npos || slash == 0) {
      Add({.capability = capability, .form = Need::Form::Dynamic, .span = span});
    } else {
      Add({.capability = capability,
           .form = Need::Form::Pattern,
           .text = Subtree(Trimmed(known.text.substr(0, slash))),
           .span = span});
    }
  }

  static std::string Trimmed(std::string path) {
    while (path.starts_with("./")) path.erase(0, 2);
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
  }

  static std::string Subtree(const std::string& path) {
    return path.empty() || path == "." ? "**" : path + "/**";
  }

  void AddCommand(const ir::Command& command) {
    Need exec{.capability = Capability::Exec, .form = Need::Form::Words, .span = command.span};
    exec.words.reserve(command.argv.count);
    for (ir::ExprId word : ir::Project::View(project_.expr_lists, command.argv)) {
      KnownText known = FindKnownText(project_, word);
      if (!known.is_whole) {
        exec.has_more_words = true;
        break;
      }
      exec.words.push_back(std::move(known.text));
    }
    // A program without a name is refused whatever is granted: K004.
    if (!exec.words.empty() && exec.words.front().empty()) return;
    exec.text = ShowCommand(exec.words);
    if (exec.words.empty()) exec.form = Need::Form::Dynamic;
    const std::optional<ShellText> shell = FindShellText(exec.words);
    exec.grantable_words = CountGrantable(exec.words);
    if (shell) {
      exec.grantable_words = std::min(exec.grantable_words, shell->word);
      if (shell->word == 0) exec.advice = Describe(*shell);
    }
    Add(std::move(exec));
    AddDeclared(command.reads, Need::Form::Pattern);
    AddDeclared(command.writes, Need::Form::Pattern);
    AddDeclared(command.net, Need::Form::Exact);
    ir::ForEachExpression(project_, command, [&](const ir::ExprPlace& place) {
      if (place.role == ExprRole::Variable) AddSecrets(place.id);
    });
  }

  /// A pattern cannot express a word that contains a blank or is empty, and `*` would match more
  /// than the word.
  static size_t CountGrantable(const std::vector<std::string>& words) {
    const auto fits = [](const std::string& word) {
      return !word.empty() && word.find_first_of(" \t") == std::string::npos && word != "*";
    };
    return static_cast<size_t>(std::ranges::find_if_not(words, fits) - words.begin());
  }

  void AddDeclared(Range entries, Need::Form form) {
    for (const ir::PatternEntry& entry : ir::Project::View(project_.security.patterns, entries)) {
      const std::string pattern(project_.text(entry.pattern));
      const bool is_path = form == Need::Form::Pattern;
      if (is_path && !FindPathProblem({.text = pattern, .is_whole = true}).empty()) continue;
      Add({.capability = entry.capability, .form = form, .text = pattern, .span = entry.span});
    }
  }

  void AddSecrets(ir::ExprId value) {
    if (!value.has_value()) return;
    expr::ForEachRead(project_.exprs, value, [&](const expr::Read& read) {
      if (read.root.kind != RootKind::Secret) return;
      const ir::Secret& secret = project_.secrets[ir::SecretId(read.root.a)];
      Add({.capability = Capability::Secret,
           .text = std::string(project_.text(secret.name)),
           .span = read.span});
    });
  }

  const ir::Project& project_;
  const ir::Stage& stage_;
  ir::AgentId agent_;
  ir::ToolId tool_;
  std::vector<Need> needs_;
};

/// The effect of an agent that is a command; other agents change nothing themselves.
ir::Effect EffectOf(const ir::Project& project, ir::AgentId agent) {
  if (!agent.has_value()) return ir::Effect::Pure;
  const ir::CommandId command = project.agents[agent].command;
  return command.has_value() ? ir::GetEffectInForce(project.commands[command]) : ir::Effect::Pure;
}

bool IsMode(const Root& root) {
  return root.kind == RootKind::RunField && root.a == static_cast<uint32_t>(RunField::Mode);
}

bool ReadsMode(const ir::Project& project, ir::ExprId id) {
  bool reads = false;
  expr::ForEachRead(project.exprs, id, [&](const expr::Read& read) { reads |= IsMode(read.root); });
  return reads;
}

}  // namespace

std::vector<Need> FindNeeds(const ir::Project& project, const ir::Stage& stage) {
  return NeedFinder(project, stage).Find();
}

ir::Effect EffectOf(const ir::Project& project, const ir::Stage& stage) {
  switch (RuleOf(stage.verb).callee) {
    case Callee::Agent:
      return EffectOf(project, project.agent_of(stage));
    case Callee::Tool: {
      const ir::ToolId tool = project.tool_of(stage);
      return tool.has_value() ? project.tools[tool].effect : ir::Effect::Pure;
    }
    case Callee::Command:
      return ir::GetEffectInForce(project.GetCommand(stage));
    case Callee::None:
      break;
  }
  return ir::Effect::Pure;
}

ir::Risk RiskOf(const ir::Project& project, const ir::Stage& stage) {
  const ir::ToolId tool = project.tool_of(stage);
  if (tool.has_value()) return project.tools[tool].risk;
  return ir::GetDefaultRisk(EffectOf(project, stage));
}

ir::ModeSet ModesOf(const ir::Project& project, const ir::Stage& stage) {
  ir::ModeSet modes = project.workflows[stage.workflow].modes;
  if (!stage.condition.has_value() || !ReadsMode(project, stage.condition)) return modes;
  for (const ir::Mode mode : AllOf<ir::Mode>()) {
    const Value name = Value::String(Spell(mode));
    const std::optional<Value> holds = expr::EvaluatePartial(
        project.exprs, stage.condition, [&](const Root& root) -> std::optional<Value> {
          return IsMode(root) ? std::optional(name) : std::nullopt;
        });
    if (holds && holds->is_false()) modes &= static_cast<ir::ModeSet>(~ir::Bit(mode));
  }
  return modes;
}

std::string Describe(ir::ModeSet modes) {
  std::vector<std::string_view> names;
  for (const ir::Mode mode : AllOf<ir::Mode>()) {
    if ((modes & ir::Bit(mode)) != 0) names.push_back(Spell(mode));
  }
  return QuoteWords(names, " and ");
}

}  // namespace wfc::passes

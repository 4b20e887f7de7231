#include "frontend/lower/scope.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <vector>

#include <fmt/core.h>

#include "frontend/manifest/decode.h"
#include "ir/diag/messages.h"
#include "ir/support/suggest.h"

namespace wfc::lower {

using expr::Resolution;
using expr::Segment;

namespace {

enum class RootName : uint8_t {
  Input,
  Vars,
  Run,
  Stages,
  Memory,
  Item,
  Index,
  Round,
  Last,
  Error,
  Params,
  With,
  Secret,
  Env,
  Output,
};
constexpr std::array<std::string_view, 15> kRootNames = {
    "input", "vars",  "run",    "stages", "memory", "item", "index", "round",
    "last",  "error", "params", "with",   "secret", "env",  "output"};

std::optional<RootName> FindRootName(std::string_view name) {
  for (size_t i = 0; i < kRootNames.size(); ++i) {
    if (kRootNames[i] == name) return static_cast<RootName>(i);
  }
  return std::nullopt;
}

constexpr std::string_view kSecretPlaces =
    "a secret may only be the whole value of a model's `key`, or of an entry of `env`";

/// The field of a stage that other systems call `name`; empty if there is none.
std::string_view FindForeignField(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kFields[] = {
      {"code", "exit"},        {"exit_code", "exit"},    {"exitCode", "exit"},
      {"returncode", "exit"},  {"data", "output"},       {"outputs", "output"},
      {"response", "output"},  {"result", "output"},     {"results", "output"},
      {"value", "output"},     {"conclusion", "status"}, {"failed", "status"},
      {"outcome", "status"},   {"state", "status"},      {"success", "status"},
      {"succeeded", "status"}, {"err", "error"},         {"exception", "error"},
      {"tries", "attempts"},   {"retries", "attempts"}};
  for (const auto& [foreign, here] : kFields) {
    if (foreign == name) return here;
  }
  return {};
}

/// Whether the stage calls a tool that is a command, and so has an exit code as a `run` stage has.
FieldOwner FieldsOf(const ir::Project& project, const ir::Stage& stage) {
  const ir::ToolId tool = project.tool_of(stage);
  const bool runs_command = tool.has_value() && project.tools[tool].kind == ir::Tool::Kind::Command;
  return runs_command ? FieldOwner::Command : RuleOf(stage.verb).fields;
}

bool HasField(const ir::Project& project, const ir::Stage& stage, StageField field) {
  const FieldOwner owner = RuleOf(field).owner;
  return owner == FieldOwner::Any || owner == FieldsOf(project, stage);
}

/// Whether nothing is known about the fields of the stage, because its verb or its tool was
/// reported: then any field may be read.
bool HasAnyField(const ir::Project& project, const ir::Stage& stage) {
  const ir::ToolCall* call = project.FindToolCall(stage);
  return stage.is_poison() || (call != nullptr && !call->tool.has_value());
}

}  // namespace

bool IsVisible(const ir::Project& project, ir::BodyId target, ir::BodyId body) {
  while (true) {
    if (target == body) return true;
    ir::StageId owner = project.bodies[body].owner;
    if (!owner.has_value()) return false;
    body = project.stages[owner].body;
  }
}

bool ScopeResolver::IsInWorkflow() const {
  return scope_.place != Place::Callee && scope_.place != Place::Model;
}

bool ScopeResolver::SeesError() const {
  ir::BodyId body = scope_.body;
  while (body.has_value()) {
    const ir::Body& entry = context_.project.bodies[body];
    if (RuleOf(entry.kind).sees_error) return true;
    if (!entry.owner.has_value()) return false;
    body = context_.project.stages[entry.owner].body;
  }
  return false;
}

Resolution ScopeResolver::Resolve(Chain chain) {
  const Segment& first = chain.front();
  std::optional<RootName> name = FindRootName(first.name);
  if (!name) return ReportUnknownRoot(chain);
  switch (*name) {
    case RootName::Input:
      if (!IsInWorkflow()) return ReportNotInCallee(chain);
      return Resolution::Found(1, {.kind = RootKind::Input});
    case RootName::Vars:
      return ResolveVar(chain);
    case RootName::Run:
      if (scope_.place == Place::Model) return ReportNotInCallee(chain);
      return ResolveRun(chain);
    case RootName::Stages:
      if (!IsInWorkflow()) return ReportNotInCallee(chain);
      return ResolveStage(chain);
    case RootName::Memory:
      if (!IsInWorkflow()) return ReportNotInCallee(chain);
      return ResolveMemory(chain);
    case RootName::Error:
      if (!IsInWorkflow() || !SeesError()) {
        return ReportIllegal(first, "only the stages of a `fallback` body see it");
      }
      return Resolution::Found(1, {.kind = RootKind::Error});
    case RootName::With:
      if (scope_.place == Place::Callee) return Resolution::Found(1, {.kind = RootKind::With});
      return ReportIllegal(
          first, "only the fields of agents and tools see it; the run's input is `input.NAME`");
    case RootName::Secret:
      return ResolveSecret(chain);
    case RootName::Env:
      return ReportIllegal(first, "the environment is read by `vars` and `secrets`: `{env: NAME}`");
    case RootName::Item:
    case RootName::Index:
      return ReportIllegal(first, "only the body of a `map` sees it");
    case RootName::Round:
    case RootName::Last:
      return ReportIllegal(first, "only the body of a `loop` sees it");
    case RootName::Params:
      return ReportIllegal(first, "only a pattern sees it");
    case RootName::Output:
      return ReportIllegal(first, "only `remember.value` sees it");
  }
  return Resolution::Poison();
}

Resolution ScopeResolver::ResolveStage(Chain chain) {
  if (chain.size() < 2) return ReportIncomplete(chain, "write `stages.ID.output`");
  const Segment& segment = chain[1];
  StringId name = context_.project.strings.Find(segment.name);
  ir::StageId stage = name.has_value() ? context_.FindStage(scope_.workflow, name) : ir::StageId();
  bool is_visible = stage.has_value() &&
                    IsVisible(context_.project, context_.project.stages[stage].body, scope_.body);
  if (!is_visible) {
    ReportNoStage(segment);
    return Resolution::Poison();
  }
  return ResolveStageField(chain, stage);
}

void ScopeResolver::ReportNoStage(const Segment& segment) {
  // To the parser, `stages.build-docs` is a subtraction.
  const std::string_view word = WordAround(segment.span);
  if (word.size() > segment.name.size() && word.starts_with(segment.name) &&
      word[segment.name.size()] == '-') {
    if (NamesStage(word)) return;  // N002 has been reported for this id
    const std::string meant = ms::MakeId(word, ms::IdForm::Plain);
    if (NamesStage(meant)) {
      Span whole = segment.span;
      whole.end = whole.begin + static_cast<uint32_t>(word.size());
      return ReportUndefined(context_, whole, "stage", word,
                             context_.project.text(context_.project.strings.Find(meant)));
    }
  }
  StringId name = context_.project.strings.Find(segment.name);
  ir::StageId found = name.has_value() ? context_.FindStage(scope_.workflow, name) : ir::StageId();
  ReportStageNotVisible(context_, segment.span, scope_.workflow, segment.name, found);
}

Resolution ScopeResolver::ResolveStageField(Chain chain, ir::StageId stage_id) {
  const ir::Stage& stage = context_.project.stages[stage_id];
  if (chain.size() < 3) {
    return ReportIncomplete(chain, "read its `.output`, `.status`, `.error` or `.attempts`");
  }
  auto has = [&](StageField field) {
    return HasAnyField(context_.project, stage) || HasField(context_.project, stage, field);
  };
  const Segment& segment = chain[2];
  for (uint32_t i = 0; i < kStageFieldCount; ++i) {
    auto field = static_cast<StageField>(i);
    if (GetName(field) != segment.name || !has(field)) continue;
    // A stage with `files` is not supported yet, which was reported.
    if (field == StageField::Files) return Resolution::Poison();
    return Resolution::Found(3, {.kind = RootKind::StageField, .a = stage_id.index(), .b = i});
  }
  std::string_view suggestion =
      Suggest(context_, segment.name, kStageFieldCount, [&](auto consider) {
        for (uint32_t i = 0; i < kStageFieldCount; ++i) {
          auto field = static_cast<StageField>(i);
          if (has(field)) consider(GetName(field));
        }
      });
  if (suggestion.empty()) suggestion = FindForeignField(segment.name);
  const bool is_had = std::ranges::any_of(std::views::iota(0U, kStageFieldCount), [&](uint32_t i) {
    return GetName(static_cast<StageField>(i)) == suggestion && has(static_cast<StageField>(i));
  });
  ReportUnknownField(segment, fmt::format("the stage `{}`", chain[1].name),
                     is_had ? suggestion : "");
  return Resolution::Poison();
}

Resolution ScopeResolver::ResolveVar(Chain chain) {
  if (chain.size() < 2) return Resolution::Found(1, {.kind = RootKind::Vars});
  ir::VarId var = context_.vars.Find(context_.project.strings.Find(chain[1].name));
  if (var.has_value()) {
    return Resolution::Found(2, {.kind = RootKind::Var, .a = var.index()});
  }
  std::vector<std::string_view> names;
  for (const ir::Var& each : context_.project.vars) {
    names.push_back(context_.project.text(each.name));
  }
  const std::string list = ListNames(names);
  ReportUnknownField(
      chain[1], "`vars`", SuggestFrom(context_, context_.vars, chain[1].name),
      names.empty()  ? fmt::format("; `vars: {{{}: …}}` in `wfc.yaml` defines it", chain[1].name)
      : list.empty() ? std::string()
                     : "; it has " + list);
  return Resolution::Poison();
}

Resolution ScopeResolver::ResolveRun(Chain chain) {
  constexpr std::string_view kFields = "it has `id`, `mode`, `seed`, `started_at` and `dir`";
  if (chain.size() < 2) return ReportIncomplete(chain, kFields);
  const Segment& segment = chain[1];
  for (uint32_t i = 0; i < kRunFieldCount; ++i) {
    auto field = static_cast<RunField>(i);
    if (GetName(field) != segment.name) continue;
    if (field == RunField::Status && !scope_.is_cleanup) {
      Segment whole{.name = "run.status",
                    .span = {chain[0].span.file, chain[0].span.begin, segment.span.end}};
      return ReportIllegal(whole, "only a stage under `join: settled` sees it");
    }
    return Resolution::Found(2, {.kind = RootKind::RunField, .a = i});
  }
  std::string_view suggestion = Suggest(context_, segment.name, kRunFieldCount, [](auto consider) {
    for (uint32_t i = 0; i < kRunFieldCount; ++i) consider(GetName(static_cast<RunField>(i)));
  });
  ReportUnknownField(segment, "`run`", suggestion, fmt::format("; {}", kFields));
  return Resolution::Poison();
}

Resolution ScopeResolver::ResolveSecret(Chain chain) {
  if (!scope_.sees_secrets) return ReportIllegal(chain.front(), kSecretPlaces);
  if (chain.size() < 2) return ReportIncomplete(chain, "write `secret.NAME`");
  const Segment& segment = chain[1];
  ir::SecretId secret = context_.secrets.Find(context_.project.strings.Find(segment.name));
  if (secret.has_value()) {
    return Resolution::Found(2, {.kind = RootKind::Secret, .a = secret.index()});
  }
  if (const auto reported = ReportHyphenatedSecret(chain)) return *reported;
  const std::string upper = ms::MakeId(segment.name, ms::IdForm::Upper);
  const StringId meant = context_.project.strings.Find(upper);
  const bool is_lower = meant.has_value() && context_.secrets.Has(meant);
  ReportUndefined(
      context_, segment.span, "secret", segment.name,
      is_lower ? std::string_view(upper) : SuggestFrom(context_, context_.secrets, segment.name));
  return Resolution::Poison();
}

Resolution ScopeResolver::ResolveMemory(Chain chain) {
  if (chain.size() < 2) return ReportIncomplete(chain, "write `memory.STORE`");
  // The section `memory` is not supported yet, so the stores that it defines are unknown.
  const ms::ProjectSyntax& project = context_.syntax.project;
  if (project.is_unsupported) return Resolution::Poison();
  ReportUndefined(context_, chain[1].span, "memory store", chain[1].name, {});
  return Resolution::Poison();
}

std::string_view ScopeResolver::SuggestRoot(std::string_view name) {
  return Suggest(context_, name, kRootNames.size(), [](auto consider) {
    for (std::string_view root : kRootNames) consider(root);
  });
}

Resolution ScopeResolver::ReportIllegal(const Segment& segment, std::string_view why) {
  context_.sink.Report(diag::IllegalName, segment.span, segment.name, why);
  return Resolution::Poison();
}

Resolution ScopeResolver::ReportIncomplete(Chain chain, std::string_view what) {
  std::string written(chain.front().name);
  for (const Segment& segment : chain.subspan(1)) written += "." + std::string(segment.name);
  Span span = {chain.front().span.file, chain.front().span.begin, chain.back().span.end};
  context_.sink.Report(diag::IncompleteName, span, written, what);
  return Resolution::Poison();
}

void ScopeResolver::ReportUnknownField(const Segment& segment, std::string_view owner,
                                       std::string_view suggestion, std::string_view otherwise) {
  diag::Reported reported = context_.sink.Report(
      diag::UnknownField, segment.span, owner, segment.name,
      suggestion.empty() ? std::string(otherwise) : SuggestionPhrase(suggestion));
  SetRenameFix(reported, segment.span, suggestion);
}

void ReportStageNotVisible(Context& context, Span span, ir::WorkflowId workflow,
                           std::string_view name, ir::StageId found) {
  const ir::Project& project = context.project;
  if (found.has_value()) {
    ir::StageId owner = project.bodies[project.stages[found].body].owner;
    // The stage is inside a body that the expression is not part of.
    std::string_view owner_path = owner.has_value()
                                      ? project.text(project.stages[owner].path)
                                      : project.text(project.workflows[workflow].name);
    context.sink.Report(diag::StageInside, span, name, owner_path)
        .AddNote(project.stages[found].name.span, "it is defined here");
    return;
  }
  ir::StageId elsewhere = context.stages_anywhere.Find(project.strings.Find(name));
  if (elsewhere.has_value()) {
    const ir::Stage& stage = project.stages[elsewhere];
    context.sink
        .Report(diag::StageElsewhere, span, name,
                project.text(project.workflows[stage.workflow].name))
        .AddNote(stage.name.span, "it is defined here");
    return;
  }
  std::string_view suggestion = Suggest(context, name, project.stages.size(), [&](auto consider) {
    for (const ir::Stage& stage : project.stages) {
      if (stage.workflow == workflow && stage.is_named) consider(project.text(stage.name));
    }
  });
  ReportUndefined(context, span, "stage", name, suggestion);
}

}  // namespace wfc::lower

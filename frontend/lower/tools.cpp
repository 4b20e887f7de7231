// Lowers tools: those that the manifest defines, and the built-in tools that it uses without
// defining them.
#include <algorithm>

#include <fmt/core.h>

#include "frontend/lower/commands.h"
#include "frontend/lower/entities.h"
#include "frontend/lower/expressions.h"
#include "frontend/lower/schemas.h"
#include "frontend/manifest/decode.h"
#include "frontend/manifest/keys.h"
#include "ir/builtin_shapes.h"
#include "ir/value/json.h"

namespace wfc::lower {

namespace {

using ToolKind = ir::Tool::Kind;

/// The names of built-in tools that stages or grants refer to without the manifest defining them.
std::vector<std::string_view> FindImplicitTools(Context& context) {
  std::vector<bool> is_used(AllBuiltinTools().size(), false);
  auto note = [&](std::string_view name) {
    const BuiltinToolInfo* info = FindBuiltinTool(name);
    if (info != nullptr) is_used[static_cast<size_t>(info->id)] = true;
  };
  for (const ms::StageSyntax& stage : context.syntax.stages.all) {
    if (stage.tool.present()) note(stage.tool.decoded);
  }
  for (const ms::GrantSyntax& grant : context.syntax.grants.all) {
    std::string_view to = grant.to.decoded;
    if (to.starts_with("tool:")) note(to.substr(5));
  }
  for (const ms::ToolSyntax& tool : context.syntax.tools.all) {
    const BuiltinToolInfo* info = FindBuiltinTool(tool.id);
    if (info != nullptr) is_used[static_cast<size_t>(info->id)] = false;
  }
  std::vector<std::string_view> names;
  for (const BuiltinToolInfo& info : AllBuiltinTools()) {
    if (is_used[static_cast<size_t>(info.id)]) names.push_back(info.name);
  }
  return names;
}

ir::SchemaId AddBuiltinSchema(Context& context, std::string_view json) {
  if (json.empty()) return {};
  Result<Value> value = ReadJson(json);
  WFC_CHECK(value.ok());
  std::vector<types::SchemaError> errors;
  ir::SchemaId id = context.project.schemas.AddInline(*value, errors);
  WFC_CHECK(errors.empty());
  return id;
}

void FillBuiltin(Context& context, ir::Tool& tool, const BuiltinToolInfo& info) {
  tool.kind = ToolKind::Builtin;
  tool.builtin = context.Intern(info.name);
  const ir::BuiltinShapes shapes = ir::ShapesOf(info.id);
  if (!tool.input.has_value()) tool.input = AddBuiltinSchema(context, shapes.input);
  if (!tool.returns.has_value()) tool.returns = AddBuiltinSchema(context, shapes.returns);
  tool.accepts_any_argument = !tool.input.has_value();
  tool.effect = std::max(tool.effect, info.effect);
  tool.is_idempotent = tool.is_idempotent || info.effect <= ir::Effect::Read;
}

class ToolLowering {
 public:
  ToolLowering(Context& context, const ms::ToolSyntax& syntax, ir::ToolId id)
      : context_(context),
        syntax_(syntax),
        tool_(context.project.tools[id]),
        scope_{.place = Place::Callee, .tool = id} {}

  void Run() {
    LowerShapes();
    LowerDeclared();
    if (syntax_.command.present()) LowerProgram();
    if (syntax_.builtin.present()) LowerBuiltin();
    if (syntax_.is_unsupported || syntax_.is_broken) tool_.kind = ToolKind::Unsupported;
    // Its arguments are unknown too, so those of a call cannot be checked.
    if (tool_.kind == ToolKind::Unsupported && !tool_.input.has_value())
      tool_.accepts_any_argument = true;
    if (!syntax_.risk.present()) tool_.risk = ir::GetDefaultRisk(tool_.effect);
  }

 private:
  void LowerShapes();
  void LowerDeclared();
  void LowerProgram();
  void LowerBuiltin();

  Context& context_;
  const ms::ToolSyntax& syntax_;
  ir::Tool& tool_;
  const Scope scope_;
};

void ToolLowering::LowerShapes() {
  tool_.input = LowerSchema(context_, At(syntax_, syntax_.input), tool_.input_span);
  tool_.returns = LowerSchema(context_, At(syntax_, syntax_.returns), tool_.returns_span);
}

void ToolLowering::LowerDeclared() {
  if (syntax_.effect.present()) {
    tool_.effect = syntax_.effect.decoded;
    tool_.declared_effect = tool_.effect;
    tool_.effect_span = At(syntax_, syntax_.effect).span();
  }
  if (syntax_.risk.present()) {
    tool_.risk = syntax_.risk.decoded;
    tool_.risk_span = At(syntax_, syntax_.risk).span();
  }
  if (syntax_.trust.present()) tool_.trust = syntax_.trust.decoded;
  tool_.is_idempotent = syntax_.idempotent.present() && syntax_.idempotent.decoded;
  if (syntax_.timeout.present()) {
    tool_.timeout_ns = syntax_.timeout.decoded;
    tool_.timeout_span = At(syntax_, syntax_.timeout).span();
  } else if (syntax_.timeout.key.has_value()) {
    tool_.timeout_span = syntax_.tree->span(syntax_.timeout.key);
  }
  if (syntax_.dry_run.present()) {
    tool_.dry_run = ToValue(At(syntax_, syntax_.dry_run));
    tool_.has_dry_run = true;
    tool_.dry_run_span = At(syntax_, syntax_.dry_run).span();
  }
}

void ToolLowering::LowerProgram() {
  tool_.kind = ToolKind::Command;
  CommandFields fields = FillCommand({&syntax_});
  fields.argv = At(syntax_, syntax_.command);
  fields.knows_with = true;
  tool_.command = LowerCommand(context_, scope_, fields);
  tool_.effect = ir::GetEffectInForce(context_.project.commands[tool_.command]);
  if (syntax_.input.key.has_value()) return;
  ir::WithReads reads;
  ir::CollectWithReads(context_.project, tool_.command, reads);
  DerivedInput taken = AddTakenNames(context_, std::move(reads));
  tool_.accepts_any_argument = taken.accepts_any_argument;
  tool_.input_names = taken.names;
  tool_.required_names = taken.required;
}

void ToolLowering::LowerBuiltin() {
  const BuiltinToolInfo* info = FindBuiltinTool(syntax_.builtin.decoded);
  if (info != nullptr) {
    FillBuiltin(context_, tool_, *info);
    return;
  }
  ReportUnsupported(context_, At(syntax_, syntax_.builtin).span(),
                    fmt::format("the built-in tool `{}`", syntax_.builtin.decoded));
}

std::span<const Id<ms::ToolSyntax>> WrittenTools(const Context& context) {
  return View(context.syntax.tools, context.syntax.project.tools.range);
}

}  // namespace

void DeclareTools(Context& context) {
  struct Declared {
    std::string_view name;
    const ms::ToolSyntax* syntax;  ///< null for a built-in tool that the manifest does not define
  };
  std::vector<Declared> declared;
  for (Id<ms::ToolSyntax> id : WrittenTools(context)) {
    const ms::ToolSyntax& syntax = context.syntax.tools.all[id];
    declared.push_back({syntax.id, &syntax});
  }
  for (std::string_view name : FindImplicitTools(context)) declared.push_back({name, nullptr});
  std::ranges::sort(declared, {}, &Declared::name);
  for (const Declared& entry : declared) {
    ir::Tool tool;
    if (entry.syntax != nullptr) {
      tool.name = MakeName(context, *entry.syntax);
      tool.span = entry.syntax->tree->span(entry.syntax->node);
      tool.kind = entry.syntax->command.present() ? ToolKind::Command : ToolKind::Unsupported;
    } else {
      tool.name.text = context.Intern(entry.name);
      tool.is_implicit = true;
    }
    const StringId name = tool.name.text;
    context.tools.Add(name, context.project.tools.Add(std::move(tool)));
  }
}

ir::ToolId ResolveTool(Context& context, const ms::Section& section,
                       const ms::ReferenceField& reference) {
  ir::ToolId tool = context.tools.Find(context.project.strings.Find(reference.decoded));
  if (tool.has_value()) return tool;
  Span span = section.tree->span(reference.value);
  if (IsLaterBuiltinTool(reference.decoded)) {
    ReportUnsupported(context, span, fmt::format("the built-in tool `{}`", reference.decoded));
    return {};
  }
  size_t count = context.tools.entries().size() + AllBuiltinTools().size();
  std::string_view suggestion = Suggest(context, reference.decoded, count, [&](auto consider) {
    for (const ir::Tool& entry : context.project.tools) consider(context.project.text(entry.name));
    for (const BuiltinToolInfo& info : AllBuiltinTools()) consider(info.name);
  });
  if (!suggestion.empty()) {
    ReportUndefined(context, span, "tool", reference.decoded, suggestion);
    return {};
  }
  if (context.syntax.is_incomplete) return {};
  const std::string_view meant = ms::FindForeignWord("Builtin", reference.decoded);
  diag::Reported reported = ReportUndefinedName(
      context, span, "tool", reference.decoded,
      meant.empty() ? "; a tool is a key below `tools`, or one that comes with wfc"
      : meant == "run"
          ? "; a command is `run: [PROGRAM, WORD]` in the stage, or a tool of your own "
            "below `tools`"
          : fmt::format("; it is called `{}` here", meant));
  if (meant == "run") return {};
  if (!meant.empty()) SetRenameFix(reported, span, meant);
  if (meant.empty())
    reported.AddNote({}, fmt::format("with wfc come {}", QuoteWords(BuiltinToolNames(), " or ")));
  return {};
}

void LowerTools(Context& context) {
  for (Id<ms::ToolSyntax> id : WrittenTools(context)) {
    const ms::ToolSyntax& syntax = context.syntax.tools.all[id];
    ir::ToolId tool = context.tools.Find(context.project.strings.Find(syntax.id));
    ToolLowering(context, syntax, tool).Run();
  }
  for (ir::Tool& tool : context.project.tools) {
    if (!tool.is_implicit) continue;
    FillBuiltin(context, tool, *FindBuiltinTool(context.project.text(tool.name)));
    tool.risk = ir::GetDefaultRisk(tool.effect);
  }
}

}  // namespace wfc::lower

// Lowers the keys that concern the whole project: `vars`, `secrets`, `execution`, `specs` and
// `main`.
#include <algorithm>
#include <limits>
#include <string_view>

#include <fmt/core.h>

#include "frontend/lower/entities.h"
#include "frontend/lower/schemas.h"
#include "frontend/manifest/decode.h"
#include "ir/base/path_below.h"
#include "ir/diag/messages.h"
#include "ir/value/json.h"

namespace wfc::lower {

namespace {

/// Adds the texts of a field to Project::string_lists.
Range AddTexts(Context& context, Located value) {
  std::vector<StringId>& lists = context.project.string_lists;
  auto first = static_cast<uint32_t>(lists.size());
  for (Located text : ListTexts(value)) lists.push_back(context.Intern(text.text()));
  return {first, static_cast<uint32_t>(lists.size()) - first};
}

StringId InternText(Context& context, const ms::TextField& field) {
  return field.present() ? context.Intern(field.decoded) : StringId();
}

Value SchemaLike(const Value& value);

Value ListLike(const Value& list) {
  std::vector<Value> kinds;
  for (const Value& item : list.items()) {
    Value schema = SchemaLike(item);
    if (std::ranges::find(kinds, schema) == kinds.end()) kinds.push_back(std::move(schema));
  }
  const Value type = Value::String("array");
  if (kinds.empty()) return Value::Record({{"type", type}});
  const Value items =
      kinds.size() == 1 ? kinds.front() : Value::Record({{"anyOf", Value::List(std::move(kinds))}});
  return Value::Record({{"type", type}, {"items", items}});
}

/// A schema for objects with the same properties as `map`, all of which are required.
Value RecordLike(const Value& map) {
  std::vector<MapEntry> properties;
  std::vector<Value> names;
  for (const MapEntry& entry : map.entries()) {
    properties.push_back({.key = entry.key, .value = SchemaLike(entry.value)});
    names.push_back(entry.key);
  }
  return Value::Record({{"type", Value::String("object")},
                        {"properties", Value::Map(std::move(properties))},
                        {"required", Value::List(std::move(names))}});
}

/// A schema for the values that have the same type as `value`, and so do their parts.
Value SchemaLike(const Value& value) {
  const auto of_type = [](std::string_view type) {
    return Value::Record({{"type", Value::String(type)}});
  };
  switch (value.kind()) {
    case Kind::Bool:
      return of_type("boolean");
    case Kind::Int:
      return Value::Record({{"type", Value::String("integer")},
                            {"minimum", Value::Int(std::numeric_limits<int64_t>::min())},
                            {"maximum", Value::Int(std::numeric_limits<int64_t>::max())}});
    case Kind::BigInt:
      return of_type("integer");
    case Kind::Double:
      return of_type("number");
    case Kind::List:
      return ListLike(value);
    case Kind::Map:
      return RecordLike(value);
    case Kind::Null:
      // The variable is optional: null or a text.
      return Value::Record(
          {{"type", Value::List({Value::String("string"), Value::String("null")})}});
    default:
      return of_type("string");
  }
}

/// Reports a number whose spelling would be lost (`1.10` becomes 1.1), unless a schema says that a
/// number is meant.
void ReportRewritten(Context& context, const ms::VarSyntax& syntax, Located written,
                     const Value& value) {
  if (!value.is_number() || syntax.schema.present()) return;
  const std::string shown = WriteJson(value);
  const bool is_decimal =
      written.text().find_first_not_of("+-.0123456789") == std::string_view::npos;
  if (!is_decimal || shown == written.text()) return;
  context.sink.Report(diag::NumberLosesText, written.span(), written.text(), shown);
}

/// The schema of a variable: the one that is written, otherwise one for values like the default. An
/// empty id if neither exists; the variable is then text.
ir::SchemaId LowerVarSchema(Context& context, const ms::VarSyntax& syntax, ir::Var& var) {
  if (syntax.schema.present()) {
    return LowerSchema(context, At(syntax, syntax.schema), var.schema_span);
  }
  if (!var.has_value || var.value.is_string()) return {};
  std::vector<types::SchemaError> errors;
  return context.project.schemas.AddInline(SchemaLike(var.value), errors);
}

/// Reports a workspace outside the project's folder: whoever runs the project would otherwise read
/// and write there without having agreed to it.
void CheckWorkspace(Context& context, const ms::ExecutionSyntax& syntax) {
  if (!syntax.workspace.present()) return;
  Located value = At(syntax, syntax.workspace);
  if (!IsPathBelow(value.text())) {
    context.sink.Report(
        diag::BadValue, value.span(), value.text(),
        "a path below the project's folder; for a workspace elsewhere leave the key "
        "out, and start the run with `--workspace DIR`");
    return;
  }
  if (!context.syntax.files) return;
  const std::string problem = context.syntax.files->WhyOutside(value.text());
  if (problem.empty()) return;
  context.sink.Report(
      diag::BadValue, value.span(), value.text(),
      fmt::format("a folder of the project: {}; leave the key out, and start the run "
                  "with `--workspace DIR`",
                  problem));
}

/// Reports a list of folders in which no command could be found, or which would depend on where the
/// run is started.
void CheckSearchPath(Context& context, const ms::ExecutionSyntax& syntax) {
  if (!syntax.path.present()) return;
  Located value = At(syntax, syntax.path);
  bool is_good = true;
  std::string_view rest = value.text();
  do {
    is_good &= rest.starts_with('/');
    const size_t end = rest.find(':');
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  } while (!rest.empty());
  if (is_good) return;
  context.sink.Report(diag::BadValue, value.span(), value.text(),
                      "absolute folders separated by colons, such as `/usr/bin:/bin`");
}

/// Reports a relative path of a secret's file that leads outside the project's folder. The file may
/// be anywhere on the machine, but only an absolute path makes that obvious.
void CheckSecretFile(Context& context, const ms::SecretSyntax& syntax) {
  if (!syntax.file.present()) return;
  Located value = At(syntax, syntax.file);
  if (value.text().starts_with('/') || IsPathBelow(value.text())) return;
  context.sink.Report(diag::BadValue, value.span(), value.text(),
                      "an absolute path, or one below the project's folder");
}

}  // namespace

void LowerVars(Context& context) {
  for (Id<ms::VarSyntax> id : View(context.syntax.vars, context.syntax.project.vars.range)) {
    const ms::VarSyntax& syntax = context.syntax.vars.all[id];
    ir::Var var{.name = MakeName(context, syntax)};
    const ms::Field& constant = syntax.constant.present() ? syntax.constant : syntax.fallback;
    if (constant.present()) {
      var.value = ToValue(At(syntax, constant));
      ReportRewritten(context, syntax, At(syntax, constant), var.value);
      var.has_value = true;
    }
    if (syntax.env.present()) {
      var.environment = context.Intern(syntax.env.decoded);
      var.schema = LowerVarSchema(context, syntax, var);
    }
    StringId name = var.name.text;
    context.vars.Add(name, context.project.vars.Add(std::move(var)));
  }
}

void LowerSecrets(Context& context) {
  for (Id<ms::SecretSyntax> id :
       View(context.syntax.secrets, context.syntax.project.secrets.range)) {
    const ms::SecretSyntax& syntax = context.syntax.secrets.all[id];
    ir::Secret secret{.name = MakeName(context, syntax)};
    if (syntax.env.present()) secret.environment = context.Intern(syntax.env.decoded);
    secret.file = InternText(context, syntax.file);
    CheckSecretFile(context, syntax);
    StringId name = secret.name.text;
    context.secrets.Add(name, context.project.secrets.Add(secret));
  }
}

void LowerExecution(Context& context) {
  const ms::ExecutionField& field = context.syntax.project.execution;
  if (!field.id.has_value()) return;
  const ms::ExecutionSyntax& syntax = context.syntax.executions.all[field.id];
  ir::Execution& execution = context.project.execution;
  constexpr int64_t kMaxConcurrency = 1'000'000;
  if (syntax.concurrency.present()) {
    int64_t count = std::clamp<int64_t>(syntax.concurrency.decoded, 1, kMaxConcurrency);
    execution.concurrency = static_cast<uint32_t>(count);
    if (count != syntax.concurrency.decoded) {
      Located value = At(syntax, syntax.concurrency);
      context.sink.Report(diag::BadValue, value.span(), value.text(),
                          "a number of stages from 1 to 1M");
    }
  }
  execution.workspace = InternText(context, syntax.workspace);
  CheckWorkspace(context, syntax);
  execution.path = InternText(context, syntax.path);
  CheckSearchPath(context, syntax);
  execution.drains_on_failure =
      syntax.on_failure.present() && syntax.on_failure.decoded == OnFailure::Drain;
}

void LowerSpecs(Context& context) {
  const ms::SpecsField& field = context.syntax.project.specs;
  if (!field.id.has_value()) return;
  const ms::SpecsSyntax& syntax = context.syntax.specs.all[field.id];
  ir::Specs& specs = context.project.specs;
  specs.is_written = true;
  specs.span = syntax.tree->span(syntax.node);
  specs.files = AddTexts(context, At(syntax, syntax.files));
  if (syntax.max_age.present()) specs.max_age_ns = syntax.max_age.decoded;
  specs.inactive = AddTexts(context, At(syntax, syntax.inactive));
}

void LowerMain(Context& context) {
  const ms::ProjectSyntax& syntax = context.syntax.project;
  if (syntax.main.present()) {
    context.project.main =
        ResolveReference(context, context.workflows, "workflow", *syntax.tree, syntax.main);
    return;
  }
  if (context.project.workflows.size() == 1) {
    context.project.main = ir::WorkflowId(0);
    return;
  }
  bool is_known =
      syntax.tree != nullptr && !syntax.tree->has_errors() && !syntax.main.key.has_value();
  if (context.syntax.is_workflow_chosen || context.project.workflows.size() < 2 || !is_known)
    return;
  std::vector<std::string_view> ids;
  for (const ir::Workflow& workflow : context.project.workflows) {
    ids.push_back(context.project.text(workflow.name));
  }
  auto reported = context.sink.Report(diag::MissingKey, context.project.root_span,
                                      "a project with several workflows", "main");
  constexpr size_t kMaxListed = 10;
  if (ids.size() > kMaxListed) return;
  reported.AddNote({}, fmt::format("one of {}", QuoteWords(ids, " or ")));
  if (ids.size() > 1 && syntax.tree->root().has_value()) {
    // Only a person can choose the workflow, so the fix is unsafe and names the first one.
    const auto end = static_cast<uint32_t>(syntax.tree->source().size());
    const bool has_line_end = syntax.tree->source().ends_with('\n');
    reported.SetFix(
        {.title = fmt::format("add `main: {}`", ids[0]),
         .safety = diag::FixSafety::Unsafe,
         .edits = {{.span = {context.project.root_file, end, end},
                    .text = fmt::format("{}main: {}\n", has_line_end ? "" : "\n", ids[0])}}});
  }
}

}  // namespace wfc::lower

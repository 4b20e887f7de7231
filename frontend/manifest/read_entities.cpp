// Parser, sections that hold entities by id. They are read file by file; FinishProject then joins
// and sorts the entities of all files.
#include <algorithm>

#include <fmt/core.h>

#include "frontend/manifest/parser.h"
#include "ir/base/builtin_tools.h"
#include "ir/diag/messages.h"

namespace wfc::manifest {
namespace {

constexpr std::string_view kTypeWords[] = {"string", "integer", "number", "boolean", "object",
                                           "array",  "null",    "any",    "file",    "error"};

}  // namespace

void Parser::CheckId(const Section& section, const Naming& naming) {
  const Span span = PlaceOf(section);
  const bool is_written = section.name.has_value();
  if (is_written && section.tree->kind(section.name) == Kind::Poison) return;
  if (!IsId(section.id, naming.form)) {
    auto reported = sink_.Report(diag::BadId, span, section.id, Describe(naming.form));
    const std::string id = MakeId(section.id, naming.form);
    if (!id.empty() && is_written) {
      reported.SetFix({.title = fmt::format("write `{}`", id),
                       .safety = diag::FixSafety::Unsafe,  // references to it are not renamed
                       .edits = {{.span = span, .text = id}}});
    }
  } else if (std::ranges::find(naming.reserved, section.id) != naming.reserved.end()) {
    sink_.Report(diag::ReservedId, span, section.id, naming.kind, naming.reserved_why);
  }
}

/// Adds an entity for each entry of the map `field.value` to `found`, which other files share.
template <class S>
void Parser::ReadEntities(const Section& in, SectionsField<S>& field, Syntax::Pool<S>& pool,
                          std::vector<Id<S>>& found, const Naming& naming) {
  if (!IsReadable(in, field)) return;
  const Tree& tree = *in.tree;
  if (tree.kind(field.value) == Kind::Null) return;  // an empty section: `agents:`
  if (tree.kind(field.value) != Kind::Map) return RejectKind(in, field, "a map by id: `{ID: {…}}`");
  const auto entries = tree.children(field.value);
  for (size_t i = 0; i < entries.size(); i += 2) {
    S entity = MakeSection<S>(tree, entries[i], entries[i + 1]);
    CheckId(entity, naming);
    if (tree.kind(entity.node) == Kind::Poison) {
      entity.is_broken = true;
    } else {
      ReadEntity(entity);
    }
    found.push_back(pool.all.Add(std::move(entity)));
  }
}

void Parser::ReadVars(Section& in, VarsField& field) {
  ReadEntities(in, field, syntax_.vars, found_.vars,
               {.kind = "a variable",
                .reserved = kWordsOfExpressions,
                .reserved_why = "expressions could not name it"});
}

void Parser::ReadSecrets(Section& in, SecretsField& field) {
  ReadEntities(in, field, syntax_.secrets, found_.secrets,
               {.form = IdForm::Upper, .kind = "a secret"});
}

void Parser::ReadModels(Section& in, ModelsField& field) {
  ReadEntities(in, field, syntax_.model_groups, found_.model_groups, {.kind = "a model group"});
}

void Parser::ReadAgents(Section& in, AgentsField& field) {
  ReadEntities(in, field, syntax_.agents, found_.agents, {.kind = "an agent"});
}

void Parser::ReadTools(Section& in, ToolsField& field) {
  ReadEntities(in, field, syntax_.tools, found_.tools,
               {.form = IdForm::Dotted,
                .kind = "a tool of the project",
                .reserved = BuiltinToolNames(),
                .reserved_why = "it is a tool that comes with wfc"});
}

void Parser::ReadWorkflows(Section& in, WorkflowsField& field) {
  ReadEntities(in, field, syntax_.workflows, found_.workflows, {.kind = "a workflow"});
}

Parser::Naming Parser::SchemaNaming() {
  return {
      .kind = "a schema", .reserved = kTypeWords, .reserved_why = "it is a type of the language"};
}

void Parser::ReadSchemas(Section& in, SchemasField& field) {
  ReadEntities(in, field, syntax_.schemas, found_.schemas, SchemaNaming());
}

void Parser::ReadEntity(VarSyntax& var) {
  const Tree& tree = *var.tree;
  if (tree.FindKey(var.node, "env").has_value()) return ReadSection(var);
  ReportUnreadVar(var);
  var.constant = {.key = var.name, .value = var.node};
}

/// Reports a constant that looks like an expression or an environment variable (`${NAME}`,
/// `$NAME`): a constant is not evaluated.
void Parser::ReportUnreadVar(const VarSyntax& var) {
  const Tree& tree = *var.tree;
  if (tree.kind(var.node) != Kind::String) return;
  const std::string_view text = tree.text(var.node);
  std::string_view name = text;
  const bool is_braced = name.starts_with("${") && name.ends_with('}');
  if (is_braced) {
    name = name.substr(2, name.size() - 3);
  } else if (name.starts_with('$')) {
    name.remove_prefix(1);
  }
  const bool is_env = name.starts_with("env.");
  if (is_env) name.remove_prefix(4);
  const bool is_variable = name.size() < text.size() &&
                           (IsId(name, IdForm::Upper) || (is_env && IsId(name, IdForm::Variable)));
  if (is_variable) {
    const std::string meant = fmt::format("{{env: {}}}", name);
    sink_.Report(diag::TextReference, tree.span(var.node), text, meant)
        .SetFix({.title = fmt::format("write `{}`", meant),
                 .safety = diag::FixSafety::Safe,
                 .edits = {{.span = tree.span(var.node), .text = meant}}});
    return;
  }
  for (const std::string_view root : {"vars.", "secret.", "input.", "stages.", "env.", "run."}) {
    if (text.find(fmt::format("${{{}", root)) == text.npos) continue;
    sink_.Report(diag::BadValue, tree.span(var.node), text,
                 "a constant: expressions are not read in `vars`, only where they are used");
    return;
  }
}

void Parser::ReadEntity(SecretSyntax& secret) {
  const Tree& tree = *secret.tree;
  const std::string_view text = tree.text(secret.node);
  const bool is_name = tree.kind(secret.node) == Kind::String && IsId(text, IdForm::Variable);
  if (is_name) {
    Field whole = {.key = secret.name, .value = secret.node};
    RejectKindWithFix(secret, whole, "a map that says where it comes from",
                      fmt::format("{{env: {}}}", text));
    secret.is_broken = true;
    return;
  }
  ReadSection(secret);
}

void Parser::ReadEntity(ModelGroupSyntax& group) {
  Field whole = {.key = group.name, .value = group.node};
  switch (group.tree->kind(group.node)) {
    case Kind::String:
      static_cast<Field&>(group.alias) = whole;
      return ReadReference(group, group.alias);
    case Kind::List:
      static_cast<Field&>(group.members) = whole;
      return ReadModelMembers(group, group.members);
    case Kind::Map:
      if (IsSingleModel(group)) return ReadSingleModel(group);
      return ReadSection(group);
    default:
      group.is_broken = true;
      RejectKind(group, whole, "the id of another group, a list of models, or a map");
  }
}

/// Whether the value describes one model, where a list of models is required.
bool Parser::IsSingleModel(const ModelGroupSyntax& group) {
  const Tree& tree = *group.tree;
  return tree.FindKey(group.node, "provider").has_value() &&
         !tree.FindKey(group.node, "members").has_value();
}

/// Reports K003 for a single model, then reads it as if it were the only member of a list.
void Parser::ReadSingleModel(ModelGroupSyntax& group) {
  const Tree& tree = *group.tree;
  const Span span = tree.span(group.node);
  auto reported = sink_.Report(diag::WrongKind, span, static_cast<const Section&>(group).id,
                               "a list of models: `[{…}]`", yaml::GetName(Kind::Map));
  if (tree.style(group.node) == yaml::Style::Flow) {
    reported.SetFix({.title = "write a list of one model",
                     .safety = diag::FixSafety::Safe,
                     .edits = {{.span = {span.file, span.begin, span.begin}, .text = "["},
                               {.span = {span.file, span.end, span.end}, .text = "]"}}});
  }
  ModelMemberSyntax member = MakeSection<ModelMemberSyntax>(tree, {}, group.node);
  ReadSection(member);
  const Id<ModelMemberSyntax> id = syntax_.model_members.all.Add(std::move(member));
  group.members.range = AddList<ModelMemberSyntax>(syntax_.model_members, std::span(&id, 1));
}

void Parser::ReadEntity(AgentSyntax& agent) {
  ReadSection(agent);
  const bool is_judged = !agent.is_broken && (agent.kind.present() || !agent.kind.key.has_value());
  if (!is_judged) return;
  const std::string_view kind = agent.kind.present() ? agent.tree->text(agent.kind.value) : "llm";
  CheckApplicability(agent, "Agent", kind, "agent");
}

void Parser::ReadEntity(ToolSyntax& tool) {
  ReadSection(tool);
  std::string_view kind;
  size_t count = 0;
  for (const std::string_view key : {"builtin", "command", "http", "shell"}) {
    if (!tool.tree->FindKey(tool.node, key).has_value()) continue;
    kind = key;
    ++count;
  }
  if (count == 1) CheckApplicability(tool, "Tool", kind, "tool");
}

void Parser::ReadEntity(WorkflowSyntax& workflow) {
  ReadSection(workflow);
  const Field& id = workflow.id;
  if (!id.key.has_value()) return;
  sink_.Report(diag::UnknownKey, workflow.tree->span(id.key), "workflow", "a workflow",
               "; only a file of its own has it, here the key is the id");
}

void Parser::ReadEntity(SchemaSyntax& schema) {
  Field whole = {.key = schema.name, .value = schema.node};
  ReadSchema(schema, whole);
  schema.is_broken = !whole.present();
}

}  // namespace wfc::manifest

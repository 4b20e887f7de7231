// N020: entities that nothing reaches. The check is silent if a name did not resolve or a construct
// is not supported, since that place may be what uses them.
#include <algorithm>

#include "ir/base/id_range.h"
#include "ir/diag/findings.h"
#include "ir/diag/messages.h"
#include "passes/context/pass.h"

namespace wfc::passes {

namespace {

class UseFinder {
 public:
  explicit UseFinder(PassContext& context)
      : context_(context),
        project_(context.project),
        agents_(project_.agents.size(), false),
        tools_(project_.tools.size(), false),
        models_(project_.models.size(), false),
        vars_(project_.vars.size(), false),
        secrets_(project_.secrets.size(), false),
        schemas_(project_.schemas.size(), false) {}

  void Run() {
    FindCalls();
    FindLoads();
    FindSchemas();
    Report(project_.agents, agents_, "agent");
    Report(project_.tools, tools_, "tool");
    Report(project_.models, models_, "model group");
    Report(project_.vars, vars_, "var");
    Report(project_.secrets, secrets_, "secret");
    ReportSchemas();
  }

 private:
  void FindCalls();
  void FindLoads();
  void FindSchemas();
  void UseSchema(ir::SchemaId id);
  void FollowReferences(const Value& schema);
  void ReportSchemas();

  template <class IdT>
  static void Use(IdVector<IdT, bool>& used, IdT id) {
    if (id.has_value()) used[id] = true;
  }

  template <class IdT, class T>
  void Report(const Store<IdT, T>& store, const IdVector<IdT, bool>& used, std::string_view kind) {
    for (IdT id : store.ids()) {
      const ir::Name& name = store[id].name;
      // Implicit entities, which no manifest wrote, have no span.
      if (used[id] || !name.span.has_value()) continue;
      context_.sink.Report(diag::Unused, name.span, kind, project_.text(name));
    }
  }

  PassContext& context_;
  const ir::Project& project_;
  IdVector<ir::AgentId, bool> agents_;
  IdVector<ir::ToolId, bool> tools_;
  IdVector<ir::ModelId, bool> models_;
  IdVector<ir::VarId, bool> vars_;
  IdVector<ir::SecretId, bool> secrets_;
  IdVector<ir::SchemaId, bool> schemas_;
  std::vector<ir::SchemaId> schema_queue_;
};

void UseFinder::FindCalls() {
  for (const ir::Stage& stage : project_.stages) {
    Use(agents_, project_.agent_of(stage));
    Use(tools_, project_.tool_of(stage));
    if (const ir::AgentCall* call = project_.FindAgentCall(stage)) Use(models_, call->model);
  }
  for (ir::AgentId id : project_.agents.ids()) {
    if (agents_[id]) Use(models_, project_.agents[id].model);
  }
}

void UseFinder::FindLoads() {
  for (const ir::TextRead& read : project_.text_reads) Use(vars_, read.var);
  for (const Root& root : project_.exprs.roots()) {
    if (root.kind == RootKind::Var) Use(vars_, ir::VarId(root.a));
    if (root.kind == RootKind::Vars) vars_.assign(vars_.size(), true);
    if (root.kind == RootKind::Secret) Use(secrets_, ir::SecretId(root.a));
  }
}

void UseFinder::UseSchema(ir::SchemaId id) {
  if (!id.has_value() || schemas_[id]) return;
  schemas_[id] = true;
  schema_queue_.push_back(id);
}

void UseFinder::FindSchemas() {
  for (const ir::Workflow& workflow : project_.workflows) {
    UseSchema(workflow.input);
    UseSchema(workflow.returns);
  }
  for (ir::AgentId id : project_.agents.ids()) {
    if (!agents_[id]) continue;
    UseSchema(project_.agents[id].input);
    UseSchema(project_.agents[id].returns);
  }
  for (ir::ToolId id : project_.tools.ids()) {
    if (!tools_[id]) continue;
    UseSchema(project_.tools[id].input);
    UseSchema(project_.tools[id].returns);
  }
  for (const ir::Stage& stage : project_.stages) UseSchema(stage.returns);
  for (size_t next = 0; next < schema_queue_.size(); ++next) {
    FollowReferences(project_.schemas.Expanded(schema_queue_[next]));
  }
}

bool IsReference(const MapEntry& entry) {
  return entry.key.is_string() && entry.key.AsString() == "$ref" && entry.value.is_string();
}

/// Marks the schemas that `$ref: ID` names anywhere in the schema. A text that only looks like a
/// reference at worst hides an unused schema.
void UseFinder::FollowReferences(const Value& schema) {
  std::vector<const Value*> pending = {&schema};
  while (!pending.empty()) {
    const Value* value = pending.back();
    pending.pop_back();
    if (value->kind() == Kind::List) {
      for (const Value& item : value->items()) pending.push_back(&item);
    }
    if (value->kind() != Kind::Map) continue;
    for (const MapEntry& entry : value->entries()) {
      if (IsReference(entry)) UseSchema(project_.schemas.Find(entry.value.AsString()));
      pending.push_back(&entry.value);
    }
  }
}

void UseFinder::ReportSchemas() {
  for (const ir::NamedSchema& named : project_.named_schemas) {
    if (schemas_[named.schema]) continue;
    context_.sink.Report(diag::Unused, named.name.span, "schema", project_.text(named.name));
  }
}

}  // namespace

void CheckUnused(PassContext& context) {
  bool may_be_hidden = std::ranges::any_of(
      context.sink.diagnostics(),
      [](const diag::Diagnostic& finding) { return diag::DoesHide(finding, diag::Hides::Uses); });
  if (!may_be_hidden) UseFinder(context).Run();
}

}  // namespace wfc::passes

// Prints `wfc inspect --format json`: the whole content of the plan. Keys are stable;
// docs/plan-json.md lists them.
#include "backend-runtime/plan/bounds.h"
#include "backend-runtime/plan/dump.h"
#include "backend-runtime/plan/names.h"
#include "backend-runtime/plan/words.h"
#include "ir/value/json.h"

namespace wfc::plan {
namespace {

using Fields = std::vector<MapEntry>;

Value Number(uint64_t number) {
  return Value::Int(static_cast<int64_t>(std::min<uint64_t>(number, INT64_MAX)));
}

Value NumberOrNull(uint32_t index) {
  return index == kNone ? Value::Null() : Number(index);
}

template <class T>
Value Numbers(std::span<const T> numbers) {
  std::vector<Value> items;
  for (const T number : numbers) items.push_back(Value::Int(static_cast<int64_t>(number)));
  return Value::List(std::move(items));
}

template <class E>
Value Name(E word) {
  return Value::String(Spell(word));
}

void Add(Fields& fields, std::string_view key, Value value) {
  fields.push_back({.key = Value::String(key), .value = std::move(value)});
}

/// A set of bits as a list of names.
template <Word E>
Value Bits(uint32_t bits) {
  std::vector<Value> names;
  for (const E word : AllOf<E>()) {
    if ((bits & Bit(word)) != 0) names.push_back(Value::String(Spell(word)));
  }
  return Value::List(std::move(names));
}

class JsonDump {
 public:
  explicit JsonDump(const PlanView& plan) : plan_(plan), waits_(FindWaits(plan)) {}

  Value Dump() {
    AddHead();
    AddBounds();
    AddEach("nodes", plan_.nodes, &JsonDump::Node);
    AddEach("regions", plan_.regions, &JsonDump::Region);
    AddEach("agents", plan_.agents, &JsonDump::Agent);
    AddEach("tools", plan_.tools, &JsonDump::Tool);
    AddEach("models", plan_.models, &JsonDump::Model);
    AddEach("commands", plan_.commands, &JsonDump::Command);
    AddEach("schemas", plan_.schemas, &JsonDump::Schema);
    AddEach("vars", plan_.vars, &JsonDump::Var);
    AddEach("secrets", plan_.secrets, &JsonDump::Secret);
    AddEach("scopes", plan_.scopes, &JsonDump::Scope);
    AddEach("authorities", plan_.authorities, &JsonDump::Authority);
    AddEach("suppressed", plan_.suppressed, &JsonDump::Suppressed);
    AddEach("dry_runs", plan_.dry_runs, &JsonDump::DryRun);
    AddEach("programs", plan_.programs, &JsonDump::Program);
    Add(fields_, "constants", Value::List({plan_.constants().begin(), plan_.constants().end()}));
    Add(fields_, "schema_code", Numbers(plan_.schema_code));
    return Value::Map(std::move(fields_));
  }

 private:
  template <class T>
  void AddEach(std::string_view key, std::span<const T> entries,
               Fields (JsonDump::*describe)(const T&) const) {
    std::vector<Value> items;
    for (const T& entry : entries) items.push_back(Value::Map((this->*describe)(entry)));
    Add(fields_, key, Value::List(std::move(items)));
  }

  // The value for an index that the plan holds; null for none.
  Value Text(uint32_t index) const {
    const StringId string(index);
    return string.has_value() ? Value::String(plan_.text(string)) : Value::Null();
  }
  Value Constant(uint32_t index) const {
    const ConstantId constant(index);
    return constant.has_value() ? plan_.constant(constant) : Value::Null();
  }
  Value SchemaName(uint32_t index) const { return NameOf(plan_.schemas, SchemaId(index)); }
  Value ModelName(uint32_t index) const { return NameOf(plan_.models, ModelId(index)); }
  Value NodeName(NodeId node) const { return NameOf(plan_.nodes, node); }
  template <class IdT, class T>
  Value NameOf(const IdTable<IdT, T>& table, IdT id) const {
    return id.has_value() ? Value::String(plan_.name(table[id])) : Value::Null();
  }

  void AddHead() {
    const fb::Plan& root = plan_.root();
    Add(fields_, "format", Number(kFormatVersion));
    Add(fields_, "identity", Value::String(ToHex(plan_.identity())));
    Add(fields_, "bytes", Number(plan_.bytes().size()));
    Add(fields_, "project", Text(root.project()));
    Add(fields_, "workflow", Text(root.workflow()));
    Add(fields_, "language", Text(root.compiler()));
    Add(fields_, "input", SchemaName(root.input()));
    Add(fields_, "output", NumberOrNull(root.output()));
    Add(fields_, "returns", SchemaName(root.returns()));
    Add(fields_, "default_mode", Name(root.default_mode()));
    Add(fields_, "modes", Bits<Mode>(root.modes()));
    Add(fields_, "max_risk", Name(root.max_risk()));
    Add(fields_, "concurrency", Number(root.concurrency()));
    Add(fields_, "on_failure",
        Value::String(Spell(root.drains_on_failure() ? OnFailure::Drain : OnFailure::Cancel)));
    Add(fields_, "workspace", Text(root.workspace()));
    Add(fields_, "path", Text(root.path()));
  }

  void AddBounds() {
    const Bounds bounds = FindBounds(plan_);
    Add(fields_, "bounds",
        Value::Record({{"agent_calls", Number(bounds.agent_calls)},
                       {"tool_calls", Number(bounds.tool_calls)},
                       {"commands", Number(bounds.commands)},
                       {"time_ns", bounds.time_ns ? Value::Int(*bounds.time_ns) : Value::Null()}}));
  }

  Fields Node(const fb::Node& node) const {
    const NodeId id = plan_.nodes.id_of(node);
    Fields fields;
    Add(fields, "node", Number(id.index()));
    Add(fields, "stage", Text(node.name()));
    Add(fields, "region", Number(node.region()));
    Add(fields, "verb", Name(node.verb()));
    Add(fields, "join", Name(node.join()));
    Add(fields, "condition", NumberOrNull(node.condition()));
    Add(fields, "returns", SchemaName(node.returns()));
    Add(fields, "waits_for", Waits(waits_[id]));
    Add(fields, "policy", Value::Map(Policy(plan_.policy_of(node))));
    AddPayload(fields, node);
    AddPlace(fields, id);
    return fields;
  }

  Value Waits(const std::vector<Edge>& waits) const {
    std::vector<Value> items;
    items.reserve(waits.size());
    for (const Edge& wait : waits) {
      items.push_back(Value::Record(
          {{"stage", NodeName(wait.to)}, {"why", Value::String(GetName(wait.kind))}}));
    }
    return Value::List(std::move(items));
  }

  Fields Policy(const fb::Policy& policy) const {
    Fields fields;
    Add(fields, "timeout_ns",
        policy.timeout_ns() == 0 ? Value::Null() : Value::Int(policy.timeout_ns()));
    Add(fields, "on_error", Name(policy.on_error()));
    Add(fields, "on_error_value", NumberOrNull(policy.on_error_value()));
    Add(fields, "fallback", NumberOrNull(policy.fallback()));
    Add(fields, "authority", Number(policy.authority()));
    const fb::Retry* retry = plan_.retry_of(policy);
    if (retry == nullptr) {
      Add(fields, "retry", Value::Null());
      return fields;
    }
    Add(fields, "retry",
        Value::Record({{"further_attempts", Number(retry->further_attempts())},
                       {"on", Bits<FailureCode>(retry->codes())},
                       {"initial_ns", Value::Int(retry->initial_ns())},
                       {"factor", Value::Double(retry->factor())},
                       {"max_ns", Value::Int(retry->max_ns())},
                       {"jitter", Value::Bool(retry->has_jitter())}}));
    return fields;
  }

  void AddPayload(Fields& fields, const fb::Node& node) const {
    switch (TableOf(node.verb())) {
      case PayloadTable::AgentCalls: {
        const fb::AgentCall& call = plan_.agent_call_of(node);
        Add(fields, "agent", Text(plan_.agent_of(node).name()));
        Add(fields, "with", NumberOrNull(call.with_program()));
        Add(fields, "prompt", NumberOrNull(call.prompt()));
        Add(fields, "model", ModelName(call.model()));
        return;
      }
      case PayloadTable::ToolCalls: {
        Add(fields, "tool", Text(plan_.tool_of(node).name()));
        Add(fields, "with", NumberOrNull(plan_.tool_call_of(node).with_program()));
        return;
      }
      case PayloadTable::Commands:
        return Add(fields, "command", Number(node.payload()));
      case PayloadTable::Programs:
        return Add(fields, "program", Number(node.payload()));
      case PayloadTable::Decides:
        return Add(fields, "decide", Decide(plan_.decide_of(node)));
      case PayloadTable::Asserts: {
        const fb::Assert& assertion = plan_.assert_of(node);
        Add(fields, "program", Number(assertion.program()));
        Add(fields, "message", NumberOrNull(assertion.message()));
        return;
      }
    }
  }

  Value Decide(const fb::Decide& decide) const {
    std::vector<Value> routes;
    for (const fb::Route& route : PlanTables::Slice(plan_.routes, decide.routes())) {
      std::vector<Value> targets;
      for (const NodeId target : plan_.targets_of(route)) {
        targets.push_back(NodeName(target));
      }
      routes.push_back(Value::Record({{"key", Constant(route.key())},
                                      {"when", NumberOrNull(route.when())},
                                      {"stages", Value::List(std::move(targets))},
                                      {"region", NumberOrNull(route.region())}}));
    }
    return Value::Record({{"subject", NumberOrNull(decide.subject())},
                          {"is_case_list", Value::Bool(decide.is_case_list())},
                          {"has_default", Value::Bool(decide.has_default())},
                          {"routes", Value::List(std::move(routes))}});
  }

  void AddPlace(Fields& fields, NodeId node) const {
    const fb::SourceMap* map = plan_.source_map();
    if (map->places() == nullptr || map->places()->size() == 0) return;
    const fb::NodePlace& place = *map->places()->Get(node.index());
    Add(fields, "source",
        Value::Record({{"file", Value::String(PlaceFile(*map, place.file()))},
                       {"line", Number(place.line())},
                       {"column", Number(place.column())}}));
  }

  static std::string_view PlaceFile(const fb::SourceMap& map, uint32_t file) {
    return map.files()->Get(file)->string_view();
  }

  Fields Region(const fb::Region& region) const {
    Fields fields;
    Add(fields, "kind", Value::String(RuleOf(region.kind()).name));
    Add(fields, "owner", NodeName(NodeId(region.owner())));
    Add(fields, "first_node", Number(region.nodes().first()));
    Add(fields, "nodes", Number(region.nodes().count()));
    Add(fields, "output", NumberOrNull(region.output()));
    Add(fields, "is_single", Value::Bool(region.is_single()));
    return fields;
  }

  Fields Agent(const fb::Agent& agent) const {
    Fields fields;
    Add(fields, "name", Text(agent.name()));
    Add(fields, "kind", Name(agent.kind()));
    Add(fields, "effect", Name(agent.effect()));
    Add(fields, "model", ModelName(agent.model()));
    Add(fields, "command", NumberOrNull(agent.command()));
    Add(fields, "system", NumberOrNull(agent.system()));
    Add(fields, "prompt", NumberOrNull(agent.prompt()));
    Add(fields, "input", SchemaName(agent.input()));
    Add(fields, "returns", SchemaName(agent.returns()));
    Add(fields, "temperature",
        agent.temperature() < 0 ? Value::Null() : Value::Double(agent.temperature()));
    return fields;
  }

  Fields Tool(const fb::Tool& tool) const {
    Fields fields;
    Add(fields, "name", Text(tool.name()));
    const BuiltinId builtin(tool.builtin());
    Add(fields, "builtin",
        builtin.has_value() ? Value::String(BuiltinToolName(builtin)) : Value::Null());
    Add(fields, "command", NumberOrNull(tool.command()));
    Add(fields, "input", SchemaName(tool.input()));
    Add(fields, "returns", SchemaName(tool.returns()));
    Add(fields, "dry_run", NumberOrNull(tool.dry_run()));
    Add(fields, "effect", Name(tool.effect()));
    Add(fields, "risk", Name(tool.risk()));
    Add(fields, "trust", Name(tool.trust()));
    Add(fields, "is_idempotent", Value::Bool(tool.is_idempotent()));
    Add(fields, "timeout_ns",
        tool.timeout_ns() == 0 ? Value::Null() : Value::Int(tool.timeout_ns()));
    return fields;
  }

  Fields Model(const fb::Model& model) const {
    Fields fields;
    Add(fields, "name", Text(model.name()));
    Add(fields, "provider", Name(model.provider()));
    Add(fields, "max_tokens",
        model.max_tokens() == 0 ? Value::Null() : Value::Int(model.max_tokens()));
    Add(fields, "fixture", NumberOrNull(model.fixture()));
    return fields;
  }

  Value Texts(const fb::Range& range) const {
    std::vector<Value> items;
    for (const StringId pattern : plan_.patterns_of(range))
      items.push_back(Value::String(plan_.text(pattern)));
    return Value::List(std::move(items));
  }

  Fields Command(const fb::Command& command) const {
    std::vector<Value> environment;
    for (const fb::EnvEntry& entry : PlanTables::Slice(plan_.env_entries, command.env())) {
      environment.push_back(
          Value::Record({{"name", Text(entry.name())}, {"value", Number(entry.program())}}));
    }
    Fields fields;
    Add(fields, "argv", Numbers(PlanTables::Slice(plan_.program_lists, command.argv())));
    Add(fields, "env", Value::List(std::move(environment)));
    Add(fields, "cwd", NumberOrNull(command.cwd()));
    Add(fields, "stdin", NumberOrNull(command.stdin_program()));
    Add(fields, "stdin_is_json", Value::Bool(command.stdin_is_json()));
    Add(fields, "ok_exit", Numbers(PlanTables::Slice(plan_.integers, command.ok_exit())));
    Add(fields, "parse", Name(command.parse()));
    Add(fields, "reads", Texts(command.reads()));
    Add(fields, "writes", Texts(command.writes()));
    Add(fields, "net", Texts(command.net()));
    Add(fields, "effect", Name(command.effect()));
    Add(fields, "is_idempotent", Value::Bool(command.is_idempotent()));
    Add(fields, "stdout_limit", Number(command.stdout_limit()));
    return fields;
  }

  Fields DryRun(const fb::DryRun& dry_run) const {
    Fields fields;
    Add(fields, "command", Number(dry_run.command()));
    Add(fields, "constant", Number(dry_run.constant()));
    return fields;
  }

  Fields Schema(const fb::Schema& schema) const {
    Fields fields;
    Add(fields, "name", Text(schema.name()));
    Add(fields, "entry", Number(schema.entry()));
    Add(fields, "smallest", NumberOrNull(schema.smallest()));
    Add(fields, "document", NumberOrNull(schema.document()));
    return fields;
  }

  Fields Var(const fb::Var& var) const {
    Fields fields;
    Add(fields, "name", Text(var.name()));
    Add(fields, "value", Constant(var.value()));
    Add(fields, "environment", Text(var.environment()));
    Add(fields, "schema", NumberOrNull(var.schema()));
    return fields;
  }

  Fields Secret(const fb::Secret& secret) const {
    Fields fields;
    Add(fields, "name", Text(secret.name()));
    Add(fields, "environment", Text(secret.environment()));
    Add(fields, "file", Text(secret.file()));
    return fields;
  }

  Value Patterns(const fb::Range& range) const {
    std::vector<Value> items;
    for (const fb::Pattern& pattern : PlanTables::Slice(plan_.patterns, range)) {
      items.push_back(Value::Record(
          {{"capability", Name(pattern.capability())}, {"pattern", Text(pattern.text())}}));
    }
    return Value::List(std::move(items));
  }

  Fields Scope(const fb::Scope& scope) const {
    Fields fields;
    Add(fields, "speaks_of", Bits<Capability>(scope.mentioned()));
    Add(fields, "allow", Patterns(scope.allow()));
    Add(fields, "deny", Patterns(scope.deny()));
    return fields;
  }

  Fields Authority(const fb::Authority& authority) const {
    Fields fields;
    Add(fields, "scopes", Numbers(PlanTables::Slice(plan_.scope_lists, authority.scopes())));
    return fields;
  }

  Fields Suppressed(const fb::Suppressed& finding) const {
    Fields fields;
    Add(fields, "code", Text(finding.code()));
    Add(fields, "place", Text(finding.place()));
    Add(fields, "reason", Text(finding.reason()));
    return fields;
  }

  Fields Program(const fb::Range& program) const {
    Fields fields;
    Add(fields, "code", Numbers(PlanTables::Slice(plan_.code, program)));
    return fields;
  }

  const PlanView& plan_;
  IdVector<NodeId, std::vector<Edge>> waits_;
  Fields fields_;
};

}  // namespace

std::string DumpJson(const PlanView& plan) {
  return WriteJson(JsonDump(plan).Dump(), JsonStyle::Pretty) + "\n";
}

}  // namespace wfc::plan

// The workflow IR: a whole project after lowering, as plain structs in stores. Passes read it, and
// codegen turns it into a plan. Entities of each kind are numbered by name (stages by workflow,
// then by path), so that the order of keys in a manifest never matters.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ir/base/check.h"
#include "ir/base/day.h"
#include "ir/expr/expr.h"
#include "ir/ids.h"
#include "ir/schema_places.h"
#include "ir/security.h"
#include "ir/stage.h"
#include "ir/support/interner.h"
#include "ir/support/store.h"
#include "ir/types/registry.h"
#include "ir/value/value.h"

namespace wfc::ir {

/// A workflow of the project.
struct Workflow {
  Name name;
  Span span;
  BodyId body;
  SchemaId input;   ///< none: takes nothing
  Span input_span;  ///< of the schema as it was written; so is every `…_span` of a schema
  ExprId output;    ///< none: no output
  SchemaId returns;
  Span returns_span;
  ModeSet modes = 0;  ///< the modes it may run in, dry_run always among them
  Span modes_span;
  /// A part of the workflow could not be read, so that a missing part proves nothing.
  bool is_poisoned = false;
};

/// An agent that the manifest declares.
struct Agent {
  using Kind = AgentKind;
  Name name;
  Span span;
  Kind kind = Kind::Llm;
  Span kind_span;
  ModelId model;   ///< Llm; none: undefined
  SchemaId input;  ///< none: `input_names`, or anything when nothing reads `with`
  Span input_span;
  Range input_names;     ///< StringIds in Project::string_lists: what the templates read
  Range required_names;  ///< the same: the names that the templates require
  bool accepts_any_argument = false;
  ExprId system;     ///< none: no system prompt
  ExprId prompt;     ///< none: `with`, with one heading per key
  SchemaId returns;  ///< none: a string
  Span returns_span;
  double temperature = -1;  ///< below 0: the provider's default
  CommandId command;        ///< Command
  bool is_supported = true;
};

/// A tool that the manifest declares, or a built-in tool that is used under its own name.
struct Tool {
  enum class Kind : uint8_t { Builtin, Command, Unsupported };
  Name name;
  Span span;
  Kind kind = Kind::Unsupported;
  bool is_implicit = false;  ///< a built-in under its own name, which no manifest wrote
  StringId builtin;          ///< Builtin: `fs.list`
  CommandId command;         ///< Command
  SchemaId input;
  Span input_span;    ///< none: a built-in's own
  Range input_names;  ///< as Agent's
  Range required_names;
  bool accepts_any_argument = false;
  SchemaId returns;
  Span returns_span;
  Effect effect = Effect::Pure;           ///< in force: declared, else what the kind implies
  Effect declared_effect = Effect::Pure;  ///< as written, where `effect_span` is set
  Span effect_span;                       ///< declared; none: implied
  bool is_idempotent = false;
  Risk risk = Risk::Low;
  Span risk_span;
  Trust trust = Trust::Trusted;
  int64_t timeout_ns = 0;
  Span timeout_span;  ///< none: none is written
  Value dry_run;      ///< what it yields in mode dry_run
  bool has_dry_run = false;
  Span dry_run_span;
};

/// One model of a group.
struct ModelMember {
  Provider provider = Provider::Scripted;
  StringId model;
  int64_t max_tokens = 0;  ///< 0: not said
  /// Scripted: a map from stage path to a list of entries; Null if nothing is listed.
  Value fixture;
  Span span;
};

/// A group of models, which agents name.
struct Model {
  Name name;
  Span span;
  Range members;             ///< in Project::model_members
  bool is_implicit = false;  ///< `[{provider: scripted}]`, because no model is defined
};

/// One entry of a fixture: the answer of a scripted model to a call by the stage with this path.
struct ScriptedAnswer {
  ModelId model;
  StringId path;       ///< as the fixture writes it
  uint32_t index = 0;  ///< which call it answers, from 0
  Value entry;         ///< as it is written: an answer, or one of the forms of the provider
  Span span;
};

/// A schema that the manifest names.
struct NamedSchema {
  Name name;
  SchemaId schema;
};

/// An entry of `vars`: a constant, or a value from the environment.
struct Var {
  Name name;
  Value value;  ///< the constant, or the default
  bool has_value = false;
  StringId environment;  ///< no value: a constant
  SchemaId schema;       ///< what the environment's text is read by; no value: it stays text
  Span schema_span;      ///< where it is written; no value: it is the default's type
};

/// A secret, read from an environment variable or a file.
struct Secret {
  Name name;
  StringId environment;  ///< one of these two
  StringId file;
};

/// The `execution` section: how a run is carried out.
struct Execution {
  uint32_t concurrency = 8;
  StringId workspace;  ///< no value: the project's folder
  StringId path;       ///< no value: the default
  bool drains_on_failure = false;
};

/// The `specs` section.
struct Specs {
  bool is_written = false;
  Span span;
  Range files;  ///< StringIds in Project::string_lists
  int64_t max_age_ns = kDefaultReviewAge;
  Range inactive;  ///< StringIds in Project::string_lists: values of `status` that exempt a file
};

/// A name that a text mentions without `${…}`: an input of an agent or a tool in one of its own
/// texts, a stage, or a var. The missing `${…}` was reported, so the entity is not also reported as
/// unused.
struct TextRead {
  AgentId agent;  ///< one of these
  ToolId tool;
  StageId stage;
  VarId var;
  StringId name;  ///< of the input
};

/// A lowered project. Movable, not copyable.
struct Project {
  Project() = default;
  Project(Project&&) noexcept = default;
  Project& operator=(Project&&) noexcept = default;

  std::string folder;  ///< as given; never part of a plan
  FileId root_file;
  Span root_span;  ///< where a finding about the whole project points: the start of wfc.yaml
  StringId name;
  WorkflowId main;  ///< none: no workflow, or several and none named

  Interner strings;
  expr::ExprStore exprs;
  types::SchemaRegistry schemas;
  std::unique_ptr<SchemaPlaces> schema_places;  ///< none: not lowered from files

  Store<WorkflowId, Workflow> workflows;
  Store<BodyId, Body> bodies;
  Store<StageId, Stage> stages;
  Store<AgentId, Agent> agents;
  Store<ToolId, Tool> tools;
  Store<ModelId, Model> models;
  // The payloads of stages, one store per struct: `Store<Id<AgentCall>, AgentCall> agent_calls` and
  // so on. `commands` also holds the commands of agents and tools.
#define WFC_VERB(id, word, payload, store, in_plan, callee, fields, yields) \
  Store<Id<payload>, payload> store;
#include "ir/base/verbs.def"
  std::vector<NamedSchema> named_schemas;  ///< sorted by name
  Store<VarId, Var> vars;
  Store<SecretId, Secret> secrets;
  Store<RetryId, Retry> retries;
  Execution execution;
  Security security;
  Specs specs;

  // Pools that ranges index.
  std::vector<StageId> stage_lists;
  std::vector<Dependency> dependencies;
  std::vector<Argument> arguments;
  std::vector<ExprId> rewritten_numbers;  ///< constants in VALUE fields that are written back as
                                          ///< another text (`3.10`); in order
  std::vector<ExprId> expr_lists;
  std::vector<int64_t> integers;
  std::vector<StringId> string_lists;
  std::vector<Route> routes;
  std::vector<ModelMember> model_members;
  std::vector<ScriptedAnswer> scripted_answers;  ///< by model, then as the fixture lists them
  std::vector<TextRead> text_reads;

  [[nodiscard]] std::string_view text(StringId id) const { return strings.Get(id); }
  [[nodiscard]] std::string_view text(const Name& entity) const { return strings.Get(entity.text); }
  template <class T>
  [[nodiscard]] static std::span<const T> View(const std::vector<T>& pool, Range range) {
    WFC_CHECK(uint64_t{range.first} + range.count <= pool.size());
    return std::span<const T>(pool).subspan(range.first, range.count);
  }
  /// The model that the group asks first.
  [[nodiscard]] const ModelMember& first_member(const Model& model) const {
    const std::span<const ModelMember> members = View(model_members, model.members);
    WFC_CHECK(!members.empty());
    return members.front();
  }
  [[nodiscard]] std::span<const StageId> stages_of(const Body& scope) const {
    return View(stage_lists, scope.stages);
  }
  [[nodiscard]] std::span<const Dependency> dependencies_of(const Stage& stage) const {
    return View(dependencies, stage.dependencies);
  }
  /// The routes of a decide; none for other stages.
  [[nodiscard]] std::span<const Route> routes_of(const Stage& stage) const {
    const Decide* decide = FindDecide(stage);
    return decide != nullptr ? View(routes, decide->routes) : std::span<const Route>();
  }

  // For each payload of verbs.def:
  //   FindDecide(stage)     the payload of the stage; null if its verb is another
  //   GetDecide(stage)      the payload of a stage that is known to have the verb
  //   SetPayload(stage, id) gives the stage the payload and its verb
#define WFC_VERB(id, word, payload_type, store, in_plan, callee, fields, yields)       \
  [[nodiscard]] const payload_type* Find##payload_type(const Stage& stage) const {     \
    return stage.verb == Verb::id ? &store[Id<payload_type>(stage.payload)] : nullptr; \
  }                                                                                    \
  [[nodiscard]] const payload_type& Get##payload_type(const Stage& stage) const {      \
    WFC_CHECK(stage.verb == Verb::id);                                                 \
    return store[Id<payload_type>(stage.payload)];                                     \
  }                                                                                    \
  static void SetPayload(Stage& stage, Id<payload_type> payload_id) {                  \
    stage.verb = Verb::id;                                                             \
    stage.payload = payload_id.index();                                                \
  }
#include "ir/base/verbs.def"

  // What a stage calls; without a value if its verb calls nothing of the kind, or if it names
  // something undefined.
  [[nodiscard]] AgentId agent_of(const Stage& stage) const {
    const AgentCall* call = FindAgentCall(stage);
    return call != nullptr ? call->agent : AgentId();
  }
  [[nodiscard]] ToolId tool_of(const Stage& stage) const {
    const ToolCall* call = FindToolCall(stage);
    return call != nullptr ? call->tool : ToolId();
  }
  [[nodiscard]] CommandId command_of(const Stage& stage) const {
    return stage.verb == Verb::Run ? CommandId(stage.payload) : CommandId();
  }
  /// The arguments that the stage passes; null if its verb takes no `with`.
  [[nodiscard]] const With* FindWith(const Stage& stage) const {
    if (const AgentCall* call = FindAgentCall(stage)) return &call->with;
    const ToolCall* call = FindToolCall(stage);
    return call != nullptr ? &call->with : nullptr;
  }
  [[nodiscard]] std::span<const Argument> arguments_of(const With& with) const {
    return View(arguments, with.arguments);
  }
  /// The group of models that the call of a defined agent asks.
  [[nodiscard]] ModelId model_of(const AgentCall& call) const {
    return call.model.has_value() ? call.model : agents[call.agent].model;
  }
};

}  // namespace wfc::ir

// The typed syntax of a project: the contents of its files, decoded and located, with names not yet
// resolved. There is one struct per section of sections.def, with one member per key of fields.def;
// lists are ranges into the pools of `Syntax`. The parser fills it, lowering reads it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/yaml/tree.h"
#include "ir/base/id.h"
#include "ir/base/words.h"
#include "ir/files/project_files.h"
#include "ir/support/store.h"

namespace wfc::manifest {

// Kinds of values. VALUE, EXPR and constants are the language's own terms: text or a tree with
// `${…}` in it, a CEL expression, and a value without expressions.

/// A key and its value, as nodes of the tree of the section that holds them.
struct Field {
  yaml::NodeId key;    ///< empty if the key is missing
  yaml::NodeId value;  ///< also empty if the value was reported as wrong
  [[nodiscard]] bool present() const { return value.has_value(); }
};

using AnyField = Field;         ///< recognised but not examined
using ValueField = Field;       ///< VALUE: text with `${…}`, or a tree of values
using ValueOrMapField = Field;  ///< VALUE, usually a map of names to VALUEs
/// EXPR: a scalar that holds CEL; `${ }` around the whole is optional.
using ExpressionField = Field;
using ConstantField = Field;    ///< any value, without expressions
using SchemaField = Field;      ///< an id, the name of a type, a short form or a schema
using PromptField = Field;      ///< text with `${…}`, or one line ending in .md: a file's path
using ArgvField = Field;        ///< a list of at least one VALUE scalar
using ValueMapField = Field;    ///< a map of names to VALUE scalars
using TextsField = Field;       ///< one literal text or a list of them
using IntegersField = Field;    ///< a list of integers
using ReferencesField = Field;  ///< one id or a list of ids
using ErrorCodesField = Field;  ///< a list of error codes, each checked
using ModesField = Field;       ///< a list of modes, each checked
using PatternsField = Field;    ///< a map of capabilities, each checked, to lists of patterns

/// A scalar together with its decoded value, which is meaningful only if `present()`.
template <class T>
struct Decoded : Field {
  T decoded{};
};
using TextField = Decoded<std::string_view>;  ///< literal text; a `${` in it was reported
using ReferenceField = Decoded<std::string_view>;
using EnvironmentNameField = Decoded<std::string_view>;
/// `workflow:ID`, `stage:PATH`, `agent:ID` or `tool:ID`; only the form is checked.
using GrantTargetField = Decoded<std::string_view>;
using BuiltinField = Decoded<std::string_view>;  ///< the name of a built-in tool, checked
using BoolField = Decoded<bool>;
using IntegerField = Decoded<int64_t>;
using CountField = Decoded<int64_t>;  ///< `200k` is 200,000
using SizeField = Decoded<int64_t>;   ///< bytes
using NumberField = Decoded<double>;
using DurationField = Decoded<int64_t>;  ///< nanoseconds

/// The mode that abbreviates `dry_run` with `max_risk: low`.
inline constexpr std::string_view kSafeMode = "safe_mode";
/// kSafeMode is decoded as DryRun; lowering recognises it by its text and also sets max_risk.
using ModeField = Decoded<Mode>;
using RiskField = Decoded<Risk>;
using EffectField = Decoded<Effect>;
using TrustField = Decoded<Trust>;
using ParseField = Decoded<OutputParse>;
using JoinField = Decoded<Join>;
using OnFailureField = Decoded<OnFailure>;
using FormatsField = Decoded<Formats>;
using EngineField = Decoded<Engine>;
using AgentKindField = Decoded<AgentKind>;
using ProviderField = Decoded<Provider>;

// Sections.

#define WFC_SECTION(section, pool, words) struct section##Syntax;
#include "frontend/manifest/sections.def"
// These two have no row in sections.def, because their keys are not this language's.
struct RouteSyntax;   // an entry of `routes`, whose keys are values
struct SchemaSyntax;  // a schema, whose keys are those of JSON Schema

/// A key whose value is a section.
template <class Section>
struct SectionField : Field {
  Id<Section> id;
};
/// A key whose value is several sections, as a map by id or as a list. `range` indexes the `lists`
/// of the section's pool in `Syntax`: sorted by id for a map, in the order of the file for a list.
template <class Section>
struct SectionsField : Field {
  Range range;
};
using RetryField = SectionField<RetrySyntax>;  ///< `retry: never` sets `is_never`
using BackoffField = SectionField<BackoffSyntax>;
using OnErrorField = SectionField<OnErrorSyntax>;
using CapabilitiesField = SectionField<CapabilitiesSyntax>;
using ToolLimitsField = SectionField<ToolLimitsSyntax>;
using DefaultsField = SectionField<DefaultsSyntax>;
using ExecutionField = SectionField<ExecutionSyntax>;
using SecurityField = SectionField<SecuritySyntax>;
using SpecsField = SectionField<SpecsSyntax>;
using BodyField = SectionField<BodySyntax>;
using RouteField = SectionField<RouteSyntax>;
using AgentField = SectionField<AgentSyntax>;  ///< `defaults.agent`
using StageField = SectionField<StageSyntax>;  ///< `defaults.run`
using StageMapField = SectionsField<StageSyntax>;
using StageListField = SectionsField<StageSyntax>;
using RoutesField = SectionsField<RouteSyntax>;
/// Either a list of cases, or an EXPR: `value` is then a scalar and `range` is empty.
using DecisionField = SectionsField<CaseSyntax>;
using ModelMembersField = SectionsField<ModelMemberSyntax>;
using GrantsField = SectionsField<GrantSyntax>;
using VarsField = SectionsField<VarSyntax>;
using SecretsField = SectionsField<SecretSyntax>;
using ModelsField = SectionsField<ModelGroupSyntax>;
using AgentsField = SectionsField<AgentSyntax>;
using ToolsField = SectionsField<ToolSyntax>;
using WorkflowsField = SectionsField<WorkflowSyntax>;
using SchemasField = SectionsField<SchemaSyntax>;

/// The members that all sections have.
struct Section {
  const yaml::Tree* tree = nullptr;  ///< the tree that holds all nodes of the section
  yaml::NodeId node;                 ///< the whole value
  yaml::NodeId name;                 ///< the scalar that names the entity, where it has a name
  std::string_view id;               ///< the entity's id
  /// The section could not be read, which was reported. It is kept so that its id stays known.
  bool is_broken = false;
  bool is_unsupported = false;  ///< it uses a construct that was reported as L001
};

// In each struct, the comment says which part of a manifest it is. A key with `Later` has no
// member.
#define WFC_MEMBER_Now(type, member) type##Field member;
#define WFC_MEMBER_Later(type, member)
#define WFC_MEMBER(key, member, type, need, since, owners, help) WFC_MEMBER_##since(type, member)

/// `defaults`, of the project or of a workflow.
struct DefaultsSyntax : Section {
#define WFC_DEFAULTS_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// `execution`.
struct ExecutionSyntax : Section {
#define WFC_EXECUTION_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// Either a constant (`constant` is present), or {env, default, schema}.
struct VarSyntax : Section {
  ConstantField constant;
#define WFC_VAR_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// An entry of `secrets`.
struct SecretSyntax : Section {
#define WFC_SECRET_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// Either an alias of another group (`alias` is present), or members.
struct ModelGroupSyntax : Section {
  ReferenceField alias;
#define WFC_MODEL_GROUP_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// A model of a group.
struct ModelMemberSyntax : Section {
#define WFC_MODEL_MEMBER_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// An entry of `agents`, or `defaults.agent`.
struct AgentSyntax : Section {
#define WFC_AGENT_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// An entry of `tools`.
struct ToolSyntax : Section {
#define WFC_TOOL_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// The `limits` of a tool or of a `run` stage.
struct ToolLimitsSyntax : Section {
#define WFC_TOOL_LIMITS_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// An entry of `workflows`, or a file with `workflow: ID`.
struct WorkflowSyntax : Section {
#define WFC_WORKFLOW_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};

/// A stage of `stages`, `steps` or a body, or `defaults.run`.
struct StageSyntax : Section {
  /// Poison if there is not exactly one verb, or if it is not supported yet; either was reported.
  Verb verb = Verb::Poison;
  bool has_later_verb = false;  ///< the only verb is one that is not supported yet
#define WFC_STAGE_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// Either one stage without an id (`is_single`), or `stages` or `steps` with an output.
struct BodySyntax : Section {
  bool is_single = false;
  Range single;  ///< if `is_single`: the stage, as a range of length 1
#define WFC_BODY_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// An entry of `routes`, or the target of `default` or `goto`.
struct RouteSyntax : Section {
  /// Where the route leads: nowhere (`[]`), to one or more stages by id, or to a body.
  enum class Kind : uint8_t { None, Ids, Body };
  Kind kind = Kind::None;
  yaml::NodeId key;  ///< in `routes`: the value that selects the route, a typed scalar
  BodyField body;
};
/// A case of a `decide` that is a list.
struct CaseSyntax : Section {
#define WFC_CASE_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// `retry`, of a stage or in `defaults`.
struct RetrySyntax : Section {
  bool is_never = false;  ///< the value is the word `never`
#define WFC_RETRY_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// `backoff`, in `retry`.
struct BackoffSyntax : Section {
#define WFC_BACKOFF_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// `on_error` of a stage; `kind` says which of its forms is written.
struct OnErrorSyntax : Section {
  OnError kind = OnError::Fail;
#define WFC_ON_ERROR_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// `capabilities` of a stage.
struct CapabilitiesSyntax : Section {
#define WFC_CAPABILITIES_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// `security`.
struct SecuritySyntax : Section {
#define WFC_SECURITY_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// An entry of `security.grants`.
struct GrantSyntax : Section {
#define WFC_GRANT_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// `specs`.
struct SpecsSyntax : Section {
#define WFC_SPECS_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// A named schema: an entry of `schemas`, or a file in the folder `schemas/`.
struct SchemaSyntax : Section {};
/// The sections and scalars of the whole project, merged from all files.
struct ProjectSyntax : Section {
#define WFC_PROJECT_FIELD(key, member, type, need, since, place, singular, help) \
  WFC_MEMBER_##since(type, member)
#include "frontend/manifest/fields.def"
};
#undef WFC_MEMBER
#undef WFC_MEMBER_Now
#undef WFC_MEMBER_Later

/// The whole project. `project` holds its sections, merged from all files; each section is stored
/// in the pool of its type.
struct Syntax {
  /// One tree per file: the root file's first, then the others by path.
  std::vector<yaml::TreePtr> trees;
  std::string folder;  ///< path of the project's folder; see FoundProject
  /// Reads the further files of the project, such as prompts; null if its texts do not come from a
  /// folder.
  std::unique_ptr<files::ProjectFiles> files;
  FileId root_file;  ///< wfc.yaml
  /// The ids of the workflows in the file that the command line names; empty if it is wfc.yaml.
  std::vector<std::string_view> named_workflows;
  /// The command line says which workflow to run, so `main` need not.
  bool is_workflow_chosen = false;
  int64_t reading_ns = 0;  ///< time spent on reading files into trees, without parsing the trees
  ProjectSyntax project;
  /// A part of some file could not be read, so the ids that it defines are unknown. References to
  /// unknown names must then not be reported.
  bool is_incomplete = false;

  /// All sections of one type.
  template <class S>
  struct Pool {
    Store<Id<S>, S> all;
    std::vector<Id<S>> lists;  ///< the ids that SectionsField::range indexes
  };
#define WFC_ROOT_SECTION(section, words)
#define WFC_SECTION(section, pool, words) Pool<section##Syntax> pool;
#include "frontend/manifest/sections.def"
  Pool<RouteSyntax> routes;
  Pool<SchemaSyntax> schemas;
};

}  // namespace wfc::manifest

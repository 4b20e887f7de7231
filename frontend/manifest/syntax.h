// The typed syntax of a project: what the files say, decoded and located, names not yet resolved.
// One struct a section of fields.def, with one member a key; lists are ranges into the pools of
// `Syntax`. Lowering reads it and nothing else.
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

// ---- Kinds of values. `present()` is false when the key is missing and also when its value was
// reported as wrong. ----

/// A key and its value in the tree of the entity that holds it.
struct Field {
  yaml::NodeId key;
  yaml::NodeId value;
  [[nodiscard]] bool present() const { return value.has_value(); }
};

using AnyField = Field;         ///< recognised, not looked at
using ValueField = Field;       ///< VALUE: text with `${…}`, or a tree of values
using ValueOrMapField = Field;  ///< VALUE, usually a map of names to VALUEs
using ExpressionField =
    Field;  ///< EXPR: a scalar that holds CEL; `${ }` around the whole is optional
using ConstantField = Field;    ///< any value, without expressions
using SchemaField = Field;      ///< an id, a type word, a short form or a schema
using PromptField = Field;      ///< text with `${…}`, or one line ending in .md: a file
using ArgvField = Field;        ///< a list of at least one VALUE scalar
using ValueMapField = Field;    ///< a map of names to VALUE scalars
using TextsField = Field;       ///< one literal text or a list of them; see `Syntax::Texts`
using IntegersField = Field;    ///< a list of integers
using ReferencesField = Field;  ///< one id or a list of them
using ErrorCodesField = Field;  ///< a list of error codes of language.md, each checked
using ModesField = Field;       ///< a list of modes, each checked
using PatternsField = Field;    ///< capability to a list of patterns; capability names are checked

template <class T>
struct Decoded : Field {
  T decoded{};
};
using TextField = Decoded<std::string_view>;  ///< literal text; a `${` in it was reported
using ReferenceField = Decoded<std::string_view>;
using EnvironmentNameField = Decoded<std::string_view>;
using GrantTargetField = Decoded<std::string_view>;  ///< `workflow:ID`, `stage:PATH`, `agent:ID`,
                                                     ///< `tool:ID`; form checked
using BuiltinField = Decoded<std::string_view>;      ///< the name of a built-in tool, checked
using BoolField = Decoded<bool>;
using IntegerField = Decoded<int64_t>;
using CountField = Decoded<int64_t>;  ///< `200k` is 200,000
using SizeField = Decoded<int64_t>;   ///< bytes
using NumberField = Decoded<double>;
using DurationField = Decoded<int64_t>;  ///< nanoseconds

/// A word for `dry_run` with `max_risk: low`.
inline constexpr std::string_view kSafeMode = "safe_mode";
using ModeField = Decoded<Mode>;  ///< kSafeMode reads as DryRun; lowering also sets max_risk
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

// ---- Sections. ----

#define WFC_SECTION(section, pool, words) struct section##Syntax;
#include "frontend/manifest/sections.def"
struct RouteSyntax;   // `routes`, whose keys are values
struct SchemaSyntax;  // a schema, whose keys are JSON Schema's

/// A key that holds a section of its own.
template <class Section>
struct SectionField : Field {
  Id<Section> id;
};
/// A key that holds several: a map by id, or a list. The ids stand in the pool of `Syntax` for that
/// section, sorted by name where a map has names, in file order where it is a list.
template <class Section>
struct SectionsField : Field {
  Range range;
};
using RetryField = SectionField<RetrySyntax>;  ///< `retry: never` is a RetrySyntax with `is_never`
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
using AgentField = SectionField<AgentSyntax>;  ///< in `defaults`
using StageField = SectionField<StageSyntax>;  ///< in `defaults`
using StageMapField = SectionsField<StageSyntax>;
using StageListField = SectionsField<StageSyntax>;
using RoutesField = SectionsField<RouteSyntax>;
using DecisionField =
    SectionsField<CaseSyntax>;  ///< an EXPR (range empty, value a scalar), or a list of cases
using ModelMembersField = SectionsField<ModelMemberSyntax>;
using GrantsField = SectionsField<GrantSyntax>;
using SpecGuardsField = SectionsField<SpecGuardSyntax>;
using VarsField = SectionsField<VarSyntax>;
using SecretsField = SectionsField<SecretSyntax>;
using ModelsField = SectionsField<ModelGroupSyntax>;
using AgentsField = SectionsField<AgentSyntax>;
using ToolsField = SectionsField<ToolSyntax>;
using WorkflowsField = SectionsField<WorkflowSyntax>;
using SchemasField = SectionsField<SchemaSyntax>;

/// What every section has.
struct Section {
  const yaml::Tree* tree = nullptr;
  yaml::NodeId node;            ///< the whole value
  yaml::NodeId name;            ///< the scalar that names the entity, where it has a name
  std::string_view id;          ///< the entity's id
  bool is_broken = false;       ///< Y001, or not even a map: keeps its id as poison
  bool is_unsupported = false;  ///< uses a construct that is L001
};

// A key that is `Later` has no member.
#define WFC_MEMBER_Now(type, member) type##Field member;
#define WFC_MEMBER_Later(type, member)
#define WFC_MEMBER(key, member, type, need, since, help) WFC_MEMBER_##since(type, member)

struct DefaultsSyntax : Section {
#define WFC_DEFAULTS_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
struct ExecutionSyntax : Section {
#define WFC_EXECUTION_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// A constant (`constant` present), or {env, default}.
struct VarSyntax : Section {
  ConstantField constant;
#define WFC_VAR_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
struct SecretSyntax : Section {
#define WFC_SECRET_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// An alias (`alias` present), or members.
struct ModelGroupSyntax : Section {
  ReferenceField alias;
#define WFC_MODEL_GROUP_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
struct ModelMemberSyntax : Section {
#define WFC_MODEL_MEMBER_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
struct AgentSyntax : Section {
#define WFC_AGENT_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
struct ToolSyntax : Section {
#define WFC_TOOL_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
struct ToolLimitsSyntax : Section {
#define WFC_TOOL_LIMITS_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
struct WorkflowSyntax : Section {
#define WFC_WORKFLOW_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};

struct StageSyntax : Section {
  Verb verb = Verb::Poison;     ///< Poison: missing or several, which was reported, or Later
  bool has_later_verb = false;  ///< one that is not supported yet
#define WFC_STAGE_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// One stage (`is_single`; its id is empty), or stages/steps with an output.
struct BodySyntax : Section {
  bool is_single = false;
  Range single;  ///< the one stage, when `is_single`
#define WFC_BODY_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// One entry of `routes`, or the target of `default` or `goto`.
struct RouteSyntax : Section {
  enum class Kind : uint8_t { None, Ids, Body };  ///< `[]`; an id or a list of ids; a body
  Kind kind = Kind::None;
  yaml::NodeId key;  ///< in `routes`: the typed scalar
  BodyField body;
};
struct CaseSyntax : Section {
#define WFC_CASE_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
struct RetrySyntax : Section {
  bool is_never = false;
#define WFC_RETRY_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
struct BackoffSyntax : Section {
#define WFC_BACKOFF_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
struct OnErrorSyntax : Section {
  OnError kind = OnError::Fail;
#define WFC_ON_ERROR_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
struct CapabilitiesSyntax : Section {
#define WFC_CAPABILITIES_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
struct SecuritySyntax : Section {
#define WFC_SECURITY_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
struct GrantSyntax : Section {
#define WFC_GRANT_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
struct SpecsSyntax : Section {
#define WFC_SPECS_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
struct SpecGuardSyntax : Section {
#define WFC_SPEC_GUARD_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
/// A schema by id: a section entry, or a file of `schemas/`.
struct SchemaSyntax : Section {};
struct ProjectSyntax : Section {
#define WFC_PROJECT_FIELD WFC_MEMBER
#include "frontend/manifest/fields.def"
};
#undef WFC_MEMBER
#undef WFC_MEMBER_Now
#undef WFC_MEMBER_Later

/// The whole project. Entities of a kind stand sorted by id in `*_pool`; the sections of `project`
/// are merged from all files.
struct Syntax {
  std::vector<yaml::TreePtr>
      trees;           ///< one a file, in the order in which they were found (sorted by path)
  std::string folder;  ///< the project's folder, as given or found
  /// What else is read for the project; none when the texts were not read from a folder.
  std::unique_ptr<files::ProjectFiles> files;
  FileId root_file;  ///< wfc.yaml
  /// The ids of the workflows in the file that the command line names, unless that is wfc.yaml.
  std::vector<std::string_view> named_workflows;
  /// The command line says which workflow is meant: `main` need not.
  bool is_workflow_chosen = false;
  int64_t reading_ns = 0;  ///< of loading: from files to trees, apart from parsing these
  ProjectSyntax project;
  /// A part of some file could not be read, and what it defines is not known: say nothing of names
  /// that nothing defines.
  bool is_incomplete = false;

  template <class S>
  struct Pool {
    Store<Id<S>, S> all;
    std::vector<Id<S>> lists;  ///< what the ranges of SectionsField index
  };
#define WFC_ROOT_SECTION(section, words)
#define WFC_SECTION(section, pool, words) Pool<section##Syntax> pool;
#include "frontend/manifest/sections.def"
  Pool<RouteSyntax> routes;
  Pool<SchemaSyntax> schemas;
};

}  // namespace wfc::manifest

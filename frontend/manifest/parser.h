// Parser: trees to typed syntax. One `ReadSection` for all sections, driven by fields.def; one
// reader a type of the table. Internal to this folder: parse.cpp (the project and its files),
// read_sections.cpp (every section), read_fields.cpp (scalars and lists), read_stages.cpp (stages,
// bodies, routes) and unknown_keys.cpp.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/manifest/decode.h"
#include "frontend/manifest/keys.h"
#include "frontend/manifest/load.h"
#include "frontend/manifest/syntax.h"

namespace wfc::manifest {

/// What a section is called in fields.def and in messages.
template <class S>
struct SectionName;
#define WFC_SECTION(section, pool, words)                \
  template <>                                            \
  struct SectionName<section##Syntax> {                  \
    static constexpr std::string_view kTable = #section; \
    static constexpr std::string_view kWords = words;    \
  };
#include "frontend/manifest/sections.def"

/// Whether the one-of keys of a section are counted; `defaults.run` has no verb.
enum class OneOfRule : uint8_t { Exactly, Unchecked };

class Parser {
 public:
  Parser(const SourceMap& sources, diag::Sink& sink, Syntax& syntax)
      : sources_(sources), sink_(sink), syntax_(syntax) {}

  void Run(std::span<const ProjectFile> files);

 private:
  using Tree = yaml::Tree;
  using NodeId = yaml::NodeId;
  using Kind = yaml::Kind;

  enum class StagePlace : uint8_t { Map, Step, Single, Defaults };

  /// What a value that names itself may be called.
  struct Naming {
    IdForm form = IdForm::Plain;
    std::string_view kind;                       ///< "agent"
    std::span<const std::string_view> reserved;  ///< N003
    std::string_view reserved_why;
  };

  // parse.cpp
  void ReadFile(const ProjectFile& file, const Tree& tree);
  void ReadEntries(const ProjectFile& file, const Tree& tree);
  void ReadEntry(const ProjectFile& file, Section& in, NodeId key, NodeId value,
                 WorkflowSyntax* workflow);
  /// `name`: what `key` says, or what it should say.
  [[nodiscard]] bool ReadProjectKey(const ProjectFile& file, const Tree& tree,
                                    std::string_view name, NodeId key, NodeId value);
  [[nodiscard]] bool MergeProjectKey(ProjectSyntax& part, std::string_view name);
  void ReportNoVersion(const Tree& root, Span top);
  void ReadSchemaFile(const Tree& tree);
  [[nodiscard]] static Naming SchemaNaming();
  [[nodiscard]] static Span PlaceOf(const Section& section);
  void AddWorkflowFile(WorkflowSyntax workflow);
  void FinishProject(const Tree& root);
  /// Gives `field` all that was read of `pool`, by id; of an id that stands twice the first.
  template <class S>
  void FinishEntities(std::vector<Id<S>>& found, Syntax::Pool<S>& pool, SectionsField<S>& field,
                      std::string_view kind);

  // read_sections.cpp: a key of the section, if it has it.
#define WFC_SECTION(section, pool, words) \
  bool ReadKey(section##Syntax& out, std::string_view name, NodeId key, NodeId value);
#include "frontend/manifest/sections.def"
  template <class S>
  bool ReadKeyOf(S& out, std::string_view name, NodeId key, NodeId value);
  /// Reads `out.node`, a map, by the table; what is wrong marks it broken or leaves keys out.
  template <class S>
  void ReadSection(S& out, OneOfRule rule = OneOfRule::Exactly);
  template <class S>
  void ReadPart(const Section& owner, SectionField<S>& field, Syntax::Pool<S>& pool,
                OneOfRule rule = OneOfRule::Exactly);
  template <class S>
  void ReadParts(const Section& owner, SectionsField<S>& field, Syntax::Pool<S>& pool);
  /// `meant`: keys that others stood for, which was reported.
  void CheckNeeds(const Section& section, std::span<const KeyInfo> keys, std::string_view words,
                  OneOfRule rule, std::span<const std::string_view> meant);
  /// K001 for keys that belong to other verbs or kinds than `owner`.
  void CheckOwners(const Section& section, std::string_view table, std::string_view owner,
                   std::string_view noun);
  void ReportLater(Section& section, std::string_view words, std::string_view name, NodeId key);

  // unknown_keys.cpp
  /// The key that an unknown one stands for; `is_same_form`: its value can be read as it is.
  struct Meant {
    std::string_view key;
    bool is_same_form = false;
  };
  /// In place of a key: one of those of which exactly one must stand.
  static constexpr std::string_view kSomeChoice = "*";
  Meant ReportUnknownKey(const Section& section, std::string_view table, std::string_view words,
                         NodeId key, NodeId value);
  [[nodiscard]] Meant ReportForeignKey(const Section& section, const ForeignKey& row,
                                       std::string_view words, NodeId key, NodeId value);
  Meant ReportAdvice(const Section& section, std::string_view table, std::string_view words,
                     NodeId key, std::string_view advice);
  /// What may be meant by an unknown key of a section, whatever its name.
  struct SectionAdvice {
    const Tree* tree = nullptr;
    NodeId node;
    std::string_view callee;  ///< see FindCallee
    std::string choices;      ///< see ListMissingChoices
  };
  [[nodiscard]] const SectionAdvice& AdviceFor(const Section& section, std::string_view table);
  [[nodiscard]] static std::string_view FindCallee(const Section& section, std::string_view table);
  [[nodiscard]] bool IsFirstWithoutChoice(const Section& section);
  [[nodiscard]] Meant ReportStageName(const Section& section, NodeId key, NodeId value);
  [[nodiscard]] Meant ReportNameBesideId(const Section& section, NodeId key);
  [[nodiscard]] static bool HasKey(const Section& section, std::string_view name);
  [[nodiscard]] std::string ListMissingChoices(const Section& section,
                                               std::string_view table) const;
  /// After K001: reads the key that was meant, or notes at least that it is written.
  template <class S>
  void ReadMeant(S& out, const Meant& meant, NodeId key, NodeId value);

  // read_fields.cpp: `field.value` into `field`, or clears it after a report.
#define WFC_READ_FIELD(type) void Read##type(Section& in, type##Field& field);
#define WFC_READ_PLAIN(type) void Read##type(Section& in, Field& field);
  WFC_READ_PLAIN(Any)
  WFC_READ_PLAIN(Value)
  WFC_READ_PLAIN(ValueOrMap)
  WFC_READ_PLAIN(Expression)
  WFC_READ_PLAIN(Constant)
  WFC_READ_PLAIN(Schema)
  WFC_READ_PLAIN(Prompt)
  WFC_READ_PLAIN(Argv)
  WFC_READ_PLAIN(ValueMap)
  WFC_READ_PLAIN(Texts)
  WFC_READ_PLAIN(Integers)
  WFC_READ_PLAIN(References)
  WFC_READ_PLAIN(ErrorCodes)
  WFC_READ_PLAIN(Modes)
  WFC_READ_PLAIN(Patterns)
  WFC_READ_FIELD(Text)
  WFC_READ_FIELD(Reference)
  WFC_READ_FIELD(EnvironmentName)
  WFC_READ_FIELD(GrantTarget)
  WFC_READ_FIELD(Builtin)
  WFC_READ_FIELD(Bool)
  WFC_READ_FIELD(Integer)
  WFC_READ_FIELD(Count)
  WFC_READ_FIELD(Size)
  WFC_READ_FIELD(Number)
  WFC_READ_FIELD(Duration)
  WFC_READ_FIELD(Mode)
  WFC_READ_FIELD(Risk)
  WFC_READ_FIELD(Effect)
  WFC_READ_FIELD(Trust)
  WFC_READ_FIELD(Parse)
  WFC_READ_FIELD(Join)
  WFC_READ_FIELD(OnFailure)
  WFC_READ_FIELD(Formats)
  WFC_READ_FIELD(Engine)
  WFC_READ_FIELD(AgentKind)
  WFC_READ_FIELD(Provider)
  // read_sections.cpp
  WFC_READ_FIELD(Defaults)
  WFC_READ_FIELD(Execution)
  WFC_READ_FIELD(Security)
  WFC_READ_FIELD(Specs)
  WFC_READ_FIELD(SpecGuards)
  WFC_READ_FIELD(Grants)
  WFC_READ_FIELD(Capabilities)
  WFC_READ_FIELD(ToolLimits)
  WFC_READ_FIELD(Agent)
  WFC_READ_FIELD(ModelMembers)
  WFC_READ_FIELD(Retry)
  WFC_READ_FIELD(Backoff)
  // read_entities.cpp
  template <class S>
  void ReadEntities(const Section& in, SectionsField<S>& field, Syntax::Pool<S>& pool,
                    std::vector<Id<S>>& found, const Naming& naming);
  WFC_READ_FIELD(Vars)
  WFC_READ_FIELD(Secrets)
  WFC_READ_FIELD(Models)
  WFC_READ_FIELD(Agents)
  WFC_READ_FIELD(Tools)
  WFC_READ_FIELD(Workflows)
  WFC_READ_FIELD(Schemas)
  void ReportUnreadVar(const VarSyntax& var);
  void ReadEntity(VarSyntax& var);
  void ReadEntity(SecretSyntax& secret);
  void ReadEntity(ModelGroupSyntax& group);
  [[nodiscard]] static bool IsSingleModel(const ModelGroupSyntax& group);
  void ReadSingleModel(ModelGroupSyntax& group);
  void ReadEntity(AgentSyntax& agent);
  void ReadEntity(ToolSyntax& tool);
  void ReadEntity(WorkflowSyntax& workflow);
  void ReadEntity(SchemaSyntax& schema);
  /// Reports what is wrong with the id that `section.name` writes.
  void CheckId(const Section& section, const Naming& naming);
  // read_stages.cpp
  WFC_READ_FIELD(Stage)
  WFC_READ_FIELD(StageMap)
  WFC_READ_FIELD(StageList)
  WFC_READ_FIELD(Decision)
  void UnwrapCases(const Section& in, DecisionField& field);
  WFC_READ_FIELD(Routes)
  WFC_READ_FIELD(Route)
  WFC_READ_FIELD(OnError)
  WFC_READ_FIELD(Body)
#undef WFC_READ_FIELD
#undef WFC_READ_PLAIN
  void ReadStage(StageSyntax& stage, StagePlace place);
  [[nodiscard]] Id<RouteSyntax> AddRoute(const Tree& tree, NodeId key, NodeId value);
  [[nodiscard]] Id<BodySyntax> AddBody(const Tree& tree, NodeId node);

  // Reports; each also clears the field, so that nothing uses what was wrong.
  /// K003 for a text where words belong, with the list as its fix where it is one command.
  void RejectCommandText(const Section& in, Field& field);
  void RejectDuration(const Section& in, Field& field);
  /// As RejectKind, with `meant` as what to write instead.
  void RejectKindWithFix(const Section& in, Field& field, std::string_view expected,
                         const std::string& meant);
  void RejectKind(const Section& in, Field& field, std::string_view expected);
  void RejectValue(const Section& in, Field& field, std::string_view expected);
  void ReportNotMap(const Section& section, std::string_view words);
  void ReportKind(const Tree& tree, NodeId node, std::string_view name, std::string_view expected);
  [[nodiscard]] std::string_view KeyName(const Section& in, const Field& field) const;
  /// Whether the value is there to be read: not poison.
  [[nodiscard]] bool IsReadable(const Section& in, Field& field) const;
  [[nodiscard]] bool ReadScalarText(Section& in, Field& field, std::string_view& text);
  /// `type`: as fields.def names it, for what other systems say.
  template <class E>
  void ReadWord(Section& in, Decoded<E>& field, std::span<const std::string_view> words,
                std::string_view type);
  void ReadWords(Section& in, Field& field, std::span<const std::string_view> words,
                 std::string_view what, std::string_view type);
  /// The word that `wrong` stands for, here or in another system; empty: none is near.
  [[nodiscard]] static std::string_view FindMeantWord(std::string_view wrong,
                                                      std::span<const std::string_view> words,
                                                      std::string_view type);
  /// K004 for a word that is not among `words`, with the one that was meant as a fix.
  void ReportWord(const Tree& tree, NodeId node, std::span<const std::string_view> words,
                  std::string_view type, std::string_view expected);
  template <class Check>
  void ReadTextList(Section& in, Field& field, std::string_view expected, Check check);
  template <class T>
  void ReadQuantity(Section& in, Decoded<T>& field, std::optional<T> (*parse)(std::string_view),
                    std::string_view expected);
  void CheckRange(const Section& in, Field& field, bool is_inside, std::string_view expected);

  template <class S>
  [[nodiscard]] S MakeSection(const Tree& tree, NodeId name, NodeId node) const {
    S made;
    Section& section = made;  // some sections have a key `id` of their own
    section.tree = &tree;
    section.node = node;
    section.name = name;
    if (name.has_value()) section.id = tree.text(name);
    return made;
  }
  template <class S>
  static Range AddList(Syntax::Pool<S>& pool, std::span<const Id<S>> ids) {
    const Range range = {.first = static_cast<uint32_t>(pool.lists.size()),
                         .count = static_cast<uint32_t>(ids.size())};
    pool.lists.insert(pool.lists.end(), ids.begin(), ids.end());
    return range;
  }

  /// What several files say of one kind, before FinishProject sorts it.
  struct Found {
    std::vector<Id<VarSyntax>> vars;
    std::vector<Id<SecretSyntax>> secrets;
    std::vector<Id<ModelGroupSyntax>> model_groups;
    std::vector<Id<AgentSyntax>> agents;
    std::vector<Id<ToolSyntax>> tools;
    std::vector<Id<WorkflowSyntax>> workflows;
    std::vector<Id<SchemaSyntax>> schemas;
  };

  const SourceMap& sources_;
  diag::Sink& sink_;
  Syntax& syntax_;
  Found found_;
  StagePlace stage_place_ = StagePlace::Map;  ///< of the stage that is read
  SectionAdvice advice_;                      ///< of the section that was asked about last
  NodeId choices_listed_for_;  ///< the section of which missing keys were listed at an unknown one
  std::vector<std::string_view> project_keys_;  ///< required keys that others stood for in wfc.yaml
  std::vector<std::string_view> meant_keys_;    ///< by unknown keys of a workflow's own file
  std::map<std::string, Span, std::less<>> first_sections_;  ///< where each stood first
};

template <class S>
void Parser::ReadSection(S& out, OneOfRule rule) {
  static const std::span<const KeyInfo> keys = FindKeys(SectionName<S>::kTable);
  const Tree& tree = *out.tree;
  if (tree.kind(out.node) != Kind::Map) {
    out.is_broken = true;
    return ReportNotMap(out, SectionName<S>::kWords);
  }
  const auto entries = tree.children(out.node);
  std::vector<std::string_view> meant_keys;
  for (size_t i = 0; i < entries.size(); i += 2) {
    if (ReadKey(out, tree.text(entries[i]), entries[i], entries[i + 1])) continue;
    const Meant meant = ReportUnknownKey(out, SectionName<S>::kTable, SectionName<S>::kWords,
                                         entries[i], entries[i + 1]);
    if (meant.key.empty()) continue;
    meant_keys.push_back(meant.key);
    ReadMeant(out, meant, entries[i], entries[i + 1]);
  }
  CheckNeeds(out, keys, SectionName<S>::kWords, rule, meant_keys);
}

template <class S>
void Parser::ReadMeant(S& out, const Meant& meant, NodeId key, NodeId value) {
  if (IsLater(SectionName<S>::kTable, meant.key)) return;
  (void)ReadKey(out, meant.key, key, meant.is_same_form ? value : NodeId());
}

template <class S>
void Parser::ReadPart(const Section& owner, SectionField<S>& field, Syntax::Pool<S>& pool,
                      OneOfRule rule) {
  S part = MakeSection<S>(*owner.tree, field.key, field.value);
  ReadSection(part, rule);
  if (part.is_broken) field.value = {};
  field.id = pool.all.Add(std::move(part));
}

template <class S>
void Parser::ReadParts(const Section& owner, SectionsField<S>& field, Syntax::Pool<S>& pool) {
  if (!IsReadable(owner, field)) return;
  if (owner.tree->kind(field.value) != Kind::List) return RejectKind(owner, field, "a list");
  std::vector<Id<S>> ids;
  for (const NodeId item : owner.tree->children(field.value)) {
    S part = MakeSection<S>(*owner.tree, {}, item);
    ReadSection(part);
    ids.push_back(pool.all.Add(std::move(part)));
  }
  field.range = AddList<S>(pool, ids);
}

}  // namespace wfc::manifest

// Parser turns trees into typed syntax. `ReadSection`, driven by fields.def, reads every section;
// for each type of the table there is one reader, named `Read` and the type. Internal to this
// folder: parse.cpp (the project and its files), read_sections.cpp (every section),
// read_entities.cpp (sections that hold entities by id), read_fields.cpp (scalars and lists),
// read_stages.cpp (stages, bodies, routes), unknown_keys.cpp (K001) and reject.cpp (K003 and K004).
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

/// The name of a section in fields.def (`kTable`) and in messages (`kWords`).
template <class S>
struct SectionName;
#define WFC_SECTION(section, pool, words)                \
  template <>                                            \
  struct SectionName<section##Syntax> {                  \
    static constexpr std::string_view kTable = #section; \
    static constexpr std::string_view kWords = words;    \
  };
#include "frontend/manifest/sections.def"

/// Whether exactly one of a section's `OneOf` keys is required. `defaults.run` is a stage without a
/// verb, so there the rule does not apply.
enum class OneOfRule : uint8_t { Exactly, Unchecked };

/// Parses the files of one project into `syntax` and reports what is wrong with them to `sink`. All
/// three arguments must outlive the parser. Use a parser for one `Run` only.
class Parser {
 public:
  Parser(const SourceMap& sources, diag::Sink& sink, Syntax& syntax)
      : sources_(sources), sink_(sink), syntax_(syntax) {}

  /// Parses all files; see `ParseProject`.
  void Run(std::span<const ProjectFile> files);

 private:
  using Tree = yaml::Tree;
  using NodeId = yaml::NodeId;
  using Kind = yaml::Kind;

  /// Where a stage is written: in `stages`, in `steps`, as a body of one stage, or as
  /// `defaults.run`. An id is the stage's key in the first, its key `id` in the second, and absent
  /// in the others.
  enum class StagePlace : uint8_t { Map, Step, Single, Defaults };

  /// The rules for the ids of one kind of entity.
  struct Naming {
    IdForm form = IdForm::Plain;
    std::string_view kind;                       ///< the noun for messages: "agent"
    std::span<const std::string_view> reserved;  ///< ids that may not be used (N003)
    std::string_view reserved_why;               ///< the reason that N003 gives
  };

  // parse.cpp
  void ReadFile(const ProjectFile& file, const Tree& tree);
  void ReportEmptyFile(const Tree& tree);
  void ReadEntries(const ProjectFile& file, const Tree& tree);
  void ReadEntry(const ProjectFile& file, Section& in, NodeId key, NodeId value,
                 WorkflowSyntax* workflow);
  /// Reads a key of the project; false if `name` is not one. `name` is the text of `key` or, where
  /// that was reported as unknown, the key that was meant.
  [[nodiscard]] bool ReadProjectKey(const ProjectFile& file, const Tree& tree,
                                    std::string_view name, NodeId key, NodeId value);
  [[nodiscard]] bool MergeProjectKey(ProjectSyntax& part, std::string_view name);
  void ReportNoVersion(const Tree& root, Span top);
  void ReadSchemaFile(const Tree& tree);
  [[nodiscard]] static Naming SchemaNaming();
  [[nodiscard]] static Span PlaceOf(const Section& section);
  void AddWorkflowFile(WorkflowSyntax workflow);
  void FinishProject(const Tree& root);
  /// Stores in `field` the entities that were found, sorted by id. Of several entities with the
  /// same id the first is kept; the others are reported.
  template <class S>
  void FinishEntities(std::vector<Id<S>>& found, Syntax::Pool<S>& pool, SectionsField<S>& field,
                      std::string_view kind);

  // read_sections.cpp
  // ReadKey reads one key of a section; false if the section has no key of that name.
#define WFC_SECTION(section, pool, words) \
  bool ReadKey(section##Syntax& out, std::string_view name, NodeId key, NodeId value);
#include "frontend/manifest/sections.def"
  template <class S>
  bool ReadKeyOf(S& out, std::string_view name, NodeId key, NodeId value);
  /// Reads the map `out.node` by fields.def. If it is not a map, `out` becomes broken; keys whose
  /// values are wrong are left out. Either is reported.
  template <class S>
  void ReadSection(S& out, OneOfRule rule = OneOfRule::Exactly);
  template <class S>
  void ReadPart(const Section& owner, SectionField<S>& field, Syntax::Pool<S>& pool,
                OneOfRule rule = OneOfRule::Exactly);
  template <class S>
  void ReadParts(const Section& owner, SectionsField<S>& field, Syntax::Pool<S>& pool);
  /// Reports required keys that are missing, and too many or too few `OneOf` keys. `needed` are
  /// the section's FindNeededKeys; `meant` are the keys that unknown keys were taken for: they
  /// count as present.
  void CheckNeeds(const Section& section, std::span<const KeyInfo> needed, std::string_view words,
                  OneOfRule rule, std::span<const std::string_view> meant);
  /// Reports the keys of the section that exist for other verbs or kinds only, not for `owner`
  /// (see FindApplicable). `noun` is the word for an owner in messages.
  void CheckApplicability(const Section& section, std::string_view table, std::string_view owner,
                          std::string_view noun);
  void ReportLater(Section& section, std::string_view words, std::string_view name, NodeId key);

  // unknown_keys.cpp
  /// The key that an unknown key was probably meant to be.
  struct IntendedKey {
    std::string_view key;       ///< empty if there is none
    bool is_same_form = false;  ///< the value can be read as it is
  };
  /// The `key` of an IntendedKey that stands for an unspecified one of the section's `OneOf` keys.
  static constexpr std::string_view kAnyOneOfKey = "*";
  IntendedKey ReportUnknownKey(const Section& section, std::string_view table,
                               std::string_view words, NodeId key, NodeId value);
  [[nodiscard]] IntendedKey ReportForeignKey(const Section& section, const ForeignKey& row,
                                             std::string_view table, std::string_view words,
                                             NodeId key, NodeId value);
  IntendedKey ReportAdvice(const Section& section, std::string_view table, std::string_view words,
                           NodeId key, std::string_view advice);
  /// Advice for unknown keys of a section that does not depend on the key's name.
  struct SectionAdvice {
    const Tree* tree = nullptr;
    NodeId node;
    std::string_view callee;  ///< result of FindCallee
    std::string choices;      ///< result of ListMissingOneOfKeys
  };
  [[nodiscard]] const SectionAdvice& AdviceFor(const Section& section, std::string_view table);
  [[nodiscard]] static std::string_view FindCallee(const Section& section, std::string_view table);
  [[nodiscard]] bool IsFirstWithoutChoice(const Section& section);
  [[nodiscard]] IntendedKey ReportStageName(const Section& section, NodeId key, NodeId value);
  [[nodiscard]] IntendedKey ReportNameBesideId(const Section& section, NodeId key);
  [[nodiscard]] static bool HasKey(const Section& section, std::string_view name);
  [[nodiscard]] static bool FitsBeside(const Section& section, std::string_view table,
                                       std::string_view name);
  [[nodiscard]] std::string ListMissingOneOfKeys(const Section& section,
                                                 std::string_view table) const;
  /// After K001: reads the value as that of the key that was meant or, if it is written in another
  /// form, only records that the key is present.
  template <class S>
  void ReadMeant(S& out, const IntendedKey& meant, NodeId key, NodeId value);

  // read_fields.cpp
  // Each reader decodes `field.value` into `field`. If the value is wrong, the reader reports that
  // and clears `field.value`.
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
  /// Reports an id that is malformed (N002) or reserved (N003).
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

  // reject.cpp: reports. Each `Reject…` also clears `field.value`, so that a wrong value is never
  // used.
  /// Reports K003 for text where a list of words is required. The fix is the list of the text's
  /// words, provided that these need no shell.
  void RejectCommandText(const Section& in, Field& field);
  /// Reports K004 for a malformed duration, with the corrected one as a fix where MakeDuration
  /// knows it.
  void RejectDuration(const Section& in, Field& field);
  /// As RejectKind, with a fix that writes `meant` instead.
  void RejectKindWithFix(const Section& in, Field& field, std::string_view expected,
                         const std::string& meant);
  /// Reports K003: the value is of the wrong kind (a map instead of text, say).
  void RejectKind(const Section& in, Field& field, std::string_view expected);
  /// Reports K004: the value is of the right kind, but not one of those allowed.
  void RejectValue(const Section& in, Field& field, std::string_view expected);
  void ReportNotMap(const Section& section, std::string_view words);
  void ReportKind(const Tree& tree, NodeId node, std::string_view name, std::string_view expected);
  /// Reports K003 for an item of the list under `key`; `what` is the noun for one item ("item",
  /// "word").
  void ReportItem(const Tree& tree, NodeId node, std::string_view what, std::string_view key,
                  std::string_view expected);
  /// The word that `wrong` was probably meant to be: another system's word, or a misspelling.
  /// Empty if no word is close.
  [[nodiscard]] static std::string_view FindMeantWord(std::string_view wrong,
                                                      std::span<const std::string_view> words,
                                                      std::string_view type);
  /// Reports K004 for a word that is not among `words`, with the word that was meant as a fix.
  void ReportWord(const Tree& tree, NodeId node, std::span<const std::string_view> words,
                  std::string_view type, std::string_view expected);

  // read_fields.cpp: what the readers of fields share.
  [[nodiscard]] std::string_view KeyName(const Section& in, const Field& field) const;
  /// Whether the value can be read. A poison value, which has been reported, is cleared instead.
  [[nodiscard]] bool IsReadable(const Section& in, Field& field) const;
  [[nodiscard]] bool ReadScalarText(Section& in, Field& field, std::string_view& text);
  /// Decodes a value that must be one of `words`. `type` is its type in fields.def, for the words
  /// that other systems use.
  template <class E>
  void ReadWord(Section& in, Decoded<E>& field, std::span<const std::string_view> words,
                std::string_view type);
  void ReadWords(Section& in, Field& field, std::span<const std::string_view> words,
                 std::string_view what, std::string_view type);
  template <class Check>
  void ReadTextList(Section& in, Field& field, std::string_view item, std::string_view expected,
                    Check check);
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

  /// The entities of all files by kind, in the order of reading, until FinishProject sorts them.
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
  StagePlace stage_place_ = StagePlace::Map;  ///< of the stage being read
  SectionAdvice advice_;                      ///< cached for the section last asked about
  NodeId choices_listed_for_;  ///< the section last asked about by IsFirstWithoutChoice
  std::vector<std::string_view> project_keys_;  ///< keys that unknown keys of the project meant
  std::vector<std::string_view> meant_keys_;    ///< the same for a workflow in a file of its own
  std::map<std::string, Span, std::less<>> first_sections_;  ///< first key of each section, by name
};

template <class S>
void Parser::ReadSection(S& out, OneOfRule rule) {
  static const std::vector<KeyInfo> needed = FindNeededKeys(SectionName<S>::kTable);
  const Tree& tree = *out.tree;
  if (tree.kind(out.node) != Kind::Map) {
    out.is_broken = true;
    return ReportNotMap(out, SectionName<S>::kWords);
  }
  const auto entries = tree.children(out.node);
  std::vector<std::string_view> meant_keys;
  for (size_t i = 0; i < entries.size(); i += 2) {
    if (ReadKey(out, tree.text(entries[i]), entries[i], entries[i + 1])) continue;
    const IntendedKey meant = ReportUnknownKey(out, SectionName<S>::kTable, SectionName<S>::kWords,
                                               entries[i], entries[i + 1]);
    if (meant.key.empty()) continue;
    meant_keys.push_back(meant.key);
    ReadMeant(out, meant, entries[i], entries[i + 1]);
  }
  CheckNeeds(out, needed, SectionName<S>::kWords, rule, meant_keys);
}

template <class S>
void Parser::ReadMeant(S& out, const IntendedKey& meant, NodeId key, NodeId value) {
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

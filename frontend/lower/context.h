// Context is the state that the files of lowering share: their input, their output, and the names
// that have been found so far. `Lower` (lower.cpp) fills it phase by phase.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include "frontend/lower/located.h"
#include "frontend/lower/place.h"
#include "frontend/manifest/syntax.h"
#include "ir/diag/sink.h"
#include "ir/project.h"
#include "ir/support/source_map.h"
#include "ir/support/suggest.h"

namespace wfc::lower {

namespace ms = manifest;

/// The ids of one kind of entity by name.
template <class IdT>
class NameTable {
 public:
  /// Adds a name, unless the table has it already. An empty id stands for a broken entity.
  void Add(StringId name, IdT id) { ids_.try_emplace(name.index(), id); }
  /// The entity of that name; an empty id if there is none or it is broken.
  [[nodiscard]] IdT Find(StringId name) const {
    if (!name.has_value()) return IdT();
    auto it = ids_.find(name.index());
    return it == ids_.end() ? IdT() : it->second;
  }
  /// Whether there is an entity of that name, even if it is broken.
  [[nodiscard]] bool Has(StringId name) const {
    return name.has_value() && ids_.contains(name.index());
  }
  [[nodiscard]] const auto& entries() const { return ids_; }

 private:
  llvm::DenseMap<uint32_t, IdT> ids_;
};

/// A prompt file or fixture of the project, which is read only once.
struct ProjectFile {
  FileId file;  ///< empty if the file cannot be read, which is reported
};

/// Text that may name something without `${…}` (text_references.h).
struct TextReference {
  Scope scope;
  std::string_view written;   ///< the text: "{{ topic }}", "stages.a.output"
  std::string_view sign;      ///< the operator before the names, "-" or "!"; empty if there is none
  std::string_view path;      ///< the names in it: "topic"
  bool is_braced = false;     ///< written in braces; otherwise it is the whole scalar
  bool needs_quotes = false;  ///< an expression in its place must be quoted
  Span span;
  Span replaced;  ///< what a fix replaces; empty if there is no fix
};

/// The shared state. The referenced objects must outlive it.
struct Context {
  Context(const ms::Syntax& syntax_in, SourceMap& sources_in, diag::Sink& sink_in,
          ir::Project& project_in)
      : syntax(syntax_in), sources(sources_in), sink(sink_in), project(project_in) {}

  const ms::Syntax& syntax;
  SourceMap& sources;
  diag::Sink& sink;
  ir::Project& project;

  // The names of the project.
  NameTable<ir::AgentId> agents;
  NameTable<ir::ToolId> tools;
  NameTable<ir::ModelId> models;  ///< an alias has the id of the group that it stands for
  NameTable<ir::VarId> vars;
  NameTable<ir::SecretId> secrets;
  NameTable<ir::WorkflowId> workflows;

  std::vector<const ms::ModelGroupSyntax*> model_syntax;  ///< by ModelId

  // The syntax of stages by StageId, and their ids by workflow and name (StageKey).
  std::vector<Id<ms::StageSyntax>> stage_syntax;
  llvm::DenseMap<uint64_t, ir::StageId> stage_names;
  NameTable<ir::StageId> stages_anywhere;  ///< the first stage of each name in any workflow

  // The syntax of bodies by BodyId, and the body of each route by the index of the route's syntax.
  std::vector<Id<ms::BodySyntax>> body_syntax;
  llvm::DenseMap<uint32_t, ir::BodyId> route_bodies;

  std::vector<Located> written_schemas;      ///< the schemas of fields, in the order of lowering
  std::vector<ir::RetryId> retries;          ///< by index of RetrySyntax
  std::vector<ir::Dependency> dependencies;  ///< unsorted; FinishDependencies sorts them
  llvm::StringMap<ProjectFile> files;        ///< by path below the project's folder
  std::vector<TextReference> text_references;
  llvm::StringMap<Value> map_keys;  ///< the keys of maps as values: stages share most of them

  /// How many names may still be compared to find suggestions, so that a project with ten thousand
  /// wrong names does not take quadratic time.
  uint32_t suggestion_budget = 200'000;

  /// The id of a string in the project; adds it if it is new.
  [[nodiscard]] StringId Intern(std::string_view text) { return project.strings.Intern(text); }
  /// The stage of that name in the workflow, in whichever body; an empty id if there is none.
  [[nodiscard]] ir::StageId FindStage(ir::WorkflowId workflow, StringId name) const {
    auto it = stage_names.find(StageKey(workflow, name));
    return it == stage_names.end() ? ir::StageId() : it->second;
  }
  [[nodiscard]] static uint64_t StageKey(ir::WorkflowId workflow, StringId name) {
    return (uint64_t{workflow.index()} << 32) | name.index();
  }
};

/// The name closest to `wrong` among the `count` names that `for_each(consider)` passes to
/// `consider`; empty if none is close or the budget for suggestions is spent.
template <class ForEach>
std::string_view Suggest(Context& context, std::string_view wrong, size_t count, ForEach for_each) {
  if (context.suggestion_budget < count) return {};
  context.suggestion_budget -= static_cast<uint32_t>(count);
  Suggester suggester(wrong);
  for_each([&](std::string_view candidate) { suggester.Consider(candidate); });
  return suggester.best();
}

/// As Suggest, with the names of `table`.
template <class IdT>
std::string_view SuggestFrom(Context& context, const NameTable<IdT>& table,
                             std::string_view wrong) {
  return Suggest(context, wrong, table.entries().size(), [&](auto consider) {
    for (const auto& entry : table.entries()) {
      consider(context.project.strings.Get(StringId(entry.first)));
    }
  });
}

/// The end of a message: "; did you mean `x`?". Empty without a suggestion.
[[nodiscard]] std::string SuggestionPhrase(std::string_view suggestion);

/// Attaches a fix that replaces `span` by `suggestion`, unless that is empty. The fix is unsafe.
void SetRenameFix(diag::Reported& reported, Span span, std::string_view suggestion);

/// Reports N010 for an undefined name, with the suggestion as a fix; `span` is the name alone and
/// `kind` the noun for what it should name. Reports nothing if a part of the project that could not
/// be read may define the name.
void ReportUndefined(Context& context, Span span, std::string_view kind, std::string_view name,
                     std::string_view suggestion);

/// Reports N010 in any case, with `advice` as the end of the message: "; a tool is …".
diag::Reported ReportUndefinedName(Context& context, Span span, std::string_view kind,
                                   std::string_view name, std::string_view advice);

/// Reports K002 for a missing key. `section` is a noun phrase: "an agent of kind `command`".
void ReportMissingKey(Context& context, Span span, std::string_view section, std::string_view key);

/// The entity that the reference names. If there is none, reports N010 and returns an empty id.
template <class IdT>
IdT ResolveReference(Context& context, const NameTable<IdT>& table, std::string_view kind,
                     const yaml::Tree& tree, const ms::ReferenceField& reference) {
  IdT id = table.Find(context.project.strings.Find(reference.decoded));
  if (id.has_value()) return id;
  ReportUndefined(context, tree.span(reference.value), kind, reference.decoded,
                  SuggestFrom(context, table, reference.decoded));
  return IdT();
}

/// The name of a section's entity, with its span.
[[nodiscard]] ir::Name MakeName(Context& context, const ms::Section& section);

/// The sections in `range` of a pool's lists; see SectionsField.
template <class S>
[[nodiscard]] std::span<const Id<S>> View(const ms::Syntax::Pool<S>& pool, Range range) {
  return std::span<const Id<S>>(pool.lists).subspan(range.first, range.count);
}

/// Reports L001; `construct` is a noun phrase for what is not supported.
void ReportUnsupported(Context& context, Span span, std::string_view construct);

}  // namespace wfc::lower

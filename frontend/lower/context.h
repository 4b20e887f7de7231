// What the files of lowering share: where they read from, where they write to, and the names that
// were found so far. `Lower` (lower.cpp) fills it phase by phase.
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

/// Ids of one kind of entity by name.
template <class IdT>
class NameTable {
 public:
  void Add(StringId name, IdT id) { ids_.try_emplace(name.index(), id); }
  /// Empty: no such name.
  [[nodiscard]] IdT Find(StringId name) const {
    if (!name.has_value()) return IdT();
    auto it = ids_.find(name.index());
    return it == ids_.end() ? IdT() : it->second;
  }
  /// Whether the name stands for something, be it broken.
  [[nodiscard]] bool Has(StringId name) const {
    return name.has_value() && ids_.contains(name.index());
  }
  [[nodiscard]] const auto& entries() const { return ids_; }

 private:
  llvm::DenseMap<uint32_t, IdT> ids_;
};

/// Where the project's prompt files and fixtures were read, each once.
struct ProjectFile {
  FileId file;  ///< none: cannot be read, which was reported
};

/// Text that may name something without `${…}` (text_references.h).
struct TextReference {
  Scope scope;
  std::string_view written;   ///< "{{ topic }}", "stages.a.output"
  std::string_view path;      ///< the names in it
  bool is_braced = false;     ///< else it is all of a scalar
  bool needs_quotes = false;  ///< an expression in its place
  Span span;
  Span replaced;  ///< by a fix; none: there is no fix
};

struct Context {
  Context(const ms::Syntax& syntax_in, SourceMap& sources_in, diag::Sink& sink_in,
          ir::Project& project_in)
      : syntax(syntax_in), sources(sources_in), sink(sink_in), project(project_in) {}

  const ms::Syntax& syntax;
  SourceMap& sources;
  diag::Sink& sink;
  ir::Project& project;

  // Names of the project.
  NameTable<ir::AgentId> agents;
  NameTable<ir::ToolId> tools;
  NameTable<ir::ModelId> models;  ///< aliases lead to the group that they stand for
  NameTable<ir::VarId> vars;
  NameTable<ir::SecretId> secrets;
  NameTable<ir::WorkflowId> workflows;

  std::vector<const ms::ModelGroupSyntax*> model_syntax;  ///< by ModelId

  // Stages, by StageId; names by workflow and id.
  std::vector<Id<ms::StageSyntax>> stage_syntax;
  llvm::DenseMap<uint64_t, ir::StageId> stage_names;
  NameTable<ir::StageId> stages_anywhere;  ///< the first of each name in any workflow

  // Bodies: their syntax by BodyId, and which body a route's syntax became.
  std::vector<Id<ms::BodySyntax>> body_syntax;
  llvm::DenseMap<uint32_t, ir::BodyId> route_bodies;

  std::vector<Located> written_schemas;  ///< those of fields, in the order in which they were met
  std::vector<ir::RetryId> retries;      ///< by index of RetrySyntax
  std::vector<ir::Dependency> dependencies;  ///< in any order; FinishDependencies sorts them
  llvm::StringMap<ProjectFile> files;        ///< by path below the project's folder
  std::vector<TextReference> text_references;

  /// Names that may still be compared for suggestions: a project of ten thousand wrong names must
  /// not take quadratic time.
  uint32_t suggestion_budget = 200'000;

  [[nodiscard]] StringId Intern(std::string_view text) { return project.strings.Intern(text); }
  [[nodiscard]] ir::StageId FindStage(ir::WorkflowId workflow, StringId name) const {
    auto it = stage_names.find(StageKey(workflow, name));
    return it == stage_names.end() ? ir::StageId() : it->second;
  }
  [[nodiscard]] static uint64_t StageKey(ir::WorkflowId workflow, StringId name) {
    return (uint64_t{workflow.index()} << 32) | name.index();
  }
};

/// Of the `count` names that `for_each(consider)` lists, the nearest to `wrong`; empty when none is
/// near or the budget is spent.
template <class ForEach>
std::string_view Suggest(Context& context, std::string_view wrong, size_t count, ForEach for_each) {
  if (context.suggestion_budget < count) return {};
  context.suggestion_budget -= static_cast<uint32_t>(count);
  Suggester suggester(wrong);
  for_each([&](std::string_view candidate) { suggester.Consider(candidate); });
  return suggester.best();
}

template <class IdT>
std::string_view SuggestFrom(Context& context, const NameTable<IdT>& table,
                             std::string_view wrong) {
  return Suggest(context, wrong, table.entries().size(), [&](auto consider) {
    for (const auto& entry : table.entries()) {
      consider(context.project.strings.Get(StringId(entry.first)));
    }
  });
}

/// "; did you mean `x`?", or nothing.
[[nodiscard]] std::string SuggestionPhrase(std::string_view suggestion);

/// Offers to write `suggestion`, unless it is empty, in place of `span`.
void SetRenameFix(diag::Reported& reported, Span span, std::string_view suggestion);

/// N010, with the suggestion as a fix. `span` is the name alone.
void ReportUndefined(Context& context, Span span, std::string_view kind, std::string_view name,
                     std::string_view suggestion);

/// N010 with advice of one's own, "; a tool is …".
diag::Reported ReportUndefinedName(Context& context, Span span, std::string_view kind,
                                   std::string_view name, std::string_view advice);

/// K002; `section` in words, "an agent of kind `command`".
void ReportMissingKey(Context& context, Span span, std::string_view section, std::string_view key);

/// The id that the reference names, reporting N010 when nothing defines it.
template <class IdT>
IdT ResolveReference(Context& context, const NameTable<IdT>& table, std::string_view kind,
                     const yaml::Tree& tree, const ms::ReferenceField& reference) {
  IdT id = table.Find(context.project.strings.Find(reference.decoded));
  if (id.has_value()) return id;
  ReportUndefined(context, tree.span(reference.value), kind, reference.decoded,
                  SuggestFrom(context, table, reference.decoded));
  return IdT();
}

/// The section's name, interned.
[[nodiscard]] ir::Name MakeName(Context& context, const ms::Section& section);

/// The entities of a list of sections, in its order.
template <class S>
[[nodiscard]] std::span<const Id<S>> View(const ms::Syntax::Pool<S>& pool, Range range) {
  return std::span<const Id<S>>(pool.lists).subspan(range.first, range.count);
}

/// L001.
void ReportUnsupported(Context& context, Span span, std::string_view construct);

}  // namespace wfc::lower

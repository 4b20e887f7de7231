// Parser, the project as a whole: decides which file may define which section, and merges what the
// files define into one syntax.
#include <algorithm>
#include <chrono>

#include <fmt/core.h>

#include "frontend/manifest/parser.h"
#include "frontend/yaml/read.h"
#include "ir/diag/messages.h"

namespace wfc::manifest {
namespace {

/// The keys of a manifest whose values are expressions (see yaml::ReadOptions).
constexpr std::string_view kExpressionKeys[] = {"if",     "until", "when",  "by",
                                                "decide", "map",   "assert"};

std::string_view Stem(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  return path.substr(0, path.find('.'));
}

/// The files in which a section may be written, as a phrase for messages.
std::string DescribePlace(std::string_view section) {
  if (!HasOwnFile(section)) return "`wfc.yaml`";
  return fmt::format("`wfc.yaml`, `{0}.yaml` or `{0}/*.yaml`", section);
}

bool IsProjectKey(std::string_view name) {
  return std::ranges::any_of(FindKeys("Project"),
                             [&](const KeyInfo& info) { return info.key == name; });
}

/// Whether several files may define a section together, each with entities of its own.
template <class S>
constexpr bool IsShared(const SectionsField<S>&) {
  return true;
}
constexpr bool IsShared(const Field&) {
  return false;
}

/// Whether a part of the file that could not be read may have defined ids.
bool HasLostParts(const yaml::Tree& tree) {
  if (!tree.has_errors()) return false;
  if (!tree.root().has_value()) return true;
  for (uint32_t i = 0; i < tree.node_count(); ++i) {
    if (tree.has_flag(yaml::NodeId(i), yaml::kIncomplete)) return true;
  }
  return false;
}

}  // namespace

void ParseProject(std::span<const ProjectFile> files, const SourceMap& sources, diag::Sink& sink,
                  Syntax& syntax) {
  Parser(sources, sink, syntax).Run(files);
}

void Parser::Run(std::span<const ProjectFile> files) {
  std::vector<ProjectFile> sorted(files.begin(), files.end());
  // Of two definitions the first one counts, so the order must be fixed: the root file, then the
  // other files by path.
  std::ranges::sort(sorted, {}, [&](const ProjectFile& file) {
    return std::pair(file.role != FileRole::Root, sources_.path(file.file));
  });
  const Tree* root = nullptr;
  for (const ProjectFile& file : sorted) {
    const auto begin = std::chrono::steady_clock::now();
    auto tree = std::make_unique<const Tree>(
        yaml::Read(sources_, file.file, sink_, {.expression_keys = kExpressionKeys}));
    syntax_.reading_ns +=
        std::chrono::nanoseconds(std::chrono::steady_clock::now() - begin).count();
    if (file.role == FileRole::Root) {
      root = tree.get();
      syntax_.root_file = file.file;
      syntax_.project.tree = root;
      syntax_.project.node = root->root();
    }
    ReadFile(file, *tree);
    syntax_.is_incomplete |= HasLostParts(*tree);
    syntax_.trees.push_back(std::move(tree));
  }
  if (root != nullptr) FinishProject(*root);
}

void Parser::ReadFile(const ProjectFile& file, const Tree& tree) {
  if (!tree.root().has_value()) {
    if (file.role != FileRole::Root) ReportEmptyFile(tree);
    return;
  }
  if (file.role == FileRole::Schema && !tree.FindKey(tree.root(), "schemas").has_value()) {
    return ReadSchemaFile(tree);
  }
  if (tree.kind(tree.root()) == Kind::Map) return ReadEntries(file, tree);
  const bool is_nothing = tree.kind(tree.root()) == Kind::Null && file.role != FileRole::Root;
  if (is_nothing) return ReportEmptyFile(tree);
  ReportKind(tree, tree.root(), sources_.path(tree.file()), "a map");
}

/// Reports N020 for a file with nothing in it. A file of comments is a choice.
void Parser::ReportEmptyFile(const Tree& tree) {
  const FileId file = tree.file();
  if (sources_.text(file).find_first_not_of(" \t\r\n") != std::string_view::npos) return;
  sink_.Report(diag::PassedOverFile, {.file = file, .begin = 0, .end = 0}, sources_.path(file),
               "it is empty");
}

void Parser::ReadEntries(const ProjectFile& file, const Tree& tree) {
  const auto entries = tree.children(tree.root());
  const NodeId workflow_id = tree.FindValue(tree.root(), "workflow");
  std::optional<WorkflowSyntax> workflow;
  if (workflow_id.has_value()) {
    workflow = MakeSection<WorkflowSyntax>(tree, workflow_id, tree.root());
  } else if (file.role == FileRole::Section && !entries.empty()) {
    const bool has_any = std::ranges::any_of(entries, [&](NodeId node) {
      const std::string_view name = tree.text(node);
      return IsProjectKey(name) || name == "pattern" || name == "eval" || name.starts_with("x-");
    });
    if (!has_any) {
      sink_.Report(diag::MissingKey, tree.span(entries[0]), "this file", file.section);
      return;
    }
  }
  Section in;
  in.tree = &tree;
  in.node = tree.root();
  for (const std::string_view entity : {"pattern", "eval"}) {
    const NodeId key = tree.FindKey(tree.root(), entity);
    if (!key.has_value() || file.role == FileRole::Root) continue;
    syntax_.project.is_unsupported = true;
    sink_.Report(diag::Unsupported, tree.span(key), fmt::format("the section `{}s`", entity));
    return;
  }
  for (size_t i = 0; i < entries.size(); i += 2) {
    ReadEntry(file, in, entries[i], entries[i + 1], workflow ? &*workflow : nullptr);
  }
  if (workflow) AddWorkflowFile(std::move(*workflow));
}

void Parser::ReadEntry(const ProjectFile& file, Section& in, NodeId key, NodeId value,
                       WorkflowSyntax* workflow) {
  const std::string_view name = in.tree->text(key);
  if (name.starts_with("x-")) return;
  // `defaults` is a key of the project and of workflows: in wfc.yaml it belongs to the project.
  const bool is_workflows = workflow != nullptr && file.role != FileRole::Root;
  if (is_workflows && ReadKey(*workflow, name, key, value)) return;
  if (ReadProjectKey(file, *in.tree, name, key, value)) return;
  if (workflow != nullptr && ReadKey(*workflow, name, key, value)) return;
  if (workflow != nullptr) {
    const IntendedKey meant =
        ReportUnknownKey(in, "Workflow", SectionName<WorkflowSyntax>::kWords, key, value);
    if (meant.key.empty()) return;
    meant_keys_.push_back(meant.key);
    return ReadMeant(*workflow, meant, key, value);
  }
  const IntendedKey meant = ReportUnknownKey(
      in, "Project", file.role == FileRole::Root ? "wfc.yaml" : "this file", key, value);
  if (meant.key.empty()) return;
  project_keys_.push_back(meant.key);
  // The section that was meant is read all the same; otherwise every reference to the ids that it
  // defines would be reported as unknown.
  const bool is_own = file.role == FileRole::Root || meant.key == file.section;
  if (!is_own || !HasOwnFile(meant.key) || IsLater("Project", meant.key)) return;
  (void)ReadProjectKey(file, *in.tree, meant.key, key, value);
}

bool Parser::ReadProjectKey(const ProjectFile& file, const Tree& tree, std::string_view name,
                            NodeId key, NodeId value) {
  const bool is_own = file.role == FileRole::Root || name == file.section ||
                      (file.role == FileRole::Schema && name == "schemas");
  const bool is_scalar = name == "wfc" || name == "name" || name == "main" || name == "formats";
  if (!is_own) {
    if (!IsProjectKey(name)) return false;
    sink_.Report(diag::MisplacedSection, tree.span(key), name, DescribePlace(name));
    // A section refers to the tree that it was read from, but the project's own scalars are nodes
    // of the root file's tree, so a scalar from another file cannot be kept.
    if (is_scalar) return true;
  }
  // Each key is read into a separate project, which is then merged: a second file with the same key
  // must not overwrite the first one's.
  ProjectSyntax part = MakeSection<ProjectSyntax>(tree, {}, tree.root());
  if (!ReadKey(part, name, key, value)) return false;
  CheckRange(part, part.version, part.version.decoded == 1, "a version of the language; write `1`");
  syntax_.project.is_unsupported |= part.is_unsupported;
  if (!MergeProjectKey(part, name)) {
    sink_.Report(diag::DuplicateId, tree.span(key), "section", name)
        .AddNote(first_sections_[std::string(name)], "the first is here");
  } else {
    first_sections_.try_emplace(std::string(name), tree.span(key));
  }
  return true;
}

/// Moves the only key of `part` into the project. False if the project has that key already and it
/// is not a section of entities, which several files may share.
bool Parser::MergeProjectKey(ProjectSyntax& part, std::string_view name) {
  ProjectSyntax& project = syntax_.project;
  const bool is_first = first_sections_.find(name) == first_sections_.end();
  bool is_shared = false;
  const auto merge = [&](auto ProjectSyntax::* member) {
    if (!(part.*member).key.has_value()) return;
    is_shared = IsShared(part.*member);
    if (is_first) project.*member = part.*member;
  };
#define WFC_MERGE_Now(member) merge(&ProjectSyntax::member);
#define WFC_MERGE_Later(member)
#define WFC_PROJECT_FIELD(key, member, type, need, since, place, singular, help) \
  WFC_MERGE_##since(member)
#include "frontend/manifest/fields.def"
#undef WFC_MERGE_Now
#undef WFC_MERGE_Later
  return is_shared || is_first;
}

/// Reports K002 for a root file without `wfc: 1`, with a fix that inserts the line.
void Parser::ReportNoVersion(const Tree& root, Span top) {
  auto reported = sink_.Report(diag::MissingKey, top, "wfc.yaml", "wfc: 1");
  const bool is_block = root.root().has_value() && root.kind(root.root()) == Kind::Map &&
                        root.style(root.root()) == yaml::Style::Block;
  if (!is_block) return;
  const Span map = root.span(root.root());
  const bool has_crlf = sources_.text(map.file).find("\r\n") != std::string_view::npos;
  reported.SetFix({.title = "write `wfc: 1`",
                   .safety = diag::FixSafety::Safe,
                   .edits = {{.span = {map.file, map.begin, map.begin},
                              .text = has_crlf ? "wfc: 1\r\n" : "wfc: 1\n"}}});
}

void Parser::ReadSchemaFile(const Tree& tree) {
  SchemaSyntax schema = MakeSection<SchemaSyntax>(tree, {}, tree.root());
  schema.id = Stem(sources_.path(tree.file()));
  CheckId(schema, SchemaNaming());
  ReadEntity(schema);
  found_.schemas.push_back(syntax_.schemas.all.Add(std::move(schema)));
}

void Parser::AddWorkflowFile(WorkflowSyntax workflow) {
  if (workflow.tree->kind(workflow.name) == Kind::String) CheckId(workflow, {.kind = "a workflow"});
  static const std::vector<KeyInfo> needed = FindNeededKeys("Workflow");
  CheckNeeds(workflow, needed, SectionName<WorkflowSyntax>::kWords, OneOfRule::Exactly,
             meant_keys_);
  meant_keys_.clear();
  found_.workflows.push_back(syntax_.workflows.all.Add(std::move(workflow)));
}

template <class S>
void Parser::FinishEntities(std::vector<Id<S>>& found, Syntax::Pool<S>& pool,
                            SectionsField<S>& field, std::string_view kind) {
  const auto id_of = [&](Id<S> id) { return static_cast<const Section&>(pool.all[id]).id; };
  // Indices grow in the order in which files are read, the root first: of entities with the same
  // name, the first definition is sorted first and kept.
  std::ranges::sort(found, {}, [&](Id<S> id) { return std::pair(id_of(id), id.index()); });
  std::vector<Id<S>> kept;
  for (const Id<S> id : found) {
    if (kept.empty() || id_of(kept.back()) != id_of(id)) {
      kept.push_back(id);
      continue;
    }
    sink_.Report(diag::DuplicateId, PlaceOf(pool.all[id]), kind, id_of(id))
        .AddNote(PlaceOf(pool.all[kept.back()]), "the first is here");
  }
  field.range = AddList<S>(pool, kept);
}

/// The span of an entity's name; for a schema in a file of its own, the beginning of the file.
Span Parser::PlaceOf(const Section& section) {
  if (section.name.has_value()) return section.tree->span(section.name);
  return {.file = section.tree->file(), .begin = 0, .end = 0};
}

void Parser::FinishProject(const Tree& root) {
  ProjectSyntax& project = syntax_.project;
  FinishEntities(found_.vars, syntax_.vars, project.vars, "variable");
  FinishEntities(found_.secrets, syntax_.secrets, project.secrets, "secret");
  FinishEntities(found_.model_groups, syntax_.model_groups, project.models, "model group");
  FinishEntities(found_.agents, syntax_.agents, project.agents, "agent");
  FinishEntities(found_.tools, syntax_.tools, project.tools, "tool");
  FinishEntities(found_.workflows, syntax_.workflows, project.workflows, "workflow");
  FinishEntities(found_.schemas, syntax_.schemas, project.schemas, "schema");
  const bool is_judged = !root.has_errors() || root.root().has_value();
  if (!is_judged) return;
  const bool is_map = root.root().has_value() && root.kind(root.root()) == Kind::Map;
  if (!is_map || !root.FindKey(root.root(), "wfc").has_value()) {
    const bool is_known = is_map ? !root.has_flag(root.root(), yaml::kIncomplete)
                                 : !root.root().has_value() || root.kind(root.root()) == Kind::Null;
    const Span top = {.file = root.file(), .begin = 0, .end = 0};
    const bool is_meant = std::ranges::find(project_keys_, "wfc") != project_keys_.end();
    if (is_known && !is_meant) ReportNoVersion(root, top);
  }
}

}  // namespace wfc::manifest

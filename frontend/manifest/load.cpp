// Finds the manifests of a project (where they may be: docs/language/README.md, "A project") and
// reads them.
#include "frontend/manifest/load.h"

#include <algorithm>
#include <chrono>

#include <fmt/core.h>

#include "frontend/manifest/keys.h"
#include "frontend/yaml/read.h"
#include "ir/diag/messages.h"

namespace wfc::manifest {
namespace {

struct FoundFile {
  std::string path;  ///< relative to the project's folder
  FileRole role = FileRole::Section;
  std::string_view section;
};

/// Success, or the reason why the project cannot be loaded.
using Done = Result<void, LoadFailure>;

LoadFailure CannotRead(const files::ProjectFiles& files, std::string_view path,
                       std::string_view why) {
  return {.message = fmt::format("cannot read {}: {}", files.Show(path), why)};
}

char ToLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool IsManifestName(std::string_view name) {
  const bool is_hidden = name.starts_with('.');
  return !is_hidden &&
         (name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json"));
}

/// Why a file whose name is meant for a manifest is not read; empty for any other file.
std::string_view ExplainPassedOver(std::string_view name) {
  for (const std::string_view extension : {".yaml", ".yml", ".json"}) {
    if (name == extension) return "its name has nothing before the extension";
    const std::string_view end = name.substr(name.size() - std::min(name.size(), extension.size()));
    const bool is_alike = std::ranges::equal(end, extension, {}, ToLower);
    if (is_alike && end != extension && !name.starts_with('.'))
      return "the extension of a manifest is in lower case";
  }
  return {};
}

void AddSectionFiles(const files::ProjectFiles& files, std::string_view section,
                     std::vector<FoundFile>& found) {
  for (const std::string_view extension : {".yaml", ".yml", ".json"}) {
    std::string path = fmt::format("{}{}", section, extension);
    if (files.HasFile(path)) found.push_back({.path = std::move(path), .section = section});
  }
}

Done AddSectionFolder(files::ProjectFiles& files, std::string_view section,
                      std::vector<FoundFile>& found) {
  const Result<std::vector<files::FolderEntry>> entries = files.List(section);
  if (!entries) return CannotRead(files, section, entries.error().message);
  for (const files::FolderEntry& entry : *entries) {
    if (!IsManifestName(entry.name) || entry.kind == files::EntryKind::Folder) continue;
    std::string path = fmt::format("{}/{}", section, entry.name);
    if (entry.kind == files::EntryKind::Link && !files.HasFile(path)) continue;
    found.push_back({.path = std::move(path),
                     .role = section == "schemas" ? FileRole::Schema : FileRole::Section,
                     .section = section});
  }
  return {};
}

Done FindFiles(files::ProjectFiles& files, std::vector<FoundFile>& found) {
  found.push_back({.path = std::string(kRootName), .role = FileRole::Root, .section = {}});
  for (const auto& [section, singular] : SectionsWithOwnFile()) {
    AddSectionFiles(files, section, found);
    if (Done added = AddSectionFolder(files, section, found); !added.ok()) return added;
  }
  std::ranges::sort(found, {}, &FoundFile::path);
  return {};
}

/// Reads at most one byte more than a manifest may have: enough for the YAML reader to notice that
/// the file is too large.
Done ReadFiles(files::ProjectFiles& files, const std::vector<FoundFile>& found, SourceMap& sources,
               std::vector<ProjectFile>& read) {
  for (const FoundFile& file : found) {
    Result<files::FileContent> content = files.Read(file.path, yaml::kMaxFileBytes + 1);
    if (!content) return CannotRead(files, file.path, content.error().message);
    read.push_back({.file = sources.Add(files.Show(file.path), std::move(content->bytes)),
                    .role = file.role,
                    .section = file.section});
  }
  return {};
}

/// Records the ids of the workflows that `file`, the file that the command line names, defines.
void FindNamedWorkflows(FileId file, Syntax& syntax) {
  const Range range = syntax.project.workflows.range;
  for (uint32_t i = range.first; i < range.end(); ++i) {
    const WorkflowSyntax& workflow = syntax.workflows.all[syntax.workflows.lists[i]];
    const Section& section = workflow;
    if (section.tree->file() == file) syntax.named_workflows.push_back(section.id);
  }
}

/// Whether a line of `text` begins with `key:`.
bool HasTopLevelKey(std::string_view text, std::string_view key) {
  for (size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    const bool begins = at == 0 || text[at - 1] == '\n';
    if (begins && text.substr(at + key.size()).starts_with(':')) return true;
  }
  return false;
}

/// Reports N020 for manifests that are never read because their file or folder is named after a
/// section in the singular. Other tools have folders of such names too, so a file only counts if
/// one of its lines begins with the section's key.
void ReportSingularNames(files::ProjectFiles& files, SourceMap& sources, diag::Sink& sink) {
  for (const auto& [section, singular] : SectionsWithOwnFile()) {
    if (singular.empty()) continue;
    std::vector<FoundFile> found;
    AddSectionFiles(files, singular, found);
    if (!AddSectionFolder(files, singular, found).ok()) continue;
    std::ranges::sort(found, {}, &FoundFile::path);
    for (const FoundFile& file : found) {
      Result<files::FileContent> content = files.Read(file.path, yaml::kMaxFileBytes + 1);
      if (!content) continue;
      std::string& text = content->bytes;
      if (!HasTopLevelKey(text, section) &&
          !(section == "workflows" && HasTopLevelKey(text, singular)))
        continue;
      const FileId id = sources.Add(files.Show(file.path), std::move(text));
      sink.Report(diag::UnreadFile, {.file = id, .begin = 0, .end = 0}, file.path, section);
      break;
    }
  }
}

/// Reports N020 for files in the sections' folders that are not read because of their names.
void ReportPassedOver(files::ProjectFiles& files, SourceMap& sources, diag::Sink& sink) {
  for (const auto& [section, singular] : SectionsWithOwnFile()) {
    const Result<std::vector<files::FolderEntry>> entries = files.List(section);
    if (!entries) continue;
    for (const files::FolderEntry& entry : *entries) {
      const std::string_view why = ExplainPassedOver(entry.name);
      if (why.empty() || entry.kind == files::EntryKind::Folder) continue;
      const std::string path = fmt::format("{}/{}", section, entry.name);
      const FileId id = sources.Add(files.Show(path), "");
      sink.Report(diag::PassedOverFile, {.file = id, .begin = 0, .end = 0}, path, why);
    }
  }
}

/// The rest of the message that the project has no workflow, if the commonest cause applies: the
/// folder is named `workflow`. Empty otherwise.
std::string ExplainNoWorkflow(files::ProjectFiles& files) {
  const Result<std::vector<files::FolderEntry>> entries = files.List(".");
  const auto is_singular = [](const files::FolderEntry& entry) { return entry.name == "workflow"; };
  if (!entries || std::ranges::none_of(*entries, is_singular)) return {};
  return "; `workflow` is not read, the folder is called `workflows`";
}

}  // namespace

Result<Syntax, LoadFailure> LoadProject(std::unique_ptr<files::ProjectFiles> files,
                                        const std::string& named, SourceMap& sources,
                                        diag::Sink& sink) {
  const auto begin = std::chrono::steady_clock::now();
  Syntax syntax;
  syntax.folder = files->path();
  std::vector<FoundFile> found;
  if (const Done done = FindFiles(*files, found); !done.ok()) return done.error();
  const auto is_named = [&](const FoundFile& file) {
    return IsSameFile(files->Show(file.path), named);
  };
  const auto named_file = named.empty() ? found.end() : std::ranges::find_if(found, is_named);
  if (!named.empty() && named_file == found.end()) {
    return LoadFailure{.message = fmt::format(
                           "{} is not a manifest of the project in {}; name the folder or wfc.yaml",
                           named, syntax.folder)};
  }
  std::vector<ProjectFile> read;
  if (const Done done = ReadFiles(*files, found, sources, read); !done.ok()) return done.error();
  syntax.reading_ns = std::chrono::nanoseconds(std::chrono::steady_clock::now() - begin).count();
  ParseProject(read, sources, sink, syntax);
  ReportSingularNames(*files, sources, sink);
  ReportPassedOver(*files, sources, sink);
  if (named_file != found.end() && named_file->role != FileRole::Root) {
    FindNamedWorkflows(read[static_cast<size_t>(named_file - found.begin())].file, syntax);
  }
  if (syntax.project.workflows.range.empty() && !sink.has_errors()) {
    return LoadFailure{.reason = LoadFailure::Reason::NothingToCheck,
                       .message = fmt::format("the project in {} has no workflow{}", syntax.folder,
                                              ExplainNoWorkflow(*files))};
  }
  syntax.files = std::move(files);
  return syntax;
}

}  // namespace wfc::manifest

// Finds the files of a project (language.md, first section) and reads them.
#include "frontend/manifest/load.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include <fmt/format.h>

#include "frontend/manifest/keys.h"
#include "frontend/yaml/read.h"
#include "ir/diag/messages.h"

namespace wfc::manifest {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRootName = "wfc.yaml";

struct FoundFile {
  std::string path;  ///< from the project's folder
  FileRole role = FileRole::Section;
  std::string_view section;
};

LoadResult Unreadable(std::string message) {
  return {.status = LoadStatus::Unreadable, .message = std::move(message)};
}

bool IsManifestName(const fs::path& path) {
  const std::string extension = path.extension();
  const bool is_hidden = path.filename().string().starts_with('.');
  return !is_hidden && (extension == ".yaml" || extension == ".yml" || extension == ".json");
}

/// Whether something that is no folder has this name, be it a link that leads nowhere: whether it
/// can be read shows when it is read, and nothing is passed over in silence.
bool IsFile(const fs::path& path) {
  std::error_code ignored;
  const bool is_there = fs::exists(fs::symlink_status(path, ignored));
  return is_there && !fs::is_directory(path, ignored);
}

/// The nearest folder from `folder` upwards that holds wfc.yaml; empty: none does.
std::string FindFolderAbove(const fs::path& folder) {
  std::error_code error;
  fs::path shown = folder.empty() ? fs::path(".") : folder;
  fs::path absolute = fs::absolute(shown, error).lexically_normal();
  if (!absolute.has_filename()) absolute = absolute.parent_path();  // "/a/b/" is "/a/b"
  while (!error) {
    if (IsFile(absolute / kRootName)) return shown.empty() ? "." : shown.string();
    if (!absolute.has_relative_path()) break;
    // `a/b` goes up to `a`, `.` to `..`: what is shown stays relative to where wfc was started.
    const bool is_up = shown.empty() || shown == "." || shown.filename() == "..";
    shown = is_up ? (shown == "." ? fs::path("..") : shown / "..") : shown.parent_path();
    absolute = absolute.parent_path();
  }
  return {};
}

/// The folder of the project that `path` means.
LoadResult FindFolder(const std::string& path, std::string& folder) {
  const fs::path given = path.empty() ? fs::path(".") : fs::path(path);
  std::error_code error;
  const fs::file_status status = fs::status(given, error);
  if (status.type() == fs::file_type::not_found) {
    return Unreadable(fmt::format("no such file or folder: {}", path));
  }
  if (error) return Unreadable(fmt::format("cannot read {}: {}", path, error.message()));
  const bool is_folder = status.type() == fs::file_type::directory;
  if (is_folder && !path.empty()) {
    if (IsFile(given / kRootName)) folder = given.lexically_normal().string();
  } else {
    folder = FindFolderAbove(is_folder ? given : given.parent_path());
  }
  if (!folder.empty()) {
    if (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
    return {};
  }
  return {.status = LoadStatus::NothingToCheck,
          .message = path.empty() ? "no wfc.yaml here or in a folder above"
                                  : fmt::format("no wfc.yaml in {}", path)};
}

void AddSectionFiles(const files::ProjectFolder& folder, std::string_view section,
                     std::vector<FoundFile>& files) {
  for (const std::string_view extension : {".yaml", ".yml", ".json"}) {
    std::string path = fmt::format("{}{}", section, extension);
    if (IsFile(folder.Show(path))) files.push_back({.path = std::move(path), .section = section});
  }
}

LoadResult AddSectionFolder(files::ProjectFolder& folder, std::string_view section,
                            std::vector<FoundFile>& files) {
  const Result<std::vector<files::FolderEntry>> entries = folder.List(section);
  if (!entries) {
    return Unreadable(
        fmt::format("cannot read {}: {}", folder.Show(section), entries.error().message));
  }
  for (const files::FolderEntry& entry : *entries) {
    if (!IsManifestName(entry.name) || entry.kind == files::EntryKind::Folder) continue;
    std::string path = fmt::format("{}/{}", section, entry.name);
    if (entry.kind == files::EntryKind::Link && !IsFile(folder.Show(path))) continue;
    files.push_back({.path = std::move(path),
                     .role = section == "schemas" ? FileRole::Schema : FileRole::Section,
                     .section = section});
  }
  return {};
}

LoadResult FindFiles(files::ProjectFolder& folder, std::vector<FoundFile>& files) {
  files.push_back({.path = std::string(kRootName), .role = FileRole::Root, .section = {}});
  for (const std::string_view section : SectionsWithOwnFile()) {
    AddSectionFiles(folder, section, files);
    LoadResult result = AddSectionFolder(folder, section, files);
    if (result.status != LoadStatus::Done) return result;
  }
  std::ranges::sort(files, {}, &FoundFile::path);
  return {};
}

/// Reads at most one byte more than a manifest may have, so that the reader sees that it is too
/// big.
LoadResult ReadFiles(files::ProjectFolder& folder, const std::vector<FoundFile>& found,
                     SourceMap& sources, std::vector<ProjectFile>& files) {
  for (const FoundFile& file : found) {
    std::string shown = folder.Show(file.path);
    Result<files::FileContent> content = folder.Read(file.path, yaml::kMaxFileBytes + 1);
    if (!content) {
      return Unreadable(fmt::format("cannot read {}: {}", shown, content.error().message));
    }
    files.push_back({.file = sources.Add(std::move(shown), std::move(content->bytes)),
                     .role = file.role,
                     .section = file.section});
  }
  return {};
}

bool IsSameFile(const std::string& left, const std::string& right) {
  std::error_code error;
  return fs::equivalent(left, right, error) && !error;
}

/// The workflows that the file which was named holds.
void FindNamedWorkflows(FileId file, Syntax& syntax) {
  const Range range = syntax.project.workflows.range;
  for (uint32_t i = range.first; i < range.end(); ++i) {
    const WorkflowSyntax& workflow = syntax.workflows.all[syntax.workflows.lists[i]];
    const Section& section = workflow;
    if (section.tree->file() == file) syntax.named_workflows.push_back(section.id);
  }
}

/// The singular of a section's name.
std::string_view Singular(std::string_view section) {
  if (section == "memory" || section == "security") return {};
  return section.substr(0, section.size() - 1);
}

/// Whether a line of `text` begins with `key:`.
bool HasTopLevelKey(std::string_view text, std::string_view key) {
  for (size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    const bool begins = at == 0 || text[at - 1] == '\n';
    if (begins && text.substr(at + key.size()).starts_with(':')) return true;
  }
  return false;
}

/// N020 for manifests that nothing reads, because their file or folder is called by a section's
/// singular. Other tools have folders of such names: only what looks like a manifest counts.
void ReportSingularNames(files::ProjectFolder& folder, SourceMap& sources, diag::Sink& sink) {
  for (const std::string_view section : SectionsWithOwnFile()) {
    const std::string_view singular = Singular(section);
    if (singular.empty()) continue;
    std::vector<FoundFile> files;
    AddSectionFiles(folder, singular, files);
    if (AddSectionFolder(folder, singular, files).status != LoadStatus::Done) continue;
    std::ranges::sort(files, {}, &FoundFile::path);
    for (const FoundFile& file : files) {
      Result<files::FileContent> content = folder.Read(file.path, yaml::kMaxFileBytes + 1);
      if (!content) continue;
      std::string& text = content->bytes;
      if (!HasTopLevelKey(text, section) &&
          !(section == "workflows" && HasTopLevelKey(text, singular)))
        continue;
      const FileId id = sources.Add(folder.Show(file.path), std::move(text));
      sink.Report(diag::UnreadFile, {.file = id, .begin = 0, .end = 0}, file.path, section);
      break;
    }
  }
}

/// The commonest reason is a folder's name.
std::string ExplainNoWorkflow(const std::string& folder) {
  std::error_code error;
  if (!fs::exists(fs::path(folder) / "workflow", error)) return {};
  return "; `workflow` is not read, the folder is called `workflows`";
}

}  // namespace

LoadResult LoadProject(const LoadOptions& options, SourceMap& sources, diag::Sink& sink,
                       Syntax& syntax) {
  const std::string& path = options.path;
  if (LoadResult result = FindFolder(path, syntax.folder); result.status != LoadStatus::Done) {
    return result;
  }
  const auto begin = std::chrono::steady_clock::now();
  Result<files::ProjectFolder> opened = files::ProjectFolder::Open(syntax.folder, options.outside);
  if (!opened) {
    return Unreadable(fmt::format("cannot read {}: {}", syntax.folder, opened.error().message));
  }
  syntax.project_files = std::make_unique<files::ProjectFolder>(std::move(*opened));
  files::ProjectFolder& folder = *syntax.project_files;
  std::vector<FoundFile> found;
  if (LoadResult result = FindFiles(folder, found); result.status != LoadStatus::Done) {
    return result;
  }
  std::error_code error;
  const bool is_file = !path.empty() && !fs::is_directory(path, error);
  const auto named = std::ranges::find_if(found, [&](const FoundFile& file) {
    return is_file && IsSameFile(folder.Show(file.path), path);
  });
  if (is_file && named == found.end()) {
    return Unreadable(
        fmt::format("{} is no manifest of the project in {}; name the folder or wfc.yaml", path,
                    syntax.folder));
  }
  std::vector<ProjectFile> files;
  if (LoadResult result = ReadFiles(folder, found, sources, files);
      result.status != LoadStatus::Done) {
    return result;
  }
  syntax.reading_ns = std::chrono::nanoseconds(std::chrono::steady_clock::now() - begin).count();
  ParseProject(files, sources, sink, syntax);
  ReportSingularNames(folder, sources, sink);
  if (named != found.end() && named->role != FileRole::Root) {
    FindNamedWorkflows(files[static_cast<size_t>(named - found.begin())].file, syntax);
  }
  const bool has_workflow = !syntax.project.workflows.range.empty();
  if (has_workflow || sink.has_errors()) return {};
  return {.status = LoadStatus::NothingToCheck,
          .message = fmt::format("the project in {} has no workflow{}", syntax.folder,
                                 ExplainNoWorkflow(syntax.folder))};
}

}  // namespace wfc::manifest

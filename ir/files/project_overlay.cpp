#include "ir/files/project_overlay.h"

#include <algorithm>

namespace wfc::files {

namespace {

/// The name of the entry in `folder` that leads to `path`, empty when `path` does not lie in
/// `folder`. Sets `kind` to Folder if the entry is a folder on the way, and to File if it is `path`
/// itself.
std::string_view NameIn(std::string_view folder, std::string_view path, EntryKind& kind) {
  if (folder != "." && !folder.empty()) {
    if (!path.starts_with(folder) || path.substr(folder.size(), 1) != "/") return {};
    path.remove_prefix(folder.size() + 1);
  }
  const size_t slash = path.find('/');
  kind = slash == std::string_view::npos ? EntryKind::File : EntryKind::Folder;
  return path.substr(0, slash);
}

}  // namespace

ProjectOverlay::ProjectOverlay(std::unique_ptr<ProjectFiles> below, Texts texts)
    : ProjectFiles(below->path()), below_(std::move(below)), texts_(std::move(texts)) {}

Result<FileContent> ProjectOverlay::Read(std::string_view path, uint64_t max_bytes) {
  const auto text = texts_.find(path);
  if (text == texts_.end()) return below_->Read(path, max_bytes);
  return FileContent{.bytes = text->second.substr(0, max_bytes),
                     .is_truncated = text->second.size() > max_bytes,
                     .real_path = text->first};
}

Result<std::vector<FolderEntry>> ProjectOverlay::List(std::string_view path) {
  Result<std::vector<FolderEntry>> entries = below_->List(path);
  if (!entries) return entries;
  for (const auto& [changed, text] : texts_) {
    EntryKind kind = EntryKind::File;
    const std::string_view name = NameIn(path, changed, kind);
    const auto place = std::ranges::lower_bound(*entries, name, {}, &FolderEntry::name);
    const bool is_known = place != entries->end() && place->name == name;
    if (name.empty() || is_known) continue;
    const uint64_t size = kind == EntryKind::File ? text.size() : 0;
    entries->insert(place, {.name = std::string(name), .kind = kind, .size = size});
  }
  return entries;
}

bool ProjectOverlay::HasFile(std::string_view path) const {
  return texts_.contains(path) || below_->HasFile(path);
}

std::string ProjectOverlay::WhyOutside(std::string_view path) const {
  return below_->WhyOutside(path);
}

Result<void, Error> ProjectOverlay::Rewrite(std::string_view path, std::string_view before,
                                            std::string_view after) {
  if (texts_.contains(path)) return Error{"it has a text that was not saved"};
  return below_->Rewrite(path, before, after);
}

}  // namespace wfc::files

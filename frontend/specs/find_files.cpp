#include "frontend/specs/find_files.h"

#include <algorithm>

#include "llvm/ADT/STLExtras.h"
#include <fmt/core.h>

#include "ir/base/path_pattern.h"

namespace wfc::specs {

namespace {

constexpr uint32_t kMaxEntries = 200'000;

/// The folders that a glob names before its first wildcard: all its matches are below them.
std::string_view FixedPrefix(std::string_view glob) {
  size_t wildcard = std::min(glob.find_first_of("*?"), glob.size());
  size_t slash = glob.substr(0, wildcard).rfind('/');
  return slash == std::string_view::npos ? std::string_view() : glob.substr(0, slash);
}

bool IsBelow(std::string_view path, std::string_view folder) {
  return folder.empty() || path == folder ||
         (path.starts_with(folder) && path[folder.size()] == '/');
}

/// Walks through the folders once for all globs, and enters only those that can contain a match.
class Walk {
 public:
  Walk(files::ProjectFiles& files, const std::vector<std::string_view>& globs)
      : files_(files), globs_(globs) {
    found_.glob_matched.assign(globs.size(), false);
    for (std::string_view glob : globs) prefixes_.push_back(FixedPrefix(glob));
  }

  FoundFiles Run() {
    pending_.emplace_back();
    while (!pending_.empty() && entries_ < kMaxEntries) {
      std::string folder = std::move(pending_.back());
      pending_.pop_back();
      Visit(folder);
    }
    llvm::sort(found_.paths);
    return std::move(found_);
  }

 private:
  void Visit(const std::string& folder);
  void VisitEntry(std::string path, files::EntryKind kind);
  bool MayLeadTo(std::string_view folder) const;

  files::ProjectFiles& files_;
  const std::vector<std::string_view>& globs_;
  std::vector<std::string_view> prefixes_;
  std::vector<std::string> pending_;
  uint32_t entries_ = 0;
  FoundFiles found_;
};

void Walk::Visit(const std::string& folder) {
  const Result<std::vector<files::FolderEntry>> entries =
      files_.List(folder.empty() ? "." : folder);
  if (!entries) return;
  for (const files::FolderEntry& entry : *entries) {
    if (++entries_ > kMaxEntries) return;
    VisitEntry(folder.empty() ? entry.name : fmt::format("{}/{}", folder, entry.name), entry.kind);
  }
}

void Walk::VisitEntry(std::string path, files::EntryKind kind) {
  if (kind == files::EntryKind::Folder) {
    std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
    bool is_ours = name != ".git" && name != ".wfc";
    if (is_ours && MayLeadTo(path)) pending_.push_back(std::move(path));
    return;
  }
  // A pipe or a device that matches a glob is found too; reading it then fails with a report.
  bool is_found = false;
  for (size_t i = 0; i < globs_.size(); ++i) {
    if (!MatchesPathPattern(globs_[i], path)) continue;
    found_.glob_matched[i] = true;
    is_found = true;
  }
  if (is_found) found_.paths.push_back(std::move(path));
}

bool Walk::MayLeadTo(std::string_view folder) const {
  return llvm::any_of(prefixes_, [&](std::string_view prefix) {
    return IsBelow(folder, prefix) || IsBelow(prefix, folder);
  });
}

}  // namespace

FoundFiles FindFiles(files::ProjectFiles& files, const std::vector<std::string_view>& globs) {
  return Walk(files, globs).Run();
}

}  // namespace wfc::specs

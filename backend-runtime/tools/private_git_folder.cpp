#include "backend-runtime/tools/private_git_folder.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace wfc::tools {
namespace {

namespace fs = std::filesystem;

using host::FileError;
using runtime::Failure;

constexpr uint64_t kMostShallowBytes = 64 << 20;
constexpr size_t kMostEntries = 100'000;

Failure CannotMake(const std::error_code& error) {
  return MakeFailure(FailureCode::Io,
                     fmt::format("cannot make a temporary folder for git: {}", error.message()));
}

/// The content of `shallow`, the commits at which the history is cut off; malformed lines are
/// omitted.
Result<std::string, Failure> ReadShallow(const GitRepository& repository) {
  const host::FileResult<host::FileContent> content =
      repository.files->Read(repository.common + "/shallow", kMostShallowBytes);
  if (!content && content.error().kind == FileError::Kind::NotFound) return std::string();
  if (!content) return ToFailure(content.error());
  std::string kept;
  std::string_view rest = content->bytes;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (IsObjectName(line)) kept += fmt::format("{}\n", line);
  }
  return kept;
}

/// The names of the index and of the shared indexes it may refer to. Git reads no other file of
/// this folder's.
Result<std::vector<std::string>, Failure> FindIndexes(const GitRepository& repository) {
  const host::FileResult<std::vector<host::FolderEntry>> entries =
      repository.files->List(repository.folder, kMostEntries);
  if (!entries) return ToFailure(entries.error());
  std::vector<std::string> names;
  for (const host::FolderEntry& entry : *entries) {
    if (entry.name != "index" && !entry.name.starts_with("sharedindex.")) continue;
    if (entry.kind != host::EntryKind::File) {
      return MakeFailure(FailureCode::Denied,
                         fmt::format("`{}/{}` is not a file", repository.folder, entry.name));
    }
    names.push_back(entry.name);
  }
  return names;
}

/// Fills the folder; false if a file cannot be written.
bool Fill(const fs::path& folder, const GitRepository& repository, const GitReferences& references,
          const std::string& shallow, const std::vector<std::string>& indexes) {
  std::error_code error;
  const auto write = [&](const char* name, std::string_view text) {
    std::ofstream file(folder / name, std::ios::binary);
    file << text;
    return static_cast<bool>(file.flush());
  };
  bool is_good = fs::create_directory(folder / "refs", error) && write("HEAD", references.head) &&
                 write("packed-refs", references.packed_refs) &&
                 write("config", MakeGitConfig(repository.settings));
  if (!shallow.empty()) is_good = is_good && write("shallow", shallow);
  for (const std::string& name : indexes) {
    fs::create_symlink(repository.Absolute(repository.folder + "/" + name), folder / name, error);
    is_good = is_good && !error;
  }
  return is_good;
}

}  // namespace

PrivateGitFolder::~PrivateGitFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Result<std::unique_ptr<PrivateGitFolder>, Failure> PrivateGitFolder::Make(
    const GitRepository& repository, const GitReferences& references) {
  Result<std::string, Failure> shallow = ReadShallow(repository);
  if (!shallow) return shallow.error();
  Result<std::vector<std::string>, Failure> indexes = FindIndexes(repository);
  if (!indexes) return indexes.error();
  std::error_code error;
  const fs::path temporary = fs::absolute(fs::temp_directory_path(error));
  if (error) return CannotMake(error);
  std::string path = (temporary / "wfc-git-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) return CannotMake({errno, std::generic_category()});
  auto folder = std::make_unique<PrivateGitFolder>(std::move(path));
  if (!Fill(folder->path(), repository, references, *shallow, *indexes)) {
    return CannotMake({errno, std::generic_category()});
  }
  return folder;
}

}  // namespace wfc::tools

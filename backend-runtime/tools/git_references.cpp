#include "backend-runtime/tools/git_references.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace wfc::tools {
namespace {

using host::FileError;
using runtime::Failure;

constexpr uint64_t kLongestReference = 4096;
constexpr uint64_t kMostPackedBytes = 256 << 20;
constexpr size_t kMostReferences = 1'000'000;
constexpr size_t kMaxReferenceDepth = 32;
/// The limit of git itself.
constexpr int kMostSymbolicSteps = 5;
constexpr std::string_view kRoot = "refs";
constexpr std::string_view kSymbolic = "ref:";
constexpr std::string_view kReplacements = "refs/replace/";

std::string_view TrimBlanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

/// The reference that a symbolic reference names; nothing if `content` is not symbolic.
std::optional<std::string_view> SymbolicTarget(std::string_view content) {
  if (!content.starts_with(kSymbolic)) return std::nullopt;
  return TrimBlanks(content.substr(kSymbolic.size()));
}

/// Whether the name is below `refs/` and contains nothing that has another meaning in a path or in
/// a line of `packed-refs`.
bool IsReferenceName(std::string_view name) {
  const auto is_plain = [](char c) {
    return static_cast<unsigned char>(c) > ' ' &&
           std::string_view("\\~^:?*[\x7f").find(c) == std::string_view::npos;
  };
  return name.starts_with("refs/") && !name.ends_with('/') &&
         name.find("..") == std::string_view::npos && name.find("//") == std::string_view::npos &&
         std::ranges::all_of(name, is_plain);
}

class Reader {
 public:
  explicit Reader(const GitRepository& repository) : repository_(repository) {}

  Result<GitReferences, Failure> Run(WantedReferences wanted) {
    GitReferences references;
    if (!ReadHead(references.head) || !ReadPacked()) return *failure_;
    if (wanted == WantedReferences::All && !Walk()) return *failure_;
    if (wanted == WantedReferences::OfHead) KeepOnlyHead(references.head);
    references.packed_refs = Print();
    return references;
  }

 private:
  bool ReadHead(std::string& head);
  bool ReadPacked();
  void AddPackedLine(std::string_view line);
  bool Walk();
  void AddLoose(const std::string& name);
  void KeepOnlyHead(const std::string& head);
  /// The path of a reference, or of a folder of references.
  [[nodiscard]] std::string PathOf(std::string_view name) const {
    return repository_.references + std::string(name.substr(kRoot.size()));
  }
  [[nodiscard]] std::string_view Find(std::string_view name) const;
  [[nodiscard]] std::string Print() const;

  bool Fail(Failure failure) {
    failure_ = std::move(failure);
    return false;
  }

  const GitRepository& repository_;
  /// Maps the name of each reference to an object's name, or to `ref:` and another reference.
  std::map<std::string, std::string, std::less<>> found_;
  std::optional<Failure> failure_;
};

bool Reader::ReadHead(std::string& head) {
  const std::string path = repository_.folder + "/HEAD";
  const host::FileResult<host::FileContent> content =
      repository_.files->Read(path, kLongestReference);
  if (!content) return Fail(ToFailure(content.error()));
  const std::string_view text = TrimBlanks(content->bytes);
  const std::optional<std::string_view> target = SymbolicTarget(text);
  if (target ? !IsReferenceName(*target) : !IsObjectName(text)) {
    return Fail(MakeFailure(FailureCode::Io, fmt::format("`{}` names no commit", path)));
  }
  head = target ? fmt::format("ref: {}\n", *target) : fmt::format("{}\n", text);
  return true;
}

bool Reader::ReadPacked() {
  const host::FileResult<host::FileContent> content =
      repository_.files->Read(repository_.common + "/packed-refs", kMostPackedBytes);
  if (!content && content.error().kind == FileError::Kind::NotFound) return true;
  if (!content) return Fail(ToFailure(content.error()));
  std::string_view rest = content->bytes;
  while (!rest.empty() && found_.size() < kMostReferences) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    AddPackedLine(line);
  }
  return true;
}

void Reader::AddPackedLine(std::string_view line) {
  const size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return;
  const std::string_view object = line.substr(0, blank);
  const std::string_view name = TrimBlanks(line.substr(blank));
  if (!IsObjectName(object) || !IsReferenceName(name)) return;
  found_.insert_or_assign(std::string(name), std::string(object));
}

/// Adds the loose references, which take precedence over packed ones.
bool Reader::Walk() {
  std::vector<std::string> folders = {std::string(kRoot)};
  size_t entry_count = 0;
  while (!folders.empty()) {
    const std::string folder = std::move(folders.back());
    folders.pop_back();
    const host::FileResult<std::vector<host::FolderEntry>> entries =
        repository_.files->List(PathOf(folder), kMostReferences - entry_count);
    if (!entries) return Fail(ToFailure(entries.error()));
    entry_count += entries->size();
    for (const host::FolderEntry& entry : *entries) {
      std::string name = fmt::format("{}/{}", folder, entry.name);
      const bool is_folder = entry.kind == host::EntryKind::Folder;
      const bool is_too_deep =
          std::ranges::count(name, '/') >= static_cast<ptrdiff_t>(kMaxReferenceDepth);
      if (!is_folder) AddLoose(name);
      if (is_folder && !is_too_deep) folders.push_back(std::move(name));
    }
  }
  return true;
}

void Reader::AddLoose(const std::string& name) {
  if (!IsReferenceName(name)) return;
  const host::FileResult<host::FileContent> content =
      repository_.files->Read(PathOf(name), kLongestReference);
  if (!content) return;
  const std::string_view text = TrimBlanks(content->bytes);
  if (IsObjectName(text) || SymbolicTarget(text)) found_.insert_or_assign(name, std::string(text));
}

void Reader::KeepOnlyHead(const std::string& head) {
  std::map<std::string, std::string, std::less<>> packed = std::exchange(found_, {});
  std::string_view name = SymbolicTarget(head).value_or("");
  for (int step = 0; step < kMostSymbolicSteps && IsReferenceName(name); ++step) {
    AddLoose(std::string(name));
    const auto loose = found_.find(name);
    if (loose == found_.end()) {
      if (auto node = packed.extract(std::string(name))) found_.insert(std::move(node));
      return;
    }
    name = SymbolicTarget(loose->second).value_or("");
  }
}

/// The object to which a reference leads; empty if it leads nowhere.
std::string_view Reader::Find(std::string_view name) const {
  for (int step = 0; step < kMostSymbolicSteps; ++step) {
    const auto found = found_.find(name);
    if (found == found_.end()) return {};
    const std::optional<std::string_view> target = SymbolicTarget(found->second);
    if (!target) return found->second;
    name = *target;
  }
  return {};
}

std::string Reader::Print() const {
  std::string lines = "# pack-refs with: sorted \n";
  for (const auto& [name, content] : found_) {
    const std::string_view object = Find(name);
    if (object.empty() || name.starts_with(kReplacements)) continue;
    lines += fmt::format("{} {}\n", object, name);
  }
  return lines;
}

}  // namespace

bool IsObjectName(std::string_view text) {
  constexpr size_t kSha1Digits = 40;
  constexpr size_t kSha256Digits = 64;
  return (text.size() == kSha1Digits || text.size() == kSha256Digits) &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

Result<GitReferences, Failure> ReadReferences(const GitRepository& repository,
                                              WantedReferences wanted) {
  return Reader(repository).Run(wanted);
}

}  // namespace wfc::tools

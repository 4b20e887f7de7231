#include "backend-runtime/host/simulated_files.h"

#include <algorithm>
#include <utility>

#include "backend-runtime/host/files.h"

namespace wfc::host {
namespace {

class SimulatedAppendFile : public AppendFile {
 public:
  SimulatedAppendFile(Files& files, std::string path) : files_(files), path_(std::move(path)) {}
  FileResult<void> Append(std::string_view bytes) override {
    return files_.Write(path_, bytes, WriteHow::Append);
  }

 private:
  Files& files_;
  std::string path_;
};

}  // namespace

FileResult<std::string> SimulatedFiles::Normalize(std::string_view path) const {
  auto segments = SplitPath(path);
  if (!segments) return segments.error();
  return JoinPath(*segments);
}

FileResult<void> SimulatedFiles::ChargeWrite(const std::string& path) {
  if (!writes_left_) return {};
  if (*writes_left_ == 0) return MakeFileError(write_failure_, path);
  --*writes_left_;
  return {};
}

void SimulatedFiles::FailWritesAfter(size_t write_count, FileError::Kind kind) {
  writes_left_ = write_count;
  write_failure_ = kind;
}

bool SimulatedFiles::IsFolder(const std::string& path) const {
  if (path == "." || folders_.contains(path)) return true;
  const auto below = files_.lower_bound(path + "/");
  return below != files_.end() && below->first.starts_with(path + "/");
}

FileResult<FileContent> SimulatedFiles::Read(std::string_view path, uint64_t max_bytes) {
  auto name = Normalize(path);
  if (!name) return name.error();
  const auto found = files_.find(*name);
  if (found == files_.end()) {
    return MakeFileError(IsFolder(*name) ? FileError::Kind::WrongKind : FileError::Kind::NotFound,
                         path);
  }
  return FileContent{.bytes = found->second.substr(0, max_bytes),
                     .is_truncated = found->second.size() > max_bytes,
                     .real_path = *name};
}

FileResult<void> SimulatedFiles::Write(std::string_view path, std::string_view bytes,
                                       WriteHow how) {
  auto name = Normalize(path);
  if (!name) return name.error();
  if (IsFolder(*name)) return MakeFileError(FileError::Kind::WrongKind, path);
  if (how == WriteHow::Create && files_.contains(*name)) {
    return MakeFileError(FileError::Kind::Exists, path);
  }
  if (auto charged = ChargeWrite(*name); !charged) return charged;
  std::string& content = files_[*name];
  if (how != WriteHow::Append) content.clear();
  content += bytes;
  return {};
}

FileResult<std::unique_ptr<AppendFile>> SimulatedFiles::OpenAppend(std::string_view path) {
  auto name = Normalize(path);
  if (!name) return name.error();
  if (auto made = Write(*name, "", WriteHow::Append); !made) return made.error();
  return std::unique_ptr<AppendFile>(std::make_unique<SimulatedAppendFile>(*this, *name));
}

FileResult<std::vector<FolderEntry>> SimulatedFiles::List(std::string_view path,
                                                          size_t max_entries) {
  auto name = Normalize(path);
  if (!name) return name.error();
  if (!IsFolder(*name)) {
    return MakeFileError(
        files_.contains(*name) ? FileError::Kind::WrongKind : FileError::Kind::NotFound, path);
  }
  const std::string prefix = *name == "." ? "" : *name + "/";
  std::map<std::string, FolderEntry> entries;
  const auto add = [&](const std::string& full, EntryKind kind, uint64_t size) {
    if (!full.starts_with(prefix) || full.size() == prefix.size()) return;
    const size_t end = full.find('/', prefix.size());
    const std::string entry = full.substr(prefix.size(), end - prefix.size());
    const bool is_folder = end != std::string::npos || kind == EntryKind::Folder;
    entries[entry] = {.name = entry,
                      .kind = is_folder ? EntryKind::Folder : EntryKind::File,
                      .size = is_folder ? 0 : size};
  };
  for (const auto& [file, content] : files_) add(file, EntryKind::File, content.size());
  for (const std::string& folder : folders_) add(folder, EntryKind::Folder, 0);
  if (entries.size() > max_entries) return MakeFileError(FileError::Kind::TooLarge, path);
  std::vector<FolderEntry> list;
  list.reserve(entries.size());
  for (auto& [key, entry] : entries) list.push_back(std::move(entry));
  return list;
}

FileResult<FileInfo> SimulatedFiles::Inspect(std::string_view path) {
  auto name = Normalize(path);
  if (!name) return name.error();
  if (IsFolder(*name)) return FileInfo{.kind = EntryKind::Folder, .real_path = *name};
  const auto found = files_.find(*name);
  if (found == files_.end()) return MakeFileError(FileError::Kind::NotFound, path);
  return FileInfo{.kind = EntryKind::File, .size = found->second.size(), .real_path = *name};
}

FileResult<void> SimulatedFiles::MakeFolder(std::string_view path) {
  auto name = Normalize(path);
  if (!name) return name.error();
  if (files_.contains(*name)) return MakeFileError(FileError::Kind::WrongKind, path);
  if (auto charged = ChargeWrite(*name); !charged) return charged;
  folders_.insert(*name);
  return {};
}

FileResult<void> SimulatedFiles::Remove(std::string_view path) {
  auto name = Normalize(path);
  if (!name) return name.error();
  if (files_.erase(*name) == 0) return MakeFileError(FileError::Kind::NotFound, path);
  return {};
}

FileResult<OwnedDescriptor> SimulatedFiles::OpenFolder(std::string_view path) {
  auto name = Normalize(path);
  if (!name) return name.error();
  if (!IsFolder(*name)) return MakeFileError(FileError::Kind::NotFound, path);
  return OwnedDescriptor();
}

}  // namespace wfc::host

#include "driver/wfc_run/runs/run_trash.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/store/run_lock.h"
#include "driver/wfc_run/runs/run_summary.h"

namespace wfc::driver {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTrash = ".trash-";
constexpr int64_t kBlockBytes = 512;  // of st_blocks, whatever the file system's blocks are

}  // namespace

int64_t SizeOnDisk(const std::string& folder) {
  int64_t size = 0;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied,
                                         error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    struct stat about = {};
    if (lstat(entry->path().c_str(), &about) == 0) size += about.st_blocks * kBlockBytes;
  }
  return size;
}

Result<RunTrash> RunTrash::Open(const std::string& folder) {
  files::OwnedDescriptor opened(
      open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (opened.is_open()) return RunTrash(std::move(opened));
  return Error{fmt::format("cannot open {}: {}", folder, std::strerror(errno))};
}

std::string RunTrash::PathOf(const std::string& name) const {
  return fmt::format("/proc/self/fd/{}/{}", folder_.get(), name);
}

std::vector<std::string> RunTrash::Leftovers() const {
  std::vector<std::string> found;
  std::error_code error;
  fs::directory_iterator entry(PathOf(""), error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code unknown;
    const bool is_folder = entry->symlink_status(unknown).type() == fs::file_type::directory;
    std::string name = entry->path().filename().string();
    if (is_folder && name.starts_with(kTrash)) found.push_back(std::move(name));
  }
  return found;
}

Result<void> RunTrash::Empty(const std::string& leftover) const {
  std::error_code error;
  fs::remove_all(PathOf(leftover), error);
  if (!error) return {};
  return Error{fmt::format("cannot remove {}: {}", leftover, error.message())};
}

Result<void> RunTrash::Remove(const RunPlace& run) const {
  // Nobody begins to drive the run while its lock is held.
  const store::RunLock::Taken lock = store::RunLock::Take(PathOf(run.id));
  if (!lock) return Error{fmt::format("{}: {}", run.id, lock.error().message)};
  const RunPlace here = {.folder = PathOf(run.id), .workflow = run.workflow, .id = run.id};
  const RunSummary now = Summarize(here, host::PosixClock().WallNow());
  if (!HasEnded(now)) return Error{fmt::format("{}: it has been taken up again", run.id)};
  const std::string trash = std::string(kTrash) + run.id;
  if (renameat(folder_.get(), run.id.c_str(), folder_.get(), trash.c_str()) != 0) {
    return Error{fmt::format("cannot rename {}: {}", run.id, std::strerror(errno))};
  }
  return Empty(trash);
}

}  // namespace wfc::driver

#include "backend-runtime/store/run_lock.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <sstream>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wfc::store {
namespace {

using host::OwnedDescriptor;
using host::ProcessIdentity;

constexpr int kKillTimeoutMs = 10'000;
// How often and how long a process that takes over waits for a holder that is just beginning or
// just ending.
constexpr int kAttempts = 100;
constexpr std::chrono::milliseconds kBetweenAttempts{10};

LockError LockFailed(std::string_view what, const std::string& path) {
  return {.kind = LockError::Kind::Failed,
          .message = fmt::format("cannot {} `{}`: {}", what, path, std::strerror(errno))};
}

std::string Describe(const ProcessIdentity& process) {
  return fmt::format("pid {}\nstart {}\nboot {}\nhost {}\n", process.pid, process.start_ticks,
                     process.boot_id, process.host);
}

/// Reads what `Describe` wrote, all of it or nothing.
std::optional<ProcessIdentity> ReadHolder(int file) {
  std::array<char, 512> buffer;
  const ssize_t count = pread(file, buffer.data(), buffer.size(), 0);
  if (count <= 0) return std::nullopt;
  const std::string text(buffer.data(), static_cast<size_t>(count));
  std::istringstream words(text);
  std::string pid;
  std::string start;
  std::string boot;
  std::string host;
  ProcessIdentity process;
  words >> pid >> process.pid >> start >> process.start_ticks >> boot >> process.boot_id >> host >>
      process.host;
  if (!words || Describe(process) != text) return std::nullopt;
  return process;
}

struct flock WholeFile() {
  struct flock whole = {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return whole;
}

bool LockFile(int file) {
  struct flock whole = WholeFile();
  return fcntl(file, F_OFD_SETLK, &whole) == 0;
}

/// Whether the open file is the one that has the name: a lock of a file that was removed or
/// replaced keeps nobody out.
bool IsFileAt(int file, const std::string& path) {
  struct stat opened = {};
  struct stat named = {};
  return fstat(file, &opened) == 0 && lstat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

LockError HeldBy(const std::optional<ProcessIdentity>& holder) {
  std::string message = "another process drives the run";
  if (holder) message += fmt::format(": process {} on {}", holder->pid, holder->host);
  return {.kind = LockError::Kind::Held, .message = std::move(message), .holder = holder};
}

bool WriteHolder(int file) {
  const std::string text = Describe(host::OwnIdentity());
  return ftruncate(file, 0) == 0 &&
         pwrite(file, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
}

/// Kills the holder if it is known for certain. It has then ended.
bool Kill(const ProcessIdentity& holder) {
  if (holder.pid == getpid()) return false;
  const auto process = host::OpenProcess(holder);
  return process && host::KillAndWait(*process, kKillTimeoutMs);
}

}  // namespace

LockState InspectLock(const std::string& folder) {
  const OwnedDescriptor file(
      open((folder + "/lock").c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct flock whole = WholeFile();
  if (!file.is_open() || fcntl(file.get(), F_OFD_GETLK, &whole) != 0) return {};
  if (whole.l_type == F_UNLCK) return {};
  return {.is_held = true, .holder = ReadHolder(file.get())};
}

RunLock::Taken RunLock::Take(const std::string& folder) {
  const std::string path = folder + "/lock";
  while (true) {
    OwnedDescriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644));
    if (!file.is_open()) return LockFailed("open", path);
    if (!LockFile(file.get())) {
      if (errno != EAGAIN && errno != EACCES) return LockFailed("lock", path);
      return HeldBy(ReadHolder(file.get()));
    }
    if (!IsFileAt(file.get(), path)) continue;
    if (!WriteHolder(file.get())) return LockFailed("write", path);
    return RunLock(std::move(file));
  }
}

RunLock::~RunLock() {
  // The process may go on without the run: nobody may take it for the holder then.
  if (file_.is_open()) static_cast<void>(!ftruncate(file_.get(), 0));
}

RunLock::Taken RunLock::TakeOver(const std::string& folder) {
  for (int attempt = 1;; ++attempt) {
    Taken taken = Take(folder);
    const bool is_held = !taken && taken.error().kind == LockError::Kind::Held;
    if (!is_held || attempt == kAttempts) return taken;
    const std::optional<ProcessIdentity>& holder = taken.error().holder;
    if (holder && !host::IsOfThisBoot(*holder)) return taken;
    if (!holder || !Kill(*holder)) std::this_thread::sleep_for(kBetweenAttempts);
  }
}

}  // namespace wfc::store

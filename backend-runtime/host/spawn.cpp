#include "backend-runtime/host/spawn.h"

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace wfc::host {
namespace {

constexpr int kStandardDescriptors = 3;

SpawnError MakeSpawnError(int error_number, const std::string& executable) {
  using Kind = SpawnError::Kind;
  const std::string cause = std::generic_category().message(error_number);
  const auto make = [&](Kind kind) {
    return SpawnError{.kind = kind,
                      .message = fmt::format("cannot start `{}`: {}", executable, cause)};
  };
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return make(Kind::NotFound);
    case EACCES:
    case EPERM:
    case ENOEXEC:
      return make(Kind::Permission);
    case E2BIG:
      return make(Kind::TooLarge);
    case EAGAIN:
    case ENOMEM:
    case EMFILE:
    case ENFILE:
      return make(Kind::Resources);
    default:
      return make(Kind::Io);
  }
}

struct Pipe {
  OwnedDescriptor read_end;
  OwnedDescriptor write_end;
  [[nodiscard]] bool Open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    read_end = OwnedDescriptor(ends[0]);
    write_end = OwnedDescriptor(ends[1]);
    return true;
  }
};

void MakeNonBlocking(const OwnedDescriptor& descriptor) {
  fcntl(descriptor.get(), F_SETFL, O_NONBLOCK);  // only our end: each end has its own flags
}

std::vector<char*> Pointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

class SpawnActions {
 public:
  SpawnActions(int folder, int in, int out, int err) {
    posix_spawn_file_actions_init(&actions_);
    if (folder >= 0) posix_spawn_file_actions_addfchdir_np(&actions_, folder);
    posix_spawn_file_actions_adddup2(&actions_, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, err, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, kStandardDescriptors);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// A group of its own, no signal blocked, and what we ignore back to its default.
class SpawnAttributes {
 public:
  SpawnAttributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    sigset_t defaults;
    sigemptyset(&defaults);
    for (const int signal : {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM}) sigaddset(&defaults, signal);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }
  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

}  // namespace

Result<SpawnedChild, SpawnError> Spawn(const ProcessSpec& spec, int null_device) {
  Pipe in;
  Pipe out;
  Pipe err;
  const bool has_stdin = spec.stdin_bytes.has_value() && !spec.stdin_bytes->empty();
  if ((has_stdin && !in.Open()) || !out.Open() || !err.Open()) {
    return MakeSpawnError(errno, spec.executable);
  }
  const SpawnActions actions(spec.folder, has_stdin ? in.read_end.get() : null_device,
                             out.write_end.get(), err.write_end.get());
  const SpawnAttributes attributes;
  SpawnedChild child;
  const int error_number =
      posix_spawn(&child.pid, spec.executable.c_str(), actions.get(), attributes.get(),
                  Pointers(spec.argv).data(), Pointers(spec.environment).data());
  if (error_number != 0) return MakeSpawnError(error_number, spec.executable);
  child.pidfd = OwnedDescriptor(static_cast<int>(syscall(SYS_pidfd_open, child.pid, 0)));
  if (!child.pidfd.is_open()) {
    const int open_error = errno;
    kill(-child.pid, SIGKILL);
    waitpid(child.pid, nullptr, 0);
    return MakeSpawnError(open_error, spec.executable);
  }
  child.stdin_pipe = std::move(in.write_end);
  child.stdout_pipe = std::move(out.read_end);
  child.stderr_pipe = std::move(err.read_end);
  if (has_stdin) MakeNonBlocking(child.stdin_pipe);
  MakeNonBlocking(child.stdout_pipe);
  MakeNonBlocking(child.stderr_pipe);
  return child;
}

}  // namespace wfc::host

#include "backend-runtime/host/spawn.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <new>
#include <system_error>
#include <type_traits>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace wfc::host {
namespace {

constexpr int kStandardDescriptors = 3;

/// The cause in words; the system's own message where that would not name the wrong file or none.
std::string CauseOf(int error_number, const std::string& executable) {
  if (error_number == ENOENT && access(executable.c_str(), F_OK) == 0) {
    return "the interpreter that it names is not there";
  }
  if (error_number == ENOEXEC) return "it is neither a binary of this machine nor begins with `#!`";
  return std::generic_category().message(error_number);
}

SpawnError MakeSpawnError(int error_number, const std::string& executable) {
  using Kind = SpawnError::Kind;
  const std::string cause = CauseOf(error_number, executable);
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
  // Affects only our end: each end of a pipe has its own flags.
  fcntl(descriptor.get(), F_SETFL, O_NONBLOCK);
}

std::vector<char*> Pointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

#if defined(__SANITIZE_THREAD__)
#define WFC_THREAD_SANITIZER
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WFC_THREAD_SANITIZER
#endif
#endif

#if defined(__clang__)
/// Marks functions that run between `clone` and `execve`: they share the parent's memory, so a
/// sanitizer's instrumentation would change the parent's records.
#define WFC_CHILD_CODE __attribute__((disable_sanitizer_instrumentation, noinline))
#else
#define WFC_CHILD_CODE __attribute__((noinline))
#endif

/// Signals that this process ignores or blocks, and a child should handle as usual. SIGHUP is left
/// alone, because below `nohup` all processes ignore it.
constexpr std::array kResetSignals = {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGQUIT, SIGXCPU};

/// Thread sanitizer does not support a child that shares its parent's memory, so the child gets a
/// copy there.
#ifdef WFC_THREAD_SANITIZER
constexpr int kMemory = 0;
#else
constexpr int kMemory = CLONE_VM;
#endif

/// Everything the child needs until it executes, prepared by the parent. Until then the child runs
/// in the parent's memory and makes only system calls.
struct Launch {
  const char* executable = nullptr;
  char* const* argv = nullptr;
  char* const* environment = nullptr;
  int folder = -1;  // -1 means the parent's
  int in = -1;
  int out = -1;
  int err = -1;
  pid_t parent = 0;
  rlimit cpu_seconds = {};  // a hard limit of 0 means that the parent's limit stays
  rlimit data_bytes = {};
  struct sigaction default_action = {};
  sigset_t no_signals = {};
  volatile int error = 0;  // errno of the step that failed, for the parent; 0 means none
};

/// Falls back to single `close` calls on kernels before 5.9, which lack close_range.
WFC_CHILD_CODE void CloseFrom(int first) {
  if (syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, 0U) == 0) return;
  const long count = sysconf(_SC_OPEN_MAX);
  for (int descriptor = first; descriptor < count; ++descriptor) close(descriptor);
}

/// Sets up the child: it dies with its parent, is the subreaper of its own tree (so that the tree
/// stays connected while the command runs), and leads its own process group. Returns false with
/// errno when a step fails.
WFC_CHILD_CODE bool Settle(const Launch& launch) {
  if (launch.cpu_seconds.rlim_max != 0) setrlimit(RLIMIT_CPU, &launch.cpu_seconds);
  if (launch.data_bytes.rlim_max != 0) setrlimit(RLIMIT_DATA, &launch.data_bytes);
  for (const int signal : kResetSignals) sigaction(signal, &launch.default_action, nullptr);
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return false;
  if (getppid() != launch.parent) _exit(0);  // the parent died before PR_SET_PDEATHSIG took effect
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0 || setpgid(0, 0) != 0) return false;
  if (launch.folder >= 0 && fchdir(launch.folder) != 0) return false;
  if (dup2(launch.in, STDIN_FILENO) < 0 || dup2(launch.out, STDOUT_FILENO) < 0 ||
      dup2(launch.err, STDERR_FILENO) < 0) {
    return false;
  }
  CloseFrom(kStandardDescriptors);
  return sigprocmask(SIG_SETMASK, &launch.no_signals, nullptr) == 0;
}

WFC_CHILD_CODE int RunChild(void* argument) {
  Launch& launch = *static_cast<Launch*>(argument);
  if (Settle(launch)) execve(launch.executable, launch.argv, launch.environment);
  launch.error = errno;
  _exit(127);
}

/// Returns the child's pid, or -1 with errno. Like vfork, it returns when the child has executed or
/// ended, and its cost does not depend on the size of this process; unlike posix_spawn, it can set
/// up the child by prctl.
pid_t StartChild(Launch& launch, const SpawnMemory& memory) {
  // Signals are blocked because a signal handler that ran in the child would run in this process's
  // memory.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = clone(RunChild, memory.end(), kMemory | CLONE_VFORK | SIGCHLD, &launch);
  int error_number = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid >= 0 && launch.error == 0) return pid;
  if (pid >= 0) {
    waitpid(pid, nullptr, 0);
    error_number = launch.error;
  }
  errno = error_number;
  return -1;
}

}  // namespace

SpawnMemory::SpawnMemory()
    : begin_(mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
  WFC_CHECK(begin_ != MAP_FAILED);
}

SpawnMemory::~SpawnMemory() {
  munmap(begin_, kSize);
}

Result<SpawnedChild, SpawnError> Spawn(const ProcessSpec& spec, int null_device,
                                       const SpawnMemory& memory) {
  Pipe in;
  Pipe out;
  Pipe err;
  const bool has_stdin = spec.stdin_bytes.has_value() && !spec.stdin_bytes->empty();
  if ((has_stdin && !in.Open()) || !out.Open() || !err.Open()) {
    return MakeSpawnError(errno, spec.executable);
  }
  const std::vector<char*> argv = Pointers(spec.argv);
  const std::vector<char*> environment = Pointers(spec.environment);
  static_assert(std::is_trivially_destructible_v<Launch>);
  Launch& launch = *new (memory.begin())
                       Launch{.executable = spec.executable.c_str(),
                              .argv = argv.data(),
                              .environment = environment.data(),
                              .folder = spec.folder,
                              .in = has_stdin ? in.read_end.get() : null_device,
                              .out = out.write_end.get(),
                              .err = err.write_end.get(),
                              .parent = getpid(),
                              .cpu_seconds = {spec.limits.cpu_seconds, spec.limits.cpu_seconds},
                              .data_bytes = {spec.limits.data_bytes, spec.limits.data_bytes}};
  launch.default_action.sa_handler = SIG_DFL;
  sigemptyset(&launch.no_signals);
  SpawnedChild child;
  child.pid = StartChild(launch, memory);
  if (child.pid < 0) return MakeSpawnError(errno, spec.executable);
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

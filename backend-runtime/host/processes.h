// Processes: starts commands as child processes. A child receives only what its ProcessSpec names:
// an argv, an environment, a folder and standard input. It leads a process group of its own, and
// when it ends, the processes that it started are ended with it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/host/serial_id.h"
#include "ir/base/result.h"

namespace wfc::host {

/// Limits that the kernel enforces on a child (setrlimit); 0 means no limit.
struct ProcessLimits {
  uint64_t cpu_seconds = 0;
  uint64_t data_bytes = 0;  ///< bytes of private memory (RLIMIT_DATA); mapped files do not count
};

/// Everything a child is given.
struct ProcessSpec {
  std::string executable = {};                ///< an absolute path
  std::vector<std::string> argv = {};         ///< includes argv[0]
  std::vector<std::string> environment = {};  ///< `NAME=value`; nothing is inherited
  /// The descriptor of the working folder (Files::OpenFolder); -1 means this process's own. The
  /// caller keeps ownership.
  int folder = -1;
  std::optional<std::string> stdin_bytes = {};  ///< without a value: /dev/null
  uint64_t stdout_limit = 1 << 20;  ///< bytes; further output ends the process with OutputLimit
  uint64_t stderr_limit = 1 << 16;  ///< bytes; further output is read and dropped
  int64_t deadline = 0;             ///< a reading of Clock::Now; 0 means none
  ProcessLimits limits = {};
};

/// Why a process ended.
enum class ProcessEnd : uint8_t {
  Itself,
  Cancelled,    ///< `Cancel`
  Deadline,     ///< its deadline passed
  OutputLimit,  ///< wrote more than `stdout_limit`
};

/// How a process ended, and what it wrote.
struct ProcessResult {
  ProcessEnd end = ProcessEnd::Itself;
  int exit_code = 0;           ///< meaningful if `signal` is 0
  int signal = 0;              ///< the signal that killed the process; 0 means that it exited
  std::string stdout_bytes;    ///< at most `stdout_limit`
  std::string stderr_bytes;    ///< at most `stderr_limit`
  bool is_stderr_cut = false;  ///< output beyond `stderr_limit` was dropped
  int64_t duration = 0;        ///< nanoseconds
};

/// Why a child could not be started. NotFound: the executable or the interpreter it names does not
/// exist. Permission: the executable may not be executed, or is not in an executable format.
/// TooLarge: argv and environment exceed the system's limit. Resources: the system lacks memory,
/// descriptors or processes. Io: any other cause.
struct SpawnError {
  enum class Kind : uint8_t { NotFound, Permission, TooLarge, Resources, Io };
  Kind kind = Kind::Io;
  std::string message;  ///< for people; names the executable
};

struct ProcessTag;
/// Names a child.
using ProcessId = SerialId<ProcessTag>;
using ProcessDone = std::function<void(ProcessResult)>;

/// How long the processes of a tree have between TERM and KILL, in nanoseconds.
inline constexpr int64_t kKillDelay = 5 * kNsPerSecond;

/// Starts children and ends them. Used on the reactor's thread only.
class Processes {
 public:
  virtual ~Processes() = default;
  /// Starts a child. On success, `done` is called exactly once, later, on the reactor's thread; on
  /// failure, never. When the child has ended, the processes that it started are ended before
  /// `done` is called: they are killed at once if the child ended by itself, and otherwise have
  /// what remains of `kKillDelay`. Children die with this process.
  [[nodiscard]] virtual Result<ProcessId, SpawnError> Start(ProcessSpec spec, ProcessDone done) = 0;
  /// Sends TERM to the child's tree now, and KILL after `kKillDelay`; does nothing if the child has
  /// ended.
  virtual void Cancel(ProcessId id) = 0;
  /// Sends KILL to the trees of all children now, for a user who has asked twice to stop.
  virtual void KillAll() = 0;
};

/// The absolute path of the executable that `execvp` would find for `name` in `search_path`, a list
/// of folders separated by `:` in which relative folders are skipped; or `name` itself when it is
/// an absolute path to an executable. Nothing when there is none, and for every relative name that
/// contains a slash: how to resolve such a name is the caller's decision.
[[nodiscard]] std::optional<std::string> FindExecutable(const std::string& name,
                                                        const std::string& search_path);

}  // namespace wfc::host

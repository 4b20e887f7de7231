// Processes: children with nothing but what they are given: an argv, an environment, a folder,
// standard input; each in a process group of its own, and with all that it started its own to end.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "backend-runtime/host/clock.h"
#include "ir/base/result.h"

namespace wfc::host {

/// What the kernel holds a child to; 0: nothing.
struct ProcessLimits {
  uint64_t cpu_seconds = 0;
  uint64_t data_bytes = 0;  ///< memory of its own; mapped files do not count
};

struct ProcessSpec {
  std::string executable = {};                ///< absolute
  std::vector<std::string> argv = {};         ///< with argv[0]
  std::vector<std::string> environment = {};  ///< `NAME=value`; all of it
  int folder = -1;  ///< a descriptor (Files::OpenFolder); -1: ours. Not taken over
  std::optional<std::string> stdin_bytes = {};  ///< none: /dev/null
  uint64_t stdout_limit = 1 << 20;              ///< bytes; more ends the process with OutputLimit
  uint64_t stderr_limit = 1 << 16;              ///< bytes; more is read and dropped
  int64_t deadline = 0;                         ///< of Clock::Now; 0: none
  ProcessLimits limits = {};
};

/// What made a process end.
enum class ProcessEnd : uint8_t {
  Itself,
  Cancelled,    ///< `Cancel`
  Deadline,     ///< ran into its deadline
  OutputLimit,  ///< wrote more than `stdout_limit`
};

struct ProcessResult {
  ProcessEnd end = ProcessEnd::Itself;
  int exit_code = 0;           ///< when it exited
  int signal = 0;              ///< not 0: it was killed by this signal
  std::string stdout_bytes;    ///< at most `stdout_limit`
  std::string stderr_bytes;    ///< at most `stderr_limit`
  bool is_stderr_cut = false;  ///< there was more
  int64_t duration = 0;        ///< nanoseconds
};

/// Why there is no child.
struct SpawnError {
  enum class Kind : uint8_t { NotFound, Permission, TooLarge, Resources, Io };
  Kind kind = Kind::Io;
  std::string message;  ///< for people, with the executable
};

/// Names a child from its start to its result.
using ProcessId = uint64_t;
using ProcessDone = std::function<void(ProcessResult)>;

/// How long a tree has between TERM and KILL.
inline constexpr int64_t kKillDelay = 5 * kNsPerSecond;

/// Used on the reactor's thread only.
class Processes {
 public:
  virtual ~Processes() = default;
  /// Starts a child; `done` is called once, later, on the reactor's thread, unless there is an
  /// error. When the child ends, all that it started ends with it: killed if it ended by itself,
  /// else in the time that was left to it; `done` waits for that. Children die with this process.
  [[nodiscard]] virtual Result<ProcessId, SpawnError> Start(ProcessSpec spec, ProcessDone done) = 0;
  /// TERM to its tree now, KILL after `kKillDelay`; nothing if it has ended.
  virtual void Cancel(ProcessId id) = 0;
  /// KILL to every tree now: someone asked twice.
  virtual void KillAll() = 0;
};

/// The absolute path of `name` as `execvp` would find it in `search_path` (folders with `:`
/// between; relative ones are passed over), or of `name` itself when it is absolute. A name with a
/// slash that is not absolute is the caller's to judge, and not found here.
[[nodiscard]] std::optional<std::string> FindExecutable(const std::string& name,
                                                        const std::string& search_path);

}  // namespace wfc::host

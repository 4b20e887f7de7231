#include "backend-runtime/preflight/kernel.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "backend-runtime/host/files.h"

namespace wfc::preflight {
namespace {

Finding Ok(std::string name, std::string detail) {
  return {.subject = Subject::Kernel, .name = std::move(name), .detail = std::move(detail)};
}

Finding LookAtVersion() {
  utsname system = {};
  if (uname(&system) != 0) return Ok("version", "unknown");
  return Ok("version", fmt::format("{} {} {}", system.sysname, system.release, system.machine));
}

/// Paths of the workspace are opened with openat2; ir/files/root_folder.h says what is done
/// without.
Finding LookAtOpenat2() {
  open_how how = {};
  how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH;
  const host::OwnedDescriptor opened(
      static_cast<int>(syscall(SYS_openat2, AT_FDCWD, ".", &how, sizeof how)));
  if (opened.is_open()) return Ok("openat2", "paths are kept in the workspace by the kernel");
  return {.subject = Subject::Kernel,
          .verdict = Verdict::Warning,
          .name = "openat2",
          .detail = fmt::format("not available ({}): links are resolved before a path is opened, "
                                "and a program that changes links meanwhile is not caught",
                                std::strerror(errno)),
          .advice = "Linux 5.6 or later has it; some containers forbid it"};
}

Finding LookAtPidfd() {
  const host::OwnedDescriptor opened(static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0)));
  if (opened.is_open()) return Ok("pidfd", "commands are watched by descriptors");
  return {
      .subject = Subject::Kernel,
      .verdict = Verdict::Missing,
      .name = "pidfd",
      .detail = fmt::format("not available ({}): no command can be started", std::strerror(errno)),
      .advice = "Linux 5.3 or later has it; some containers forbid it"};
}

Finding LookAtChildren() {
  constexpr const char* kList = "/proc/thread-self/children";
  if (access(kList, R_OK) == 0) return Ok("children", "what commands leave behind is listed");
  return {.subject = Subject::Kernel,
          .verdict = Verdict::Warning,
          .name = "children",
          .detail = fmt::format("{} cannot be read ({}): what commands leave running is found by a "
                                "walk over all processes, or not at all",
                                kList, std::strerror(errno)),
          .advice = "mount /proc, with CONFIG_PROC_CHILDREN in the kernel"};
}

}  // namespace

std::vector<Finding> LookAtKernel() {
  return {LookAtVersion(), LookAtOpenat2(), LookAtPidfd(), LookAtChildren()};
}

}  // namespace wfc::preflight

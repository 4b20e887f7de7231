#include "backend-runtime/host/process_identity.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "backend-runtime/host/process_tree.h"

namespace wfc::host {
namespace {

std::string BootId() {
  const OwnedDescriptor file(open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
  std::array<char, 64> buffer;
  const ssize_t count = read(file.get(), buffer.data(), buffer.size());
  std::string id(buffer.data(), count > 0 ? static_cast<size_t>(count) : 0);
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

std::string HostName() {
  utsname names{};
  return uname(&names) == 0 ? names.nodename : "";
}

}  // namespace

ProcessIdentity OwnIdentity() {
  const auto status = FindProcess(getpid());
  return {.pid = getpid(),
          .start_ticks = status ? status->start_ticks : 0,
          .boot_id = BootId(),
          .host = HostName()};
}

bool IsOfThisBoot(const ProcessIdentity& identity) {
  return !identity.boot_id.empty() && identity.boot_id == BootId() && identity.host == HostName();
}

std::optional<OwnedDescriptor> OpenProcess(const ProcessIdentity& identity) {
  if (identity.pid <= 0 || identity.start_ticks == 0 || !IsOfThisBoot(identity)) {
    return std::nullopt;
  }
  OwnedDescriptor process(static_cast<int>(syscall(SYS_pidfd_open, identity.pid, 0)));
  if (!process.is_open()) return std::nullopt;
  // The start is read after the pidfd was opened: if it fits, the pidfd stands for that process.
  const auto status = FindProcess(identity.pid);
  if (!status || status->is_dead || status->start_ticks != identity.start_ticks) {
    return std::nullopt;
  }
  return process;
}

bool KillAndWait(const OwnedDescriptor& process, int timeout_ms) {
  const auto killed = syscall(SYS_pidfd_send_signal, process.get(), SIGKILL, nullptr, 0);
  if (killed != 0 && errno != ESRCH) return false;
  pollfd ended = {.fd = process.get(), .events = POLLIN, .revents = 0};
  int count = 0;
  do {
    count = poll(&ended, 1, timeout_ms);
  } while (count < 0 && errno == EINTR);
  return count == 1;
}

}  // namespace wfc::host

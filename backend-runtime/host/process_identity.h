// ProcessIdentity: names a process for good. A number alone is reused by later processes, after a
// restart of the machine, and on other machines. Locks and records of runs say by it who drives.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sys/types.h>

#include "backend-runtime/host/files.h"

namespace wfc::host {

/// A process, in the terms of the machine that it runs on.
struct ProcessIdentity {
  pid_t pid = 0;
  uint64_t start_ticks = 0;  ///< when it started, in clock ticks since boot
  std::string boot_id;       ///< of the machine's current start
  std::string host;          ///< the machine's name

  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};

/// The identity of this process. What the system does not tell is 0 or empty.
[[nodiscard]] ProcessIdentity OwnIdentity();

/// Whether the process runs, or ran, on this machine since its last boot.
[[nodiscard]] bool IsOfThisBoot(const ProcessIdentity& identity);

/// A pidfd of the process, which no other process can come to stand for. Nothing when it has ended,
/// or runs on another machine or since before the last boot.
[[nodiscard]] std::optional<OwnedDescriptor> OpenProcess(const ProcessIdentity& identity);

/// Kills the process of a pidfd and waits for its end, for at most `timeout_ms`. False when it has
/// not ended by then, or must not be killed by this user.
[[nodiscard]] bool KillAndWait(const OwnedDescriptor& process, int timeout_ms);

}  // namespace wfc::host

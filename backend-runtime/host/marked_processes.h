// Finds processes by a variable of the environment that they were started with. A process hands it
// on to those that it starts, so it marks a whole tree, whatever group or session its processes
// went to, and also when the one at its root is gone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "backend-runtime/host/files.h"

namespace wfc::host {

struct MarkedProcess {
  OwnedDescriptor process;  ///< a pidfd
  pid_t pid = 0;
  std::string program;  ///< its name, as the kernel keeps it: at most 15 bytes
  std::string mark;     ///< the value of the variable
};

/// The processes, without this one, in whose first environment the variable has a value that begins
/// with `prefix`. Those whose environment this user may not read are not found, nor those that were
/// started with another environment.
[[nodiscard]] std::vector<MarkedProcess> FindMarked(std::string_view variable,
                                                    std::string_view prefix);

}  // namespace wfc::host

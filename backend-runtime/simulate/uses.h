// What a call would use of the machine, and whether it may: calls are not made in a simulation, so
// that nothing else would notice what is denied.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backend-runtime/runtime/executor.h"

namespace wfc::simulate {

struct Use {
  enum class Kind : uint8_t { Command, Folder, Path };
  Kind kind = Kind::Path;
  runtime::NodeId node = {};
  uint32_t attempt = 0;
  std::string subject;  ///< the command or the path
  std::string denial;   ///< why it is denied, as a run would say it; "": it is allowed
};

/// The command, and the folder that it runs in.
[[nodiscard]] std::vector<Use> FindUses(const runtime::CommandRequest& request);
/// The path that a built-in tool is called with, if any.
[[nodiscard]] std::vector<Use> FindUses(const runtime::BuiltinRequest& request);

}  // namespace wfc::simulate

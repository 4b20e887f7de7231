// What a call would use of the machine, and whether it may. DrawingExecutor asks, because a
// simulation does not make the calls, so nothing else would notice a denial.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backend-runtime/runtime/evaluate/call.h"

namespace wfc::simulate {

/// One use of the machine by one call.
struct Use {
  enum class Kind : uint8_t { Command, Folder, Path };
  Kind kind = Kind::Path;
  runtime::NodeId node = {};
  uint32_t attempt = 0;
  std::string subject;  ///< the command's words, or the path
  std::string denial;   ///< why it is denied, as in a run; "" means that it is allowed
};

/// A command and its working folder; the path argument of a built-in tool, if it has one.
[[nodiscard]] std::vector<Use> FindUses(const runtime::Call& call);

}  // namespace wfc::simulate

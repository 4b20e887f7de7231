// The shapes of what the tools that come with wfc take and yield (language.md, "Tools and
// servers"); what else is known of them is in ir/base/builtin_tools.h.
#pragma once

#include <string_view>

#include "ir/base/builtin_tools.h"

namespace wfc::ir {

/// Schemas in JSON.
struct BuiltinShapes {
  std::string_view input;    ///< "": anything
  std::string_view returns;  ///< "": what it was given
};

[[nodiscard]] BuiltinShapes ShapesOf(BuiltinTool tool);

}  // namespace wfc::ir

// The input and output schemas of the built-in tools (docs/language/tools.md). Lowering
// and the type checks read them; everything else about a built-in tool is in
// ir/base/builtin_tools.h.
#pragma once

#include <string_view>

#include "ir/base/builtin_tools.h"

namespace wfc::ir {

/// Schemas of a built-in tool, each as JSON text in the short form that manifests use.
struct BuiltinShapes {
  std::string_view input;    ///< "" means that any input is accepted
  std::string_view returns;  ///< "" means that the tool returns its input
};

/// Cannot fail: every supported tool has a row. The texts are constants of the program.
[[nodiscard]] BuiltinShapes ShapesOf(BuiltinTool tool);

}  // namespace wfc::ir

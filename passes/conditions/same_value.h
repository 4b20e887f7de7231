// Which expressions have one value wherever a workflow evaluates them, so that what one place asks
// for another asks for as well.
#pragma once

#include <string>
#include <string_view>

#include "ir/project.h"

namespace wfc::passes {

/// Equal for what has one value: for what is read in a workflow the same `text` wherever it stands,
/// for what its stages see alone the same in one stage, and for all else only what is one node.
[[nodiscard]] std::string KeyOf(const ir::Project& project, ir::StageId stage, ir::ExprId id,
                                std::string_view text);

}  // namespace wfc::passes

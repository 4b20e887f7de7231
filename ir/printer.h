// Prints the IR as text (`wfc check --emit=ir`), for people and for tests. The text is fully
// determined by the project: it contains no spans, and entities appear in the order of their ids.
#pragma once

#include <string>

#include "ir/project.h"

namespace wfc::ir {

/// The whole project, one entity per block; the text ends with a line break.
[[nodiscard]] std::string PrintProject(const Project& project);

}  // namespace wfc::ir

// Printer: the IR as text (`wfc check --emit=ir`). For people and for tests; fully determined by
// the project, without spans, in the order of the ids.
#pragma once

#include <string>

#include "ir/project.h"

namespace wfc::ir {

[[nodiscard]] std::string PrintProject(const Project& project);

}  // namespace wfc::ir

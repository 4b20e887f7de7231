// Converts a subtree to a JSON value. Called by lowering for constants, schemas and fixtures.
#pragma once

#include "frontend/yaml/tree.h"
#include "ir/value/value.h"

namespace wfc::yaml {

/// The value of `node`. Keys become strings with the text that was written; a poison node becomes
/// null. Of equal keys, which are reported as Y002, the first counts.
[[nodiscard]] Value ToValue(const Tree& tree, NodeId node);

}  // namespace wfc::yaml

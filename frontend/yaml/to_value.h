// A subtree as a JSON value: constants, schemas and fixtures.
#pragma once

#include "frontend/yaml/tree.h"
#include "ir/value/value.h"

namespace wfc::yaml {

/// The value of `node`. Keys become strings as written; a poison node becomes null; of a key that
/// stands twice (reported as Y002) the first counts.
[[nodiscard]] Value ToValue(const Tree& tree, NodeId node);

}  // namespace wfc::yaml

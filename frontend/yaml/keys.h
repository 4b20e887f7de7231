// The keys of a map that cannot stay: merge keys (`<<`) and repeated keys. Builder, FileReader and
// the reader of JSON drop them. Internal to this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "frontend/yaml/read_context.h"

namespace wfc::yaml {

/// Removes merge keys and repeated keys, with their values, from the part of `children` that begins
/// at index `first`, and reports them; `children` holds keys and values alternately. Of equal keys
/// the first is kept. In `routes`, keys of different kinds are different even if their texts agree.
/// Returns the flags of the map: what a merge key stands for is not known, so it is incomplete.
[[nodiscard]] uint8_t DropBadKeys(ReadContext& context, std::vector<NodeId>& children, size_t first,
                                  bool is_routes);

}  // namespace wfc::yaml

// Which names of `with` trees read: what an agent or a tool without a declared input takes.
// Lowering and the check of arguments ask.
#pragma once

#include <string_view>
#include <vector>

#include "ir/project.h"

namespace wfc::ir {

struct WithReads {
  std::vector<std::string_view> names;
  std::vector<std::string_view> required;  ///< those of which a plain read fails without them
  bool reads_whole = false;                ///< `with` itself, or a field that is not constant
};

/// Adds what the tree reads; nothing for an empty id.
void CollectWithReads(const Project& project, ExprId id, WithReads& reads);
/// Everything of the command; `stdin: json` reads all of `with`.
void CollectWithReads(const Project& project, CommandId id, WithReads& reads);

/// Sorts the lists, each name once.
void Normalize(WithReads& reads);

}  // namespace wfc::ir

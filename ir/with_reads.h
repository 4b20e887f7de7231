// Which fields of `with` expressions read. An agent or a tool without a declared input takes
// exactly these. Lowering and the check of arguments ask.
#pragma once

#include <string_view>
#include <vector>

#include "ir/project.h"

namespace wfc::ir {

/// The fields of `with` that a set of expressions reads. The names point into the ExprStore of the
/// project.
struct WithReads {
  std::vector<std::string_view> names;
  /// Names with a plain read, which fails without the field.
  std::vector<std::string_view> required;
  bool reads_whole = false;  ///< `with` is read as a whole, or by a computed field name
};

/// Adds the fields that the expression reads. Does nothing for an id without a value.
void CollectWithReads(const Project& project, ExprId id, WithReads& reads);
/// Adds the fields that all expressions of the command read. `stdin: json` reads `with` as a whole.
void CollectWithReads(const Project& project, CommandId id, WithReads& reads);

/// Sorts both lists and removes repeated names. To be called once, after the last CollectWithReads.
void Normalize(WithReads& reads);

}  // namespace wfc::ir

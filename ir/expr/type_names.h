// Types as messages name them.
#pragma once

#include <string>

#include "ir/expr/type_table.h"

namespace wfc::expr {

/// "string", "int or double", "dyn" for everything.
[[nodiscard]] std::string NameKinds(KindSet kinds);
/// The same, with what it holds: "list(string)", "map(string, int)", "optional(dyn)".
[[nodiscard]] std::string NameType(TypeTable& table, const Type& type);

}  // namespace wfc::expr

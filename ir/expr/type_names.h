// The names of types as messages show them.
#pragma once

#include <string>

#include "ir/expr/type_table.h"

namespace wfc::expr {

/// The kinds in words: "string", "int or double"; "dyn" for the empty set and for all JSON kinds.
[[nodiscard]] std::string NameKinds(KindSet kinds);
/// As NameKinds, for a value that is of one of the kinds: "a string", "an int or a double".
[[nodiscard]] std::string NameOneOf(KindSet kinds);
/// As NameKinds, with the types of contents: "list(string)", "map(string, int)", "optional(dyn)". A
/// map whose values are of several kinds is an "object"; deep nesting is cut off with "dyn".
[[nodiscard]] std::string NameType(TypeTable& table, const Type& type);

}  // namespace wfc::expr

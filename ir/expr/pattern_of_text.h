// Translates a test of a string into a schema's pattern. Inference uses it when conditions become
// facts.
#pragma once

#include <optional>
#include <string_view>

#include "ir/expr/vm/builtins.h"
#include "ir/types/schema/schema.h"

namespace wfc::expr {

/// The pattern that matches exactly the strings for which `function`, called with `argument`, is
/// true. Empty for functions other than `startsWith`, `endsWith`, `contains` and `matches`, and for
/// regular expressions that schemas may interpret differently (they follow ECMA-262, `matches`
/// follows RE2).
[[nodiscard]] std::optional<types::SchemaPattern> FindPattern(Builtin function,
                                                              std::string_view argument);

}  // namespace wfc::expr

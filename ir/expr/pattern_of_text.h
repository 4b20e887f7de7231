// What a function asks of a text, as a pattern of a schema. Used where conditions become facts.
#pragma once

#include <optional>
#include <string_view>

#include "ir/expr/vm/builtins.h"
#include "ir/types/schema/schema.h"

namespace wfc::expr {

/// The pattern that matches in just the texts for which `function`, asked for `argument`, is true.
/// None: another function, or a regular expression that schemas would read otherwise.
[[nodiscard]] std::optional<types::SchemaPattern> FindPattern(Builtin function,
                                                              std::string_view argument);

}  // namespace wfc::expr

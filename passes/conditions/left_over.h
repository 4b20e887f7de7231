// Finds the values of a type that have no route in a decide, for the checks of decisions.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "ir/project.h"
#include "ir/types/vm/schema_code.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {

using ValueSet = std::unordered_set<Value, EqualHash>;

/// The values of a type that are not among the keys of the routes.
struct LeftOver {
  std::vector<Value> listed;
  types::TypeMask open = 0;  ///< types with too many values left to list
  [[nodiscard]] bool is_empty() const { return listed.empty() && open == 0; }
};

/// The values of `type` that are not in `keys`. Empty if the values of the type are not known.
[[nodiscard]] std::optional<LeftOver> FindLeftOver(const ir::Project& project,
                                                   const ExpressionTypes& types,
                                                   const expr::Type& type, const ValueSet& keys);

/// Removes the values that the schema rejects, if the list is short enough to validate each.
void DropRejected(const ir::Project& project, ir::SchemaId schema, std::vector<Value>& values);

/// The values for a message: "`c`, `d`", "`b` and any other string or integer"; "" if none is left.
[[nodiscard]] std::string Describe(const LeftOver& left_over);

}  // namespace wfc::passes

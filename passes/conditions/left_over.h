// Which values of a type have no route: for the checks of decisions.
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

/// What a type can be beside the values that have a route.
struct LeftOver {
  std::vector<Value> listed;
  types::TypeMask open = 0;  ///< of these types there are more than anybody lists
  [[nodiscard]] bool is_empty() const { return listed.empty() && open == 0; }
};

/// None: nothing says what values there are.
[[nodiscard]] std::optional<LeftOver> FindLeftOver(const ir::Project& project,
                                                   const ExpressionTypes& types,
                                                   const expr::Type& type, const ValueSet& keys);

/// For a message: "`c`, `d`", "`b` and any other string or integer"; "": nothing is left.
[[nodiscard]] std::string Describe(const LeftOver& left_over);

}  // namespace wfc::passes

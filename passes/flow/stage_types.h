// Computes the type of what a stage's verb yields from the types of the stage's fields.
#pragma once

#include "passes/flow/type_environment.h"

namespace wfc::passes {

/// What has been inferred of the stages' fields.
struct StageTypes {
  const ir::Project& project;
  expr::TypeTable& table;
  const std::vector<expr::Type>& types;   ///< by ExprId
  const std::vector<expr::Type>& bodies;  ///< by BodyId: their outputs
  const std::vector<bool>& left_out;      ///< by ExprId: arguments that are, when empty
};

/// The type of what the verb yields, before `returns` and without what `on_error` substitutes.
/// Never if the stage has no output.
[[nodiscard]] expr::Type FindVerbType(const StageTypes& stages, const ir::Stage& stage);

/// What the stage leaves of what its verb `yields`, once its `returns` has been checked: nothing is
/// filled in there, so that a value that is passed on as it is keeps its type.
[[nodiscard]] expr::Type FindOwnType(const StageTypes& stages, const ir::Stage& stage,
                                     const expr::Type& yields);

/// What a command prints, by how it is parsed.
[[nodiscard]] expr::Type FindPrintedType(expr::TypeTable& table, const ir::Command& command);

/// The type of all arguments as one value.
[[nodiscard]] expr::Type FindWithType(const StageTypes& stages, const ir::Stage& stage);

}  // namespace wfc::passes

// What a stage's verb yields, by the types of its fields.
#pragma once

#include "passes/flow/type_environment.h"

namespace wfc::passes {

struct StageTypes {
  const ir::Project& project;
  expr::TypeTable& table;
  const std::vector<expr::Type>& types;   ///< by ExprId
  const std::vector<expr::Type>& bodies;  ///< by BodyId: their outputs
  const std::vector<bool>& left_out;      ///< by ExprId: arguments that are, when empty
};

/// Before `returns`, and what `on_error` puts in its place. Never: it has no output.
[[nodiscard]] expr::Type FindVerbType(const StageTypes& stages, const ir::Stage& stage);

/// What a command prints, by how it is parsed.
[[nodiscard]] expr::Type FindPrintedType(expr::TypeTable& table, const ir::Command& command);

/// All arguments as one value.
[[nodiscard]] expr::Type FindWithType(const StageTypes& stages, const ir::Stage& stage);

}  // namespace wfc::passes

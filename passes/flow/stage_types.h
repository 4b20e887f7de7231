// Computes the type of what a stage's verb yields from the types of the stage's fields.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "llvm/ADT/DenseMap.h"

#include "ir/base/id_range.h"
#include "passes/flow/type_environment.h"

namespace wfc::passes {

/// What has been inferred of the stages' fields.
struct StageTypes {
  const ir::Project& project;
  expr::TypeTable& table;
  const IdVector<ir::ExprId, expr::Type>& types;
  const IdVector<ir::BodyId, expr::Type>& bodies;  ///< their outputs
  const IdVector<ir::ExprId, bool>& left_out;      ///< arguments that are, when empty
  /// By a built-in tool and the most items that a call of it lists: what it returns then. Filled as
  /// it is asked for, since most calls of a tool have the same limit.
  llvm::DenseMap<std::pair<uint32_t, uint32_t>, ir::SchemaId>& listings;
};

/// The type of what the verb yields, before `returns` and without what `on_error` substitutes.
/// Never if the stage has no output.
[[nodiscard]] expr::Type FindVerbType(const StageTypes& stages, const ir::Stage& stage);

/// The type of the stage's output after its `returns` was checked. The check fills nothing in, so a
/// value that is passed on unchanged keeps the type that the verb `yields`.
[[nodiscard]] expr::Type FindOwnType(const StageTypes& stages, const ir::Stage& stage,
                                     const expr::Type& yields);

/// The type of what a command prints, by the way in which it is parsed.
[[nodiscard]] expr::Type FindPrintedType(expr::TypeTable& table, const ir::Command& command);

/// The type of all arguments as one value.
[[nodiscard]] expr::Type FindWithType(const StageTypes& stages, const ir::Stage& stage);

}  // namespace wfc::passes

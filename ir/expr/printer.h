// Prints an expression tree as text: for `--emit=ir`, and for messages where the source text cannot
// be shown. The text is close to what was written and fully determined by the tree.
#pragma once

#include <string>

#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/expr/expr.h"

namespace wfc::expr {

/// Spells a root ("stages.fetch.output"). Null prints roots as "@StageField(3,0)".
using RootPrinter = llvm::function_ref<std::string(const Root&)>;

/// Loop variables and names bound by `cel.bind` are printed as `v` and their slot number; a Poison
/// is printed as "<poison>".
[[nodiscard]] std::string PrintExpr(const ExprStore& store, ExprId id, RootPrinter print_root = {});

}  // namespace wfc::expr

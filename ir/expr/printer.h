// Tree to text for `--emit=ir`: close to what was written, fully determined by the tree.
#pragma once

#include <string>

#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/expr/expr.h"

namespace wfc::expr {

/// How a root is shown ("stages.fetch.output"); none: "@StageField(3,0)".
using RootPrinter = llvm::function_ref<std::string(const Root&)>;

[[nodiscard]] std::string PrintExpr(const ExprStore& store, ExprId id, RootPrinter print_root = {});

}  // namespace wfc::expr

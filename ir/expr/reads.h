// What a tree reads, and whether it tolerates that it is absent: what dependencies are made of.
#pragma once

#include <cstdint>
#include <vector>

#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/expr/expr.h"

namespace wfc::expr {

enum class Tolerance : uint8_t {
  Plain,  ///< absence fails the expression
  Soft,   ///< under `has`, `.?`, `[?`, an argument of `coalesce`, or guarded by a `has`
};

struct Read {
  ExprId id;  ///< the Load
  Root root;
  Span span;
  Tolerance tolerance = Tolerance::Plain;
};

/// Every Load below `id`, in order of the text. A read is guarded where a `has` must hold (the arm
/// of a `?:`, the other operands of `&&`, and with `!` the other arm and the other operands of
/// `||`) whose path begins with the read's, or the read's with it: `has(a.b)` guards `a`, `a.b` and
/// `a.b.c`, but not `a.c`.
void ForEachRead(const ExprStore& store, ExprId id, llvm::function_ref<void(const Read&)> visit);

[[nodiscard]] std::vector<Read> FindReads(const ExprStore& store, ExprId id);

/// The constant path that follows a Load in the tree, e.g. {"files", "0"} is not one: only names.
/// Calls `visit` with each Load and the field names selected from it, outermost last.
void ForEachPath(
    const ExprStore& store, ExprId id,
    llvm::function_ref<void(const Read&, std::span<const std::string_view> fields)> visit);

}  // namespace wfc::expr

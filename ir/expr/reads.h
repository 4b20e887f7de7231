// The roots that an expression reads, and whether it tolerates their absence. Lowering derives
// dependencies from them.
#pragma once

#include <cstdint>
#include <vector>

#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/expr/expr.h"

namespace wfc::expr {

/// Whether an expression still has a value when a root that it reads is absent.
enum class Tolerance : uint8_t {
  Plain,  ///< the expression fails if the root is absent
  Soft,   ///< the read is under `has`, `.?`, `[?`, an argument of `coalesce`, or guarded by a `has`
};

/// A read of a root.
struct Read {
  ExprId id;  ///< the Load
  Root root;
  Span span;
  Tolerance tolerance = Tolerance::Plain;
};

/// Calls `visit` for every Load below `id`, in the order of the text.
///
/// A read is guarded, and therefore Soft, where a `has` is known to hold and one of the two paths
/// is a prefix of the other: `has(a.b)` guards `a`, `a.b` and `a.b.c`, but not `a.c`. A `has` is
/// known to hold in the first arm of a `?:` and in the other operands of `&&`; a negated one in the
/// second arm and in the other operands of `||`.
void ForEachRead(const ExprStore& store, ExprId id, llvm::function_ref<void(const Read&)> visit);

/// Calls `visit` for every Load below `id` with the names of the fields selected from it, the one
/// nearest to the root first. A path ends at the first index, as in `files["0"]`, or call.
void ForEachPath(
    const ExprStore& store, ExprId id,
    llvm::function_ref<void(const Read&, std::span<const std::string_view> fields)> visit);

}  // namespace wfc::expr

// Forms in which conditions ask the same question, and what commands promise of their answers: for
// the subjects of presence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/project.h"

namespace wfc::passes {

/// As it is written, with `.` for `.?`: `input.a.b` of `input.?a.?b`.
[[nodiscard]] std::string PrintPath(const ir::Project& project, ir::ExprId id);

/// `has(input.a)` of `input.?a.hasValue()`, which says the same; "": it is no such call.
[[nodiscard]] std::string FindOptionalTest(const ir::Project& project, ir::ExprId id);

/// What the command of the stage exits with where it succeeds; at least one.
[[nodiscard]] std::vector<Value> FindOkExits(const ir::Project& project, const ir::Stage& stage);

/// What `size` yields of it; none: it has no size.
[[nodiscard]] std::optional<int64_t> SizeOf(const Value& value);

/// `stages.ID.FIELD` alone.
[[nodiscard]] std::optional<Root> FindStageField(const ir::Project& project, ir::ExprId id,
                                                 StageField field);

/// Whether the path begins at a root of this kind.
[[nodiscard]] bool Reads(const ir::Project& project, ir::ExprId path, RootKind kind);

/// The value where only constant vars are read.
[[nodiscard]] std::optional<Value> FindValueNow(const ir::Project& project, ir::ExprId id);

/// Calls `visit` with all that decides whether other parts of the expression are evaluated:
/// operands of `&&` and `||`, the condition of `?:`. In a loop: for one of the items.
void ForEachGuard(const ir::Project& project, ir::ExprId id,
                  llvm::function_ref<void(ir::ExprId)> visit);

}  // namespace wfc::passes

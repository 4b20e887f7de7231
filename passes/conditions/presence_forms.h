// Recognizes the different forms in which conditions ask the same question, and the values that the
// answers of commands can have. Used to make the subjects of presence (presence_subjects.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

#include "ir/project.h"

namespace wfc::passes {

/// The comparison of an expression with constants: `subject op constant` holds for one of them.
/// `!=` is represented as the negation of `==`.
struct Comparison {
  ir::ExprId subject;
  expr::Op op = expr::Op::Equal;
  llvm::SmallVector<Value, 2> constants;
};

/// The comparison that the expression is; none if it is none, or if neither side is constant.
[[nodiscard]] std::optional<Comparison> FindComparison(const ir::Project& project, ir::ExprId id);

/// The value of an expression that reads nothing. Branches that are never taken are the concern of
/// other checks.
[[nodiscard]] std::optional<Value> FindWritten(const ir::Project& project, ir::ExprId id);

/// Whether the expression asks a text whether it contains, begins or ends with the empty text, as
/// every text does.
[[nodiscard]] bool AsksForEmptyText(const ir::Project& project, ir::ExprId id);

[[nodiscard]] bool IsEquality(expr::Op op);

/// Whether the condition for the expression is composed of conditions about its parts, rather than
/// one claim about the whole.
[[nodiscard]] bool IsLogic(const ir::Project& project, ir::ExprId id);

/// Whether an expression with this operator is a path: a name, or a field or an item of a path.
[[nodiscard]] bool IsPath(expr::Op op);

/// The path as it is written, with `.` for `.?`: `input.a.b` for `input.?a.?b`.
[[nodiscard]] std::string PrintPath(const ir::Project& project, ir::ExprId id);

/// `has(input.a)` for `input.?a.hasValue()`, which has the same meaning; "" for any other
/// expression.
[[nodiscard]] std::string FindOptionalTest(const ir::Project& project, ir::ExprId id);

/// The exit codes with which the stage's command succeeds; at least one.
[[nodiscard]] std::vector<Value> FindOkExits(const ir::Project& project, const ir::Stage& stage);

/// The result of `size` for the value; none if the value has no size.
[[nodiscard]] std::optional<int64_t> SizeOf(const Value& value);

/// The root that `stages.ID.FIELD` reads, if the expression is exactly that, with `field` as its
/// field.
[[nodiscard]] std::optional<Root> FindStageField(const ir::Project& project, ir::ExprId id,
                                                 StageField field);

/// Whether the path begins at a root of this kind.
[[nodiscard]] bool Reads(const ir::Project& project, ir::ExprId path, RootKind kind);

/// The value of an expression that reads only vars with a constant value; none for any other
/// expression, and for one that reads no vars at all.
[[nodiscard]] std::optional<Value> FindValueNow(const ir::Project& project, ir::ExprId id);

/// Calls `visit` with every subexpression that decides whether other parts of the expression are
/// evaluated: operands of `&&` and `||`, and the condition of `?:`. Inside a loop, such a
/// subexpression speaks of one item only.
void ForEachGuard(const ir::Project& project, ir::ExprId id,
                  llvm::function_ref<void(ir::ExprId)> visit);

}  // namespace wfc::passes

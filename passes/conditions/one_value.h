// Supports conditions that depend on one value in a form that comparisons with constants do not
// cover, such as `input.kind.startsWith("a")`: where few values are possible, each is tried.
#pragma once

#include <optional>

#include "ir/project.h"

namespace wfc::passes {

/// The path, such as `input.kind`, if it is all that the expression reads, however often. None if
/// the expression reads several paths or anything else, or is itself that path.
[[nodiscard]] ir::ExprId FindOnlyPath(const ir::Project& project, ir::ExprId id);

/// Whether the expression may have a value although a part of it is absent. Conservative: true for
/// every expression that contains an operator which tolerates absence.
[[nodiscard]] bool ToleratesAbsence(const ir::Project& project, ir::ExprId id);

/// The value of the expression where `path`, the only path that it reads, has `value`. Empty if
/// that does not determine it.
[[nodiscard]] std::optional<Value> EvaluateWith(const ir::Project& project, ir::ExprId id,
                                                ir::ExprId path, const Value& value);

}  // namespace wfc::passes

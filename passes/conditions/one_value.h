// Conditions that ask for one value in a way that no table of comparisons knows, such as
// `input.kind.startsWith("a")`: where few values are possible, each is tried.
#pragma once

#include <optional>

#include "ir/project.h"

namespace wfc::passes {

/// The one path, such as `input.kind`, that the expression reads, however often; none: it reads
/// several, or other things. The expression is not that path itself.
[[nodiscard]] ir::ExprId FindOnlyPath(const ir::Project& project, ir::ExprId id);

/// Whether it may have a value although a part of it has none.
[[nodiscard]] bool ToleratesAbsence(const ir::Project& project, ir::ExprId id);

/// What the expression yields where its only path has this value; empty: nobody knows.
[[nodiscard]] std::optional<Value> EvaluateWith(const ir::Project& project, ir::ExprId id,
                                                ir::ExprId path, const Value& value);

}  // namespace wfc::passes

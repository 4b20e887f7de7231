// The values that a type has, and the type that an expression has wherever it is read. The checks
// of decisions use it, and the subjects of presence, whose values it divides.
#pragma once

#include <optional>
#include <vector>

#include "ir/project.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {

/// The values of a type, as far as they are known; by default nothing is.
struct TypeValues {
  /// All values, if they can be listed.
  std::optional<std::vector<Value>> listed;
  /// The kinds of the values.
  expr::KindSet kinds = expr::kEveryKind;
  /// Bounds for numbers: no value is below `least` or above `most`.
  std::optional<Value> least;
  std::optional<Value> most;
  bool excludes_least = false;
  bool excludes_most = false;

  /// Whether all values are of these kinds.
  [[nodiscard]] bool AreOnly(expr::KindSet set) const { return (kinds & ~set) == 0; }
  /// Whether the values are listed, or are all of one type of JSON.
  [[nodiscard]] bool IsOneType() const;
  /// Whether `value` can never occur.
  [[nodiscard]] bool Excludes(const Value& value) const;
};

/// Whether both are numbers (or texts, times …) of which the first is smaller.
[[nodiscard]] bool IsLess(const Value& left, const Value& right);

/// The bounds of a type of numbers, without looking for a list of its values.
[[nodiscard]] TypeValues FindBounds(const ir::Project& project, const ExpressionTypes& types,
                                    const expr::Type& type);

[[nodiscard]] TypeValues FindValues(const ir::Project& project, const ExpressionTypes& types,
                                    const expr::Type& type);

/// The values of `type(operand)`; empty if they are not known.
[[nodiscard]] std::optional<std::vector<Value>> FindKindValues(const expr::Type& operand);

/// The type of a path into the workflow's input or into what a stage leaves behind, without what
/// conditions say about it. Dyn for every other expression, and for what a stage computes from
/// constants, which a profile may change.
[[nodiscard]] expr::Type FindDeclaredType(const ir::Project& project, const ExpressionTypes& types,
                                          ir::ExprId id);

/// The values of the expression wherever it is read, whatever conditions say about it there.
[[nodiscard]] TypeValues FindValuesAnywhere(const ir::Project& project,
                                            const ExpressionTypes& types, ir::ExprId id);

/// The values of what is decided: by its declared type, otherwise by the type that is inferred
/// where the decide stands.
[[nodiscard]] TypeValues FindDecidedValues(const ir::Project& project, const ExpressionTypes& types,
                                           const ir::Stage& decide);

}  // namespace wfc::passes

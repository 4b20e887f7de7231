// What values a type has, and what type an expression has wherever it is read: for decisions over
// enums, and for the values that presence tells apart.
#pragma once

#include <optional>
#include <vector>

#include "ir/project.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {

/// Nothing is known by default.
struct TypeValues {
  /// All of them, where they are listed.
  std::optional<std::vector<Value>> listed;
  /// Of what kinds they are.
  expr::KindSet kinds = expr::kEveryKind;
  /// Of numbers: none is under `least` or over `most`.
  std::optional<Value> least;
  std::optional<Value> most;
  bool excludes_least = false;
  bool excludes_most = false;

  /// Whether all of them are of these kinds.
  [[nodiscard]] bool AreOnly(expr::KindSet set) const { return (kinds & ~set) == 0; }
  /// Whether they are listed, or of one type that JSON has.
  [[nodiscard]] bool IsOneType() const;
  /// Whether `value` can never occur.
  [[nodiscard]] bool Excludes(const Value& value) const;
};

[[nodiscard]] TypeValues FindValues(const ir::Project& project, const ExpressionTypes& types,
                                    const expr::Type& type);

/// What `type(operand)` can be; none: not known.
[[nodiscard]] std::optional<std::vector<Value>> FindKindValues(const expr::Type& operand);

/// Of the workflow's input or of what a stage leaves behind, or of a field of it, without what
/// conditions say. Dyn: of all else, and of what is computed from constants, which a profile may
/// change.
[[nodiscard]] expr::Type FindDeclaredType(const ir::Project& project, const ExpressionTypes& types,
                                          ir::ExprId id);

/// Those of the expression wherever it is read, whatever conditions say of it there.
[[nodiscard]] TypeValues FindValuesAnywhere(const ir::Project& project,
                                            const ExpressionTypes& types, ir::ExprId id);

/// Of what is decided: by what is declared of it, else by what is inferred where the decide stands.
[[nodiscard]] TypeValues FindDecidedValues(const ir::Project& project, const ExpressionTypes& types,
                                           const ir::Stage& decide);

}  // namespace wfc::passes

// Finds the values that an expression can have, as far as schemas and inferred types tell, for the
// checks of decisions over enums and for the subjects of presence.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ir/project.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {

/// The possible values of an expression. Nothing is known if `finite` and `type` are both empty.
struct ValueDomain {
  /// All values, if they are known and finitely many.
  std::optional<std::vector<Value>> finite;
  /// "string", "integer"… if all values are of one type and cannot be listed.
  std::string_view type;
  /// Bounds for numbers: no value is below `least` or above `most`.
  std::optional<Value> least;
  std::optional<Value> most;
  bool excludes_least = false;
  bool excludes_most = false;

  [[nodiscard]] bool is_known() const { return finite.has_value() || !type.empty(); }
  /// Whether `value` can never occur.
  [[nodiscard]] bool Excludes(const Value& value) const;
};

/// The type of a path into the workflow's input or into what a stage leaves behind, without what
/// conditions say about it. Dyn for every other expression, and for what a stage computes from
/// constants, which a profile may change.
[[nodiscard]] expr::Type FindDeclaredType(const ir::Project& project, const ExpressionTypes& types,
                                          ir::ExprId id);

/// The domain of an expression wherever it is read: by the declared types of the workflow's input
/// and of the stages' outputs, whatever conditions say about them, and by what operators yield.
[[nodiscard]] ValueDomain FindDomain(const ir::Project& project, const ExpressionTypes& types,
                                     const ir::Stage& reader, ir::ExprId id);

/// The domain of what `decide` decides, at the place where it stands. Computed subjects have one
/// too.
[[nodiscard]] ValueDomain FindDecidedDomain(const ir::Project& project,
                                            const ExpressionTypes& types, const ir::Stage& decide);

}  // namespace wfc::passes

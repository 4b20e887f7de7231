// What values an expression can have, as far as schemas and inferred types say: for decisions over
// enums.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ir/project.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {

/// Nothing known when the first two are empty.
struct ValueDomain {
  /// All values, when there are finitely many and they are known.
  std::optional<std::vector<Value>> finite;
  /// "string", "integer"… when it is one type of which nobody lists the values.
  std::string_view type;
  /// Of numbers: none is under `least` or over `most`.
  std::optional<Value> least;
  std::optional<Value> most;
  bool excludes_least = false;
  bool excludes_most = false;

  [[nodiscard]] bool is_known() const { return finite.has_value() || !type.empty(); }
  /// Whether `value` can never occur.
  [[nodiscard]] bool Excludes(const Value& value) const;
};

/// Of the workflow's input or what a stage leaves behind, or of a field of it, without what
/// conditions say. Dyn: of all else, and of what is computed from constants, which a profile may
/// change.
[[nodiscard]] expr::Type FindDeclaredType(const ir::Project& project, const ExpressionTypes& types,
                                          ir::ExprId id);

/// Wherever it is read: by what is declared of the workflow's input and of what stages yield,
/// whatever conditions say of it, and by what operators yield.
[[nodiscard]] ValueDomain FindDomain(const ir::Project& project, const ExpressionTypes& types,
                                     const ir::Stage& reader, ir::ExprId id);

/// Of what is decided, where it stands: also of what is computed.
[[nodiscard]] ValueDomain FindDecidedDomain(const ir::Project& project,
                                            const ExpressionTypes& types, const ir::Stage& decide);

}  // namespace wfc::passes

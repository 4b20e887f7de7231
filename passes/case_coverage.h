// Whether one condition follows from another, by their form.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ir/project.h"

namespace wfc::passes {

/// What a condition looks like, made once for each.
struct ConditionForm {
  /// `subject OP bound`, where the bound is a constant.
  struct Comparison {
    std::string subject;
    expr::Op op = expr::Op::Equal;
    Value bound;
  };
  std::string text;
  std::string negated;                 ///< of `!x`: x
  std::vector<std::string> conjuncts;  ///< sorted; the condition itself when it is no `&&`
  std::vector<std::string> disjuncts;
  std::optional<Comparison> comparison;
};
[[nodiscard]] ConditionForm MakeConditionForm(const ir::Project& project, ir::ExprId id);

/// Whether `covered` can only hold where `covering` does: the same condition, one with more
/// conjuncts, an arm of a disjunction, or a narrower comparison of the same value with constants.
[[nodiscard]] bool Covers(const ConditionForm& covering, const ConditionForm& covered);

/// Whether one is the other's negation, so that one of them always holds.
[[nodiscard]] bool AreOpposite(const ConditionForm& left, const ConditionForm& right);

}  // namespace wfc::passes

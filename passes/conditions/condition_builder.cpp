#include "passes/conditions/condition_builder.h"

namespace wfc::passes {

using presence::Condition;
using presence::ConditionId;

ConditionId ConditionBuilder::Constant(bool value) {
  return graph_.conditions.Add({.kind = value ? Condition::Kind::True : Condition::Kind::False});
}

ConditionId ConditionBuilder::Not(ConditionId condition) {
  return graph_.conditions.Add({.kind = Condition::Kind::Not, .a = condition.index()});
}

ConditionId ConditionBuilder::And(ConditionId left, ConditionId right) {
  return graph_.conditions.Add(
      {.kind = Condition::Kind::And, .a = left.index(), .b = right.index()});
}

ConditionId ConditionBuilder::Or(ConditionId left, ConditionId right) {
  return graph_.conditions.Add(
      {.kind = Condition::Kind::Or, .a = left.index(), .b = right.index()});
}

ConditionId ConditionBuilder::Choose(ConditionId condition, ConditionId one, ConditionId other) {
  return Or(And(condition, one), And(Not(condition), other));
}

ConditionId ConditionBuilder::Among(presence::SubjectId subject, Range classes) {
  return graph_.conditions.Add({.kind = Condition::Kind::Among,
                                .a = subject.index(),
                                .b = classes.first,
                                .count = classes.count});
}

ConditionId ConditionBuilder::EndedAs(ir::StageId stage, presence::EndingSet endings) {
  return graph_.conditions.Add(
      {.kind = Condition::Kind::EndedAs, .a = stage.index(), .b = endings});
}

ConditionId ConditionBuilder::HasField(const Root& root) {
  return graph_.conditions.Add({.kind = Condition::Kind::HasField,
                                .a = root.a,
                                .b = static_cast<uint32_t>(StageFieldOf(root))});
}

}  // namespace wfc::passes

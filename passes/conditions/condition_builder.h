// Adds conditions to a graph of passes/presence/graph.h.
#pragma once

#include "ir/project.h"
#include "passes/presence/graph.h"

namespace wfc::passes {

/// Makes conditions of others, and of what the stages of a graph do.
class ConditionBuilder {
 public:
  /// `graph` must outlive the object.
  explicit ConditionBuilder(presence::Graph& graph) : graph_(graph) {}

  [[nodiscard]] presence::ConditionId Constant(bool value);
  [[nodiscard]] presence::ConditionId Not(presence::ConditionId condition);
  [[nodiscard]] presence::ConditionId And(presence::ConditionId left, presence::ConditionId right);
  [[nodiscard]] presence::ConditionId Or(presence::ConditionId left, presence::ConditionId right);
  /// `condition ? one : other`.
  [[nodiscard]] presence::ConditionId Choose(presence::ConditionId condition,
                                             presence::ConditionId one,
                                             presence::ConditionId other);
  /// The value of the subject is in one of the classes.
  [[nodiscard]] presence::ConditionId Among(presence::SubjectId subject, Range classes);
  /// The stage ended in one of these ways.
  [[nodiscard]] presence::ConditionId EndedAs(ir::StageId stage, presence::EndingSet endings);
  /// The stage has left behind what `root`, a field of a stage, reads.
  [[nodiscard]] presence::ConditionId HasField(const Root& root);

 private:
  presence::Graph& graph_;
};

}  // namespace wfc::passes

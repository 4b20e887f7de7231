// The formulas that an Analysis has computed so far. Only for passes/presence/*.cpp.
#pragma once

#include <vector>

#include "ir/base/id_range.h"
#include "passes/presence/analysis.h"

namespace wfc::presence {

/// The formulas that the analysis has computed, one for each stage and each world.
struct Analysis::State {
  explicit State(const Graph& graph_in);

  /// The formula of a condition. The stages that it is about must have been evaluated.
  Formula FormulaOf(ConditionId condition, World world);
  Formula EndedAs(ir::StageId stage, EndingSet endings, World world);
  Formula HasField(ir::StageId stage, StageField field, World world);

  const Graph& graph;
  Outcomes outcomes;
  std::array<IdVector<ir::StageId, StageFormulas>, kWorldCount> stages;
  std::array<IdVector<ir::BodyId, BodyFormulas>, kWorldCount> bodies;
  /// A decide has chosen the stage.
  std::array<IdVector<ir::StageId, Formula>, kWorldCount> chosen;
  IdVector<ir::BodyId, bool> is_cleanup;  ///< an owner around the body is cleanup

 private:
  Formula HasSometimes(ir::StageId stage, StageField field, World world);
  Formula PlainFormulaOf(const Condition& condition, World world);
  Formula FormulaOfParts(const Condition& condition, World world);

  std::array<std::vector<std::optional<Formula>>, kWorldCount> conditions_;
};

}  // namespace wfc::presence

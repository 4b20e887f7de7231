// The formulas that an Analysis has computed so far. Only for passes/presence/*.cpp.
#pragma once

#include <vector>

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
  std::array<std::vector<StageFormulas>, kWorldCount> stages;
  std::array<std::vector<BodyFormulas>, kWorldCount> bodies;
  std::array<std::vector<Formula>, kWorldCount> chosen;  ///< by stage: a decide has chosen it
  std::vector<bool> is_cleanup;                          ///< by body: an owner around it is cleanup

 private:
  Formula HasSometimes(ir::StageId stage, StageField field, World world);
  Formula PlainFormulaOf(const Condition& condition, World world);
  Formula FormulaOfParts(const Condition& condition, World world);

  std::array<std::vector<std::optional<Formula>>, kWorldCount> conditions_;
};

}  // namespace wfc::presence

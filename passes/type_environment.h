// What the names of expressions yield: the workflow's input, vars, the run, what stages left
// behind, a callee's `with`. Behind ExpressionTypes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "llvm/ADT/DenseMap.h"

#include "ir/expr/infer.h"
#include "ir/project.h"

namespace wfc::passes {

class ProjectEnvironment : public expr::TypeEnvironment {
 public:
  ProjectEnvironment(const ir::Project& project, expr::TypeTable& table);

  expr::Type TypeOf(const Root& root) override;
  std::string NameOf(const Root& root) override;
  std::string ExplainPartless(const Root& root) override;

  /// Whose expressions come next. Outside a workflow, and without a callee: nothing is known.
  void EnterWorkflow(ir::WorkflowId workflow);
  void EnterCallee(ir::SchemaId input);
  /// Set once the stage has been looked at; dyn before.
  void SetOutput(ir::StageId stage, const expr::Type& type) { outputs_[stage.index()] = type; }
  [[nodiscard]] const expr::Type& output(ir::StageId stage) const {
    return outputs_[stage.index()];
  }

 private:
  expr::Type TypeOfFilled(ir::SchemaId input);
  expr::Type TypeOfVar(const ir::Var& var);
  expr::Type TypeOfVars();
  expr::Type TypeOfRun(RunField field);
  expr::Type TypeOfStage(const Root& root);
  expr::Type TypeOfChosen(const ir::Stage& stage);
  expr::Type TypeOfError();
  expr::Type OneOf(std::span<const std::string_view> names);

  const ir::Project& project_;
  expr::TypeTable& table_;
  expr::Type input_;
  expr::Type with_;
  std::vector<expr::Type> outputs_;
  llvm::DenseMap<uint32_t, ir::SchemaId> filled_;  ///< by input
};

}  // namespace wfc::passes

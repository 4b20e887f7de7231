// The types of the names in expressions: the workflow's input, vars, the run, what stages leave
// behind, and a callee's `with`. Only ExpressionTypes uses it.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "llvm/ADT/DenseMap.h"

#include "ir/base/id_range.h"
#include "ir/expr/infer.h"
#include "ir/project.h"
#include "ir/support/id_keys.h"
#include "ir/support/source_map.h"

namespace wfc::passes {

/// The types of a stage's output: of all its values, and by how the output came about.
struct OutputTypes {
  expr::Type all;
  expr::Type own;         ///< where the stage succeeded
  expr::Type substitute;  ///< where it was recovered; never: nothing stands in
  /// The outputs of a decide that succeeded, by route; empty if its routes have no bodies.
  std::vector<expr::Type> of_routes;
};

/// The environment for one workflow or one callee at a time; see EnterWorkflow and EnterCallee.
class ProjectEnvironment : public expr::TypeEnvironment {
 public:
  ProjectEnvironment(const ir::Project& project, const SourceMap& sources, expr::TypeTable& table);

  expr::Type TypeOf(const Root& root) override;
  std::string NameOf(const Root& root) override;
  std::string_view TextOf(Span span) override;
  std::string ExplainPartless(const Root& root) override;
  /// What the type of `root` implies about outputs: by the status of a stage, by what was decided,
  /// and by the route that was chosen.
  std::vector<expr::Fact> Imply(const Root& root, const expr::Type& type) override;

  /// Sets the workflow, or the callee by its input, whose expressions are inferred next. Without
  /// either, nothing is known of the names.
  void EnterWorkflow(ir::WorkflowId workflow);
  void EnterCallee(ir::SchemaId input);
  /// Sets the types of a stage's output once the stage has been inferred; they are dyn before.
  void SetOutput(ir::StageId stage, OutputTypes types);
  [[nodiscard]] const expr::Type& output(ir::StageId stage) const { return outputs_[stage].all; }
  [[nodiscard]] const expr::Type& own_output(ir::StageId stage) const {
    return outputs_[stage].own;
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
  [[nodiscard]] std::optional<std::vector<Value>> ValuesOf(const expr::Type& type);
  void ImplyOfStage(const Root& root, const expr::Type& type, std::vector<expr::Fact>& implied);
  /// Adds what follows for `copy`, a stage that passes on what it reads of the root.
  void ImplyOfCopy(ir::StageId copy, const Root& root, const expr::Type& root_type,
                   std::vector<expr::Fact>& implied);
  void ImplyOfSubject(ir::StageId decide, const expr::Type& root_type,
                      std::vector<expr::Fact>& implied);
  /// Adds what follows from the decide having taken a route for one of `values`.
  void ImplyOfRoutes(ir::StageId decide, std::span<const Value> values,
                     std::vector<expr::Fact>& implied);

  const ir::Project& project_;
  const SourceMap& sources_;
  expr::TypeTable& table_;
  expr::Type input_;
  expr::Type with_;
  IdVector<ir::StageId, OutputTypes> outputs_;
  std::map<Root, std::vector<ir::StageId>> deciding_;  ///< of this workflow: by what is decided
  std::map<Root, std::vector<ir::StageId>> copying_;   ///< of this workflow: by what is passed on
  llvm::DenseMap<ir::StageId, expr::Type> declared_copies_;  ///< of what it passes on
  llvm::DenseMap<ir::SchemaId, ir::SchemaId> filled_;        ///< by input
};

}  // namespace wfc::passes

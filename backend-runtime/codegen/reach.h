// Reach: the agents, tools, models, commands, variables and secrets that a workflow uses. Its plan
// holds only these. The emitter uses it.
#pragma once

#include "backend-runtime/codegen/layout.h"
#include "backend-runtime/plan/ids.h"
#include "ir/base/id_range.h"
#include "ir/project.h"

namespace wfc::codegen {

/// Numbers the entities of one kind that are used, in the order of their ids in the project, which
/// is the order of their names. Mark them first, then call `Number` once.
template <class IdT, class PlanIdT>
class Numbering {
 public:
  explicit Numbering(size_t count) : number_of_(count) {}

  /// Marks an entity as used; ignores none.
  void Mark(IdT id) {
    if (id.has_value()) number_of_[id] = PlanIdT(0);
  }
  [[nodiscard]] bool is_marked(IdT id) const { return number_of_[id].has_value(); }
  /// Assigns the numbers; `of` and `ids` are valid afterwards.
  void Number() {
    for (const IdT id : number_of_.ids()) {
      if (is_marked(id)) number_of_[id] = ids_.Add(id);
    }
  }
  /// The number in the plan; none for none and for entities that are not used.
  [[nodiscard]] PlanIdT of(IdT id) const { return id.has_value() ? number_of_[id] : PlanIdT(); }
  [[nodiscard]] const IdVector<PlanIdT, IdT>& ids() const { return ids_; }

 private:
  IdVector<IdT, PlanIdT> number_of_;
  IdVector<PlanIdT, IdT> ids_;
};

/// Everything that one workflow uses.
struct Reach {
  Numbering<ir::AgentId, plan::AgentId> agents;
  Numbering<ir::ToolId, plan::ToolId> tools;
  Numbering<ir::ModelId, plan::ModelId> models;
  Numbering<ir::CommandId, plan::CommandId> commands;
  Numbering<ir::VarId, plan::VarId> vars;
  Numbering<ir::SecretId, plan::SecretId> secrets;
};

/// Follows stages, callees and expressions. `vars` as a whole counts as a use of every variable.
[[nodiscard]] Reach FindReach(const ir::Project& project, ir::WorkflowId workflow,
                              const Layout& layout);

}  // namespace wfc::codegen

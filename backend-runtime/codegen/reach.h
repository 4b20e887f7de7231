// Reach: the entities that a workflow uses, which are all that its plan holds.
#pragma once

#include "backend-runtime/codegen/layout.h"
#include "backend-runtime/plan/ids.h"
#include "ir/base/id_range.h"
#include "ir/project.h"

namespace wfc::codegen {

/// Numbers for the entities of one kind that are reached, in the order of their ids (which is by
/// name).
template <class IdT, class PlanIdT>
class Numbering {
 public:
  explicit Numbering(size_t count) : number_of_(count) {}

  void Mark(IdT id) {
    if (id.has_value()) number_of_[id] = PlanIdT(0);
  }
  [[nodiscard]] bool is_marked(IdT id) const { return number_of_[id].has_value(); }
  void Number() {
    for (const IdT id : number_of_.ids()) {
      if (is_marked(id)) number_of_[id] = ids_.Add(id);
    }
  }
  /// None for none.
  [[nodiscard]] PlanIdT of(IdT id) const { return id.has_value() ? number_of_[id] : PlanIdT(); }
  [[nodiscard]] const IdVector<PlanIdT, IdT>& ids() const { return ids_; }

 private:
  IdVector<IdT, PlanIdT> number_of_;
  IdVector<PlanIdT, IdT> ids_;
};

struct Reach {
  Numbering<ir::AgentId, plan::AgentId> agents;
  Numbering<ir::ToolId, plan::ToolId> tools;
  Numbering<ir::ModelId, plan::ModelId> models;
  Numbering<ir::CommandId, plan::CommandId> commands;
  Numbering<ir::VarId, plan::VarId> vars;
  Numbering<ir::SecretId, plan::SecretId> secrets;
};

[[nodiscard]] Reach FindReach(const ir::Project& project, ir::WorkflowId workflow,
                              const Layout& layout);

}  // namespace wfc::codegen

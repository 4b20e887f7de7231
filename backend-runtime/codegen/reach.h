// Reach: the entities that a workflow uses, which are all that its plan holds.
#pragma once

#include <cstdint>
#include <vector>

#include "backend-runtime/codegen/layout.h"
#include "backend-runtime/plan/view.h"
#include "ir/project.h"

namespace wfc::codegen {

/// Numbers for the entities of one kind that are reached, in the order of their ids (which is by
/// name).
template <class IdT>
class Numbering {
 public:
  explicit Numbering(size_t count) : number_of_(count, plan::kNone) {}

  void Mark(IdT id) {
    if (id.has_value()) number_of_[id.index()] = 0;
  }
  [[nodiscard]] bool is_marked(IdT id) const { return number_of_[id.index()] != plan::kNone; }
  void Number() {
    for (uint32_t i = 0; i < number_of_.size(); ++i) {
      if (number_of_[i] == plan::kNone) continue;
      number_of_[i] = static_cast<uint32_t>(ids_.size());
      ids_.push_back(IdT(i));
    }
  }
  /// `plan::kNone` for none.
  [[nodiscard]] uint32_t of(IdT id) const {
    return id.has_value() ? number_of_[id.index()] : plan::kNone;
  }
  [[nodiscard]] const std::vector<IdT>& ids() const { return ids_; }

 private:
  std::vector<uint32_t> number_of_;
  std::vector<IdT> ids_;
};

struct Reach {
  Numbering<ir::AgentId> agents;
  Numbering<ir::ToolId> tools;
  Numbering<ir::ModelId> models;
  Numbering<ir::CommandId> commands;
  Numbering<ir::VarId> vars;
  Numbering<ir::SecretId> secrets;
};

[[nodiscard]] Reach FindReach(const ir::Project& project, ir::WorkflowId workflow,
                              const Layout& layout);

}  // namespace wfc::codegen

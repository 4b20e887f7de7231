// AuthorityPool: determines for each node the scopes of security that apply to it (docs/language/
// security.md): those of the project, the workflow, the enclosing stages, the stage itself, and its
// agent or tool. The emitter uses it.
#pragma once

#include <map>
#include <vector>

#include "backend-runtime/plan/writer.h"
#include "ir/project.h"

namespace wfc::codegen {

/// Adds authorities for all stages, then emits them once.
class AuthorityPool {
 public:
  /// `project` must outlive the pool.
  explicit AuthorityPool(const ir::Project& project);

  /// The authority of `stage`. Stages to which the same scopes apply share one.
  plan::AuthorityId Add(ir::StageId stage);

  /// Writes scopes, patterns and authorities to the builder.
  void Emit(plan::PlanBuilder& builder) const;

 private:
  using ScopeList = std::vector<ir::ScopeId>;

  void AppendScopes(const ir::ScopeTarget& target, ScopeList& list) const;
  void AppendStageScopes(ir::StageId stage, ScopeList& list) const;

  const ir::Project& project_;
  std::map<ir::ScopeTarget, ScopeList> scopes_of_;
  std::map<ScopeList, plan::AuthorityId> index_;
  IdVector<plan::AuthorityId, ScopeList> authorities_;
};

}  // namespace wfc::codegen

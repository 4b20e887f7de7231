// AuthorityPool: for each node the scopes of security that hold for it (language.md, "Security"):
// the project's, its workflow's, its own and those of the stages around it, and its agent's or
// tool's.
#pragma once

#include <map>
#include <vector>

#include "backend-runtime/plan/writer.h"
#include "ir/project.h"

namespace wfc::codegen {

class AuthorityPool {
 public:
  explicit AuthorityPool(const ir::Project& project);

  /// The authority of `stage`; stages with the same scopes share one.
  plan::AuthorityId Add(ir::StageId stage);

  /// Writes scopes, patterns and authorities.
  void Emit(plan::PlanBuilder& builder) const;

 private:
  using ScopeList = std::vector<uint32_t>;  // offsets in Security::scopes

  void AppendScopes(ir::Scope::Kind kind, uint32_t target, ScopeList& list) const;
  void AppendStageScopes(ir::StageId stage, ScopeList& list) const;

  const ir::Project& project_;
  std::map<std::pair<ir::Scope::Kind, uint32_t>, ScopeList> scopes_of_;
  std::map<ScopeList, plan::AuthorityId> index_;
  IdVector<plan::AuthorityId, ScopeList> authorities_;
};

}  // namespace wfc::codegen

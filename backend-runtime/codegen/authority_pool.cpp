#include "backend-runtime/codegen/authority_pool.h"

#include <algorithm>
#include <set>

#include "backend-runtime/plan/words.h"

namespace wfc::codegen {
namespace {

constexpr CapabilitySet kAllCapabilities = kAllBits<Capability>;

bool IsSilent(const ir::Scope& scope) {
  return scope.mentioned == 0 && scope.deny.empty();
}

/// Writes the patterns of `range`, each once, ordered by capability and text.
plan::fb::Range EmitPatterns(const ir::Project& project, Range range, plan::PlanBuilder& builder) {
  std::set<std::pair<ir::Capability, std::string_view>> patterns;
  for (const ir::PatternEntry& entry : ir::Project::View(project.security.patterns, range)) {
    patterns.emplace(entry.capability, project.text(entry.pattern));
  }
  const auto first = static_cast<uint32_t>(builder.tables.patterns.size());
  for (const auto& [capability, text] : patterns) {
    builder.tables.patterns.push_back(
        plan::fb::Pattern{builder.AddString(text), plan::ToPlan(capability)});
  }
  return {first, static_cast<uint32_t>(patterns.size())};
}

}  // namespace

AuthorityPool::AuthorityPool(const ir::Project& project) : project_(project) {
  const auto& scopes = project.security.scopes;
  for (const ir::ScopeId id : scopes.ids()) {
    const bool applies = id == ir::kProjectScope || !IsSilent(scopes[id]);
    if (applies) scopes_of_[scopes[id].target].push_back(id);
  }
}

void AuthorityPool::AppendScopes(const ir::ScopeTarget& target, ScopeList& list) const {
  const auto found = scopes_of_.find(target);
  if (found != scopes_of_.end())
    list.insert(list.end(), found->second.begin(), found->second.end());
}

/// Appends the scopes of the enclosing stages and of `stage`, outermost first: a stage's scopes
/// also apply to its bodies.
void AuthorityPool::AppendStageScopes(ir::StageId stage, ScopeList& list) const {
  std::vector<ir::StageId> around = {stage};
  while (true) {
    const ir::StageId owner = project_.bodies[project_.stages[around.back()].body].owner;
    if (!owner.has_value()) break;
    around.push_back(owner);
  }
  for (auto each = around.rbegin(); each != around.rend(); ++each) {
    AppendScopes(*each, list);
  }
}

plan::AuthorityId AuthorityPool::Add(ir::StageId id) {
  const ir::Stage& stage = project_.stages[id];
  ScopeList list;
  AppendScopes(std::monostate(), list);
  AppendScopes(stage.workflow, list);
  AppendStageScopes(id, list);
  const ir::AgentId agent = project_.agent_of(stage);
  if (agent.has_value()) AppendScopes(agent, list);
  const ir::ToolId tool = project_.tool_of(stage);
  if (tool.has_value()) AppendScopes(tool, list);
  const auto [entry, is_new] = index_.try_emplace(list);
  if (is_new) entry->second = authorities_.Add(list);
  return entry->second;
}

void AuthorityPool::Emit(plan::PlanBuilder& builder) const {
  std::map<ir::ScopeId, plan::ScopeId> number_of;
  for (const ScopeList& list : authorities_) {
    for (const ir::ScopeId scope : list) number_of.try_emplace(scope);
  }
  for (auto& [scope, number] : number_of) {
    number = plan::ScopeId(static_cast<uint32_t>(builder.tables.scopes.size()));
    const ir::Scope& written = project_.security.scopes[scope];
    const CapabilitySet mentioned =
        scope == ir::kProjectScope ? kAllCapabilities : written.mentioned;
    const plan::fb::Range allow = EmitPatterns(project_, written.allow, builder);
    const plan::fb::Range deny = EmitPatterns(project_, written.deny, builder);
    builder.tables.scopes.emplace_back(allow, deny, mentioned);
  }
  for (const ScopeList& list : authorities_) {
    const auto first = static_cast<uint32_t>(builder.tables.scope_lists.size());
    for (const ir::ScopeId scope : list)
      builder.tables.scope_lists.push_back(number_of.at(scope).index());
    builder.tables.authorities.emplace_back(
        plan::fb::Range(first, static_cast<uint32_t>(list.size())));
  }
}

}  // namespace wfc::codegen

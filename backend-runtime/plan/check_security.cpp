// Checks scopes and authorities. The first scope of each authority must mention every capability,
// so that whatever no scope allows is denied, however the plan was made.
#include "backend-runtime/plan/check.h"

namespace wfc::plan {
namespace {

constexpr CapabilitySet kAllCapabilities = kAllBits<Capability>;

Fault CheckPatterns(const PlanTables& plan, const fb::Range& range, uint16_t mentioned) {
  for (const fb::Pattern& pattern : PlanTables::Slice(plan.patterns, range)) {
    if (!IsEnum(pattern.capability())) return "unknown capability";
    if (!IsIn(pattern.text(), plan.string_ends.size())) return "no such string";
    if ((mentioned >> static_cast<unsigned>(pattern.capability()) & 1) == 0) {
      return "allows a capability that it does not mention";
    }
  }
  return nullptr;
}

Fault CheckScope(const PlanTables& plan, PackedRanges& patterns, const fb::Scope& scope) {
  if (!patterns.Take(scope.allow()) || !patterns.Take(scope.deny())) {
    return "its patterns do not begin where those before ended";
  }
  if (scope.mentioned() > kAllCapabilities) return "unknown capability";
  if (Fault fault = CheckPatterns(plan, scope.allow(), scope.mentioned())) return fault;
  return CheckPatterns(plan, scope.deny(), kAllCapabilities);
}

Fault CheckAuthority(const PlanTables& plan, PackedRanges& lists, const fb::Authority& authority) {
  if (!lists.Take(authority.scopes())) return "its scopes do not begin where those before ended";
  const std::span<const uint32_t> scopes = PlanTables::Slice(plan.scope_lists, authority.scopes());
  for (const uint32_t scope : scopes) {
    if (!IsIn(scope, plan.scopes.size())) return "no such scope";
  }
  if (scopes.empty() || plan.scopes[ScopeId(scopes.front())].mentioned() != kAllCapabilities) {
    return "its first scope does not mention every capability";
  }
  return nullptr;
}

}  // namespace

Result<void> CheckSecurity(const PlanTables& plan) {
  PackedRanges patterns(plan.patterns.size());
  for (const ScopeId id : plan.scopes.ids()) {
    if (Fault fault = CheckScope(plan, patterns, plan.scopes[id]))
      return At("scope", id.index(), fault);
  }
  PackedRanges lists(plan.scope_lists.size());
  for (const AuthorityId id : plan.authorities.ids()) {
    if (Fault fault = CheckAuthority(plan, lists, plan.authorities[id]))
      return At("authority", id.index(), fault);
  }
  if (!patterns.is_complete()) return Error{"scopes: patterns that belong to none"};
  if (!lists.is_complete()) return Error{"authorities: scopes that belong to none"};
  return {};
}

}  // namespace wfc::plan

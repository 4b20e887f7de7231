#include "backend-runtime/runtime/evaluate/grants.h"

#include <fmt/core.h>

#include "backend-runtime/plan/words.h"
#include "ir/base/modes.h"

namespace wfc::runtime {

Grants::Grants(const plan::PlanView& plan, Mode mode, Authority::Audit audit)
    : plan_(plan), mode_(mode), audit_(std::move(audit)) {
  const auto entries = [&](const plan::fb::Range& range) {
    std::vector<AuthorityScope::Entry> list;
    for (const plan::fb::Pattern& pattern : plan::PlanTables::Slice(plan.patterns, range)) {
      list.push_back({.capability = plan::FromPlan(pattern.capability()),
                      .pattern = plan.text(StringId(pattern.text()))});
    }
    return list;
  };
  for (const plan::fb::Scope& scope : plan.scopes) {
    scopes_.Add({.allow = entries(scope.allow()),
                 .deny = entries(scope.deny()),
                 .mentioned = scope.mentioned()});
  }
}

CapabilitySet Grants::ForbiddenByMode(Effect effect) const {
  const ModeRule& rule = RuleOf(mode_);
  const bool may_exec = rule.allows_reading_exec && effect <= Effect::Read;
  return may_exec ? rule.forbidden & ~Bit(Capability::Exec) : rule.forbidden;
}

Authority Grants::Make(SlotId slot, NodeId node, Effect effect) const {
  std::vector<const AuthorityScope*> scopes;
  const plan::AuthorityId authority(plan_.policy_of(node).authority());
  for (const plan::ScopeId scope : plan_.scopes_of(plan_.authorities[authority])) {
    scopes.push_back(&scopes_[scope]);
  }
  return {slot, std::move(scopes), ForbiddenByMode(effect), Spell(mode_), audit_};
}

std::optional<Failure> Grants::Refuse(const Action& action, const Authority& authority) const {
  const Risk max_risk = plan::FromPlan(plan_.root().max_risk());
  std::string reason;
  if (action.effect > RuleOf(mode_).strongest_effect) {
    reason = fmt::format("effects from write up are forbidden in mode {}", Spell(mode_));
  } else if (action.risk > max_risk) {
    reason = fmt::format("its risk is {}, above {}", Spell(action.risk), Spell(max_risk));
  } else {
    return std::nullopt;
  }
  authority.Report({.capability = action.capability,
                    .subject = std::string(action.subject),
                    .is_allowed = false,
                    .reason = reason});
  return Failure{.code = FailureCode::Denied,
                 .message = fmt::format("`{}` is not allowed: {}", action.subject, reason),
                 .details = {}};
}

bool Grants::IsSimulated(Effect effect) const {
  return RuleOf(mode_).simulates_from_write && effect >= Effect::Write;
}

std::optional<Failure> Grants::RefusePatterns(const plan::fb::Command& command,
                                              const Authority& authority) const {
  const auto refuse = [&](const plan::fb::Range& patterns,
                          Capability capability) -> std::optional<Failure> {
    for (const StringId pattern : plan_.patterns_of(patterns)) {
      // Checking the pattern as if it were a path suffices: a grant matches every pattern that lies
      // inside it.
      if (authority.Check(capability, plan_.text(pattern))) continue;
      return Failure{.code = FailureCode::Denied,
                     .message = fmt::format("{} of `{}` is not allowed", Spell(capability),
                                            plan_.text(pattern)),
                     .details = {}};
    }
    return std::nullopt;
  };
  if (auto failure = refuse(command.reads(), Capability::FsRead)) return failure;
  if (auto failure = refuse(command.writes(), Capability::FsWrite)) return failure;
  return refuse(command.net(), Capability::Net);
}

}  // namespace wfc::runtime

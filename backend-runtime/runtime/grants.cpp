#include "backend-runtime/runtime/grants.h"

#include <array>

#include <fmt/format.h>

#include "ir/base/modes.h"

namespace wfc::runtime {
namespace {

using plan::fb::Effect;
using plan::fb::Mode;
using plan::fb::Risk;

static_assert(static_cast<size_t>(plan::fb::Capability::MAX) + 1 == kCapabilityCount);

constexpr uint16_t BitOf(Capability capability) {
  return static_cast<uint16_t>(1u << static_cast<unsigned>(capability));
}

const ModeRule& RuleOf(Mode mode) {
  return kModeRules[static_cast<size_t>(mode)];
}

std::string_view GetName(Risk risk) {
  constexpr std::array<std::string_view, 3> kNames = {"low", "medium", "high"};
  return kNames[static_cast<size_t>(risk)];
}

}  // namespace

std::string_view GetName(Mode mode) {
  constexpr std::array<std::string_view, 4> kNames = {"analysis_only", "review", "dry_run",
                                                      "implement"};
  return kNames[static_cast<size_t>(mode)];
}

Risk DefaultRisk(Effect effect) {
  switch (effect) {
    case Effect::Pure:
    case Effect::Read:
      return Risk::Low;
    case Effect::Write:
    case Effect::Send:
      return Risk::Medium;
    case Effect::Pay:
      return Risk::High;
  }
  return Risk::High;
}

Grants::Grants(const plan::PlanView& plan, Mode mode, Recorder& recorder)
    : plan_(plan), mode_(mode), recorder_(recorder) {
  const auto entries = [&](const plan::fb::Range& range) {
    std::vector<AuthorityScope::Entry> list;
    for (const plan::fb::Pattern& pattern : plan::PlanTables::Slice(plan.patterns, range)) {
      list.push_back({.capability = static_cast<Capability>(pattern.capability()),
                      .pattern = plan.text(StringId(pattern.text()))});
    }
    return list;
  };
  for (const plan::fb::Scope& scope : plan.scopes) {
    scopes_.Add(
        {.allow = entries(scope.allow()), .deny = entries(scope.deny()), .spoken = scope.spoken()});
  }
}

uint16_t Grants::ForbiddenByMode(Effect effect) const {
  const ModeRule& rule = RuleOf(mode_);
  const bool may_exec = rule.allows_reading_exec && effect <= Effect::Read;
  return may_exec ? rule.forbidden & ~BitOf(Capability::Exec) : rule.forbidden;
}

Authority Grants::Make(NodeId node, Effect effect) const {
  std::vector<const AuthorityScope*> scopes;
  const plan::AuthorityId authority(plan_.policy_of(node).authority());
  for (const plan::ScopeId scope : plan_.scopes_of(plan_.authorities[authority])) {
    scopes.push_back(&scopes_[scope]);
  }
  return {node, std::move(scopes), ForbiddenByMode(effect), runtime::GetName(mode_),
          [&recorder = recorder_](const Decision& decision) { recorder.RecordDecision(decision); }};
}

std::optional<Failure> Grants::Refuse(const Deed& deed) const {
  std::string reason;
  if (static_cast<uint8_t>(deed.effect) > RuleOf(mode_).strongest_effect) {
    reason = fmt::format("effects from write up are forbidden in mode {}", runtime::GetName(mode_));
  } else if (deed.risk > plan_.root().max_risk()) {
    reason = fmt::format("its risk is {}, above {}", GetName(deed.risk),
                         GetName(plan_.root().max_risk()));
  } else {
    return std::nullopt;
  }
  recorder_.RecordDecision({.node = deed.node,
                            .capability = deed.capability,
                            .subject = std::string(deed.subject),
                            .is_allowed = false,
                            .reason = reason});
  return Failure{.code = FailureCode::Denied,
                 .message = fmt::format("`{}` is not allowed: {}", deed.subject, reason),
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
      // A pattern matches each that it lies inside of, read as a path itself.
      if (authority.Check(capability, plan_.text(pattern))) continue;
      return Failure{.code = FailureCode::Denied,
                     .message = fmt::format("{} of `{}` is not allowed",
                                            runtime::GetName(capability), plan_.text(pattern)),
                     .details = {}};
    }
    return std::nullopt;
  };
  if (auto failure = refuse(command.reads(), Capability::FsRead)) return failure;
  if (auto failure = refuse(command.writes(), Capability::FsWrite)) return failure;
  return refuse(command.net(), Capability::Net);
}

}  // namespace wfc::runtime

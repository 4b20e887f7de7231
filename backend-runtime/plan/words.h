// The words of words.def in a plan. plan.fbs numbers each list as words.def does, which words.cpp
// proves row by row.
#pragma once

#include "ir/base/body_kinds.h"
#include "ir/base/words.h"
#include "schemas/plan_generated.h"

namespace wfc::plan {
namespace internal {

/// The plan's enumeration of a list, and the list of one of the plan's enumerations.
template <class E>
struct InPlan;
template <class E>
struct InLanguage;

#define WFC_LIST_IN_PLAN(ours, theirs) \
  template <>                          \
  struct InPlan<ours> {                \
    using Enum = fb::theirs;           \
  };                                   \
  template <>                          \
  struct InLanguage<fb::theirs> {      \
    using Enum = ours;                 \
  };
WFC_LIST_IN_PLAN(FailureCode, ErrorCode)
WFC_LIST_IN_PLAN(Capability, Capability)
WFC_LIST_IN_PLAN(Effect, Effect)
WFC_LIST_IN_PLAN(Risk, Risk)
WFC_LIST_IN_PLAN(Trust, Trust)
WFC_LIST_IN_PLAN(Mode, Mode)
WFC_LIST_IN_PLAN(Verb, Verb)
WFC_LIST_IN_PLAN(Join, Join)
WFC_LIST_IN_PLAN(OnError, OnError)
WFC_LIST_IN_PLAN(OutputParse, Parse)
#undef WFC_LIST_IN_PLAN

}  // namespace internal

template <class E>
concept PlanWord = requires { typename internal::InLanguage<E>::Enum; };

/// A verb is not Poison.
template <Word E>
[[nodiscard]] constexpr typename internal::InPlan<E>::Enum ToPlan(E word) {
  return static_cast<typename internal::InPlan<E>::Enum>(word);
}
template <PlanWord E>
[[nodiscard]] constexpr typename internal::InLanguage<E>::Enum FromPlan(E word) {
  return static_cast<typename internal::InLanguage<E>::Enum>(word);
}

[[nodiscard]] constexpr fb::RegionKind ToPlan(BodyKind kind) {
  return static_cast<fb::RegionKind>(kind);
}
/// What a region means to the node that owns it.
[[nodiscard]] constexpr const BodyRule& RuleOf(fb::RegionKind kind) {
  return wfc::RuleOf(static_cast<BodyKind>(kind));
}

// Of kinds of agents and providers a plan has those that are supported, and numbers them itself.
[[nodiscard]] AgentKind FromPlan(fb::AgentKind kind);
[[nodiscard]] Provider FromPlan(fb::Provider provider);

/// As the language spells it.
template <class E>
  requires requires(E word) { plan::FromPlan(word); }
[[nodiscard]] std::string_view Spell(E word) {
  return wfc::Spell(plan::FromPlan(word));
}

}  // namespace wfc::plan

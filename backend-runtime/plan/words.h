// Conversions between the enumerations of words.def and those of plan.fbs. Both number each list in
// the same way, which words.cpp proves row by row at compile time.
#pragma once

#include "ir/base/body_kinds.h"
#include "ir/base/words.h"
#include "schemas/plan_generated.h"

namespace wfc::plan {
namespace internal {

/// Maps an enumeration of words.def to the plan's, and the reverse.
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

/// An enumeration of the plan that corresponds to a list of words.def.
template <class E>
concept PlanWord = requires { typename internal::InLanguage<E>::Enum; };

/// The same word in the other enumeration. A verb must not be Poison.
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
/// What a region of this kind means to the node that owns it.
[[nodiscard]] constexpr const BodyRule& RuleOf(fb::RegionKind kind) {
  return wfc::RuleOf(static_cast<BodyKind>(kind));
}

// A plan has only the kinds of agents and the providers that are supported, and numbers them
// independently.
[[nodiscard]] AgentKind FromPlan(fb::AgentKind kind);
[[nodiscard]] Provider FromPlan(fb::Provider provider);

/// The word as the language spells it.
template <class E>
  requires requires(E word) { plan::FromPlan(word); }
[[nodiscard]] std::string_view Spell(E word) {
  return wfc::Spell(plan::FromPlan(word));
}

}  // namespace wfc::plan

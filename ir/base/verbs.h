// The facts about each verb, from the rows of verbs.def. Every phase asks for them here.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ir/base/stage_fields.h"
#include "ir/base/words.h"

namespace wfc {

/// The kind of thing that a stage calls.
enum class Callee : uint8_t { None, Agent, Tool, Command };

/// One row of verbs.def.
struct VerbRule {
  Callee callee;
  FieldOwner fields;
  bool yields;
};

inline constexpr VerbRule kVerbRules[] = {
#define WFC_VERB(id, word, payload, store, in_plan, callee, fields, yields) \
  {Callee::callee, FieldOwner::fields, yields},
#include "ir/base/verbs.def"
    {Callee::None, FieldOwner::Any, false},  // Poison
};
static_assert(std::size(kVerbRules) == kCountOf<Verb>);

/// The rule of a verb; every verb has one.
[[nodiscard]] constexpr const VerbRule& RuleOf(Verb verb) {
  return kVerbRules[static_cast<size_t>(verb)];
}
/// Whether stages of the verb call something outside the workflow.
[[nodiscard]] constexpr bool IsCall(Verb verb) {
  return RuleOf(verb).callee != Callee::None;
}

}  // namespace wfc

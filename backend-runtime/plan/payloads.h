// The table of the plan that a node's payload is an index into, by the node's verb: the column
// `in_plan` of verbs.def. Used by the plan's writer, verifier and readers.
#pragma once

#include "ir/base/verbs.h"
#include "schemas/plan_generated.h"

namespace wfc::plan {

/// The vectors of schemas/plan.fbs that payloads are indexes into.
enum class PayloadTable : uint8_t { AgentCalls, ToolCalls, Commands, Programs, Decides, Asserts };

namespace internal {
inline constexpr PayloadTable kPayloadTables[] = {
#define WFC_VERB(id, word, payload, store, in_plan, callee, fields, yields) PayloadTable::in_plan,
#include "ir/base/verbs.def"
};
}  // namespace internal

inline constexpr size_t kVerbCount = std::size(internal::kPayloadTables);
static_assert(kVerbCount == static_cast<size_t>(fb::Verb::MAX) + 1);

/// The payload's table of a verb that a plan can have.
[[nodiscard]] constexpr PayloadTable TableOf(fb::Verb verb) {
  return internal::kPayloadTables[static_cast<size_t>(verb)];
}

/// The kind of thing that a node calls.
[[nodiscard]] inline Callee CalleeOf(const fb::Node& node) {
  return RuleOf(static_cast<Verb>(node.verb())).callee;
}

}  // namespace wfc::plan

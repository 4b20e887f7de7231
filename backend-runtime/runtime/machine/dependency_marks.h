// What a settled dependency contributes to the node that waits for it, as bits of one word
// (docs/language/workflows.md). Used by the state machine alone.
#pragma once

#include <array>
#include <cstdint>

#include "ir/base/words.h"
#include "schemas/plan_generated.h"

namespace wfc::runtime {

// The word of a slot. Its low 28 bits count the dependencies that have settled. They suffice:
// an edge is listed at most once per source and kind, so a node with more incoming edges would need
// a plan beyond the 2 GiB that FlatBuffers can address.
inline constexpr uint32_t kSettledMask = (1u << 28) - 1;
inline constexpr uint32_t kHardHeld = 1u << 28;    // at least one hard dependency holds
inline constexpr uint32_t kHardMissed = 1u << 29;  // at least one hard dependency does not hold
inline constexpr uint32_t kRouted = 1u << 30;  // a decide that has a route to the node has settled
inline constexpr uint32_t kChosen = 1u << 31;  // a decide chose the node

/// How a node ended, as far as its dependents distinguish it.
enum Ending : uint8_t { kWithOutput, kRanWithoutOutput, kSkippedByIf, kNothing, kEndingCount };

/// Whether a hard dependency of this kind holds; false for the other kinds.
constexpr bool Holds(plan::fb::EdgeKind kind, Ending ending) {
  switch (kind) {
    case plan::fb::EdgeKind::HardOutput:
      return ending == kWithOutput;
    case plan::fb::EdgeKind::HardRan:
      return ending == kWithOutput || ending == kRanWithoutOutput;
    case plan::fb::EdgeKind::HardAfter:
      return ending != kNothing;
    case plan::fb::EdgeKind::Control:
    case plan::fb::EdgeKind::Soft:
    case plan::fb::EdgeKind::Order:
    case plan::fb::EdgeKind::Wait:
      return false;
  }
  return false;
}

/// The bits that a settled dependency of this kind sets in the word of its dependent.
constexpr uint32_t MarkOf(plan::fb::EdgeKind kind, Ending ending) {
  switch (kind) {
    case plan::fb::EdgeKind::Control:
      return kRouted;
    case plan::fb::EdgeKind::HardAfter:
    case plan::fb::EdgeKind::HardOutput:
    case plan::fb::EdgeKind::HardRan:
      return Holds(kind, ending) ? kHardHeld : kHardMissed;
    case plan::fb::EdgeKind::Soft:
    case plan::fb::EdgeKind::Order:
    case plan::fb::EdgeKind::Wait:
      return 0;
  }
  return 0;
}

/// `MarkOf` as a table, indexed by Ending and EdgeKind.
inline constexpr auto kMarks = [] {
  std::array<std::array<uint32_t, 8>, kEndingCount> marks{};
  for (uint8_t ending = 0; ending < kEndingCount; ++ending) {
    for (uint8_t kind = 0; kind <= static_cast<uint8_t>(plan::fb::EdgeKind::MAX); ++kind) {
      marks[ending][kind] =
          MarkOf(static_cast<plan::fb::EdgeKind>(kind), static_cast<Ending>(ending));
    }
  }
  return marks;
}();

/// The ending of a node with this status; kNothing also while it has not settled.
[[nodiscard]] constexpr Ending EndingOf(NodeStatus status, bool has_output, SkipReason reason) {
  switch (status) {
    case NodeStatus::Succeeded:
    case NodeStatus::Recovered:
      return has_output ? kWithOutput : kRanWithoutOutput;
    case NodeStatus::Tolerated:
      return kRanWithoutOutput;
    case NodeStatus::Skipped:
      return reason == SkipReason::Condition ? kSkippedByIf : kNothing;
    case NodeStatus::Waiting:
    case NodeStatus::Running:
    case NodeStatus::BackingOff:
    case NodeStatus::Failed:
    case NodeStatus::Cancelled:
      return kNothing;
  }
  return kNothing;
}

}  // namespace wfc::runtime

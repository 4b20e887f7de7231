// What a settled dependency tells the node that waits for it, as bits of one word (language.md,
// "When a stage runs"). Used by the state machine alone.
#pragma once

#include <array>
#include <cstdint>

#include "backend-runtime/runtime/recorder.h"
#include "schemas/plan_generated.h"

namespace wfc::runtime {

// A node's word. Its lower bits count what it still waits for; 28 suffice: more edges into one node
// would need a plan beyond the 2 GiB that FlatBuffers can hold.
inline constexpr uint32_t kPendingMask = (1u << 28) - 1;
inline constexpr uint32_t kHeld = 1u << 28;    // a hard dependency holds
inline constexpr uint32_t kMissed = 1u << 29;  // one does not
inline constexpr uint32_t kRouted = 1u << 30;  // a decide that could route to it has settled
inline constexpr uint32_t kChosen = 1u << 31;  // and one did

/// How a node ended, as far as its readers care.
enum Ending : uint8_t { kWithOutput, kRanWithoutOutput, kSkippedByIf, kNothing, kEndingCount };

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

/// What a dependency of this kind adds to its reader's word.
constexpr uint32_t MarkOf(plan::fb::EdgeKind kind, Ending ending) {
  switch (kind) {
    case plan::fb::EdgeKind::Control:
      return kRouted;
    case plan::fb::EdgeKind::HardAfter:
    case plan::fb::EdgeKind::HardOutput:
    case plan::fb::EdgeKind::HardRan:
      return Holds(kind, ending) ? kHeld : kMissed;
    case plan::fb::EdgeKind::Soft:
    case plan::fb::EdgeKind::Order:
    case plan::fb::EdgeKind::Wait:
      return 0;
  }
  return 0;
}

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

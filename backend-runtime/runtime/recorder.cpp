// Names of what is recorded, as events, manifests and people read them.
#include "backend-runtime/runtime/recorder.h"

#include <array>

namespace wfc::runtime {

std::string_view GetName(NodeStatus status) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "waiting",   "running", "backing_off", "succeeded", "recovered",
      "tolerated", "failed",  "skipped",     "cancelled"};
  return kNames[static_cast<size_t>(status)];
}

std::string_view GetName(SkipReason reason) {
  static constexpr std::array<std::string_view, 5> kNames = {"none", "not_chosen", "dependency",
                                                             "condition", "not_needed"};
  return kNames[static_cast<size_t>(reason)];
}

std::string_view GetName(RunStatus status) {
  static constexpr std::array<std::string_view, 5> kNames = {"running", "completed", "partial",
                                                             "failed", "cancelled"};
  return kNames[static_cast<size_t>(status)];
}

std::string_view GetName(EventType type) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "run_started",  "stage_started",    "attempt_failed", "stage_finished",   "stage_skipped",
      "route_chosen", "fallback_started", "run_failing",    "cancel_requested", "run_finished"};
  return kNames[static_cast<size_t>(type)];
}

}  // namespace wfc::runtime

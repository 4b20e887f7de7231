// Writes an event of a recorded run as a line for people. Called by the verbs that tell what
// happened in a run.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "backend-runtime/runtime/drive/recorder.h"

namespace wfc::driver {

/// What happened to `stage` (empty for events of the run), with the time since the run started and
/// without a line break: "0.42s  review  attempt 1 failed: exit: ...". The message of a failure,
/// which can quote much of what a program printed, takes at most `message_width` columns.
[[nodiscard]] std::string EventLine(const runtime::Event& event, std::string_view stage,
                                    size_t message_width = std::string::npos);

/// The same for a driver that has taken the run at the time `wall`.
[[nodiscard]] std::string EpochLine(int64_t time_ns, TimeValue wall);

}  // namespace wfc::driver

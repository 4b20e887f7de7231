// Converts events of a run to JSON, in the form of `wfc runs events` and of `--format json`.
#pragma once

#include <cstdint>
#include <string_view>

#include "backend-runtime/runtime/drive/recorder.h"
#include "ir/value/value.h"

namespace wfc::driver {

/// The failure as `{code, message, details}`.
[[nodiscard]] Value ToValue(const runtime::Failure& failure);

/// The event as a map with `type` and `time_ms` (since the start of the run), and with those of
/// `stage`, `attempt`, `status`, `reason`, `duration_ms`, `simulated`, `failure` and `data` that
/// apply to it. `stage` is the path of its stage; empty for events of the run.
[[nodiscard]] Value ToValue(const runtime::Event& event, std::string_view stage);

/// The same with `seq`, the number of the event in its run, counted from 0.
[[nodiscard]] Value ToValue(const runtime::Event& event, std::string_view stage, uint64_t seq);

}  // namespace wfc::driver

// An event of a run as a value: the form of events.jsonl and of `--format json`.
#pragma once

#include <string_view>

#include "backend-runtime/runtime/recorder.h"
#include "ir/value/value.h"

namespace wfc::driver {

/// `{code, message, details}`.
[[nodiscard]] Value ToValue(const runtime::Failure& failure);

/// `type`, `time_ms` (since the run started), and of `stage`, `attempt`, `status`, `reason`,
/// `duration_ms`, `simulated`, `failure`, `data` those that the event has.
[[nodiscard]] Value ToValue(const runtime::Event& event, std::string_view stage);

}  // namespace wfc::driver

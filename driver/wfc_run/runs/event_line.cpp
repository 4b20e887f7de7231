#include "driver/wfc_run/runs/event_line.h"

#include <fmt/format.h>

#include "driver/wfc_run/progress.h"
#include "driver/wfc_run/runs/columns.h"
#include "ir/base/time_units.h"
#include "ir/base/visible_text.h"
#include "ir/value/json.h"
#include "ir/value/text.h"

namespace wfc::driver {
namespace {

using runtime::Event;

/// Where a line says what happened, if the stage's path is no longer than most.
constexpr size_t kStageWidth = 20;

std::string Line(int64_t time_ns, std::string_view stage, std::string_view what) {
  return fmt::format("{:>8}  {:{}}  {}", ShortDuration(time_ns), VisibleLine(stage), kStageWidth,
                     VisibleLine(what));
}

/// The text of a payload's entry: a string as it is, anything else as JSON. Empty if there is none.
std::string Entry(const Event& event, std::string_view key) {
  const Value* found = event.payload != nullptr && event.payload->kind() == Kind::Map
                           ? event.payload->Find(key)
                           : nullptr;
  if (found == nullptr) return {};
  return found->is_string() ? std::string(found->AsString()) : WriteJson(*found);
}

std::string Why(const Event& event, size_t width) {
  if (event.failure == nullptr) return {};
  return fmt::format(": {}: {}", Spell(event.failure->code), Clip(event.failure->message, width));
}

std::string AttemptText(const Event& event, size_t width) {
  const Value* wait = event.payload != nullptr ? event.payload->Find("retry_after_ms") : nullptr;
  const std::string next = wait != nullptr && wait->kind() == Kind::Int
                               ? "; tried again in " + ShortDuration(wait->AsInt() * kNsPerMs)
                               : std::string();
  return fmt::format("attempt {} failed after {}{}{}", event.attempt,
                     ShortDuration(event.duration_ns), Why(event, width), next);
}

std::string WhatHappened(const Event& event, size_t width) {
  switch (event.type) {
    case EventType::RunStarted:
      return fmt::format("the run of `{}` started, in mode {}", Entry(event, "workflow"),
                         Entry(event, "mode"));
    case EventType::StageStarted:
      return event.attempt > 1 ? fmt::format("started, attempt {}", event.attempt) : "started";
    case EventType::AttemptFailed:
      return AttemptText(event, width);
    case EventType::StageFinished:
      return fmt::format("{} after {}{}{}", Spell(event.status), ShortDuration(event.duration_ns),
                         event.is_simulated ? ", simulated" : "", Why(event, width));
    case EventType::StageSkipped:
      return fmt::format("skipped: {}", Spell(event.reason));
    case EventType::RouteChosen:
      return fmt::format("chose {}", Entry(event, "chosen"));
    case EventType::FallbackStarted:
      return "the fallback started" + Why(event, width);
    case EventType::RunFailing:
      return "the run is failing because of this stage";
    case EventType::CancelRequested:
      return "the run was cancelled";
    case EventType::RunFinished:
      return fmt::format("the run ended: {}{}", Entry(event, "status"), Why(event, width));
  }
  return {};
}

}  // namespace

std::string EventLine(const Event& event, std::string_view stage, size_t message_width) {
  return Line(event.time_ns, stage, WhatHappened(event, message_width));
}

std::string EpochLine(int64_t time_ns, TimeValue wall) {
  return Line(time_ns, "",
              fmt::format("a process began to drive the run, at {}",
                          FormatTimestamp({.seconds = wall.seconds, .nanos = 0})));
}

}  // namespace wfc::driver

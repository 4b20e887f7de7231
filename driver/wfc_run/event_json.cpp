#include "driver/wfc_run/event_json.h"

#include <utility>
#include <vector>

namespace wfc::driver {
namespace {

/// Nanoseconds as milliseconds, with a resolution of one microsecond.
Value Milliseconds(int64_t ns) {
  const int64_t microseconds = ns / 1000;
  return Value::Double(static_cast<double>(microseconds) / 1000);
}

/// The entries of an event that apply to it.
std::vector<MapEntry> EntriesOf(const runtime::Event& event, std::string_view stage) {
  std::vector<MapEntry> entries;
  const auto add = [&](std::string_view key, Value value) {
    entries.push_back({Value::String(key), std::move(value)});
  };
  add("type", Value::String(Spell(event.type)));
  add("time_ms", Milliseconds(event.time_ns));
  if (!stage.empty()) add("stage", Value::String(stage));
  if (event.attempt > 0) add("attempt", Value::Int(event.attempt));
  if (IsSettled(event.status)) {
    add("status", Value::String(Spell(event.status)));
  }
  if (event.reason != SkipReason::None) {
    add("reason", Value::String(Spell(event.reason)));
  }
  if (event.duration_ns > 0) add("duration_ms", Milliseconds(event.duration_ns));
  if (event.is_simulated) add("simulated", Value::Bool(true));
  if (event.failure != nullptr) add("failure", ToValue(*event.failure));
  if (event.payload != nullptr) add("data", *event.payload);
  return entries;
}

}  // namespace

Value ToValue(const runtime::Failure& failure) {
  return Value::Record({{"code", Value::String(Spell(failure.code))},
                        {"message", Value::String(failure.message)},
                        {"details", failure.details}});
}

Value ToValue(const runtime::Event& event, std::string_view stage) {
  return Value::Map(EntriesOf(event, stage));
}

Value ToValue(const runtime::Event& event, std::string_view stage, uint64_t seq) {
  std::vector<MapEntry> entries = EntriesOf(event, stage);
  entries.push_back({Value::String("seq"), Value::Int(static_cast<int64_t>(seq))});
  return Value::Map(std::move(entries));
}

}  // namespace wfc::driver

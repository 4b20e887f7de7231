#include "backend-runtime/providers/scripted_answers.h"

#include <fmt/core.h>

#include "ir/value/text.h"

namespace wfc::providers {
namespace {

std::optional<std::chrono::nanoseconds> ReadDelay(const Value& value) {
  if (!value.is_string()) return std::nullopt;
  const std::optional<TimeValue> time = ParseDuration(value.AsString());
  constexpr int64_t kLongestSeconds = 365LL * 24 * 3600;
  if (!time || time->seconds < 0 || time->seconds > kLongestSeconds) return std::nullopt;
  return std::chrono::seconds(time->seconds) + std::chrono::nanoseconds(time->nanos);
}

/// The entry in a map whose only other key may be `delay`; empty if the map does not have the form
/// of an entry.
std::optional<ScriptedEntry> ReadForm(const Value& entry, bool has_delay) {
  const Value* text = entry.Find("text");
  const Value* error = entry.Find("error");
  const Value* value = entry.Find("value");
  if (text != nullptr && text->is_string()) {
    return ScriptedEntry{.text = std::string(text->AsString())};
  }
  if (error != nullptr && error->is_string()) {
    return ScriptedEntry{.error_code = std::string(error->AsString())};
  }
  // Without a delay, `{value: …}` is an ordinary answer.
  if (value != nullptr && has_delay) return ScriptedEntry{.value = *value};
  return std::nullopt;
}

}  // namespace

Result<ScriptedEntry> ReadScriptedEntry(const Value& entry) {
  if (entry.kind() != Kind::Map) return ScriptedEntry{.value = entry};
  const Value* delay = entry.Find("delay");
  const bool has_delay = delay != nullptr;
  const size_t expected = has_delay ? 2 : 1;
  if (entry.entries().size() != expected) return ScriptedEntry{.value = entry};
  std::optional<ScriptedEntry> form = ReadForm(entry, has_delay);
  if (!form) return ScriptedEntry{.value = entry};
  if (!has_delay) return *form;
  const std::optional<std::chrono::nanoseconds> time = ReadDelay(*delay);
  if (!time) return Error{"its `delay` is not a duration such as 50ms"};
  form->delay = *time;
  return *form;
}

bool ScriptedAnswers::IsListed(std::string_view stage) const {
  return fixture_.FindEntry(stage) != nullptr;
}

Result<ScriptedEntry> ScriptedAnswers::Find(std::string_view stage, size_t call) const {
  const Value* list = fixture_.FindEntry(stage, Kind::List);
  if (list == nullptr) {
    return Error{fmt::format("the fixture has no list for `{}`", stage)};
  }
  if (call >= list->items().size()) {
    return Error{fmt::format("the fixture lists {} answer{} for `{}`, and this is call {}",
                             list->items().size(), list->items().size() == 1 ? "" : "s", stage,
                             call + 1)};
  }
  Result<ScriptedEntry> entry = ReadScriptedEntry(list->items()[call]);
  if (!entry) {
    return Error{fmt::format("entry {} for `{}` in the fixture: {}", call + 1, stage,
                             entry.error().message)};
  }
  return entry;
}

}  // namespace wfc::providers

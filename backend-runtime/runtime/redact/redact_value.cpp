// The part of the redactor that traverses values; a value without secrets is returned as it is.
#include <map>
#include <utility>

#include "backend-runtime/runtime/redact/redactor.h"
#include "ir/value/json.h"

namespace wfc::redact {

std::optional<Value> Redactor::TryRedactList(const Value& list) const {
  std::vector<Value> items;
  bool has_changed = false;
  for (size_t index = 0; index < list.items().size(); ++index) {
    std::optional<Value> item = TryRedact(list.items()[index]);
    if (item && !has_changed) {
      items.assign(list.items().begin(), list.items().begin() + static_cast<ptrdiff_t>(index));
    }
    has_changed = has_changed || item.has_value();
    if (has_changed) items.push_back(item ? *std::move(item) : list.items()[index]);
  }
  if (!has_changed) return std::nullopt;
  return Value::List(std::move(items));
}

std::optional<Value> Redactor::TryRedactMap(const Value& map) const {
  std::vector<MapEntry> entries;
  bool has_changed = false;
  for (const MapEntry& entry : map.entries()) {
    std::optional<Value> key = TryRedactScalar(entry.key);
    std::optional<Value> value = TryRedact(entry.value);
    has_changed = has_changed || key || value;
    entries.push_back({key ? *std::move(key) : entry.key, value ? *std::move(value) : entry.value});
  }
  if (!has_changed) return std::nullopt;
  // Two keys that contained secrets may be equal now; the first entry stays.
  std::map<std::string, MapEntry> by_key;
  for (MapEntry& entry : entries) by_key.try_emplace(WriteJson(entry.key), std::move(entry));
  entries.clear();
  for (auto& [text, entry] : by_key) entries.push_back(std::move(entry));
  return Value::Map(std::move(entries));
}

std::optional<Value> Redactor::TryRedactScalar(const Value& value) const {
  const auto redact = [&](std::string_view text, const auto& make) -> std::optional<Value> {
    const std::optional<std::string> redacted = TryRedact(text);
    if (!redacted) return std::nullopt;
    return make(*redacted);
  };
  switch (value.kind()) {
    case Kind::String:
      return redact(value.AsString(), [](std::string_view text) { return Value::String(text); });
    case Kind::Bytes:
      return redact(value.AsString(), [](std::string_view text) { return Value::Bytes(text); });
    case Kind::Error:
      return redact(value.error_message(), [&](std::string_view text) {
        return Value::Error(value.error_code(), std::string(text));
      });
    case Kind::Int:
    case Kind::Uint:
    case Kind::Double:
    case Kind::BigInt:
    case Kind::Timestamp:
    case Kind::Duration:
      return redact(WriteJson(value), [](std::string_view text) { return Value::String(text); });
    case Kind::Null:
    case Kind::Bool:
    case Kind::Type:
    case Kind::List:
    case Kind::Map:
    case Kind::Optional:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Value> Redactor::TryRedact(const Value& value) const {
  // The depth of a value is bounded where values are read and made, which bounds this recursion.
  if (value.kind() == Kind::List) return TryRedactList(value);
  if (value.kind() == Kind::Map) return TryRedactMap(value);
  if (value.kind() != Kind::Optional) return TryRedactScalar(value);
  const Value* inner = value.optional_value();
  std::optional<Value> redacted = inner == nullptr ? std::nullopt : TryRedact(*inner);
  if (!redacted) return std::nullopt;
  return Value::Optional(*std::move(redacted));
}

Value Redactor::Redact(const Value& value) const {
  if (empty()) return value;
  return TryRedact(value).value_or(value);
}

}  // namespace wfc::redact

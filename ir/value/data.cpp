// The recursion here is bounded because the depth of a value is bounded when it is read or made.
#include "ir/value/data.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "ir/value/json.h"
#include "ir/value/text.h"

namespace wfc {
namespace {

/// The path from a part of a value to the whole value, from the inside out.
struct Place {
  const Place* parent = nullptr;
  const Value* key = nullptr;  ///< null when the part is a list item
  size_t index = 0;
};

std::string DescribePlace(const Place* place) {
  std::string path;
  for (; place != nullptr; place = place->parent) {
    const std::string step = place->key == nullptr
                                 ? fmt::format("[{}]", place->index)
                                 : fmt::format("[{}]", QuoteShort(place->key->AsString()));
    path.insert(0, step);
  }
  return path.empty() ? path : fmt::format(" (at {})", path);
}

Value Refuse(EvalError code, const Place* place, std::string_view what) {
  return Value::Error(code, fmt::format("{}{}", what, DescribePlace(place)));
}

Value RefuseNumber(double number, const Place* place) {
  return Refuse(EvalError::Arithmetic, place,
                std::isnan(number)
                    ? "the result is not a number (NaN), which cannot leave an expression"
                    : "the result is infinite, which cannot leave an expression");
}

std::optional<Value> ToDataAt(const Value& value, const Place* place);

Value ListToData(const Value& list, const Place* place) {
  std::vector<Value> items;
  items.reserve(list.items().size());
  for (size_t i = 0; i < list.items().size(); ++i) {
    const Place at = {.parent = place, .key = nullptr, .index = i};
    std::optional<Value> item = ToDataAt(list.items()[i], &at);
    if (!item) continue;
    if (item->is_error()) return *std::move(item);
    items.push_back(*std::move(item));
  }
  return Value::List(std::move(items));
}

Value MapToData(const Value& map, const Place* place) {
  std::vector<MapEntry> entries;
  entries.reserve(map.entries().size());
  for (const MapEntry& entry : map.entries()) {
    if (!entry.key.is_string()) {
      return Refuse(EvalError::Type, place,
                    fmt::format("a map with the key {}, of type {}: keys that leave an expression "
                                "are strings, as `string(…)` makes them",
                                WriteJson(entry.key), GetName(entry.key.kind())));
    }
    const Place at = {.parent = place, .key = &entry.key};
    std::optional<Value> value = ToDataAt(entry.value, &at);
    if (!value) continue;
    if (value->is_error()) return *std::move(value);
    entries.push_back({.key = entry.key, .value = *std::move(value)});
  }
  return Value::Map(std::move(entries));
}

std::optional<Value> ToDataAt(const Value& value, const Place* place) {
  if (value.is_data()) return value;
  switch (value.kind()) {
    case Kind::List:
      return ListToData(value, place);
    case Kind::Map:
      return MapToData(value, place);
    case Kind::Optional:
      if (value.optional_value() == nullptr) return std::nullopt;
      return ToDataAt(*value.optional_value(), place);
    case Kind::Double:
      return RefuseNumber(value.AsDouble(), place);
    case Kind::Bytes:
      return Value::String(ToBase64(value.AsString()));
    case Kind::Timestamp:
      return Value::String(FormatTimestamp(value.AsTime()));
    case Kind::Duration:
      return Value::String(FormatDuration(value.AsTime()));
    case Kind::Type:
      return Value::String(GetName(value.AsType()));
    case Kind::Null:
    case Kind::Bool:
    case Kind::Int:
    case Kind::Uint:
    case Kind::BigInt:
    case Kind::String:
    case Kind::Error:
      break;
  }
  return value;
}

}  // namespace

std::optional<Value> ToData(const Value& value) {
  return ToDataAt(value, nullptr);
}

}  // namespace wfc

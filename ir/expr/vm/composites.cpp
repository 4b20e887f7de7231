// Lists, maps and texts made of other values, each charged to the budget first.
#include <fmt/core.h>

#include "ir/expr/vm/operations.h"
#include "ir/value/data.h"
#include "ir/value/json.h"

namespace wfc::vm {
namespace {

/// The weight of a list or map of `parts`. Saturates below the maximum, which leaves room to add a
/// little.
uint64_t WeightOf(std::span<const Value> parts) {
  uint64_t weight = 16;
  for (const Value& part : parts) {
    if (__builtin_add_overflow(weight, part.weight(), &weight)) weight = ~uint64_t{0} - 16;
  }
  return weight;
}

}  // namespace

Value MakeList(Meter& meter, std::span<Value> items) {
  if (!meter.Allocate(items.size() * sizeof(Value), WeightOf(items))) return Meter::BudgetError();
  return Value::List(std::vector<Value>(std::make_move_iterator(items.begin()),
                                        std::make_move_iterator(items.end())));
}

Value MakeMap(Meter& meter, std::span<Value> keys_and_values) {
  if (!meter.Allocate(2 * keys_and_values.size() * sizeof(Value), WeightOf(keys_and_values))) {
    return Meter::BudgetError();
  }
  std::vector<MapEntry> entries;
  entries.reserve(keys_and_values.size() / 2);
  for (size_t i = 0; i + 1 < keys_and_values.size(); i += 2) {
    if (keys_and_values[i].kind() == Kind::BigInt) return BeyondInt(keys_and_values[i]);
    if (!IsMapKey(keys_and_values[i])) {
      return TypeError(
          fmt::format("{} cannot be the key of a map", GetName(keys_and_values[i].kind())));
    }
    entries.push_back({std::move(keys_and_values[i]), std::move(keys_and_values[i + 1])});
  }
  if (const Value* twice = FindDuplicateKey(entries)) {
    return Value::Error(EvalError::Argument,
                        fmt::format("the key `{}` occurs twice", DescribeKey(*twice)));
  }
  return Value::Map(std::move(entries));
}

Value MergeMaps(Meter& meter, const Value& left, const Value& right) {
  if (left.kind() != Kind::Map || right.kind() != Kind::Map) {
    return NoOverload(Opcode::Add, left, right);
  }
  std::vector<Value> parts;
  parts.reserve(2 * (left.entries().size() + right.entries().size()));
  for (const Value& map : {left, right}) {
    for (const MapEntry& entry : map.entries()) {
      parts.push_back(entry.key);
      parts.push_back(entry.value);
    }
  }
  return MakeMap(meter, parts);
}

Value MakeText(Meter& meter, std::string_view text) {
  if (!meter.Allocate(text.size(), text.size())) return Meter::BudgetError();
  return Value::String(text);
}

Value Render(const Value& value) {
  if (value.is_data()) return value;
  std::optional<Value> data = ToData(value);
  if (data) return *std::move(data);
  return Value::Error(EvalError::Argument, "an empty optional has no text");
}

Value AppendRendered(Meter& meter, std::string& out, const Value& part) {
  Value value = Render(part);
  if (value.is_error()) return value;
  // The JSON of a value is at most about six times as long as its weight, since a control character
  // becomes six bytes. Charging the weight first bounds the text; MakeText charges its actual size.
  if (!meter.Allocate(value.weight(), out.size() + value.weight())) return Meter::BudgetError();
  if (value.is_string()) {
    out += value.AsString();
  } else {
    AppendJson(out, value);
  }
  return {};
}

Value ConcatText(Meter& meter, std::span<const Value> parts) {
  std::string text;
  for (const Value& part : parts) {
    Value problem = AppendRendered(meter, text, part);
    if (problem.is_error()) return problem;
  }
  return MakeText(meter, text);
}

}  // namespace wfc::vm

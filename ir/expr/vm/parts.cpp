// Access to the fields of maps and the items of lists.
#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "ir/expr/vm/operations.h"
#include "ir/value/json.h"

namespace wfc::vm {
namespace {

Value NoSuchKey(const Value& key) {
  return Value::Absent(fmt::format("no such key: `{}`", DescribeKey(key)));
}

std::optional<int64_t> AsListIndex(const Value& key) {
  if (key.kind() == Kind::Int) return key.AsInt();
  if (key.kind() == Kind::BigInt) return key.AsDigits().starts_with('-') ? -1 : 1LL << 62;
  if (key.kind() == Kind::Uint) {
    return static_cast<int64_t>(std::min<uint64_t>(key.AsUint(), 1ULL << 62));
  }
  if (key.kind() != Kind::Double) return std::nullopt;
  const double number = key.AsDouble();
  if (std::trunc(number) != number || std::fabs(number) > 1e15) return std::nullopt;
  return static_cast<int64_t>(number);
}

}  // namespace

std::string DescribeKey(const Value& key) {
  if (!key.is_string()) return WriteJson(key);
  const std::string_view text = key.AsString();
  return std::string(text.size() <= 64 ? text : "…");
}

const Value* FindField(const Value& operand, const Value& name) {
  if (operand.kind() != Kind::Map || !name.is_string()) return nullptr;
  return operand.Find(name);
}

Value Select(const Value& operand, const Value& name) {
  // A value other than a map has no fields; the caller learns that the field is absent.
  if (operand.kind() != Kind::Map) {
    return Value::Absent(
        fmt::format("{} has no field `{}`", GetName(operand.kind()), DescribeKey(name)));
  }
  const Value* found = FindField(operand, name);
  return found == nullptr ? NoSuchKey(name) : *found;
}

Value Index(Meter& meter, const Value& operand, const Value& key) {
  if (!meter.Walk(key.weight())) return Meter::BudgetError();
  if (operand.kind() == Kind::Map) {
    if (!IsMapKey(key) && !key.is_number()) {
      return TypeError(fmt::format("{} is not a key of a map", GetName(key.kind())));
    }
    const Value* found = operand.Find(key);
    return found == nullptr ? NoSuchKey(key) : *found;
  }
  if (operand.kind() != Kind::List) {
    return Value::Absent(fmt::format("{} has no items", GetName(operand.kind())));
  }
  // As for a field of that name.
  if (key.is_string()) {
    return Value::Absent(fmt::format("list has no field `{}`", DescribeKey(key)));
  }
  const auto index = AsListIndex(key);
  if (!index) return TypeError(fmt::format("{} is not an index of a list", GetName(key.kind())));
  if (*index < 0 || static_cast<uint64_t>(*index) >= operand.items().size()) {
    return Value::Error(EvalError::Index, fmt::format("index {} is outside a list of {}",
                                                      WriteJson(key), operand.items().size()));
  }
  return operand.items()[static_cast<size_t>(*index)];
}

Value ToOptional(Value part) {
  if (!part.is_error()) return Value::Optional(std::move(part));
  const bool is_missing = part.is_absent() || part.error_code() == EvalError::Index;
  return is_missing ? Value::None() : part;
}

}  // namespace wfc::vm

// The functions on lists, numbers and optionals, and `size`.
#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "ir/base/utf8.h"
#include "ir/expr/vm/operations.h"
#include "ir/value/text.h"

namespace wfc::vm {
namespace {

using Arguments = std::span<const Value>;

constexpr int64_t kMaxRange = 1'000'000;

Value BadIndex(int64_t index) {
  return Value::Error(EvalError::Index, fmt::format("index out of range: {}", index));
}

/// The greatest or least of the arguments of math.greatest and math.least, which are numbers or a
/// single list of numbers; null if they are not, or if the budget is exceeded.
const Value* FindExtreme(Meter& meter, Arguments numbers, std::strong_ordering wanted) {
  if (numbers.size() == 1 && numbers[0].kind() == Kind::List) numbers = numbers[0].items();
  if (numbers.empty() || !meter.Step(numbers.size())) return nullptr;
  const Value* best = nullptr;
  for (const Value& number : numbers) {
    if (!number.is_number()) return nullptr;
    if (best == nullptr || Compare(number, *best) == wanted) best = &number;
  }
  return best;
}

Value Extreme(Meter& meter, Arguments arguments, std::string_view name,
              std::strong_ordering wanted) {
  const bool is_empty =
      arguments.size() == 1 && arguments[0].kind() == Kind::List && arguments[0].items().empty();
  if (is_empty) {
    return Value::Error(EvalError::Argument, fmt::format("`{}` of a list without items", name));
  }
  const Value* found = FindExtreme(meter, arguments, wanted);
  return found == nullptr ? NoOverloadOf(name, arguments[0]) : *found;
}

template <class Function>
Value OnDouble(Arguments arguments, std::string_view name, Function function) {
  if (arguments[0].kind() != Kind::Double) return NoOverloadOf(name, arguments[0]);
  return function(arguments[0].AsDouble());
}

template <class Function>
Value OnBits(Arguments arguments, std::string_view name, Function function) {
  const Value& left = arguments[0];
  const Value& right = arguments.back();
  if (left.kind() != right.kind()) return NoOverloadOf(name, right);
  if (left.kind() == Kind::Uint) return Value::Uint(function(left.AsUint(), right.AsUint()));
  if (left.kind() != Kind::Int) return NoOverloadOf(name, left);
  return Value::Int(static_cast<int64_t>(
      function(static_cast<uint64_t>(left.AsInt()), static_cast<uint64_t>(right.AsInt()))));
}

template <class Function>
Value Shift(Arguments arguments, std::string_view name, Function function) {
  const Value& bits = arguments[0];
  const Value& count = arguments[1];
  if (count.kind() != Kind::Int) return NoOverloadOf(name, count);
  if (count.AsInt() < 0) {
    return Value::Error(EvalError::Argument, fmt::format("`{}` by less than 0", name));
  }
  const auto shift = [&](uint64_t value) {
    return count.AsInt() >= 64 ? 0 : function(value, static_cast<int>(count.AsInt()));
  };
  if (bits.kind() == Kind::Uint) return Value::Uint(shift(bits.AsUint()));
  if (bits.kind() != Kind::Int) return NoOverloadOf(name, bits);
  return Value::Int(static_cast<int64_t>(shift(static_cast<uint64_t>(bits.AsInt()))));
}

bool IsZero(const Value& value) {
  switch (value.kind()) {
    case Kind::Null:
      return true;
    case Kind::Bool:
      return value.is_false();
    case Kind::Int:
    case Kind::Uint:
    case Kind::Double:
      return value == Value::Int(0);
    case Kind::String:
    case Kind::Bytes:
      return value.AsString().empty();
    case Kind::List:
      return value.items().empty();
    case Kind::Map:
      return value.entries().empty();
    case Kind::Duration:
      return value.AsTime() == TimeValue{};
    case Kind::BigInt:
    case Kind::Timestamp:
    case Kind::Type:
    case Kind::Optional:
    case Kind::Error:
      return false;
  }
  return false;
}

/// Appends the items of `list`, replacing nested lists by their items up to `levels` deep. False if
/// the budget is exceeded.
bool AppendFlat(Meter& meter, std::vector<Value>& out, const Value& list, int64_t levels) {
  std::vector<std::pair<const Value*, int64_t>> open = {{&list, levels}};
  // Items are pushed in reverse, so that they are popped in order.
  while (!open.empty()) {
    const auto [value, left] = open.back();
    open.pop_back();
    if (!meter.Step()) return false;
    if (value->kind() != Kind::List || left < 0) {
      out.push_back(*value);
      continue;
    }
    const auto items = value->items();
    if (!meter.Step(items.size())) return false;
    for (size_t i = items.size(); i > 0; --i) open.emplace_back(&items[i - 1], left - 1);
  }
  return true;
}

Value WithOptional(Arguments arguments, std::string_view name,
                   Value (*use)(const Value*, Arguments)) {
  if (arguments[0].kind() != Kind::Optional) return NoOverloadOf(name, arguments[0]);
  return use(arguments[0].optional_value(), arguments);
}

}  // namespace

Value CallSize(Meter& meter, Arguments arguments) {
  const Value& value = arguments[0];
  const auto count = [](size_t size) { return Value::Int(static_cast<int64_t>(size)); };
  if (value.is_string()) {
    if (!meter.Walk(value.weight())) return Meter::BudgetError();
    return count(CountCodePoints(value.AsString()));
  }
  if (value.kind() == Kind::Bytes) return count(value.AsString().size());
  if (value.kind() == Kind::List) return count(value.items().size());
  if (value.kind() == Kind::Map) return count(value.entries().size());
  return NoOverloadOf("size", value);
}

Value CallSum(Meter& meter, Arguments arguments) {
  if (arguments[0].kind() != Kind::List) return NoOverloadOf("sum", arguments[0]);
  Value total = Value::Int(0);
  bool first = true;
  for (const Value& item : arguments[0].items()) {
    if (!meter.Step()) return Meter::BudgetError();
    if (!item.is_number() && item.kind() != Kind::Duration) return NoOverloadOf("sum", item);
    total = first ? item : Binary(meter, Opcode::Add, total, item);
    if (total.is_error()) return total;
    first = false;
  }
  return total;
}

Value CallSort(Meter& meter, Arguments arguments) {
  if (arguments[0].kind() != Kind::List) return NoOverloadOf("sort", arguments[0]);
  std::vector<Value> items(arguments[0].items().begin(), arguments[0].items().end());
  for (const Value& item : items) {
    const bool is_alike =
        item.kind() == items.front().kind() || (item.is_number() && items.front().is_number());
    if (!is_alike || !Compare(items.front(), item)) {
      return TypeError("`sort` needs items of one kind that has an order");
    }
  }
  // Sorting takes about 2 log2(n) comparisons per item.
  if (!meter.Walk(arguments[0].weight()) || !meter.Step(items.size() * 40)) {
    return Meter::BudgetError();
  }
  std::ranges::sort(items, [](const Value& a, const Value& b) { return *Compare(a, b) < 0; });
  return MakeList(meter, items);
}

Value CallDistinct(Meter& meter, Arguments arguments) {
  if (arguments[0].kind() != Kind::List) return NoOverloadOf("distinct", arguments[0]);
  std::vector<Value> kept;
  for (const Value& item : arguments[0].items()) {
    const bool seen = std::ranges::any_of(kept, [&](const Value& earlier) {
      return meter.Walk(std::min(earlier.weight(), item.weight())) && earlier == item;
    });
    if (meter.exhausted()) return Meter::BudgetError();
    if (!seen) kept.push_back(item);
  }
  return MakeList(meter, kept);
}

Value CallSlice(Meter& meter, Arguments arguments) {
  if (arguments[0].kind() != Kind::List) return NoOverloadOf("slice", arguments[0]);
  if (arguments[1].kind() != Kind::Int) return NoOverloadOf("slice", arguments[1]);
  if (arguments[2].kind() != Kind::Int) return NoOverloadOf("slice", arguments[2]);
  const auto items = arguments[0].items();
  const int64_t begin = arguments[1].AsInt();
  const int64_t end = arguments[2].AsInt();
  if (begin < 0) return BadIndex(begin);
  if (end < begin || static_cast<uint64_t>(end) > items.size()) return BadIndex(end);
  const auto part = items.subspan(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
  std::vector<Value> copy(part.begin(), part.end());
  return MakeList(meter, copy);
}

Value CallFlatten(Meter& meter, Arguments arguments) {
  if (arguments[0].kind() != Kind::List) return NoOverloadOf("flatten", arguments[0]);
  if (arguments.size() == 2 && arguments[1].kind() != Kind::Int) {
    return NoOverloadOf("flatten", arguments[1]);
  }
  const int64_t levels = arguments.size() == 2 ? arguments[1].AsInt() : 1;
  if (levels < 0) return Value::Error(EvalError::Argument, "`flatten` needs at least 0 levels");
  std::vector<Value> items;
  if (!AppendFlat(meter, items, arguments[0], levels)) return Meter::BudgetError();
  return MakeList(meter, items);
}

Value CallListRange(Meter& meter, Arguments arguments) {
  if (arguments[0].kind() != Kind::Int) return NoOverloadOf("lists.range", arguments[0]);
  const int64_t count = arguments[0].AsInt();
  if (count < 0 || count > kMaxRange) return BadIndex(count);
  if (!meter.Allocate(static_cast<uint64_t>(count) * 16, static_cast<uint64_t>(count) * 16)) {
    return Meter::BudgetError();
  }
  std::vector<Value> items;
  items.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) items.push_back(Value::Int(i));
  return Value::List(std::move(items));
}

Value CallGreatest(Meter& meter, Arguments arguments) {
  return Extreme(meter, arguments, "math.greatest", std::strong_ordering::greater);
}

Value CallLeast(Meter& meter, Arguments arguments) {
  return Extreme(meter, arguments, "math.least", std::strong_ordering::less);
}

Value CallAbs(Meter& meter, Arguments arguments) {
  const Value& number = arguments[0];
  if (number.kind() == Kind::Uint) return number;
  if (number.kind() == Kind::Double) return Value::Double(std::fabs(number.AsDouble()));
  if (number.kind() != Kind::Int) return NoOverloadOf("math.abs", number);
  return number.AsInt() < 0 ? Binary(meter, Opcode::Subtract, Value::Int(0), number) : number;
}

Value CallCeil(Meter&, Arguments arguments) {
  return OnDouble(arguments, "math.ceil", [](double x) { return Value::Double(std::ceil(x)); });
}

Value CallFloor(Meter&, Arguments arguments) {
  return OnDouble(arguments, "math.floor", [](double x) { return Value::Double(std::floor(x)); });
}

Value CallRound(Meter&, Arguments arguments) {
  return OnDouble(arguments, "math.round", [](double x) { return Value::Double(std::round(x)); });
}

Value CallTrunc(Meter&, Arguments arguments) {
  return OnDouble(arguments, "math.trunc", [](double x) { return Value::Double(std::trunc(x)); });
}

Value CallIsNan(Meter&, Arguments arguments) {
  return OnDouble(arguments, "math.isNaN", [](double x) { return Value::Bool(std::isnan(x)); });
}

Value CallIsInf(Meter&, Arguments arguments) {
  return OnDouble(arguments, "math.isInf", [](double x) { return Value::Bool(std::isinf(x)); });
}

Value CallIsFinite(Meter&, Arguments arguments) {
  return OnDouble(arguments, "math.isFinite",
                  [](double x) { return Value::Bool(std::isfinite(x)); });
}

Value CallSign(Meter&, Arguments arguments) {
  const Value& number = arguments[0];
  if (number.kind() == Kind::Uint) return Value::Uint(number.AsUint() == 0 ? 0 : 1);
  if (number.kind() == Kind::Int) {
    return Value::Int((number.AsInt() > 0 ? 1 : 0) - (number.AsInt() < 0 ? 1 : 0));
  }
  return OnDouble(arguments, "math.sign", [](double x) {
    if (std::isnan(x) || x == 0) return Value::Double(x);
    return Value::Double(x > 0 ? 1 : -1);
  });
}

Value CallSqrt(Meter&, Arguments arguments) {
  const Value& number = arguments[0];
  if (number.kind() == Kind::Int) {
    return Value::Double(std::sqrt(static_cast<double>(number.AsInt())));
  }
  if (number.kind() == Kind::Uint) {
    return Value::Double(std::sqrt(static_cast<double>(number.AsUint())));
  }
  return OnDouble(arguments, "math.sqrt", [](double x) { return Value::Double(std::sqrt(x)); });
}

Value CallBitAnd(Meter&, Arguments arguments) {
  return OnBits(arguments, "math.bitAnd", [](uint64_t a, uint64_t b) { return a & b; });
}

Value CallBitOr(Meter&, Arguments arguments) {
  return OnBits(arguments, "math.bitOr", [](uint64_t a, uint64_t b) { return a | b; });
}

Value CallBitXor(Meter&, Arguments arguments) {
  return OnBits(arguments, "math.bitXor", [](uint64_t a, uint64_t b) { return a ^ b; });
}

Value CallBitNot(Meter&, Arguments arguments) {
  return OnBits(arguments, "math.bitNot", [](uint64_t a, uint64_t) { return ~a; });
}

Value CallBitShiftLeft(Meter&, Arguments arguments) {
  return Shift(arguments, "math.bitShiftLeft", [](uint64_t a, int n) { return a << n; });
}

Value CallBitShiftRight(Meter&, Arguments arguments) {
  return Shift(arguments, "math.bitShiftRight", [](uint64_t a, int n) { return a >> n; });
}

Value CallOptionalOf(Meter&, Arguments arguments) {
  return Value::Optional(arguments[0]);
}

Value CallOptionalNone(Meter&, Arguments) {
  return Value::None();
}

Value CallOptionalOfNonZero(Meter&, Arguments arguments) {
  return IsZero(arguments[0]) ? Value::None() : Value::Optional(arguments[0]);
}

Value CallHasValue(Meter&, Arguments arguments) {
  return WithOptional(arguments, "hasValue",
                      [](const Value* held, Arguments) { return Value::Bool(held != nullptr); });
}

Value CallOptionalValue(Meter&, Arguments arguments) {
  return WithOptional(arguments, "value", [](const Value* held, Arguments) {
    return held == nullptr ? Value::Absent("the optional is empty") : *held;
  });
}

Value CallOptionalOr(Meter&, Arguments arguments) {
  if (arguments[1].kind() != Kind::Optional) return NoOverloadOf("or", arguments[1]);
  return WithOptional(arguments, "or", [](const Value* held, Arguments all) {
    return held == nullptr ? all[1] : all[0];
  });
}

Value CallOptionalOrValue(Meter&, Arguments arguments) {
  return WithOptional(arguments, "orValue", [](const Value* held, Arguments all) {
    return held == nullptr ? all[1] : *held;
  });
}

Value CallBase64Encode(Meter& meter, Arguments arguments) {
  if (arguments[0].kind() != Kind::Bytes) return NoOverloadOf("base64.encode", arguments[0]);
  return MakeText(meter, ToBase64(arguments[0].AsString()));
}

Value CallBase64Decode(Meter& meter, Arguments arguments) {
  if (!arguments[0].is_string()) return NoOverloadOf("base64.decode", arguments[0]);
  const auto bytes = FromBase64(arguments[0].AsString());
  if (!bytes) return Value::Error(EvalError::Conversion, "not base64");
  if (!meter.Allocate(bytes->size(), bytes->size())) return Meter::BudgetError();
  return Value::Bytes(*bytes);
}

}  // namespace wfc::vm

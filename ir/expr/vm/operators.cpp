// The operators: arithmetic, ordering, equality and membership.
#include <algorithm>
#include <limits>
#include <optional>
#include <type_traits>

#include <fmt/core.h>

#include "ir/base/time_units.h"
#include "ir/expr/vm/operations.h"
#include "ir/value/json.h"

namespace wfc::vm {
namespace {

Value Overflow() {
  return Value::Error(EvalError::Arithmetic, "integer overflow");
}

/// The result, or empty if it overflows. A divisor is not 0.
template <class Integer>
std::optional<Integer> CheckedResult(Opcode opcode, Integer a, Integer b) {
  Integer result = 0;
  bool fits = true;
  switch (opcode) {
    case Opcode::Add:
      fits = !__builtin_add_overflow(a, b, &result);
      break;
    case Opcode::Subtract:
      fits = !__builtin_sub_overflow(a, b, &result);
      break;
    case Opcode::Multiply:
      fits = !__builtin_mul_overflow(a, b, &result);
      break;
    default:
      fits = std::is_unsigned_v<Integer> || b != static_cast<Integer>(-1) ||
             a != std::numeric_limits<Integer>::min();
      if (fits) result = opcode == Opcode::Divide ? a / b : a % b;
  }
  return fits ? std::optional(result) : std::nullopt;
}

template <class Integer>
Value IntegerArithmetic(Opcode opcode, Integer a, Integer b, Value (*make)(Integer)) {
  const bool divides = opcode == Opcode::Divide || opcode == Opcode::Modulo;
  if (divides && b == 0) return Value::Error(EvalError::Arithmetic, "division by zero");
  const auto result = CheckedResult(opcode, a, b);
  return result ? make(*result) : Overflow();
}

Value DoubleArithmetic(Opcode opcode, const Value& left, const Value& right) {
  const double a = left.AsDouble();
  const double b = right.AsDouble();
  switch (opcode) {
    case Opcode::Add:
      return Value::Double(a + b);
    case Opcode::Subtract:
      return Value::Double(a - b);
    case Opcode::Multiply:
      return Value::Double(a * b);
    case Opcode::Divide:
      return Value::Double(a / b);
    default:
      return NoOverload(opcode, left, right);
  }
}

/// The value as a double if it is a Double or an Int, which may be mixed in arithmetic; empty
/// otherwise.
std::optional<double> AsNumber(const Value& value) {
  if (value.kind() == Kind::Double) return value.AsDouble();
  if (value.kind() == Kind::Int) return static_cast<double>(value.AsInt());
  return std::nullopt;
}

__int128 ToNanos(TimeValue time) {
  return static_cast<__int128>(time.seconds) * kNsPerSecond + time.nanos;
}

Value MakeTime(Kind kind, __int128 nanos) {
  __int128 seconds = nanos / kNsPerSecond;
  if (nanos % kNsPerSecond < 0) --seconds;
  const bool is_timestamp = kind == Kind::Timestamp;
  const int64_t least = is_timestamp ? -62'135'596'800 : -9'223'372'036;
  const int64_t most = is_timestamp ? 253'402'300'799 : 9'223'372'036;
  if (seconds < least || seconds > most) {
    return Value::Error(EvalError::Arithmetic, "a time out of range");
  }
  const TimeValue time = {.seconds = static_cast<int64_t>(seconds),
                          .nanos = static_cast<uint32_t>(nanos - seconds * kNsPerSecond)};
  return is_timestamp ? Value::Timestamp(time) : Value::Duration(time);
}

bool IsTime(const Value& value) {
  return value.kind() == Kind::Timestamp || value.kind() == Kind::Duration;
}

Value TimeArithmetic(Opcode opcode, const Value& left, const Value& right) {
  const bool left_stamp = left.kind() == Kind::Timestamp;
  const bool right_stamp = right.kind() == Kind::Timestamp;
  const __int128 a = ToNanos(left.AsTime());
  const __int128 b = ToNanos(right.AsTime());
  if (opcode == Opcode::Add && !(left_stamp && right_stamp)) {
    return MakeTime(left_stamp || right_stamp ? Kind::Timestamp : Kind::Duration, a + b);
  }
  if (opcode == Opcode::Subtract && (left_stamp || !right_stamp)) {
    return MakeTime(left_stamp && !right_stamp ? Kind::Timestamp : Kind::Duration, a - b);
  }
  return NoOverload(opcode, left, right);
}

Value AddText(Meter& meter, const Value& left, const Value& right) {
  const std::string_view a = left.AsString();
  const std::string_view b = right.AsString();
  if (!meter.Allocate(a.size() + b.size(), a.size() + b.size())) return Meter::BudgetError();
  std::string text;
  text.reserve(a.size() + b.size());
  text.append(a).append(b);
  return left.is_string() ? Value::String(text) : Value::Bytes(text);
}

Value AddLists(Meter& meter, const Value& left, const Value& right) {
  const uint64_t count = left.items().size() + right.items().size();
  if (!meter.Allocate(count * sizeof(Value), left.weight() + right.weight())) {
    return Meter::BudgetError();
  }
  std::vector<Value> items(left.items().begin(), left.items().end());
  items.insert(items.end(), right.items().begin(), right.items().end());
  return Value::List(std::move(items));
}

Value Arithmetic(Meter& meter, Opcode opcode, const Value& left, const Value& right) {
  if (left.kind() == right.kind()) {
    if (left.kind() == Kind::Int) {
      return IntegerArithmetic(opcode, left.AsInt(), right.AsInt(), &Value::Int);
    }
    if (left.kind() == Kind::Uint) {
      return IntegerArithmetic(opcode, left.AsUint(), right.AsUint(), &Value::Uint);
    }
    if (left.kind() == Kind::Double) return DoubleArithmetic(opcode, left, right);
    if (opcode == Opcode::Add && (left.is_string() || left.kind() == Kind::Bytes)) {
      return AddText(meter, left, right);
    }
    if (opcode == Opcode::Add && left.kind() == Kind::List) return AddLists(meter, left, right);
  }
  if (IsTime(left) && IsTime(right)) return TimeArithmetic(opcode, left, right);
  const auto a = AsNumber(left);
  const auto b = AsNumber(right);
  if (a && b) return DoubleArithmetic(opcode, Value::Double(*a), Value::Double(*b));
  return NoOverload(opcode, left, right);
}

Value Order(Meter& meter, Opcode opcode, const Value& left, const Value& right) {
  if (!meter.Walk(std::min(left.weight(), right.weight()))) return Meter::BudgetError();
  const auto order = Compare(left, right);
  if (!order) {
    const bool has_nan = left.is_number() && right.is_number();
    return has_nan ? Value::Bool(false) : NoOverload(opcode, left, right);
  }
  switch (opcode) {
    case Opcode::Less:
      return Value::Bool(*order < 0);
    case Opcode::LessEqual:
      return Value::Bool(*order <= 0);
    case Opcode::Greater:
      return Value::Bool(*order > 0);
    default:
      return Value::Bool(*order >= 0);
  }
}

Value Contains(Meter& meter, const Value& item, const Value& container) {
  if (container.kind() == Kind::Map) return Value::Bool(container.Find(item) != nullptr);
  if (container.kind() != Kind::List) return NoOverload(Opcode::In, item, container);
  for (const Value& candidate : container.items()) {
    if (!meter.Walk(std::min(item.weight(), candidate.weight()))) return Meter::BudgetError();
    if (candidate == item) return Value::Bool(true);
  }
  return Value::Bool(false);
}

}  // namespace

Value NoOverload(Opcode opcode, const Value& left, const Value& right) {
  for (const Value& operand : {left, right}) {
    if (operand.kind() == Kind::BigInt) return BeyondInt(operand);
  }
  return TypeError(fmt::format("no overload of `{}` for {} and {}", NameOfOperator(opcode),
                               GetName(left.kind()), GetName(right.kind())));
}

Value NoOverloadOf(std::string_view name, const Value& argument) {
  return TypeError(fmt::format("no overload of `{}` for {}", name, GetName(argument.kind())));
}

Value BeyondInt(const Value& big) {
  return Value::Error(
      EvalError::Arithmetic,
      fmt::format("{} does not fit 64 bits: such an integer can be compared and passed on, not "
                  "calculated with",
                  ShowClipped(big)));
}

std::string ShowClipped(const Value& value) {
  constexpr size_t kMaxShownBytes = 60;
  std::string text = WriteJson(value);
  if (text.size() <= kMaxShownBytes) return text;
  size_t end = kMaxShownBytes;
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + (value.is_string() ? "…\"" : "…");
}

Value TypeError(std::string_view what) {
  return Value::Error(EvalError::Type, what);
}

Value Binary(Meter& meter, Opcode opcode, const Value& left, const Value& right) {
  switch (opcode) {
    case Opcode::Equal:
    case Opcode::NotEqual:
      if (!meter.Walk(std::min(left.weight(), right.weight()))) return Meter::BudgetError();
      return Value::Bool((left == right) == (opcode == Opcode::Equal));
    case Opcode::Less:
    case Opcode::LessEqual:
    case Opcode::Greater:
    case Opcode::GreaterEqual:
      return Order(meter, opcode, left, right);
    case Opcode::In:
      return Contains(meter, left, right);
    default:
      return Arithmetic(meter, opcode, left, right);
  }
}

Value Negate(const Value& operand) {
  if (operand.kind() == Kind::Double) return Value::Double(-operand.AsDouble());
  if (operand.kind() == Kind::BigInt) return BeyondInt(operand);
  if (operand.kind() != Kind::Int) {
    return TypeError(fmt::format("no overload of `-` for {}", GetName(operand.kind())));
  }
  if (operand.AsInt() == std::numeric_limits<int64_t>::min()) return Overflow();
  return Value::Int(-operand.AsInt());
}

}  // namespace wfc::vm

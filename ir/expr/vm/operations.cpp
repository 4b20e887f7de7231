#include "ir/expr/vm/operations.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <re2/re2.h>

#include "ir/value/json.h"

namespace wfc::vm {
namespace {

constexpr int64_t kPatternBytes = 1 << 20;
constexpr uint64_t kPatternSteps = 500;
constexpr int64_t kNanosPerSecond = 1'000'000'000;

Value Overflow() {
  return Value::Error(ErrorCode::Arithmetic, "integer overflow");
}
Value DivisionByZero() {
  return Value::Error(ErrorCode::Arithmetic, "division by zero");
}

std::string_view SymbolOf(Opcode opcode) {
  switch (opcode) {
    case Opcode::Multiply:
      return "*";
    case Opcode::Divide:
      return "/";
    case Opcode::Modulo:
      return "%";
    case Opcode::Add:
      return "+";
    case Opcode::Subtract:
      return "-";
    case Opcode::Less:
      return "<";
    case Opcode::LessEqual:
      return "<=";
    case Opcode::Greater:
      return ">";
    case Opcode::GreaterEqual:
      return ">=";
    case Opcode::In:
      return "in";
    default:
      return "operator";
  }
}

Value NoOverload(Opcode opcode, const Value& left, const Value& right) {
  return TypeError(fmt::format("no overload of `{}` for {} and {}", SymbolOf(opcode),
                               GetName(left.kind()), GetName(right.kind())));
}

Value IntArithmetic(Opcode opcode, int64_t a, int64_t b) {
  int64_t result = 0;
  bool overflow = false;
  switch (opcode) {
    case Opcode::Add:
      overflow = __builtin_add_overflow(a, b, &result);
      break;
    case Opcode::Subtract:
      overflow = __builtin_sub_overflow(a, b, &result);
      break;
    case Opcode::Multiply:
      overflow = __builtin_mul_overflow(a, b, &result);
      break;
    default:
      if (b == 0) return DivisionByZero();
      overflow = b == -1 && a == std::numeric_limits<int64_t>::min();
      if (!overflow) result = opcode == Opcode::Divide ? a / b : a % b;
  }
  return overflow ? Overflow() : Value::Int(result);
}

Value UintArithmetic(Opcode opcode, uint64_t a, uint64_t b) {
  uint64_t result = 0;
  bool overflow = false;
  switch (opcode) {
    case Opcode::Add:
      overflow = __builtin_add_overflow(a, b, &result);
      break;
    case Opcode::Subtract:
      overflow = __builtin_sub_overflow(a, b, &result);
      break;
    case Opcode::Multiply:
      overflow = __builtin_mul_overflow(a, b, &result);
      break;
    default:
      if (b == 0) return DivisionByZero();
      result = opcode == Opcode::Divide ? a / b : a % b;
  }
  return overflow ? Overflow() : Value::Uint(result);
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

/// Literals adapt: where one side is a Double, an Int or Uint beside it is one too.
std::optional<double> AsNumber(const Value& value) {
  if (value.kind() == Kind::Double) return value.AsDouble();
  if (value.kind() == Kind::Int) return static_cast<double>(value.AsInt());
  return std::nullopt;
}

__int128 ToNanos(TimeValue time) {
  return static_cast<__int128>(time.seconds) * kNanosPerSecond + time.nanos;
}

Value MakeTime(Kind kind, __int128 nanos) {
  __int128 seconds = nanos / kNanosPerSecond;
  if (nanos % kNanosPerSecond < 0) --seconds;
  const bool is_timestamp = kind == Kind::Timestamp;
  const int64_t least = is_timestamp ? -62'135'596'800 : -9'223'372'036;
  const int64_t most = is_timestamp ? 253'402'300'799 : 9'223'372'036;
  if (seconds < least || seconds > most) {
    return Value::Error(ErrorCode::Arithmetic, "a time out of range");
  }
  const TimeValue time = {.seconds = static_cast<int64_t>(seconds),
                          .nanos = static_cast<uint32_t>(nanos - seconds * kNanosPerSecond)};
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
    if (left.kind() == Kind::Int) return IntArithmetic(opcode, left.AsInt(), right.AsInt());
    if (left.kind() == Kind::Uint) return UintArithmetic(opcode, left.AsUint(), right.AsUint());
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

std::string DescribeKey(const Value& key) {
  if (!key.is_string()) return WriteJson(key);
  const std::string_view text = key.AsString();
  return std::string(text.size() <= 64 ? text : "…");
}

Value NoSuchKey(const Value& key) {
  return Value::Absent(fmt::format("no such key: `{}`", DescribeKey(key)));
}

std::optional<int64_t> AsListIndex(const Value& key) {
  if (key.kind() == Kind::Int) return key.AsInt();
  if (key.kind() == Kind::Uint) {
    return static_cast<int64_t>(std::min<uint64_t>(key.AsUint(), 1ULL << 62));
  }
  if (key.kind() != Kind::Double) return std::nullopt;
  const double number = key.AsDouble();
  if (std::trunc(number) != number || std::fabs(number) > 1e15) return std::nullopt;
  return static_cast<int64_t>(number);
}

}  // namespace

Meter::Meter(const Budget& budget)
    : steps_left_(budget.steps),
      bytes_left_(budget.allocated_bytes),
      value_bytes_(budget.value_bytes) {}

Meter::~Meter() = default;

bool Meter::Allocate(uint64_t bytes, uint64_t weight) {
  if (!Walk(bytes)) return false;
  if (bytes > bytes_left_ || weight > value_bytes_) return Exhaust();
  bytes_left_ -= bytes;
  return true;
}

Value Meter::BudgetError() {
  return Value::Error(ErrorCode::Budget, "the evaluation exceeds its budget");
}

const re2::RE2* Meter::Pattern(std::string_view pattern) {
  if (pattern_ != nullptr && pattern_text_ == pattern)
    return pattern_->ok() ? pattern_.get() : nullptr;
  if (!Step(kPatternSteps + pattern.size())) return nullptr;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternBytes);
  pattern_text_ = pattern;
  pattern_ = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  return pattern_->ok() ? pattern_.get() : nullptr;
}

Value TypeError(std::string_view what) {
  return Value::Error(ErrorCode::Type, what);
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
  if (operand.kind() != Kind::Int) {
    return TypeError(fmt::format("no overload of `-` for {}", GetName(operand.kind())));
  }
  if (operand.AsInt() == std::numeric_limits<int64_t>::min()) return Overflow();
  return Value::Int(-operand.AsInt());
}

const Value* Unwrap(const Value& value) {
  return value.kind() == Kind::Optional ? value.optional_value() : &value;
}

Value Select(const Value& operand, const Value& name) {
  if (operand.kind() != Kind::Map || !name.is_string()) {
    return TypeError(
        fmt::format("{} has no field `{}`", GetName(operand.kind()), DescribeKey(name)));
  }
  const Value* found = operand.Find(name.AsString());
  return found == nullptr ? NoSuchKey(name) : *found;
}

Value Index(Meter& meter, const Value& operand, const Value& key) {
  if (!meter.Walk(key.weight())) return Meter::BudgetError();
  if (operand.kind() == Kind::Map) {
    if (!IsMapKey(key) && key.kind() != Kind::Double) {
      return TypeError(fmt::format("{} is no key of a map", GetName(key.kind())));
    }
    const Value* found = operand.Find(key);
    return found == nullptr ? NoSuchKey(key) : *found;
  }
  if (operand.kind() != Kind::List) {
    return TypeError(fmt::format("{} has no items", GetName(operand.kind())));
  }
  const auto index = AsListIndex(key);
  if (!index) return TypeError(fmt::format("{} is no index of a list", GetName(key.kind())));
  if (*index < 0 || static_cast<uint64_t>(*index) >= operand.items().size()) {
    return Value::Error(ErrorCode::Index, fmt::format("index {} is outside a list of {}", *index,
                                                      operand.items().size()));
  }
  return operand.items()[static_cast<size_t>(*index)];
}

Value ToOptional(Value part) {
  if (!part.is_error()) return Value::Optional(std::move(part));
  const bool is_missing = part.is_absent() || part.error_code() == ErrorCode::Index;
  return is_missing ? Value::None() : part;
}

Value MakeList(Meter& meter, std::span<Value> items) {
  uint64_t weight = 16;
  for (const Value& item : items) {
    if (__builtin_add_overflow(weight, item.weight(), &weight)) weight = ~uint64_t{0} - 16;
  }
  if (!meter.Allocate(items.size() * sizeof(Value), weight)) return Meter::BudgetError();
  return Value::List(std::vector<Value>(std::make_move_iterator(items.begin()),
                                        std::make_move_iterator(items.end())));
}

Value MakeMap(Meter& meter, std::span<Value> keys_and_values) {
  uint64_t weight = 16;
  for (const Value& part : keys_and_values) {
    if (__builtin_add_overflow(weight, part.weight(), &weight)) weight = ~uint64_t{0} - 16;
  }
  if (!meter.Allocate(2 * keys_and_values.size() * sizeof(Value), weight)) {
    return Meter::BudgetError();
  }
  std::vector<MapEntry> entries;
  entries.reserve(keys_and_values.size() / 2);
  for (size_t i = 0; i + 1 < keys_and_values.size(); i += 2) {
    if (!IsMapKey(keys_and_values[i])) {
      return TypeError(
          fmt::format("{} cannot be the key of a map", GetName(keys_and_values[i].kind())));
    }
    entries.push_back({std::move(keys_and_values[i]), std::move(keys_and_values[i + 1])});
  }
  if (const Value* twice = FindDuplicateKey(entries)) {
    return Value::Error(ErrorCode::Argument,
                        fmt::format("the key `{}` stands twice", DescribeKey(*twice)));
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

Value MakeText(Meter& meter, std::string text) {
  if (!meter.Allocate(text.size(), text.size())) return Meter::BudgetError();
  return Value::String(text);
}

bool AppendRendered(Meter& meter, std::string& out, const Value& value) {
  // JSON of a value is at most some six times its weight (control characters escape to six bytes).
  if (!meter.Allocate(value.weight(), out.size() + value.weight())) return false;
  if (value.is_string()) {
    out += value.AsString();
  } else {
    AppendJson(out, value);
  }
  return true;
}

Value ConcatText(Meter& meter, std::span<const Value> parts) {
  std::string text;
  for (const Value& part : parts) {
    if (!AppendRendered(meter, text, part)) return Meter::BudgetError();
  }
  return MakeText(meter, std::move(text));
}

}  // namespace wfc::vm

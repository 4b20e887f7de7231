// The functions that convert between kinds and read the parts of times.
#include <charconv>
#include <chrono>
#include <cmath>

#include <fmt/core.h>

#include "ir/base/utf8.h"
#include "ir/expr/vm/operations.h"
#include "ir/value/json.h"
#include "ir/value/numbers.h"
#include "ir/value/text.h"

namespace wfc::vm {
namespace {

using Arguments = std::span<const Value>;

constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr double kTwoTo64 = 18446744073709551616.0;

/// How values of a kind are written, for messages.
std::string_view FormOf(std::string_view kind) {
  if (kind == "bool") return "`true` or `false`";
  if (kind == "timestamp") return "a timestamp such as `2026-01-31T12:00:00Z`";
  return kind == "duration" ? "a duration such as `90s` or `1h30m`" : "";
}

/// The error of a conversion. It shows the value and says what is wrong with it.
Value DoesNotFit(std::string_view kind, const Value& value) {
  std::string shown = ShowClipped(value);
  if (!FormOf(kind).empty()) {
    return Value::Error(EvalError::Conversion, fmt::format("{} is not {}", shown, FormOf(kind)));
  }
  const bool ends_line = value.is_string() && value.AsString().ends_with('\n');
  return Value::Error(EvalError::Conversion,
                      fmt::format("{} does not fit {}{}", shown, kind,
                                  ends_line ? "; `.trim()` takes off its line end" : ""));
}

template <class Integer>
std::optional<Integer> ParseMachineInteger(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Integer integer = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), integer);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return integer;
}

struct CivilTime {
  std::chrono::year_month_day date;
  std::chrono::sys_days day;
  int64_t second_of_day;
};

CivilTime ToCivil(TimeValue time) {
  const auto since = std::chrono::sys_seconds(std::chrono::seconds(time.seconds));
  const auto day = std::chrono::floor<std::chrono::days>(since);
  return {
      .date = std::chrono::year_month_day(day), .day = day, .second_of_day = (since - day).count()};
}

/// The timestamp shifted by the offset that a second argument names; empty if that is not an
/// offset.
std::optional<TimeValue> AtOffset(Arguments arguments) {
  TimeValue time = arguments[0].AsTime();
  if (arguments.size() == 1) return time;
  const auto offset =
      arguments[1].is_string() ? ParseTimeZone(arguments[1].AsString()) : std::nullopt;
  if (!offset) return std::nullopt;
  time.seconds += *offset;
  return time;
}

Value NoTimeZone() {
  return Value::Error(EvalError::Argument, "a time zone is `UTC` or an offset such as `+02:00`");
}

template <class Part>
Value OfTimestamp(Arguments arguments, std::string_view name, Part part) {
  if (arguments[0].kind() != Kind::Timestamp) return NoOverloadOf(name, arguments[0]);
  const auto time = AtOffset(arguments);
  if (!time) return NoTimeZone();
  return Value::Int(static_cast<int64_t>(part(ToCivil(*time))));
}

/// A part of a timestamp, or a duration in whole units, truncated towards 0.
Value OfTime(Arguments arguments, std::string_view name, int64_t unit_seconds, int64_t modulo) {
  const Value& value = arguments[0];
  if (value.kind() == Kind::Timestamp) {
    const auto local = AtOffset(arguments);
    if (!local) return NoTimeZone();
    return Value::Int(ToCivil(*local).second_of_day / unit_seconds % modulo);
  }
  // A duration is the same in all time zones, so it takes no offset.
  if (value.kind() != Kind::Duration || arguments.size() > 1) return NoOverloadOf(name, value);
  const TimeValue time = value.AsTime();
  const int64_t whole = time.seconds < 0 && time.nanos != 0 ? time.seconds + 1 : time.seconds;
  return Value::Int(whole / unit_seconds);
}

Value DoubleToString(double number) {
  if (std::isnan(number)) return Value::String("NaN");
  if (std::isinf(number)) return Value::String(number > 0 ? "+Inf" : "-Inf");
  std::string text;
  AppendJsonNumber(text, number);
  return Value::String(text);
}

}  // namespace

Value CallToInt(Meter&, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.kind() == Kind::Int || value.kind() == Kind::BigInt) return value;
  if (value.kind() == Kind::Timestamp) return Value::Int(value.AsTime().seconds);
  if (value.kind() == Kind::Uint) {
    const uint64_t integer = value.AsUint();
    return integer >> 63 != 0 ? DoesNotFit("int", value)
                              : Value::Int(static_cast<int64_t>(integer));
  }
  if (value.kind() == Kind::Double) {
    const double number = value.AsDouble();
    // CEL refuses both ends of the range. 2^63 is beyond the ints, and -2^63 may be the result of
    // rounding.
    if (!(number > -kTwoTo63 && number < kTwoTo63)) return DoesNotFit("int", value);
    return Value::Int(static_cast<int64_t>(number));
  }
  if (!value.is_string()) return NoOverloadOf("int", value);
  const auto integer = ParseMachineInteger<int64_t>(value.AsString());
  return integer ? Value::Int(*integer) : DoesNotFit("int", value);
}

Value CallToUint(Meter&, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.kind() == Kind::Uint) return value;
  if (value.kind() == Kind::Int) {
    if (value.AsInt() < 0) return DoesNotFit("uint", value);
    return Value::Uint(static_cast<uint64_t>(value.AsInt()));
  }
  if (value.kind() == Kind::Double) {
    const double number = value.AsDouble();
    if (!(number >= 0 && number < kTwoTo64)) return DoesNotFit("uint", value);
    return Value::Uint(static_cast<uint64_t>(number));
  }
  if (value.kind() == Kind::BigInt) {
    const std::optional<uint64_t> integer = ToUint(value);
    return integer ? Value::Uint(*integer) : DoesNotFit("uint", value);
  }
  if (!value.is_string()) return NoOverloadOf("uint", value);
  const auto integer = ParseMachineInteger<uint64_t>(value.AsString());
  return integer ? Value::Uint(*integer) : DoesNotFit("uint", value);
}

Value CallToDouble(Meter&, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.kind() == Kind::Double) return value;
  if (value.kind() == Kind::Int) return Value::Double(static_cast<double>(value.AsInt()));
  if (value.kind() == Kind::Uint) return Value::Double(static_cast<double>(value.AsUint()));
  if (value.kind() == Kind::BigInt) {
    const double nearest = ToDouble(value);
    return std::isfinite(nearest) ? Value::Double(nearest) : DoesNotFit("double", value);
  }
  if (!value.is_string()) return NoOverloadOf("double", value);
  const auto number = ParseDouble(value.AsString());
  return number ? Value::Double(*number) : DoesNotFit("double", value);
}

Value AsNumber(const Value& value, bool is_double) {
  switch (value.kind()) {
    case Kind::Optional: {
      const Value* held = value.optional_value();
      return held == nullptr ? value : Value::Optional(AsNumber(*held, is_double));
    }
    case Kind::Int:
    case Kind::BigInt:
      if (!is_double) return value;
      return std::isfinite(ToDouble(value)) ? Value::Double(ToDouble(value)) : value;
    case Kind::Double: {
      const double number = value.AsDouble();
      if (is_double || std::trunc(number) != number || !std::isfinite(number)) return value;
      return ParseInteger(fmt::format("{:.0f}", number)).value_or(value);
    }
    default:
      return value;
  }
}

Value CallToString(Meter& meter, Arguments arguments) {
  const Value& value = arguments[0];
  switch (value.kind()) {
    case Kind::String:
      return value;
    case Kind::Bool:
    case Kind::Int:
    case Kind::Uint:
    case Kind::BigInt:
      return Value::String(WriteJson(value));
    case Kind::Double:
      return DoubleToString(value.AsDouble());
    case Kind::Timestamp:
      return Value::String(FormatTimestamp(value.AsTime()));
    case Kind::Duration:
      return Value::String(FormatDuration(value.AsTime()));
    case Kind::Type:
      return Value::String(GetName(value.AsType()));
    case Kind::Bytes:
      if (FindInvalidUtf8(value.AsString()) != std::string_view::npos) {
        return Value::Error(EvalError::Conversion, "the bytes are not UTF-8");
      }
      return MakeText(meter, value.AsString());
    case Kind::Null:
    case Kind::List:
    case Kind::Map:
    case Kind::Optional:
    case Kind::Error:
      break;
  }
  return NoOverloadOf("string", value);
}

Value CallToBytes(Meter& meter, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.kind() == Kind::Bytes) return value;
  if (!value.is_string()) return NoOverloadOf("bytes", value);
  if (!meter.Allocate(value.weight(), value.weight())) return Meter::BudgetError();
  return Value::Bytes(value.AsString());
}

Value CallToBool(Meter&, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.kind() == Kind::Bool) return value;
  if (!value.is_string()) return NoOverloadOf("bool", value);
  const std::string_view text = value.AsString();
  for (const std::string_view word : {"1", "t", "T", "true", "TRUE", "True"}) {
    if (text == word) return Value::Bool(true);
  }
  for (const std::string_view word : {"0", "f", "F", "false", "FALSE", "False"}) {
    if (text == word) return Value::Bool(false);
  }
  return DoesNotFit("bool", value);
}

Value CallDyn(Meter&, Arguments arguments) {
  return arguments[0];
}

Value CallTypeOf(Meter&, Arguments arguments) {
  const Kind kind = arguments[0].kind();
  return Value::Type(kind == Kind::BigInt ? Kind::Int : kind);
}

Value CallToTimestamp(Meter&, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.kind() == Kind::Timestamp) return value;
  if (value.kind() == Kind::Int) {
    if (value.AsInt() < -62'135'596'800 || value.AsInt() > 253'402'300'799) {
      return DoesNotFit("timestamp", value);
    }
    return Value::Timestamp({.seconds = value.AsInt()});
  }
  if (!value.is_string()) return NoOverloadOf("timestamp", value);
  const auto time = ParseTimestamp(value.AsString());
  return time ? Value::Timestamp(*time) : DoesNotFit("timestamp", value);
}

Value CallToDuration(Meter&, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.kind() == Kind::Duration) return value;
  if (!value.is_string()) return NoOverloadOf("duration", value);
  const auto time = ParseDuration(value.AsString());
  return time ? Value::Duration(*time) : DoesNotFit("duration", value);
}

Value CallGetFullYear(Meter&, Arguments arguments) {
  return OfTimestamp(arguments, "getFullYear",
                     [](const CivilTime& time) { return static_cast<int>(time.date.year()); });
}

Value CallGetMonth(Meter&, Arguments arguments) {
  return OfTimestamp(arguments, "getMonth", [](const CivilTime& time) {
    return static_cast<unsigned>(time.date.month()) - 1;
  });
}

Value CallGetDate(Meter&, Arguments arguments) {
  return OfTimestamp(arguments, "getDate",
                     [](const CivilTime& time) { return static_cast<unsigned>(time.date.day()); });
}

Value CallGetDayOfMonth(Meter&, Arguments arguments) {
  return OfTimestamp(arguments, "getDayOfMonth", [](const CivilTime& time) {
    return static_cast<unsigned>(time.date.day()) - 1;
  });
}

Value CallGetDayOfWeek(Meter&, Arguments arguments) {
  return OfTimestamp(arguments, "getDayOfWeek", [](const CivilTime& time) {
    return std::chrono::weekday(time.day).c_encoding();
  });
}

Value CallGetDayOfYear(Meter&, Arguments arguments) {
  return OfTimestamp(arguments, "getDayOfYear", [](const CivilTime& time) {
    const std::chrono::sys_days first = time.date.year() / std::chrono::January / 1;
    return (time.day - first).count();
  });
}

Value CallGetHours(Meter&, Arguments arguments) {
  return OfTime(arguments, "getHours", 3600, 24);
}

Value CallGetMinutes(Meter&, Arguments arguments) {
  return OfTime(arguments, "getMinutes", 60, 60);
}

Value CallGetSeconds(Meter&, Arguments arguments) {
  return OfTime(arguments, "getSeconds", 1, 60);
}

Value CallGetMilliseconds(Meter&, Arguments arguments) {
  const Value& value = arguments[0];
  const bool is_length = value.kind() == Kind::Duration && arguments.size() == 1;
  if (value.kind() != Kind::Timestamp && !is_length) return NoOverloadOf("getMilliseconds", value);
  if (!is_length && !AtOffset(arguments)) return NoTimeZone();
  const TimeValue time = value.AsTime();
  const bool towards_zero = value.kind() == Kind::Duration && time.seconds < 0 && time.nanos != 0;
  const int64_t nanos = towards_zero ? int64_t{time.nanos} - 1'000'000'000 : time.nanos;
  return Value::Int(nanos / 1'000'000);
}

}  // namespace wfc::vm

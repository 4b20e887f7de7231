// The function `format`, with the clauses of CEL's strings extension: `%s %d %f %e %b %o %x %X %%`,
// and a precision as in `%.3f` for `f` and `e`.
#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "ir/base/utf8.h"
#include "ir/expr/vm/operations.h"
#include "ir/value/json.h"
#include "ir/value/numbers.h"

namespace wfc::vm {
namespace {

using Arguments = std::span<const Value>;

constexpr uint32_t kDefaultPrecision = 6;
// The exact decimal form of a double has at most 1074 digits behind the point.
constexpr uint32_t kMaxPrecision = 1074;
// Bounds the recursion that renders nested values.
constexpr uint32_t kMaxDepth = 200;

struct Clause {
  char verb = 0;
  uint32_t precision = kDefaultPrecision;
};

/// Parses the clause behind a `%` and removes it from `text`; empty if there is none.
std::optional<Clause> TakeClause(std::string_view& text) {
  Clause clause;
  const bool has_precision = text.starts_with('.');
  if (has_precision) {
    const char* begin = text.data() + 1;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(begin, end, clause.precision);
    if (parsed.ec != std::errc() || clause.precision > kMaxPrecision) return std::nullopt;
    text.remove_prefix(static_cast<size_t>(parsed.ptr - text.data()));
  }
  if (text.empty()) return std::nullopt;
  clause.verb = text.front();
  text.remove_prefix(1);
  const std::string_view verbs = has_precision ? "fe" : "sdfeboxX%";
  if (verbs.find(clause.verb) == std::string_view::npos) return std::nullopt;
  return clause;
}

Value WrongKind(char verb, std::string_view takes, const Value& value) {
  return TypeError(
      fmt::format("`%{}` of `format` takes {}, not {}", verb, takes, GetName(value.kind())));
}

std::string_view NameOfSpecial(double number) {
  if (std::isnan(number)) return "NaN";
  return number > 0 ? "Infinity" : "-Infinity";
}

bool IsSpecial(const Value& value) {
  return value.kind() == Kind::Double && !std::isfinite(value.AsDouble());
}

/// Appends `text` to `out`. Returns null, or an error if the budget is exceeded.
Value Append(Meter& meter, std::string& out, std::string_view text) {
  if (!meter.Allocate(text.size(), out.size() + text.size())) return Meter::BudgetError();
  out += text;
  return {};
}

Value AppendPlain(Meter& meter, std::string& out, const Value& value);

Value AppendItems(Meter& meter, std::string& out, const Value& list) {
  out += '[';
  for (const Value& item : list.items()) {
    if (&item != &list.items().front()) out += ", ";
    Value problem = AppendPlain(meter, out, item);
    if (problem.is_error()) return problem;
  }
  out += ']';
  return {};
}

/// Appends the entries of a map, sorted by their keys as text.
Value AppendEntries(Meter& meter, std::string& out, const Value& map) {
  const auto entries = map.entries();
  std::vector<std::pair<std::string, size_t>> keys;
  for (const MapEntry& entry : entries) {
    std::string key;
    Value problem = AppendPlain(meter, key, entry.key);
    if (problem.is_error()) return problem;
    keys.emplace_back(std::move(key), keys.size());
  }
  std::ranges::sort(keys);
  out += '{';
  for (const auto& [key, index] : keys) {
    out.append(&key == &keys.front().first ? "" : ", ").append(key).append(": ");
    Value problem = AppendPlain(meter, out, entries[index].value);
    if (problem.is_error()) return problem;
  }
  out += '}';
  return {};
}

/// Appends a value as `%s` shows it.
Value AppendPlain(Meter& meter, std::string& out, const Value& value) {
  if (!meter.Step()) return Meter::BudgetError();
  switch (value.kind()) {
    case Kind::List:
      return AppendItems(meter, out, value);
    case Kind::Map:
      return AppendEntries(meter, out, value);
    case Kind::Double:
      if (IsSpecial(value)) return Append(meter, out, NameOfSpecial(value.AsDouble()));
      return Append(meter, out, WriteJson(value));
    case Kind::Null:
      return Append(meter, out, "null");
    case Kind::Bool:
    case Kind::Int:
    case Kind::Uint:
    case Kind::BigInt:
    case Kind::String:
    case Kind::Bytes:
    case Kind::Timestamp:
    case Kind::Duration:
    case Kind::Type: {
      const Value text = CallToString(meter, std::span(&value, 1));
      return text.is_error() ? text : Append(meter, out, text.AsString());
    }
    case Kind::Optional:
    case Kind::Error:
      break;
  }
  return WrongKind('s', "what can be written as a string", value);
}

Value AppendDecimal(Meter& meter, std::string& out, const Value& value) {
  if (IsSpecial(value)) return Append(meter, out, NameOfSpecial(value.AsDouble()));
  if (value.kind() == Kind::Int) return Append(meter, out, fmt::to_string(value.AsInt()));
  if (value.kind() == Kind::Uint) return Append(meter, out, fmt::to_string(value.AsUint()));
  if (value.kind() == Kind::BigInt) return Append(meter, out, value.AsDigits());
  // JSON may have written the int as `1.0`.
  const bool is_whole =
      value.kind() == Kind::Double && value.AsDouble() == std::trunc(value.AsDouble());
  if (is_whole) return Append(meter, out, fmt::format("{:.0f}", value.AsDouble()));
  return WrongKind('d', "an int or a uint", value);
}

Value AppendReal(Meter& meter, std::string& out, Clause clause, const Value& value) {
  if (IsSpecial(value)) return Append(meter, out, NameOfSpecial(value.AsDouble()));
  if (!value.is_number()) return WrongKind(clause.verb, "a number", value);
  const double number = ToDouble(value);
  return Append(meter, out,
                clause.verb == 'f' ? fmt::format("{:.{}f}", number, clause.precision)
                                   : fmt::format("{:.{}e}", number, clause.precision));
}

std::string InBase(char verb, uint64_t magnitude) {
  if (verb == 'b') return fmt::format("{:b}", magnitude);
  if (verb == 'o') return fmt::format("{:o}", magnitude);
  return verb == 'x' ? fmt::format("{:x}", magnitude) : fmt::format("{:X}", magnitude);
}

std::string HexOfBytes(char verb, std::string_view bytes) {
  const std::string_view digits = verb == 'x' ? "0123456789abcdef" : "0123456789ABCDEF";
  std::string hex;
  for (const char byte : bytes) {
    hex += digits[static_cast<unsigned char>(byte) >> 4];
    hex += digits[static_cast<unsigned char>(byte) & 0xF];
  }
  return hex;
}

std::string_view TakenInBase(char verb) {
  if (verb == 'b') return "an int, a uint or a bool";
  return verb == 'o' ? "an int or a uint" : "an int, a uint, a string or bytes";
}

Value AppendInBase(Meter& meter, std::string& out, char verb, const Value& value) {
  const bool is_hex = verb == 'x' || verb == 'X';
  if (is_hex && (value.is_string() || value.kind() == Kind::Bytes)) {
    if (!meter.Allocate(2 * value.weight(), 0)) return Meter::BudgetError();
    return Append(meter, out, HexOfBytes(verb, value.AsString()));
  }
  if (verb == 'b' && value.kind() == Kind::Bool)
    return Append(meter, out, value.is_true() ? "1" : "0");
  if (value.kind() == Kind::Uint) return Append(meter, out, InBase(verb, value.AsUint()));
  if (value.kind() == Kind::BigInt) return BeyondInt(value);
  if (value.kind() != Kind::Int) return WrongKind(verb, TakenInBase(verb), value);
  const auto bits = static_cast<uint64_t>(value.AsInt());
  if (value.AsInt() >= 0) return Append(meter, out, InBase(verb, bits));
  return Append(meter, out, "-" + InBase(verb, 0 - bits));
}

Value AppendClause(Meter& meter, std::string& out, Clause clause, const Value& value) {
  if (clause.verb == 'd') return AppendDecimal(meter, out, value);
  if (clause.verb == 'f' || clause.verb == 'e') return AppendReal(meter, out, clause, value);
  if (clause.verb != 's') return AppendInBase(meter, out, clause.verb, value);
  if (value.depth() <= kMaxDepth) return AppendPlain(meter, out, value);
  return Value::Error(EvalError::Argument,
                      fmt::format("`%s` of `format` nests at most {} levels", kMaxDepth));
}

Value BadClause(std::string_view from) {
  const size_t length = from.size() > 1 ? 1 + DecodeUtf8(from, 1).length : 1;
  return Value::Error(
      EvalError::Argument,
      fmt::format(
          "`{}` begins no clause of `format`: `%s %d %f %e %b %o %x %X %%`, and a precision "
          "of up to {} for `f` and `e`, as in `%.3f`",
          from.substr(0, length), kMaxPrecision));
}

}  // namespace

Value CallFormat(Meter& meter, Arguments arguments) {
  if (!arguments[0].is_string() || arguments[1].kind() != Kind::List) {
    return TypeError("`format` takes a list of values, and a string to put them in");
  }
  if (!meter.Walk(arguments[0].weight())) return Meter::BudgetError();
  const std::string_view text = arguments[0].AsString();
  const auto values = arguments[1].items();
  std::string out;
  size_t used = 0;
  size_t at = 0;
  for (size_t percent = text.find('%'); percent != std::string_view::npos;
       percent = text.find('%', at)) {
    out.append(text, at, percent - at);
    std::string_view rest = text.substr(percent + 1);
    const auto clause = TakeClause(rest);
    if (!clause) return BadClause(text.substr(percent));
    at = text.size() - rest.size();
    if (clause->verb == '%') {
      out += '%';
      continue;
    }
    if (used == values.size()) {
      return Value::Error(EvalError::Index,
                          fmt::format("`format` has more clauses than its {} values", used));
    }
    Value problem = AppendClause(meter, out, *clause, values[used++]);
    if (problem.is_error()) return problem;
  }
  if (used != values.size()) {
    return Value::Error(EvalError::Argument,
                        fmt::format("`format` has {} clauses for {} values", used, values.size()));
  }
  out.append(text, at);
  return MakeText(meter, out);
}

}  // namespace wfc::vm

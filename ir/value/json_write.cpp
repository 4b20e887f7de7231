// Writes values as JSON text with an explicit stack, because values nest deep.
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "ir/value/json.h"
#include "ir/value/text.h"

namespace wfc {
namespace {

/// A list or map that has been opened and not yet closed.
struct Open {
  const Value* value;
  size_t next = 0;
};

size_t CountOf(const Value& value) {
  return value.kind() == Kind::List ? value.items().size() : value.entries().size();
}

bool IsContainer(const Value& value) {
  return value.kind() == Kind::List || value.kind() == Kind::Map;
}

/// The value inside an Optional, which is written in its place; null for an empty one.
const Value& Unwrap(const Value& value) {
  static const Value kNull{};
  const Value* current = &value;
  while (current->kind() == Kind::Optional) {
    current = current->optional_value();
    if (current == nullptr) return kNull;
  }
  return *current;
}

void AppendInteger(std::string& out, const fmt::format_int& digits) {
  out.append(digits.data(), digits.size());
}

void AppendScalar(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::Bool:
      out += value.AsBool() ? "true" : "false";
      return;
    case Kind::Int:
      return AppendInteger(out, fmt::format_int(value.AsInt()));
    case Kind::Uint:
      return AppendInteger(out, fmt::format_int(value.AsUint()));
    case Kind::BigInt:
      out += value.AsDigits();
      return;
    case Kind::Double:
      return AppendJsonNumber(out, value.AsDouble());
    case Kind::String:
      return AppendJsonString(out, value.AsString());
    case Kind::Bytes:
      return AppendJsonString(out, ToBase64(value.AsString()));
    case Kind::Timestamp:
      return AppendJsonString(out, FormatTimestamp(value.AsTime()));
    case Kind::Duration:
      return AppendJsonString(out, FormatDuration(value.AsTime()));
    case Kind::Type:
      return AppendJsonString(out, GetName(value.AsType()));
    case Kind::Error:
      out += "{\"error\":";
      AppendJsonString(out, value.error_message());
      out += '}';
      return;
    case Kind::Null:
    case Kind::List:
    case Kind::Map:
    case Kind::Optional:
      out += "null";
      return;
  }
}

void AppendKey(std::string& out, const Value& key) {
  if (key.is_string()) return AppendJsonString(out, key.AsString());
  out += '"';
  AppendScalar(out, key);
  out += '"';
}

/// Writes one value in one pass with an explicit stack.
class JsonWriter {
 public:
  JsonWriter(std::string& out, JsonStyle style) : out_(out), style_(style) {}

  void Write(const Value& root) {
    WriteOne(root);
    while (!open_.empty()) {
      Open& top = open_.back();
      if (top.next == CountOf(*top.value)) {
        const bool is_list = top.value->kind() == Kind::List;
        open_.pop_back();
        NewLine();
        out_ += is_list ? ']' : '}';
        continue;
      }
      WriteNext(top);
    }
  }

 private:
  void WriteNext(Open& top) {
    if (top.next != 0) out_ += ',';
    NewLine();
    const size_t index = top.next++;
    if (top.value->kind() == Kind::List) return WriteOne(top.value->items()[index]);
    const MapEntry& entry = top.value->entries()[index];
    AppendKey(out_, entry.key);
    out_ += style_ == JsonStyle::Pretty ? ": " : ":";
    WriteOne(entry.value);
  }

  void WriteOne(const Value& wrapped) {
    const Value& value = Unwrap(wrapped);
    if (!IsContainer(value)) return AppendScalar(out_, value);
    const bool is_list = value.kind() == Kind::List;
    if (CountOf(value) == 0) {
      out_ += is_list ? "[]" : "{}";
      return;
    }
    out_ += is_list ? '[' : '{';
    open_.push_back({.value = &value});
  }

  void NewLine() {
    if (style_ == JsonStyle::Compact) return;
    out_ += '\n';
    out_.append(2 * open_.size(), ' ');
  }

  std::string& out_;
  JsonStyle style_;
  std::vector<Open> open_;
};

}  // namespace

// The layout follows ECMA-262, Number::toString: plain digits up to 10^21 and down to 10^-6. Whole
// numbers from 2^53 on are written with all their digits instead, because they are read back as
// integers.
void AppendJsonNumber(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  if (number == 0) {
    out += '0';
    return;
  }
  constexpr double kTwoTo53 = 9007199254740992.0;
  const double size = std::fabs(number);
  if (size >= kTwoTo53 && size < 1e21) {
    fmt::format_to(std::back_inserter(out), "{:.0f}", number);
    return;
  }
  std::array<char, 40> buffer;
  const auto end =
      std::to_chars(buffer.begin(), buffer.end(), size, std::chars_format::scientific).ptr;
  const std::string_view text(buffer.data(), static_cast<size_t>(end - buffer.data()));
  const size_t e = text.find('e');
  std::string digits(1, text[0]);
  if (e > 2) digits += text.substr(2, e - 2);
  int exponent = 0;
  const char* exponent_begin = text.data() + e + (text[e + 1] == '+' ? 2 : 1);
  std::from_chars(exponent_begin, end, exponent);

  if (number < 0) out += '-';
  const int count = static_cast<int>(digits.size());
  if (exponent >= 21 || exponent < -6) {
    out += digits[0];
    if (count > 1) out.append(1, '.').append(digits, 1);
    fmt::format_to(std::back_inserter(out), "e{:+}", exponent);
  } else if (exponent < 0) {
    out.append("0.").append(static_cast<size_t>(-exponent) - 1, '0').append(digits);
  } else if (exponent + 1 >= count) {
    out.append(digits).append(static_cast<size_t>(exponent) + 1 - static_cast<size_t>(count), '0');
  } else {
    const size_t whole = static_cast<size_t>(exponent) + 1;
    out.append(digits, 0, whole).append(1, '.').append(digits, whole);
  }
}

void AppendJson(std::string& out, const Value& value, JsonStyle style) {
  JsonWriter(out, style).Write(value);
}

std::string WriteJson(const Value& value, JsonStyle style) {
  std::string out;
  AppendJson(out, value, style);
  return out;
}

}  // namespace wfc

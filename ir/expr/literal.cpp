#include "ir/expr/literal.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "ir/base/utf8.h"
#include "ir/value/text.h"

namespace wfc::expr {
namespace {

Error Malformed() {
  return Error{"a malformed escape in the string"};
}

std::optional<char> SimpleEscape(char c) {
  constexpr std::string_view kLetters = "abfnrtv\\?\"'`";
  constexpr std::string_view kValues = "\a\b\f\n\r\t\v\\?\"'`";
  const size_t index = kLetters.find(c);
  if (index == std::string_view::npos) return std::nullopt;
  return kValues[index];
}

/// Removes `count` digits of the given base from the front of `text` and returns their value; empty
/// if there are not that many.
std::optional<uint32_t> TakeDigits(std::string_view& text, size_t count, int base) {
  if (text.size() < count) return std::nullopt;
  uint32_t number = 0;
  const char* end = text.data() + count;
  const auto parsed = std::from_chars(text.data(), end, number, base);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  text.remove_prefix(count);
  return number;
}

/// Appends the character of a numeric escape. `text` begins behind the backslash, and the escape is
/// removed from it. False if the escape is malformed.
bool AppendNumericEscape(std::string& out, std::string_view& text, bool is_bytes) {
  const char c = text.front();
  const bool is_octal = c >= '0' && c <= '3';
  size_t digits = 3;
  if (c == 'x' || c == 'X') digits = 2;
  if (c == 'u') digits = 4;
  if (c == 'U') digits = 8;
  if (digits == 3 && !is_octal) return false;
  if (!is_octal) text.remove_prefix(1);
  const auto number = TakeDigits(text, digits, is_octal ? 8 : 16);
  if (!number) return false;
  if (is_bytes) {
    if (digits > 3) return false;
    out += static_cast<char>(*number);
    return true;
  }
  if (*number > 0x10FFFF || (*number >= 0xD800 && *number < 0xE000)) return false;
  AppendUtf8(out, *number);
  return true;
}

Result<Value> ReadString(std::string_view text, bool is_bytes) {
  bool is_raw = false;
  while (text.front() != '"' && text.front() != '\'') {
    is_raw |= text.front() == 'r' || text.front() == 'R';
    text.remove_prefix(1);
  }
  const bool is_triple = text.size() >= 6 && text[1] == text[0] && text[2] == text[0];
  text = text.substr(is_triple ? 3 : 1, text.size() - (is_triple ? 6 : 2));
  std::string out;
  while (!text.empty()) {
    const size_t plain = is_raw ? text.size() : std::min(text.find('\\'), text.size());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    text.remove_prefix(1);
    if (text.empty()) return Malformed();
    if (const auto simple = SimpleEscape(text.front())) {
      out += *simple;
      text.remove_prefix(1);
    } else if (!AppendNumericEscape(out, text, is_bytes)) {
      return Malformed();
    }
  }
  return is_bytes ? Value::Bytes(out) : Value::String(out);
}

Result<Value> ReadInteger(std::string_view text, bool is_unsigned, bool negative) {
  if (is_unsigned) text.remove_suffix(1);
  const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
  if (is_hex) text.remove_prefix(2);
  uint64_t number = 0;
  const auto parsed =
      std::from_chars(text.data(), text.data() + text.size(), number, is_hex ? 16 : 10);
  if (parsed.ec != std::errc()) return Error{"the number is too large"};
  if (is_unsigned) return Value::Uint(number);
  const uint64_t limit = uint64_t{1} << 63;
  if (number > limit || (number == limit && !negative)) return Error{"the number is too large"};
  return Value::Int(static_cast<int64_t>(negative ? 0 - number : number));
}

}  // namespace

Result<Value> ReadLiteral(TokenKind kind, std::string_view text, bool negative) {
  if (kind == TokenKind::String || kind == TokenKind::Bytes) {
    return ReadString(text, kind == TokenKind::Bytes);
  }
  if (kind != TokenKind::Double) return ReadInteger(text, kind == TokenKind::Uint, negative);
  const auto number = ParseDouble(text);
  if (!number || !std::isfinite(*number)) return Error{"the number is too large"};
  return Value::Double(negative ? -*number : *number);
}

}  // namespace wfc::expr

// The rules of both schemas are short enough to be written out as functions, each schema by its own
// grammar.
#include "frontend/yaml/plain.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <fmt/core.h>

#include "ir/base/ascii.h"
#include "ir/value/numbers.h"

namespace wfc::yaml {
namespace {

bool All(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kOctal = "01234567";
constexpr std::string_view kHex = "0123456789abcdefABCDEF";

/// Whether `text` is `word` in one of the spellings `word`, `Word` and `WORD`.
bool IsWord(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  const auto upper = [](char c) { return static_cast<char>(c - 0x20); };
  const bool capital = text[0] == upper(word[0]);
  if (!capital && text[0] != word[0]) return false;
  const std::string_view rest = text.substr(1);
  if (rest == word.substr(1)) return true;
  return capital && std::ranges::equal(rest, word.substr(1), {}, {}, upper);
}

std::string_view WithoutSign(std::string_view text) {
  return text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
}

PlainType Unreadable(std::string_view problem) {
  return {.kind = Kind::Poison, .problem = problem};
}

PlainType ResolveInteger(std::string_view digits, int base) {
  int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, value, base);
  if (error == std::errc()) return {.kind = Kind::Int};
  if (base != 10) return Unreadable("does not fit 64 bits; write it in decimals");
  if (ParseInteger(digits)) return {.kind = Kind::BigInt};
  return Unreadable("has too many digits");
}

struct Decimal {
  std::string_view whole, fraction, exponent;
  bool has_point = false, has_exponent = false, has_exponent_sign = false;
};

/// Splits an unsigned decimal number such as `1.5e+3` into its parts, without validating them. The
/// sign of the exponent is not part of `exponent`.
Decimal Split(std::string_view text) {
  Decimal parts;
  const size_t e = text.find_first_of("eE");
  if (e != std::string_view::npos) {
    parts.has_exponent = true;
    const std::string_view exponent = text.substr(e + 1);
    parts.exponent = WithoutSign(exponent);
    parts.has_exponent_sign = parts.exponent.size() != exponent.size();
    text = text.substr(0, e);
  }
  const size_t point = text.find('.');
  parts.has_point = point != std::string_view::npos;
  parts.whole = text.substr(0, point);
  if (parts.has_point) parts.fraction = text.substr(point + 1);
  return parts;
}

bool IsFloat12(const Decimal& parts) {
  const bool whole = parts.whole.empty() || All(parts.whole, kDigits);
  const bool fraction = parts.fraction.empty() || All(parts.fraction, kDigits);
  const bool some = !parts.whole.empty() || !parts.fraction.empty();
  return whole && fraction && some && (!parts.has_exponent || All(parts.exponent, kDigits));
}

PlainType ResolveNumber(std::string_view text) {
  if (text.starts_with("0x") && All(text.substr(2), kHex)) {
    return ResolveInteger(text.substr(2), 16);
  }
  if (text.starts_with("0o") && All(text.substr(2), kOctal)) {
    return ResolveInteger(text.substr(2), 8);
  }
  const std::string_view digits = WithoutSign(text);
  if (All(digits, kDigits)) {
    return ResolveInteger(text.starts_with('+') ? digits : text, 10);
  }
  const bool is_word = IsWord(digits, ".inf") || digits == ".Inf" || digits == ".INF" ||
                       text == ".nan" || text == ".NaN" || text == ".NAN";
  if (is_word) return {.is_not_in_json = true};
  if (!IsFloat12(Split(digits))) return {};
  const Result<double> value = ParseDecimal(digits);
  if (value) return {.kind = Kind::Double};
  return Unreadable(value.error().message == "the number is too large" ? "is too large"
                                                                       : "is too near 0");
}

/// Whether YAML 1.1 reads the text as a number in base 60, such as `1:30:05`.
bool IsSexagesimal(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || !All(text.substr(0, colon), "0123456789_")) return false;
  if (!IsDigit(text[0])) return false;
  std::string_view rest = text.substr(colon);
  if (const size_t point = rest.find('.'); point != std::string_view::npos) {
    if (!rest.substr(point + 1).empty() && !All(rest.substr(point + 1), "0123456789_"))
      return false;
    rest = rest.substr(0, point);
  }
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the colon
    const std::string_view part = rest.substr(0, rest.find(':'));
    if (!All(part, kDigits) || part.size() > 2 || (part.size() == 2 && part[0] > '5')) return false;
    rest.remove_prefix(part.size());
  }
  return true;
}

/// Whether the text begins as a YAML 1.1 timestamp: `2001-12-14`, alone or before a time.
bool IsDate(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return false;
  const bool digits = All(text.substr(0, 4), kDigits) && All(text.substr(5, 2), kDigits) &&
                      All(text.substr(8, 2), kDigits);
  return digits && (text.size() == 10 || text[10] == 'T' || text[10] == 't' || text[10] == ' ');
}

std::string Octal(std::string_view text, std::string_view digits) {
  std::string plain;
  std::ranges::copy_if(digits, std::back_inserter(plain), [](char c) { return c != '_'; });
  uint64_t octal = 0;
  uint64_t decimal = 0;
  (void)std::from_chars(plain.data(), plain.data() + plain.size(), octal, 8);
  (void)std::from_chars(plain.data(), plain.data() + plain.size(), decimal, 10);
  if (octal == decimal && plain.size() == digits.size()) return {};
  return fmt::format("the number {}{}", text.starts_with('-') ? "-" : "", octal);
}

/// Whether only YAML 1.1 reads the text as a number: binary digits, digits with underscores, or
/// hexadecimal digits with underscores or a sign. `digits` is `text` without its sign.
bool IsNumberOnlyIn11(std::string_view text, std::string_view digits) {
  if (digits.starts_with("0b")) return All(digits.substr(2), "01_");
  if (digits.starts_with("0x")) {
    return All(digits.substr(2), "0123456789abcdefABCDEF_") &&
           (text != digits || digits.find('_') != std::string_view::npos);
  }
  if (digits.find('_') == std::string_view::npos) return false;
  const Decimal parts = Split(digits);
  const bool whole = All(parts.whole, "0123456789_") && IsDigit(parts.whole[0]);
  const bool fraction = parts.fraction.empty() || All(parts.fraction, "0123456789_");
  return whole && fraction && (!parts.has_exponent || (parts.has_point && parts.has_exponent_sign));
}

}  // namespace

PlainType ResolvePlain(std::string_view text) {
  if (text.empty()) return {.kind = Kind::Null};
  switch (text[0]) {
    case '~':
      return {.kind = text.size() == 1 ? Kind::Null : Kind::String};
    case 'n':
    case 'N':
      return {.kind = IsWord(text, "null") ? Kind::Null : Kind::String};
    case 't':
    case 'T':
      return {.kind = IsWord(text, "true") ? Kind::Bool : Kind::String};
    case 'f':
    case 'F':
      return {.kind = IsWord(text, "false") ? Kind::Bool : Kind::String};
    default:
      if (IsDigit(text[0]) || text[0] == '+' || text[0] == '-' || text[0] == '.') {
        return ResolveNumber(text);
      }
      return {};
  }
}

std::string ReadAsYaml11(std::string_view text) {
  if (text.empty()) return {};
  if (IsWord(text, "yes") || IsWord(text, "on")) return "true";
  if (IsWord(text, "no") || IsWord(text, "off")) return "false";
  const std::string_view digits = WithoutSign(text);
  if (digits.empty() || (!IsDigit(digits[0]) && digits[0] != '.')) return {};
  if (All(digits, "0123456789_") && digits[0] == '0' && digits.size() > 1) {
    return All(digits, "01234567_") ? Octal(text, digits) : "text";
  }
  if (text.starts_with("0o") && All(text.substr(2), kOctal)) return "text";
  if (IsNumberOnlyIn11(text, digits)) return "a number";
  if (IsSexagesimal(digits)) return "a number in base 60";
  if (IsDate(text)) return "a date";
  const Decimal parts = Split(digits);
  const bool is_exponent = parts.has_exponent && IsFloat12(parts);
  if (is_exponent && (!parts.has_point || !parts.has_exponent_sign)) return "text";
  return {};
}

}  // namespace wfc::yaml

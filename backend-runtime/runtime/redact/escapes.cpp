#include "backend-runtime/runtime/redact/escapes.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ir/base/utf8.h"

namespace wfc::redact {
namespace {

std::optional<uint32_t> ReadNumber(std::string_view digits, size_t count, uint32_t base) {
  if (count == 0 || digits.size() < count) return std::nullopt;
  uint32_t number = 0;
  for (const char c : digits.substr(0, count)) {
    const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool is_digit = lower >= '0' && lower <= '9';
    if (!is_digit && (lower < 'a' || lower > 'f')) return std::nullopt;
    const auto value = static_cast<uint32_t>(is_digit ? lower - '0' : lower - 'a' + 10);
    if (value >= base) return std::nullopt;
    number = number * base + value;
  }
  return number;
}

std::optional<uint32_t> ReadHex(std::string_view digits, size_t count) {
  return ReadNumber(digits, count, 16);
}

std::string Byte(uint32_t byte) {
  return std::string(1, static_cast<char>(byte));
}

std::string Utf8Of(uint32_t code_point) {
  std::string bytes;
  const bool is_scalar = code_point < 0xD800 || (code_point > 0xDFFF && code_point <= 0x10FFFF);
  AppendUtf8(bytes, is_scalar ? static_cast<char32_t>(code_point) : U'\uFFFD');
  return bytes;
}

/// Decodes `\u{X…}` (1 to 8 digits) and `\UXXXXXXXX`.
Escape ReadLongUnicodeEscape(std::string_view text) {
  if (text.starts_with("\\U")) {
    const auto code_point = ReadHex(text.substr(2), 8);
    return code_point ? Escape{.length = 10, .meaning = Utf8Of(*code_point)} : Escape{};
  }
  constexpr size_t kBegin = 3;
  constexpr size_t kMostDigits = 8;
  if (!text.starts_with("\\u{")) return {};
  const size_t end = text.substr(0, kBegin + kMostDigits + 1).find('}');
  if (end == std::string_view::npos) return {};
  const auto code_point = ReadHex(text.substr(kBegin), end - kBegin);
  return code_point ? Escape{.length = end + 1, .meaning = Utf8Of(*code_point)} : Escape{};
}

/// Decodes `\uXXXX`, or two of them that form a surrogate pair, and the longer forms.
Escape ReadUnicodeEscape(std::string_view text) {
  constexpr size_t kLength = 6;
  const auto unit = text.substr(0, 2) == "\\u" ? ReadHex(text.substr(2), 4) : std::nullopt;
  if (!unit) return ReadLongUnicodeEscape(text);
  const std::string_view rest = text.substr(kLength);
  const auto low = rest.substr(0, 2) == "\\u" ? ReadHex(rest.substr(2), 4) : std::nullopt;
  if ((*unit & 0xFC00) == 0xD800 && low && (*low & 0xFC00) == 0xDC00) {
    return {.length = 2 * kLength,
            .meaning = Utf8Of(0x10000 + ((*unit & 0x3FF) << 10) + (*low & 0x3FF))};
  }
  return {.length = kLength, .meaning = Utf8Of(*unit)};
}

Escape ReadBackslash(std::string_view text) {
  constexpr std::string_view kMarks = "bfnrtavE";
  constexpr std::string_view kMeanings = "\b\f\n\r\t\a\v\x1b";
  if (text.size() < 2) return {};
  if (const size_t mark = kMarks.find(text[1]); mark != std::string_view::npos) {
    return {.length = 2, .meaning = std::string(1, kMeanings[mark])};
  }
  if (const auto byte = text[1] == 'x' ? ReadHex(text.substr(2), 2) : std::nullopt) {
    return {.length = 4, .meaning = Byte(*byte)};
  }
  if (const auto byte = ReadNumber(text.substr(1), 3, 8); byte && *byte < 256) {
    return {.length = 4, .meaning = Byte(*byte)};
  }
  const bool is_sign = text[1] == '\t' || (text[1] >= ' ' && text[1] < '0') ||
                       (text[1] > '9' && text[1] < 'A') || (text[1] > 'Z' && text[1] < 'a') ||
                       (text[1] > 'z' && text[1] < '\x7f');
  if (is_sign) return {.length = 2, .meaning = std::string(1, text[1])};
  return ReadUnicodeEscape(text);
}

Escape ReadPercent(std::string_view text) {
  if (const auto byte = ReadHex(text.substr(1), 2)) {
    return {.length = 3, .meaning = Byte(*byte)};
  }
  const bool is_long = text.size() > 1 && (text[1] == 'u' || text[1] == 'U');
  if (const auto unit = is_long ? ReadHex(text.substr(2), 4) : std::nullopt) {
    return {.length = 6, .meaning = Utf8Of(*unit)};
  }
  return {};
}

constexpr std::pair<std::string_view, std::string_view> kEntities[] = {
    {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}};

Escape ReadEntity(std::string_view text) {
  for (const auto& [entity, meaning] : kEntities) {
    if (text.starts_with(entity)) return {.length = entity.size(), .meaning = std::string(meaning)};
  }
  if (!text.starts_with("&#")) return {};
  constexpr size_t kMostDigits = 8;
  const bool is_hex = text.size() > 2 && (text[2] | 0x20) == 'x';
  const size_t begin = is_hex ? 3 : 2;
  const size_t end = text.substr(0, begin + kMostDigits + 1).find(';');
  if (end == std::string_view::npos || end < begin) return {};
  const auto code_point = ReadNumber(text.substr(begin), end - begin, is_hex ? 16 : 10);
  if (!code_point) return {};
  return {.length = end + 1, .meaning = Utf8Of(*code_point)};
}

Escape ReadQuotedPrintable(std::string_view text) {
  if (text.starts_with("=\n")) return {.length = 2};
  if (text.starts_with("=\r\n")) return {.length = 3};
  const auto byte = ReadHex(text.substr(1), 2);
  return byte ? Escape{.length = 3, .meaning = Byte(*byte)} : Escape{};
}

/// Decodes `'$'\t\n''`: some shells and tools leave the quotes for characters that have no other
/// form.
Escape ReadDollarQuote(std::string_view text) {
  if (!text.starts_with("'$'\\")) return {};
  Escape all = {.length = 3};
  while (text.substr(all.length).starts_with('\\')) {
    const Escape next = ReadBackslash(text.substr(all.length));
    if (next.length == 0) return {};
    all.length += next.length;
    all.meaning += next.meaning;
  }
  if (!text.substr(all.length).starts_with('\'')) return {};
  all.length += text.substr(all.length).starts_with("''") ? 2 : 1;
  return all;
}

Escape ReadQuotes(std::string_view text) {
  for (const std::string_view form : {R"('\'')", R"('"'"')", "''"}) {
    if (text.starts_with(form)) return {.length = form.size(), .meaning = "'"};
  }
  return ReadDollarQuote(text);
}

}  // namespace

char MarkOf(Encoding encoding) {
  switch (encoding) {
    case Encoding::Backslashes:
      return '\\';
    case Encoding::Percent:
      return '%';
    case Encoding::Entities:
      return '&';
    case Encoding::QuotedPrintable:
      return '=';
    case Encoding::Quotes:
      return '\'';
  }
  return '\0';
}

Escape ReadEscape(Encoding encoding, std::string_view text) {
  switch (encoding) {
    case Encoding::Backslashes:
      return ReadBackslash(text);
    case Encoding::Percent:
      return ReadPercent(text);
    case Encoding::Entities:
      return ReadEntity(text);
    case Encoding::QuotedPrintable:
      return ReadQuotedPrintable(text);
    case Encoding::Quotes:
      return ReadQuotes(text);
  }
  return {};
}

}  // namespace wfc::redact

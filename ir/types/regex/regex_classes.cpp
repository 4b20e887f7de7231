#include "ir/types/regex/regex_classes.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "ir/base/utf8.h"

namespace wfc::types {
namespace {

constexpr char32_t kMaxCodePoint = 0x10FFFF;

// WhiteSpace and LineTerminator of ECMAScript, which `\s` matches.
const std::vector<CodePointRange>& Spaces() {
  static const std::vector<CodePointRange> ranges = {
      {0x09, 0x0D},     {0x20, 0x20},     {0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200A},
      {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF}};
  return ranges;
}

void AppendCodePoint(std::string& out, char32_t code_point, std::string_view operators) {
  if (code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0xFEFF ||
      (code_point >= 0x2000 && code_point < 0x2070) ||
      (code_point >= 0xD800 && code_point < 0xE000)) {
    out += fmt::format("\\x{{{:x}}}", static_cast<uint32_t>(code_point));
    return;
  }
  if (code_point < 0x80 && operators.find(static_cast<char>(code_point)) != operators.npos) {
    out += '\\';
  }
  AppendUtf8(out, code_point);
}

}  // namespace

std::vector<CodePointRange> Complement(std::vector<CodePointRange> ranges) {
  std::ranges::sort(ranges, {}, &CodePointRange::first);
  std::vector<CodePointRange> outside;
  char32_t next = 0;
  for (const CodePointRange& range : ranges) {
    if (range.first > next) outside.push_back({next, range.first - 1});
    next = std::max(next, static_cast<char32_t>(range.last + 1));
  }
  if (next <= kMaxCodePoint) outside.push_back({next, kMaxCodePoint});
  return outside;
}

std::optional<CodePointSet> FindClassEscape(char letter) {
  CodePointSet set;
  switch (letter) {
    case 'd':
    case 'D':
      set.ranges = {{'0', '9'}};
      break;
    case 'w':
    case 'W':
      set.ranges = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
      break;
    case 's':
    case 'S':
      set.ranges = Spaces();
      break;
    default:
      return std::nullopt;
  }
  set.is_negated = letter < 'a';
  return set;
}

CodePointSet AnyButLineTerminators() {
  return {.ranges = {{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}},
          .properties = {},
          .is_negated = true};
}

std::string PropertyName(std::string_view spelled) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kNames = {{
      {"Letter", "L"},
      {"Lowercase_Letter", "Ll"},
      {"Uppercase_Letter", "Lu"},
      {"Mark", "M"},
      {"Number", "N"},
      {"Decimal_Number", "Nd"},
      {"digit", "Nd"},
      {"Punctuation", "P"},
      {"Symbol", "S"},
      {"Separator", "Z"},
      {"Other", "C"},
  }};
  const size_t equals = spelled.find('=');
  if (equals != std::string_view::npos) spelled.remove_prefix(equals + 1);
  for (const auto& [name, short_name] : kNames) {
    if (name == spelled) return std::string(short_name);
  }
  return std::string(spelled);
}

void AppendRe2Literal(std::string& out, char32_t code_point) {
  AppendCodePoint(out, code_point, "\\^$.|?*+()[]{}");
}

void AppendRe2Set(std::string& out, const CodePointSet& set) {
  if (set.ranges.empty() && set.properties.empty()) {
    out += set.is_negated ? "(?s:.)" : "[^\\x{0}-\\x{10ffff}]";
    return;
  }
  std::vector<CodePointRange> ranges = set.ranges;
  std::ranges::sort(ranges, {}, &CodePointRange::first);
  out += set.is_negated ? "[^" : "[";
  for (const CodePointRange& range : ranges) {
    AppendCodePoint(out, range.first, "\\]^[-");
    if (range.first == range.last) continue;
    out += '-';
    AppendCodePoint(out, range.last, "\\]^[-");
  }
  for (const CodePointSet::Property& property : set.properties) {
    out += fmt::format("\\{}{{{}}}", property.is_negated ? 'P' : 'p', property.name);
  }
  out += ']';
}

}  // namespace wfc::types

#include "ir/base/visible_text.h"

#include <algorithm>
#include <string_view>

#include <fmt/core.h>

#include "ir/base/utf8.h"

namespace wfc {
namespace {

struct Interval {
  char32_t first;
  char32_t last;
};

/// C0 and C1 controls and DEL; the Arabic letter mark; the marks, embeddings, overrides and
/// isolates of the bidirectional algorithm ("Trojan Source", Boucher and Anderson, 2021); the line
/// and paragraph separators.
constexpr Interval kHiddenControls[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C},
                                        {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069}};

/// Escapes the hidden controls in `text`, except for the characters of `kept`.
std::string Escape(std::string_view text, std::string_view kept) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const DecodedCodePoint c = DecodeUtf8(text, at);
    const bool is_kept = c.length == 1 && kept.find(text[at]) != std::string_view::npos;
    at += c.length;
    if (!is_kept && IsHiddenControl(c.code_point)) {
      out += EscapedControl(c.code_point);
    } else {
      AppendUtf8(out, c.code_point);
    }
  }
  return out;
}

}  // namespace

bool IsHiddenControl(char32_t character) {
  return std::ranges::any_of(kHiddenControls, [&](const Interval& each) {
    return each.first <= character && character <= each.last;
  });
}

std::string EscapedControl(char32_t character) {
  const auto code = static_cast<uint32_t>(character);
  return code < 0x100 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{{{:x}}}", code);
}

std::string VisibleText(std::string_view text) {
  return Escape(text, "");
}

std::string VisibleLines(std::string_view text) {
  return Escape(text, "\n\t");
}

std::string VisibleLine(std::string_view text) {
  std::string line = VisibleLines(text);
  std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return line;
}

}  // namespace wfc

#include "ir/diag/plain_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <llvm/Support/Unicode.h>

#include "ir/base/utf8.h"

namespace wfc::diag {
namespace {

constexpr uint32_t kTabWidth = 4;

bool IsControl(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

/// Characters that change the order or the place of others (Unicode's "Trojan source" set).
bool IsBidirectionalControl(char32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F;
}

uint32_t Width(std::string_view character) {
  return static_cast<uint32_t>(std::max(0, llvm::sys::unicode::columnWidthUTF8(character)));
}

}  // namespace

std::string PlainText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const DecodedCodePoint c = DecodeUtf8(text, at);
    at += c.length;
    if (IsControl(c.code_point)) {
      out += fmt::format("\\x{:02x}", static_cast<uint32_t>(c.code_point));
    } else {
      AppendUtf8(out, IsBidirectionalControl(c.code_point) ? 0xFFFD : c.code_point);
    }
  }
  return out;
}

DisplayLine MakeDisplayLine(std::string_view line) {
  DisplayLine shown;
  shown.columns.reserve(line.size() + 1);
  uint32_t column = 0;
  for (size_t at = 0; at < line.size();) {
    const DecodedCodePoint c = DecodeUtf8(line, at);
    shown.columns.insert(shown.columns.end(), c.length, column);
    if (c.code_point == '\t') {
      const uint32_t width = kTabWidth - (column % kTabWidth);
      shown.text.append(width, ' ');
      column += width;
    } else {
      const size_t before = shown.text.size();
      const bool is_shown = !IsControl(c.code_point) && !IsBidirectionalControl(c.code_point);
      AppendUtf8(shown.text, is_shown ? c.code_point : 0xFFFD);
      column += is_shown ? Width(std::string_view(shown.text).substr(before)) : 1;
    }
    at += c.length;
  }
  shown.columns.push_back(column);
  return shown;
}

}  // namespace wfc::diag

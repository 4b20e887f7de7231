#include "ir/diag/display_line.h"

#include <algorithm>

#include <llvm/Support/Unicode.h>

#include "ir/base/utf8.h"
#include "ir/base/visible_text.h"

namespace wfc::diag {
namespace {

constexpr uint32_t kTabWidth = 4;

uint32_t Width(std::string_view character) {
  return static_cast<uint32_t>(std::max(0, llvm::sys::unicode::columnWidthUTF8(character)));
}

void AppendVisible(std::string& text, char32_t code_point) {
  if (IsHiddenControl(code_point)) {
    text += EscapedControl(code_point);
  } else {
    AppendUtf8(text, code_point);
  }
}

}  // namespace

DisplayLine MakeDisplayLine(std::string_view line) {
  DisplayLine shown;
  shown.columns.reserve(line.size() + 1);
  uint32_t column = 0;
  for (size_t at = 0; at < line.size();) {
    if (line[at] >= ' ' && line[at] < '\x7f') {  // the fast path: most text is printable ASCII
      shown.columns.push_back(column++);
      shown.text += line[at++];
      continue;
    }
    const DecodedCodePoint c = DecodeUtf8(line, at);
    shown.columns.insert(shown.columns.end(), c.length, column);
    if (c.code_point == '\t') {
      const uint32_t width = kTabWidth - (column % kTabWidth);
      shown.text.append(width, ' ');
      column += width;
    } else {
      const size_t before = shown.text.size();
      AppendVisible(shown.text, c.code_point);
      column += Width(std::string_view(shown.text).substr(before));
    }
    at += c.length;
  }
  shown.columns.push_back(column);
  return shown;
}

}  // namespace wfc::diag

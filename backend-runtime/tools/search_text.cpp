#include "backend-runtime/tools/search_text.h"

#include <re2/re2.h>

#include "ir/base/utf8.h"

namespace wfc::tools {
namespace {

constexpr size_t kBinaryProbe = 8000;

std::string_view WithoutCarriageReturn(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// The line in at most `kMaxMatchText` bytes, not cut within a character.
std::string ShownLine(std::string_view line) {
  std::string text = ReplaceInvalidUtf8(line.substr(0, kMaxMatchText + 4));
  if (text.size() <= kMaxMatchText) return text;
  size_t end = kMaxMatchText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

}  // namespace

bool IsBinary(std::string_view bytes) {
  return bytes.substr(0, kBinaryProbe).find('\0') != std::string_view::npos;
}

std::vector<TextMatch> SearchText(const re2::RE2& pattern, std::string_view text,
                                  size_t max_matches) {
  std::vector<TextMatch> matches;
  size_t number = 0;
  while (!text.empty() && matches.size() < max_matches) {
    const size_t end = text.find('\n');
    const std::string_view line = WithoutCarriageReturn(text.substr(0, end));
    ++number;
    re2::StringPiece found;
    if (pattern.Match(re2::StringPiece(line.data(), line.size()), 0, line.size(),
                      re2::RE2::UNANCHORED, &found, 1)) {
      const std::string before =
          ReplaceInvalidUtf8(line.substr(0, static_cast<size_t>(found.data() - line.data())));
      matches.push_back(
          {.line = number, .column = CountCodePoints(before) + 1, .text = ShownLine(line)});
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return matches;
}

}  // namespace wfc::tools

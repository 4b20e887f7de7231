#include "frontend/specs/front_matter.h"

#include <algorithm>

namespace wfc::specs {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The line that begins at `begin`, without its line break and trailing blanks.
std::string_view LineAt(std::string_view text, size_t begin) {
  std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) {
    line.remove_suffix(1);
  }
  return line;
}

size_t NextLine(std::string_view text, size_t begin) {
  size_t end = text.find('\n', begin);
  return end == std::string_view::npos ? text.size() : end + 1;
}

}  // namespace

FrontMatter FindFrontMatter(std::string_view text) {
  size_t head = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  if (LineAt(text, head) != "---") return {};
  FrontMatter front{.status = FrontMatter::Status::Unclosed};
  size_t begin = NextLine(text, head);
  front.begin = static_cast<uint32_t>(begin);
  for (size_t line = begin; line < text.size(); line = NextLine(text, line)) {
    std::string_view content = LineAt(text, line);
    if (content != "---" && content != "...") continue;
    front.status = FrontMatter::Status::Found;
    front.end = static_cast<uint32_t>(line);
    return front;
  }
  return front;
}

}  // namespace wfc::specs

// The part of text.search that searches the text of one file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace wfc::tools {

/// One line that matches.
struct TextMatch {
  size_t line = 0;    ///< counts from 1
  size_t column = 0;  ///< counts from 1, in code points
  std::string text;   ///< the line, at most `kMaxMatchText` bytes of it
};

/// In bytes.
inline constexpr size_t kMaxMatchText = 1000;

/// Whether the file is binary: it has a NUL among its first 8000 bytes. Its lines are not searched.
[[nodiscard]] bool IsBinary(std::string_view bytes);

/// The first match in each line of `text`, which may be any bytes; at most `max_matches`.
[[nodiscard]] std::vector<TextMatch> SearchText(const re2::RE2& pattern, std::string_view text,
                                                size_t max_matches);

}  // namespace wfc::tools

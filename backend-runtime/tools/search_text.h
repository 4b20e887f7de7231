// The part of text.search that reads one file's text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace wfc::tools {

struct TextMatch {
  size_t line = 0;    ///< from 1
  size_t column = 0;  ///< from 1, in code points
  std::string text;   ///< the line, cut after `kMaxMatchText` bytes
};

inline constexpr size_t kMaxMatchText = 1000;

/// A NUL near the beginning: nobody wants its lines.
[[nodiscard]] bool IsBinary(std::string_view bytes);

/// The first match of each line of `text` (any bytes), at most `max_matches`.
[[nodiscard]] std::vector<TextMatch> SearchText(const re2::RE2& pattern, std::string_view text,
                                                size_t max_matches);

}  // namespace wfc::tools

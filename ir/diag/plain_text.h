// Text of a user's files made fit for a terminal: what is shown can neither move the cursor nor
// reorder what stands beside it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wfc::diag {

/// Control characters as `\xNN`, bidirectional controls and ill-formed bytes as U+FFFD.
[[nodiscard]] std::string PlainText(std::string_view text);

/// A source line as shown, and which column each byte of it begins at.
struct DisplayLine {
  std::string text;
  /// One entry a source byte and one past the end; the bytes of one character share a column.
  std::vector<uint32_t> columns;
};

/// Tabs go on to the next multiple of 4; wide characters take two columns, combining ones none.
[[nodiscard]] DisplayLine MakeDisplayLine(std::string_view line);

}  // namespace wfc::diag

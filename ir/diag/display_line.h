// Lines of a user's files made fit for a terminal: what is shown can neither move the cursor nor
// reorder what stands beside it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wfc::diag {

/// A source line as shown, and which column each byte of it begins at.
struct DisplayLine {
  std::string text;
  /// One entry a source byte and one past the end; the bytes of one character share a column.
  std::vector<uint32_t> columns;
};

/// Hidden controls are escaped (`VisibleText`). Tabs go on to the next multiple of 4; wide
/// characters take two columns, combining ones none.
[[nodiscard]] DisplayLine MakeDisplayLine(std::string_view line);

}  // namespace wfc::diag

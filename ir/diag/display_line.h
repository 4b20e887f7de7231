// Prepares lines of a user's file for a terminal: the shown text can neither move the cursor nor
// reorder the text around it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wfc::diag {

/// A source line as shown, and the column at which each of its bytes is shown.
struct DisplayLine {
  std::string text;
  /// One entry per byte of the source line and one for its end. The bytes of one character share a
  /// column.
  std::vector<uint32_t> columns;
};

/// Escapes hidden controls as `VisibleText` does. A tab moves to the next multiple of 4 columns; a
/// wide character takes two columns and a combining one none.
[[nodiscard]] DisplayLine MakeDisplayLine(std::string_view line);

}  // namespace wfc::diag

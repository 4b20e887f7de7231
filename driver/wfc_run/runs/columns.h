// Texts that fit into columns of a terminal. Called by the verbs that print tables or redraw lines.
#pragma once

#include <string>
#include <string_view>

namespace wfc::driver {

/// The text as one line of at most `width` columns; what does not fit ends with `…`.
[[nodiscard]] std::string Clip(std::string_view text, size_t width);

/// The same, filled up with blanks to just as many columns.
[[nodiscard]] std::string Cell(std::string_view text, size_t width);

}  // namespace wfc::driver

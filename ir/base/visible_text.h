// Text that others wrote, made fit for a terminal: what is shown can neither move the cursor nor
// reorder what stands beside it.
#pragma once

#include <string>
#include <string_view>

namespace wfc {

/// Whether a terminal would act on the character, or let it change the place of others: control
/// characters, bidirectional controls, line and paragraph separators.
[[nodiscard]] bool IsHiddenControl(char32_t character);

/// A hidden control as it is shown: `\x1b`, `\u{202e}`.
[[nodiscard]] std::string EscapedControl(char32_t character);

/// `text` with hidden controls escaped, and U+FFFD for ill-formed bytes.
[[nodiscard]] std::string VisibleText(std::string_view text);

/// The same, but lines stay lines and TABs stay TABs.
[[nodiscard]] std::string VisibleLines(std::string_view text);

/// The same on one line: blanks for line ends and TABs.
[[nodiscard]] std::string VisibleLine(std::string_view text);

}  // namespace wfc

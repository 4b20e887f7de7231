// Makes text from elsewhere safe to show on a terminal: the result can neither move the cursor nor
// reorder the text around it.
#pragma once

#include <string>
#include <string_view>

namespace wfc {

/// Whether a terminal would act on `character` or reorder text because of it: control characters,
/// bidirectional controls, and line and paragraph separators.
[[nodiscard]] bool IsHiddenControl(char32_t character);

/// How a hidden control is shown: `\x1b`, `\u{202e}`.
[[nodiscard]] std::string EscapedControl(char32_t character);

/// `text` with each hidden control escaped and each ill-formed byte replaced by U+FFFD. Line feeds
/// and TABs are escaped too.
[[nodiscard]] std::string VisibleText(std::string_view text);

/// As VisibleText, except that line feeds and TABs are kept.
[[nodiscard]] std::string VisibleLines(std::string_view text);

/// As VisibleText, except that line feeds and TABs become spaces. The result is one line.
[[nodiscard]] std::string VisibleLine(std::string_view text);

}  // namespace wfc

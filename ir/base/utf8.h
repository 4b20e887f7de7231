// UTF-8: validation, counting and decoding. The YAML reader's input check, source columns, string
// lengths and the automata of patterns use it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wfc {

/// The offset of the first ill-formed sequence (Unicode 15, table 3-7: no surrogates, no overlong
/// forms, nothing above U+10FFFF); `npos` when all of `text` is well formed.
[[nodiscard]] size_t FindInvalidUtf8(std::string_view text);

/// `bytes` with U+FFFD in place of each byte that is not part of a well-formed sequence.
[[nodiscard]] std::string ReplaceInvalidUtf8(std::string_view bytes);

/// The number of code points in `text`, which must be well formed.
[[nodiscard]] size_t CountCodePoints(std::string_view text);

/// Whether all bytes of `text` are below 128.
[[nodiscard]] bool IsAscii(std::string_view text);

/// A code point, and how many bytes encode it.
struct DecodedCodePoint {
  char32_t code_point = 0;
  uint32_t length = 0;  ///< the number of bytes that were decoded, 1 to 4
};

/// Decodes the code point at `offset`, which must be inside `text` and at the start of a code
/// point. A byte that does not begin a well-formed sequence yields U+FFFD with length 1.
[[nodiscard]] DecodedCodePoint DecodeUtf8(std::string_view text, size_t offset);

/// Appends the UTF-8 form of `code_point`, which must be a Unicode scalar value.
void AppendUtf8(std::string& out, char32_t code_point);

}  // namespace wfc

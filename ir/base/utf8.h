// UTF-8: validity, counting and decoding. Used by the byte gate, columns, string lengths and
// pattern automata.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wfc {

/// Where the first ill-formed sequence begins (Unicode 15, table 3-7: no surrogates, no overlong
/// forms, at most U+10FFFF); `npos` when all of `text` is well formed.
[[nodiscard]] size_t FindInvalidUtf8(std::string_view text);

/// `bytes` with U+FFFD for each byte that is not part of a well-formed sequence.
[[nodiscard]] std::string ReplaceInvalidUtf8(std::string_view bytes);

/// Code points in well-formed `text`.
[[nodiscard]] size_t CountCodePoints(std::string_view text);

/// Whether all bytes are below 128.
[[nodiscard]] bool IsAscii(std::string_view text);

struct DecodedCodePoint {
  char32_t code_point = 0;
  uint32_t length = 0;  ///< bytes used, 1 to 4
};

/// The code point at `offset` of well-formed `text`; `offset` must be inside and at a boundary. An
/// ill-formed byte yields U+FFFD, length 1.
[[nodiscard]] DecodedCodePoint DecodeUtf8(std::string_view text, size_t offset);

/// Appends the UTF-8 form of `code_point`, which must be a scalar value.
void AppendUtf8(std::string& out, char32_t code_point);

}  // namespace wfc

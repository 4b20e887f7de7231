// Decodes single escapes of the encodings that DecodedView undoes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "backend-runtime/runtime/redact/decoded_view.h"

namespace wfc::redact {

/// The character with which every escape of the encoding begins.
[[nodiscard]] char MarkOf(Encoding encoding);

/// An escape: its length in bytes, and the bytes it stands for, which can be none. Length 0 means
/// that there is no escape.
struct Escape {
  size_t length = 0;
  std::string meaning = {};
};

/// Decodes the escape at the beginning of `text`, which must begin with the encoding's mark.
[[nodiscard]] Escape ReadEscape(Encoding encoding, std::string_view text);

}  // namespace wfc::redact

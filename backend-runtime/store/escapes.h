// What single escapes of the encodings that programs put texts in stand for. Used by DecodedView.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "backend-runtime/store/decoded_view.h"

namespace wfc::store {

/// The character that every escape of the encoding begins with.
[[nodiscard]] char MarkOf(Encoding encoding);

/// What an escape at the beginning of a text stands for (it may be nothing), and how long it is;
/// length 0: none is there.
struct Escape {
  size_t length = 0;
  std::string meaning = {};
};

/// `text` begins with the encoding's mark.
[[nodiscard]] Escape ReadEscape(Encoding encoding, std::string_view text);

}  // namespace wfc::store

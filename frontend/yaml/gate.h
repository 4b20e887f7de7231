// The byte gate finds bytes that no manifest may contain, before anything interprets them. Called
// by the readers of YAML and JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ir/base/span.h"
#include "ir/diag/sink.h"

namespace wfc::yaml {

/// What a text is made of.
enum class Bytes : uint8_t {
  Good,
  HoldControls,  ///< control characters, which spoil only what they stand in
  Refused,       ///< the text cannot be read at all, which was reported
};

/// Checks that bytes [part.begin, part.end) of `source` are valid UTF-8, contain neither NUL nor
/// lone carriage returns, and do not exceed kMaxFileBytes. Reports the first violation as Y007, but
/// leaves other control characters to the caller.
[[nodiscard]] Bytes CheckBytes(std::string_view source, Span part, diag::Sink& sink);

/// A byte that no manifest may contain.
struct BadByte {
  size_t at = 0;  ///< its offset
  std::string message;
};

/// The first control character of the text.
[[nodiscard]] std::optional<BadByte> FindControlCharacter(std::string_view text);

}  // namespace wfc::yaml

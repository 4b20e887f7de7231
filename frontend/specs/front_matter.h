// Finds front matter, that is, the YAML between two lines `---` at the beginning of a document.
// Called by the check of freshness.
#pragma once

#include <cstdint>
#include <string_view>

namespace wfc::specs {

/// The front matter of a document; [begin, end) are byte offsets.
struct FrontMatter {
  enum class Status : uint8_t { None, Unclosed, Found };
  Status status = Status::None;
  uint32_t begin = 0;  ///< Found: the beginning of the YAML, after the line `---`
  uint32_t end = 0;    ///< Found: the end of the YAML, before the closing line
};

/// Finds the front matter of `text`, which may begin with a byte order mark and whose lines end in
/// LF or CRLF. The closing line may also be `...`.
[[nodiscard]] FrontMatter FindFrontMatter(std::string_view text);

}  // namespace wfc::specs

// Front matter: the YAML between two lines `---` at the head of a document.
#pragma once

#include <cstdint>
#include <string_view>

namespace wfc::specs {

struct FrontMatter {
  enum class Status : uint8_t { None, Unclosed, Found };
  Status status = Status::None;
  uint32_t begin = 0;  ///< Found: of the YAML, without the lines around it
  uint32_t end = 0;
};

/// `text` may begin with a byte order mark; lines end in LF or CRLF.
[[nodiscard]] FrontMatter FindFrontMatter(std::string_view text);

}  // namespace wfc::specs

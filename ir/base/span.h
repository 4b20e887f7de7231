// Places in source files.
#pragma once

#include "ir/base/id.h"

namespace wfc {

struct FileTag;
using FileId = Id<FileTag>;

/// Bytes [begin, end) of a file. A span without a file points nowhere (a finding about the project
/// as a whole).
struct Span {
  FileId file;
  uint32_t begin = 0;
  uint32_t end = 0;

  [[nodiscard]] constexpr bool has_value() const { return file.has_value(); }
  friend constexpr auto operator<=>(Span, Span) = default;
};

}  // namespace wfc

// Locations in source files.
#pragma once

#include "ir/base/id.h"

namespace wfc {

struct FileTag;
/// A file of the SourceMap.
using FileId = Id<FileTag>;

/// The bytes [begin, end) of a file. A span without a file has no location, as for a finding about
/// the project as a whole.
struct Span {
  FileId file;
  uint32_t begin = 0;
  uint32_t end = 0;

  [[nodiscard]] constexpr bool has_value() const { return file.has_value(); }
  friend constexpr auto operator<=>(Span, Span) = default;
};

}  // namespace wfc

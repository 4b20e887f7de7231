// SourceMap: the texts of all files that were read, and the line and column of each offset in them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/span.h"
#include "ir/support/store.h"

namespace wfc {

/// A position in a file. Line and column count from 1; columns count code points, as editors show
/// them.
struct Position {
  uint32_t line = 1;
  uint32_t column = 1;
  friend constexpr auto operator<=>(Position, Position) = default;
};

/// Owns the texts of the source files and maps byte offsets to positions. Files are never removed.
class SourceMap {
 public:
  /// Adds a file. `path` is shown to people and sorts findings: it is relative to the folder that
  /// wfc was started in, with `/` between segments.
  FileId Add(std::string path, std::string text);

  [[nodiscard]] std::string_view path(FileId file) const { return files_[file].path; }
  /// The views stay valid as long as the map lives. A span that reaches past the end of its file is
  /// cut off there.
  [[nodiscard]] std::string_view text(FileId file) const { return *files_[file].text; }
  [[nodiscard]] std::string_view text(Span span) const;
  [[nodiscard]] uint32_t file_count() const { return files_.size(); }
  [[nodiscard]] auto file_ids() const { return files_.ids(); }

  /// The position of `offset`; an offset past the end of the file counts as the end.
  [[nodiscard]] Position Locate(FileId file, uint32_t offset) const;

  [[nodiscard]] uint32_t line_count(FileId file) const;
  /// The text of line `line`, counted from 1, without its line break; empty when there is no such
  /// line.
  [[nodiscard]] std::string_view line(FileId file, uint32_t line) const;
  /// The offset of the first byte of line `line`, counted from 1; a line outside the file counts as
  /// the nearest one.
  [[nodiscard]] uint32_t line_begin(FileId file, uint32_t line) const;

 private:
  struct File {
    std::string path;
    std::unique_ptr<const std::string> text;  // stays in place when the store grows
    std::vector<uint32_t> line_begins;
    /// The number of code points before each block of the text. Computing a column counts within
    /// one block only, however long the line is.
    std::vector<uint32_t> code_points_before;
  };
  /// The number of code points of the file before `offset`.
  static uint32_t CountBefore(const File& file, uint32_t offset);
  Store<FileId, File> files_;
};

}  // namespace wfc

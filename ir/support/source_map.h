// SourceMap: the texts of all files that were read, and what line and column an offset is at.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/span.h"
#include "ir/support/store.h"

namespace wfc {

/// 1-based; columns count code points, so that they agree with what an editor shows.
struct Position {
  uint32_t line = 1;
  uint32_t column = 1;
  friend constexpr auto operator<=>(Position, Position) = default;
};

class SourceMap {
 public:
  /// `path` is shown to people and sorts findings: relative to where wfc was started, with `/`.
  FileId Add(std::string path, std::string text);

  [[nodiscard]] std::string_view path(FileId file) const { return files_[file].path; }
  /// Views of a text stay valid as long as the map lives.
  [[nodiscard]] std::string_view text(FileId file) const { return *files_[file].text; }
  [[nodiscard]] std::string_view text(Span span) const;
  [[nodiscard]] uint32_t file_count() const { return files_.size(); }
  [[nodiscard]] auto file_ids() const { return files_.ids(); }

  /// Where `offset` (clamped to the file) is.
  [[nodiscard]] Position Locate(FileId file, uint32_t offset) const;

  [[nodiscard]] uint32_t line_count(FileId file) const;
  /// The text of 1-based `line` without its line break; empty past the end.
  [[nodiscard]] std::string_view line(FileId file, uint32_t line) const;
  /// Offset of the first byte of 1-based `line`.
  [[nodiscard]] uint32_t line_begin(FileId file, uint32_t line) const;

 private:
  struct File {
    std::string path;
    std::unique_ptr<const std::string> text;  // stays put when the store grows
    std::vector<uint32_t> line_begins;
    /// Code points before each block of the text, so that a column costs a block however long its
    /// line is.
    std::vector<uint32_t> code_points_before;
  };
  /// Code points of the file before `offset`.
  static uint32_t CountBefore(const File& file, uint32_t offset);
  Store<FileId, File> files_;
};

}  // namespace wfc

// HexDump: the bytes shown by hex dumps in a text (xxd, hexdump, hexdump -C, od -x, od -t x1), with
// the position of each byte in the column of digits and in the column of characters. The redactor
// uses it because a secret in such a column is interrupted at every line end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wfc::redact {

/// All dumps of one text.
class HexDump {
 public:
  /// Where a line of a dump may begin: only at the beginning of a line, or also after a quotation
  /// mark.
  enum class Where : uint8_t { InLines, AlsoInStrings };

  /// The bytes of all dump lines in `text`, concatenated; nothing when there are none. `text` must
  /// be smaller than 4 GiB.
  [[nodiscard]] static std::optional<HexDump> Find(std::string_view text, Where where);

  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  /// Calls `visit` with every range of the text that shows bytes with indices from `first` to
  /// before `end`. Adjacent positions on a line are joined into one range.
  void VisitPlaces(size_t first, size_t end,
                   const std::function<void(size_t begin, size_t end)>& visit) const;

 private:
  struct Place {
    uint32_t begin;
    uint32_t length;  // 0 means that the byte is not shown in this column
  };
  class Line;

  void Add(std::string_view line, size_t line_begin);
  static void VisitColumn(const std::vector<Place>& column, size_t first, size_t end,
                          const std::function<void(size_t begin, size_t end)>& visit);

  std::string bytes_;
  std::vector<Place> digits_;      // indexed like `bytes_`
  std::vector<Place> characters_;  // indexed like `bytes_`
};

}  // namespace wfc::redact

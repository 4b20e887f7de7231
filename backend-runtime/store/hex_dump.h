// HexDump: the bytes that dumps in a text show (xxd, hexdump and hexdump -C, od -x and -t x1), and
// where each of them stands: in the columns of digits, and in that of characters. Used by the
// redactor, since neither column can be read across the ends of lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wfc::store {

class HexDump {
 public:
  /// Where a dump begins: a line, or also a string that is quoted there.
  enum class Where : uint8_t { InLines, AlsoInStrings };

  /// All lines of dumps that are in `text`, one after the other; nothing when there is none.
  [[nodiscard]] static std::optional<HexDump> Find(std::string_view text, Where where);

  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  /// Every place in the text where some of the bytes from `first` to before `end` stand.
  void VisitPlaces(size_t first, size_t end,
                   const std::function<void(size_t begin, size_t end)>& visit) const;

 private:
  struct Place {
    uint32_t begin;
    uint32_t length;  // 0: none
  };
  class Line;

  void Add(std::string_view line, size_t line_begin);
  static void VisitColumn(const std::vector<Place>& column, size_t first, size_t end,
                          const std::function<void(size_t begin, size_t end)>& visit);

  std::string bytes_;
  std::vector<Place> digits_;      // by byte
  std::vector<Place> characters_;  // by byte
};

}  // namespace wfc::store

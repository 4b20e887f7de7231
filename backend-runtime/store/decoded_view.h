// DecodedView: a text as it reads after an encoding is undone, and where each byte of that stands
// in the text itself. The redactor looks for secrets in such views.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wfc::store {

class DecodedView {
 public:
  /// `text` as it is; it outlives the view, and has less than 4 GiB.
  explicit DecodedView(std::string_view text) : bytes_(text), text_size_(text.size()) {}

  [[nodiscard]] std::string_view bytes() const { return is_decoded_ ? owned_ : bytes_; }
  /// Of a byte, as offsets into the text: where what yields it begins and ends.
  [[nodiscard]] size_t begin_of(size_t index) const { return is_decoded_ ? begins_[index] : index; }
  [[nodiscard]] size_t end_of(size_t index) const;

  /// The view with the escapes of JSON strings (and `\xNN`) undone, once; nothing when it has none.
  /// What only looks like an escape stays.
  [[nodiscard]] std::optional<DecodedView> WithoutJsonEscapes() const;
  /// The same for `%NN` and `%uNNNN`.
  [[nodiscard]] std::optional<DecodedView> WithoutPercentEncoding() const;

 private:
  /// What an escape at the beginning of a text stands for, and how long it is; length 0: none is
  /// there.
  struct Escape {
    size_t length = 0;
    std::string meaning = {};
  };
  using ReadEscape = Escape (*)(std::string_view text);

  static Escape ReadJsonEscape(std::string_view text);
  static Escape ReadPercentEscape(std::string_view text);
  [[nodiscard]] std::optional<DecodedView> Decode(char mark, ReadEscape read) const;

  std::string_view bytes_;  // unless decoded
  std::string owned_;
  std::vector<uint32_t> begins_;
  size_t text_size_;
  bool is_decoded_ = false;
};

}  // namespace wfc::store

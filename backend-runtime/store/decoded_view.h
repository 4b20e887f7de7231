// DecodedView: a text as it reads after an encoding is undone, and where each byte of that stands
// in the text itself. The redactor looks for secrets in such views.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wfc::store {

/// What may be undone. What only looks like an escape stays.
enum class Encoding : uint8_t {
  Backslashes,      ///< of JSON, C, Python and shells: `\n \" \uXXXX \xNN \NNN`, `\` before a sign
  Percent,          ///< `%NN`, `%uNNNN`
  Entities,         ///< of HTML and XML: `&amp;`, `&#65;`, `&#x41;`
  QuotedPrintable,  ///< `=NN`, `=` at the end of a line
  Quotes,           ///< a `'` within quotes: `'\''`, `'"'"'`, `''`
};

class DecodedView {
 public:
  /// `text` as it is; it outlives the view, and has less than 4 GiB.
  explicit DecodedView(std::string_view text) : bytes_(text) {}

  [[nodiscard]] std::string_view bytes() const { return parent_ == nullptr ? bytes_ : owned_; }
  /// Of a byte, as offsets into the text: where what yields it begins and ends.
  [[nodiscard]] size_t begin_of(size_t index) const;
  [[nodiscard]] size_t end_of(size_t index) const;

  /// Which bytes matter.
  using Bytes = std::array<bool, 256>;

  /// The view with the encoding undone, once; nothing when there is none of it. This one outlives
  /// it. Of `relevant` (null: all bytes are) nothing stands in the escapes that stay as they are.
  [[nodiscard]] std::optional<DecodedView> Without(Encoding encoding,
                                                   const Bytes* relevant = nullptr) const;
  [[nodiscard]] bool is_decoded() const { return parent_ != nullptr; }

 private:
  /// Bytes that one escape yields, or that stand one by one in the parent.
  struct Run {
    uint32_t begin;   // in this view
    uint32_t source;  // in the parent
    uint32_t escape;  // how long the escape is there; 0: none
  };

  [[nodiscard]] const Run& RunOf(size_t index) const;
  void AddBytes(std::string_view bytes, size_t source);

  std::string_view bytes_;  // of a view without a parent
  const DecodedView* parent_ = nullptr;
  std::string owned_;
  std::vector<Run> runs_;
};

}  // namespace wfc::store

// DecodedView: a text after one or more encodings are undone, with the source position of each
// decoded byte. The redactor searches such views for secrets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wfc::redact {

/// The encodings that can be undone. Character sequences that only resemble an escape stay as they
/// are.
enum class Encoding : uint8_t {
  /// JSON, C, Python and shells: `\n \" \uXXXX \xNN \NNN`, and `\` before a punctuation mark.
  Backslashes,
  Percent,          ///< `%NN`, `%uNNNN`
  Entities,         ///< HTML and XML: `&amp;`, `&#65;`, `&#x41;`
  QuotedPrintable,  ///< `=NN`, and `=` at the end of a line
  Quotes,           ///< a `'` within shell quotes: `'\''`, `'"'"'`, `''`
};

/// Views form a chain: each decoded view refers to the view it was made from.
class DecodedView {
 public:
  /// The undecoded text itself. `text` must outlive the view and be smaller than 4 GiB.
  explicit DecodedView(std::string_view text) : bytes_(text) {}

  [[nodiscard]] std::string_view bytes() const { return parent_ == nullptr ? bytes_ : owned_; }
  /// Where the source of the byte at `index` begins and ends, as offsets into the undecoded text.
  /// The source is an escape or a single byte.
  [[nodiscard]] size_t begin_of(size_t index) const;
  [[nodiscard]] size_t end_of(size_t index) const;

  /// A set of byte values.
  using Bytes = std::array<bool, 256>;

  /// The view after one layer of the encoding is undone, or nothing when no escape was undone. This
  /// view must outlive it. If `relevant` is given, an escape that yields only bytes outside that
  /// set stays as it is.
  [[nodiscard]] std::optional<DecodedView> Without(Encoding encoding,
                                                   const Bytes* relevant = nullptr) const;
  [[nodiscard]] bool is_decoded() const { return parent_ != nullptr; }

 private:
  /// A run of bytes that one escape yields, or that are copied from the parent one by one.
  struct Run {
    uint32_t begin;   // offset in this view
    uint32_t source;  // offset in the parent
    uint32_t escape;  // length of the escape in the parent; 0 means copied bytes
  };

  [[nodiscard]] const Run& RunOf(size_t index) const;
  void AddBytes(std::string_view bytes, size_t source);

  std::string_view bytes_;  // the text, if there is no parent
  const DecodedView* parent_ = nullptr;
  std::string owned_;
  std::vector<Run> runs_;
};

}  // namespace wfc::redact

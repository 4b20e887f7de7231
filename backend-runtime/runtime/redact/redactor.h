// Redactor: replaces the values of secrets in records and in what later stages see, whether they
// appear as they are or in one of the encodings that programs commonly apply. Time is linear in the
// text and does not depend on the number of secrets.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/runtime/redact/candidate_pairs.h"
#include "backend-runtime/runtime/redact/decoded_view.h"
#include "backend-runtime/runtime/redact/literal_set.h"
#include "ir/value/value.h"

namespace wfc::redact {

/// Shorter secrets occur by coincidence in unrelated texts, so that hiding them would reveal more
/// than it hides.
inline constexpr size_t kShortestSecret = 8;  // bytes

/// Whether the secret, without surrounding blanks, is long enough to be hidden.
[[nodiscard]] bool CanBeHidden(std::string_view secret);

/// A secret as the project names it.
struct NamedSecret {
  std::string_view name;
  std::string_view value;
};

/// Redaction is const and safe from several threads once all secrets have been added.
class Redactor {
 public:
  /// Replaces, from now on, the value of each secret by `[secret NAME]`, and likewise each of its
  /// lines that has at least `kShortestSecret` bytes, with and without surrounding blanks. The
  /// forms that are recognized: UTF-8 and UTF-16; base64 (plain and URL-safe, at any alignment) and
  /// hexadecimal (in either case), with line ends, blanks and colons in between; both columns of
  /// hex dumps (HexDump); percent-encoding of any set of characters, up to twice, with `+` for a
  /// blank; backslash escapes as in JSON strings, up to three deep; HTML entities, quoted-printable
  /// and shell quotes; and combinations of these. An empty value is ignored.
  void Add(const std::vector<NamedSecret>& secrets);
  void Add(std::string_view name, std::string_view value) { Add({{name, value}}); }

  [[nodiscard]] bool empty() const { return secrets_.empty(); }
  [[nodiscard]] std::string Redact(std::string_view text) const;
  /// Like Redact, for a text that was cut off: its end may be the beginning of a secret, and is
  /// then hidden too.
  [[nodiscard]] std::string RedactCut(std::string_view text) const;
  /// Redacts every string and key of the tree. A number, timestamp or duration whose text contains
  /// a secret becomes a string. If two keys become equal, the first entry stays.
  [[nodiscard]] Value Redact(const Value& value) const;

 private:
  struct Stretch {
    size_t begin;
    size_t end;
    uint32_t secret;
  };
  class Scan;
  enum class Text : uint8_t { Whole, Cut };

  void AddOne(const NamedSecret& named);
  void AddLiteral(std::string_view text, uint32_t secret);
  void AddForms(std::string_view text, uint32_t secret);
  /// Adds the base64 and hexadecimal forms of `text`.
  void AddDigits(std::string_view text, uint32_t secret);
  /// Adds the base64 and hexadecimal forms of its base64, hexadecimal and percent-encoded forms.
  void AddTwiceEncoded(std::string_view text, uint32_t secret);
  void AddLines(std::string_view text, uint32_t secret);
  struct Depths {
    int backslashes;
    int percents;
    int others;  // further levels at which the other encodings are undone; below 0: none
  };
  void Search(const DecodedView& view, Text text, Depths depths, std::vector<Stretch>& found) const;
  void SearchLiterals(const DecodedView& view, Text text, std::vector<Stretch>& found) const;
  void SearchDumps(const DecodedView& view, Text text, std::vector<Stretch>& found) const;
  /// Nothing when the text contains no secret.
  [[nodiscard]] std::optional<std::string> TryRedact(std::string_view text,
                                                     Text is = Text::Whole) const;
  [[nodiscard]] std::optional<Value> TryRedact(const Value& value) const;
  [[nodiscard]] std::optional<Value> TryRedactList(const Value& list) const;
  [[nodiscard]] std::optional<Value> TryRedactMap(const Value& map) const;
  [[nodiscard]] std::optional<Value> TryRedactScalar(const Value& value) const;

  std::vector<std::string> secrets_;  // the replacement text of each secret
  LiteralSet plain_;
  LiteralSet base64_;
  LiteralSet hex_;
  CandidatePairs pairs_;
  /// The bytes that matter in what entities, quoted-printable and quotes decode to.
  DecodedView::Bytes relevant_{};
};

}  // namespace wfc::redact

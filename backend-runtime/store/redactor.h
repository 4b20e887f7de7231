// Keeps the values of secrets out of records and out of what later stages see: as they are, and in
// the encodings that programs put them in. Time is linear in the text, however many secrets there
// are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/store/candidate_pairs.h"
#include "backend-runtime/store/decoded_view.h"
#include "backend-runtime/store/literal_set.h"
#include "ir/value/value.h"

namespace wfc::store {

/// What is shorter stands in texts that have nothing to do with it: hiding it would say more than
/// it hides.
inline constexpr size_t kShortestSecret = 8;  // bytes

/// Whether the secret, without the blanks around it, is long enough to be hidden.
[[nodiscard]] bool CanBeHidden(std::string_view secret);

struct NamedSecret {
  std::string_view name;
  std::string_view value;
};

class Redactor {
 public:
  /// From now on the value of each reads `[secret NAME]`, and so does each of its lines that has
  /// `kShortestSecret` bytes, both with or without the blanks around them. They are known in UTF-8
  /// and UTF-16; in base64 (plain and URL-safe, at any alignment) and hexadecimal (in either case),
  /// whatever line ends, blanks and colons stand in between; in both columns of dumps (HexDump);
  /// percent-encoded in whatever alphabet, twice at most, with `+` for blanks; behind backslashes
  /// (JSON strings, three deep at most); in entities, quoted-printable and the quotes of shells;
  /// and in these within each other.
  void Add(const std::vector<NamedSecret>& secrets);
  void Add(std::string_view name, std::string_view value) { Add({{name, value}}); }

  [[nodiscard]] bool empty() const { return secrets_.empty(); }
  [[nodiscard]] std::string Redact(std::string_view text) const;
  /// The same for a text that went on when it was cut: what it ends with may be the beginning of a
  /// secret, and is then hidden too.
  [[nodiscard]] std::string RedactCut(std::string_view text) const;
  /// Every string and key of the tree; a number or timestamp whose digits hold a secret becomes
  /// text.
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
  /// Its base64 and hexadecimal.
  void AddDigits(std::string_view text, uint32_t secret);
  /// The same of its base64, its hexadecimal and its percent-encoded form.
  void AddTwiceEncoded(std::string_view text, uint32_t secret);
  void AddLines(std::string_view text, uint32_t secret);
  struct Depths {
    int backslashes;
    int percents;
    int others;  // how much deeper the other encodings are undone; below 0: not here either
  };
  void Search(const DecodedView& view, Text text, Depths depths, std::vector<Stretch>& found) const;
  void SearchLiterals(const DecodedView& view, Text text, std::vector<Stretch>& found) const;
  void SearchDumps(const DecodedView& view, Text text, std::vector<Stretch>& found) const;
  /// Nothing when there is no secret in it.
  [[nodiscard]] std::optional<std::string> TryRedact(std::string_view text,
                                                     Text is = Text::Whole) const;
  [[nodiscard]] std::optional<Value> TryRedact(const Value& value) const;
  [[nodiscard]] std::optional<Value> TryRedactList(const Value& list) const;
  [[nodiscard]] std::optional<Value> TryRedactMap(const Value& map) const;
  [[nodiscard]] std::optional<Value> TryRedactScalar(const Value& value) const;

  std::vector<std::string> secrets_;  // what each reads, by index
  LiteralSet plain_;
  LiteralSet base64_;
  LiteralSet hex_;
  CandidatePairs pairs_;
  DecodedView::Bytes relevant_{};  ///< in what the other encodings yield
};

}  // namespace wfc::store

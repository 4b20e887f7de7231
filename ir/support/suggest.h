// Suggester: "did you mean …?". Whoever reports an unknown name offers it the names that exist.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wfc {

/// Insertions, deletions, replacements and swaps of neighbours that turn `left` into `right`; any
/// number above `limit` is `limit + 1`. Names longer than 64 bytes are further than any limit.
[[nodiscard]] uint32_t EditDistance(std::string_view left, std::string_view right, uint32_t limit);

/// Keeps the nearest of the candidates that are near enough to be a slip (a third of the letters,
/// and at least one); the first by name among equals. Candidates must outlive it.
class Suggester {
 public:
  explicit Suggester(std::string_view wrong);

  void Consider(std::string_view candidate);

  /// Empty: nothing is near.
  [[nodiscard]] std::string_view best() const { return best_; }
  /// "; did you mean `best`?", or nothing: the end of a message.
  [[nodiscard]] std::string Phrase() const;

 private:
  std::string_view wrong_;
  std::string_view best_;
  uint32_t limit_;
};

/// "`a`, `b` and `c`"; "": there are none, or more than a message should list.
[[nodiscard]] std::string ListNames(std::span<const std::string_view> names);

}  // namespace wfc

// Suggester: "did you mean …?". Code that reports an unknown name offers it the names that exist.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wfc {

/// The number of insertions, deletions, replacements and swaps of adjacent bytes that turn `left`
/// into `right` (the optimal string alignment distance). Any number above `limit` is returned as
/// `limit + 1`, and so is the distance of a name longer than 64 bytes.
[[nodiscard]] uint32_t EditDistance(std::string_view left, std::string_view right, uint32_t limit);

/// Keeps the candidate that is nearest to a wrong name, if it is near enough to be a typing error:
/// at most a third of the letters differ, or one. Among equally near candidates the first in byte
/// order wins. The candidates must outlive the Suggester.
class Suggester {
 public:
  explicit Suggester(std::string_view wrong);

  /// Keeps `candidate` if it is nearer than the best one so far.
  void Consider(std::string_view candidate);

  /// The nearest candidate; empty when none is near enough.
  [[nodiscard]] std::string_view best() const { return best_; }
  /// The end of a message, "; did you mean `best`?", or nothing when no candidate is near enough.
  [[nodiscard]] std::string Phrase() const;

 private:
  std::string_view wrong_;
  std::string_view best_;
  uint32_t limit_;
};

/// "`a`, `b` and `c`"; empty when there are no names, or more than the 10 that a message lists.
[[nodiscard]] std::string ListNames(std::span<const std::string_view> names,
                                    std::string_view last_word = "and");

}  // namespace wfc

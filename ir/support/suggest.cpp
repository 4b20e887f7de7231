#include "ir/support/suggest.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "ir/base/words.h"

namespace wfc {

namespace {
constexpr size_t kMaxNameBytes = 64;
using Row = std::array<uint32_t, kMaxNameBytes + 1>;
}  // namespace

uint32_t EditDistance(std::string_view left, std::string_view right, uint32_t limit) {
  if (left.size() > kMaxNameBytes || right.size() > kMaxNameBytes) return limit + 1;
  size_t gap = std::max(left.size(), right.size()) - std::min(left.size(), right.size());
  if (gap > limit) return limit + 1;
  Row before_last{};
  Row last{};
  Row row{};
  for (uint32_t column = 0; column <= right.size(); ++column) last[column] = column;
  for (uint32_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (uint32_t j = 1; j <= right.size(); ++j) {
      uint32_t cost = left[i - 1] == right[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + cost});
      bool is_swap = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (is_swap) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    last = row;
  }
  return std::min(last[right.size()], limit + 1);
}

Suggester::Suggester(std::string_view wrong)
    : wrong_(wrong), limit_(std::max<uint32_t>(1, static_cast<uint32_t>(wrong.size() / 3))) {}

void Suggester::Consider(std::string_view candidate) {
  uint32_t distance = EditDistance(wrong_, candidate, limit_);
  // A name in which every letter was replaced is not a typing error.
  if (distance > limit_ || distance >= std::max(wrong_.size(), candidate.size())) return;
  bool is_nearer = best_.empty() || distance < limit_;
  if (!is_nearer && candidate >= best_) return;
  best_ = candidate;
  limit_ = distance;
}

std::string Suggester::Phrase() const {
  if (best_.empty()) return "";
  std::string phrase = "; did you mean `";
  phrase += best_;
  phrase += "`?";
  return phrase;
}

std::string ListNames(std::span<const std::string_view> names, std::string_view last_word) {
  constexpr size_t kMaxListed = 10;
  if (names.size() > kMaxListed) return "";
  return QuoteWords(names, fmt::format(" {} ", last_word));
}

}  // namespace wfc

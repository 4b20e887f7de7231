#include "ir/base/words.h"

namespace wfc {
namespace {

/// The words, each between two `quote`s, with ", " between them and `before_last` before the last.
std::string Concatenate(std::span<const std::string_view> words, std::string_view quote,
                        std::string_view before_last) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? before_last : ", ";
    text.append(quote).append(words[i]).append(quote);
  }
  return text;
}

}  // namespace

std::string JoinWords(std::span<const std::string_view> words, std::string_view before_last) {
  return Concatenate(words, "", before_last);
}

std::string QuoteWords(std::span<const std::string_view> words, std::string_view before_last) {
  return Concatenate(words, "`", before_last);
}

}  // namespace wfc

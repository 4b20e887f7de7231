#include "ir/expr/foreign.h"

#include <algorithm>
#include <span>

namespace wfc::expr {
namespace {

constexpr ForeignCall kCalls[] = {
#define WFC_FOREIGN_FUNCTION(name, here) {name, here, {}},
#define WFC_FOREIGN_CALL(name, advice) {name, {}, advice},
#include "ir/expr/foreign.def"
};

struct Word {
  std::string_view foreign, here;
};
constexpr Word kOperators[] = {
#define WFC_FOREIGN_OPERATOR(word, here) {word, here},
#include "ir/expr/foreign.def"
};
constexpr Word kFields[] = {
#define WFC_FOREIGN_FIELD(name, here) {name, here},
#include "ir/expr/foreign.def"
};

std::string_view Find(std::span<const Word> words, std::string_view foreign) {
  const auto found = std::ranges::find(words, foreign, &Word::foreign);
  return found == words.end() ? std::string_view() : found->here;
}

}  // namespace

const ForeignCall* FindForeignCall(std::string_view name) {
  const auto* found = std::ranges::find(kCalls, name, &ForeignCall::name);
  return found == std::end(kCalls) ? nullptr : found;
}

std::string_view FindForeignOperator(std::string_view word) {
  return Find(kOperators, word);
}

std::string_view FindForeignField(std::string_view name) {
  return Find(kFields, name);
}

}  // namespace wfc::expr

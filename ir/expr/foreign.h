// Spellings of other expression languages and their equivalents here (foreign.def). The parser and
// inference suggest the equivalents in their messages.
#pragma once

#include <string_view>

namespace wfc::expr {

/// A function of another language that this language does not have, and what replaces it.
struct ForeignCall {
  std::string_view name;
  /// The function that replaces it; empty means that `advice` says what to write.
  std::string_view here;
  /// What to write if no function replaces it; else empty.
  std::string_view advice;
};

/// The row for the function `name`, or null if the table has none.
[[nodiscard]] const ForeignCall* FindForeignCall(std::string_view name);

/// The operator for a word of another language, such as `&&` for `and`. Empty if the table has no
/// row for it.
[[nodiscard]] std::string_view FindForeignOperator(std::string_view word);

/// The function for a field of another language, such as `size` for `length`. Empty if the table
/// has no row for it.
[[nodiscard]] std::string_view FindForeignField(std::string_view name);

}  // namespace wfc::expr

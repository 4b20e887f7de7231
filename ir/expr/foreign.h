// What other expression languages say, and what it is here (foreign.def). For the messages of the
// parser and of inference.
#pragma once

#include <string_view>

namespace wfc::expr {

/// A function, or a way to say the same, in place of one that the language does not have.
struct ForeignCall {
  std::string_view name;
  std::string_view here;    ///< the function; empty: it is said in another way
  std::string_view advice;  ///< the other way
};

/// Null: the table has no row.
[[nodiscard]] const ForeignCall* FindForeignCall(std::string_view name);

/// `&&` for `and`; empty: no row.
[[nodiscard]] std::string_view FindForeignOperator(std::string_view word);

/// `size` for the field `length`; empty: no row.
[[nodiscard]] std::string_view FindForeignField(std::string_view name);

}  // namespace wfc::expr

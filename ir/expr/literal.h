// Literal tokens to values.
#pragma once

#include <string_view>

#include "ir/base/result.h"
#include "ir/expr/lexer.h"
#include "ir/value/value.h"

namespace wfc::expr {

/// The value of a literal token spelled `text`; `negative`: a `-` stands before the number. The
/// error says what is wrong with it.
[[nodiscard]] Result<Value> ReadLiteral(TokenKind kind, std::string_view text, bool negative);

}  // namespace wfc::expr

// Converts literal tokens to values; the parser calls it.
#pragma once

#include <string_view>

#include "ir/base/result.h"
#include "ir/expr/lexer.h"
#include "ir/value/value.h"

namespace wfc::expr {

/// The value of the literal token of `kind` that is spelled `text`. `negative` means that a `-`
/// precedes the number; it matters because the least int has no positive counterpart. The error
/// message says what is wrong with the literal: a malformed escape, or a number out of range.
[[nodiscard]] Result<Value> ReadLiteral(TokenKind kind, std::string_view text, bool negative);

}  // namespace wfc::expr

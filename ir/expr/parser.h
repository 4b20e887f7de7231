// Text to expression tree: EXPR fields, `${…}` in VALUE fields and prompt files. Lowering calls it.
#pragma once

#include <cstddef>
#include <string_view>

#include "ir/diag/sink.h"
#include "ir/expr/expr.h"
#include "ir/expr/resolver.h"
#include "ir/expr/span_mapper.h"

namespace wfc::expr {

/// Parentheses, calls, literals and the like inside each other.
inline constexpr uint32_t kMaxNesting = 64;
/// Levels of one parsed tree (`a + a + …` is a level a term).
inline constexpr uint32_t kMaxTreeDepth = 500;

struct ParseContext {
  ExprStore& store;
  diag::Sink& sink;
  NameResolver& resolver;
};

/// An EXPR field: one expression, `${` `}` around the whole optional. Reports E001 or E004 and
/// yields a Poison when it is not one.
ExprId ParseExpr(const ParseContext& context, std::string_view text, const SpanMapper& mapper);

/// A VALUE scalar or a prompt file: text with `${…}` inside; `$${` stands for `${`. Text alone is a
/// Const, one whole `${…}` is that expression, anything else a Concat.
ExprId ParseTemplate(const ParseContext& context, std::string_view text, const SpanMapper& mapper);

/// Whether ParseTemplate would see a `${…}` or an escape in `text` (else it is plain text).
[[nodiscard]] bool IsTemplate(std::string_view text);

/// The offset of the `}` that closes a `${` whose expression begins at `offset`: braces nest, and
/// those in string literals and comments do not count. `npos` when nothing closes it.
[[nodiscard]] size_t FindExpressionEnd(std::string_view text, size_t offset);

}  // namespace wfc::expr

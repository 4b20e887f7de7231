// Parses expressions: EXPR fields, and `${…}` in VALUE fields and prompt files. Lowering calls it.
#pragma once

#include <cstddef>
#include <string_view>

#include "ir/diag/sink.h"
#include "ir/expr/expr.h"
#include "ir/expr/resolver.h"
#include "ir/expr/span_mapper.h"

namespace wfc::expr {

/// Limit on the nesting of parentheses, calls, literals and the like. It bounds the recursion of
/// the parser.
inline constexpr uint32_t kMaxNesting = 64;
/// Limit on the depth of a parsed tree. Chains count: `a + a + …` adds one level per term. It
/// bounds the recursion over trees.
inline constexpr uint32_t kMaxTreeDepth = 500;

/// Where the parser puts nodes and findings, and who resolves names.
struct ParseContext {
  ExprStore& store;
  diag::Sink& sink;
  NameResolver& resolver;
};

/// Parses an EXPR field: one expression, optionally enclosed as a whole in `${` and `}`. If the
/// text is not an expression, reports E001 or E004 and returns a Poison.
ExprId ParseExpr(const ParseContext& context, std::string_view text, const SpanMapper& mapper);

/// Parses a VALUE scalar or a prompt file: text with `${…}` inside, in which `$${` stands for a
/// literal `${`. Plain text becomes a Const, a single `${…}` becomes that expression, and anything
/// else a Concat. Errors are reported as by ParseExpr.
ExprId ParseTemplate(const ParseContext& context, std::string_view text, const SpanMapper& mapper);

/// Whether `text` contains a `${…}` or an escape, so that ParseTemplate does not take it as plain
/// text.
[[nodiscard]] bool IsTemplate(std::string_view text);

/// The offset of the `}` that closes a `${` whose expression begins at `offset`; `npos` if nothing
/// closes it. Nested braces are matched, and braces in string literals and comments are ignored.
[[nodiscard]] size_t FindExpressionEnd(std::string_view text, size_t offset);

}  // namespace wfc::expr

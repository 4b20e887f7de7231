// The advice of the parser (E001 and E004) about the syntax of other languages; foreign.def has the
// words.
#include <algorithm>

#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/expr/foreign.h"
#include "ir/expr/parser_state.h"

namespace wfc::expr {

ExprId Parser::FailAtOperator(const Token& word) {
  if (tokens_.text(word) == "is") return FailAtIs(word);
  return FailAtForeign(tokens_.text(word), FindForeignOperator(tokens_.text(word)), word, true);
}

ExprId Parser::FailAtForeign(std::string_view written, std::string_view here, const Token& at,
                             bool is_same_form) {
  if (!failed_) {
    const Span span = SpanOf(at);
    auto reported = sink_.Report(diag::ForeignOperator, span, written, here);
    if (is_same_form) {
      reported.SetFix({.title = fmt::format("write `{}`", here),
                       .safety = diag::FixSafety::Safe,
                       .edits = {{.span = span, .text = std::string(here)}}});
    }
  }
  failed_ = true;
  token_.kind = TokenKind::End;
  return Poison(at.begin);
}

/// Reports `x is y`, `x is not y`, `x is defined` and `x is not defined`.
ExprId Parser::FailAtIs(const Token& word) {
  TokenReader ahead = tokens_;
  Token next = ahead.Next();
  Token both = word;
  const bool is_not = ahead.text(next) == "not";
  if (is_not) {
    both.end = next.end;
    next = ahead.Next();
  }
  const std::string_view asked = ahead.text(next);
  if (asked == "defined") {
    both.end = next.end;
    return is_not ? FailAtForeign("x is not defined", "!has(x)", both, false)
                  : FailAtForeign("x is defined", "has(x)", both, false);
  }
  return is_not ? FailAtForeign("is not", "!=", both, true) : FailAtForeign("is", "==", both, true);
}

/// Reports a word that stands in place of an operator and is written differently here. Empty if it
/// is not known.
std::optional<ExprId> Parser::FailAtForeignInfix() {
  const std::string_view word = tokens_.text(token_);
  if (word == "if") return FailAtForeign("x if c else y", "c ? x : y", token_, false);
  const BuiltinInfo* builtin = FindBuiltin(word);
  const bool is_asked = builtin != nullptr && builtin->min_arguments == 2 &&
                        builtin->max_arguments == 2 && Admits(builtin->form, CallStyle::Member);
  if (!is_asked) return std::nullopt;
  return FailAtForeign(fmt::format("a {} b", word), fmt::format("a.{}(b)", word), token_, false);
}

/// Reports `x?.y` and `x ?? y`, which begin like a conditional. Empty if it is a conditional.
std::optional<ExprId> Parser::FailAtForeignQuestion(const Token& question) {
  const bool is_next = token_.begin == question.end;
  const Token both = {.kind = question.kind, .begin = question.begin, .end = token_.end};
  if (is_next && token_.kind == TokenKind::Dot) return FailAtForeign("?.", ".?", both, true);
  if (is_next && token_.kind == TokenKind::Question) {
    return FailAtForeign("a ?? b", "coalesce(a, b)", both, false);
  }
  return std::nullopt;
}

/// The `for` of a list that has just been opened, as in `[f(x) for x in list]`, if it follows its
/// first item. Looked for before the item is read, because the item names what `for` binds.
std::optional<Token> Parser::FindForOfList() const {
  constexpr int kMostTokens = 64;
  TokenReader ahead = tokens_;
  Token next = token_;
  int depth = 0;
  for (int i = 0; i < kMostTokens && next.kind != TokenKind::End; ++i, next = ahead.Next()) {
    const bool opens = next.kind == TokenKind::LeftParen || next.kind == TokenKind::LeftBracket;
    const bool closes = next.kind == TokenKind::RightParen || next.kind == TokenKind::RightBracket;
    depth += opens ? 1 : closes ? -1 : 0;
    if (depth < 0 || (depth == 0 && next.kind == TokenKind::Comma)) return std::nullopt;
    const bool is_for = i > 0 && next.kind == TokenKind::Identifier && tokens_.text(next) == "for";
    if (depth == 0 && is_for) return next;
  }
  return std::nullopt;
}

/// Reports a slice, `x[a:b]`.
ExprId Parser::FailAtSlice(const Token& open) {
  if (!failed_) {
    const Span span = mapper_.Map(open.begin, token_.end);
    sink_.Report(diag::ExpressionLiteral, span,
                 "there are no slices; a part of a string is `x.substring(a, b)`, and of a list "
                 "`x.slice(a, b)`");
  }
  failed_ = true;
  token_.kind = TokenKind::End;
  return Poison(open.begin);
}

/// Whether `text` is the `not` of `not x` rather than a name.
bool Parser::IsForeignNot(std::string_view text) const {
  const bool is_operand = token_.kind == TokenKind::Identifier ||
                          token_.kind == TokenKind::String || token_.kind == TokenKind::LeftBracket;
  return is_operand && FindForeignOperator(text) == "!" &&
         std::ranges::find(bindings_, text) == bindings_.end();
}

ExprId Parser::ReportUnknown(std::string_view name, CallStyle style, const Token& at) {
  const ForeignCall* foreign = FindForeignCall(name);
  if (foreign == nullptr) {
    sink_.Report(diag::UnknownFunction, SpanOf(at), name, SuggestFunction(name));
    return Poison(at.begin);
  }
  if (foreign->here.empty()) {
    sink_.Report(diag::UnknownFunction, SpanOf(at), name, fmt::format("; {}", foreign->advice));
    return Poison(at.begin);
  }
  const BuiltinInfo* builtin = FindBuiltin(foreign->here);
  const MacroInfo* macro = FindMacro(foreign->here);
  const CallForm form = builtin != nullptr ? builtin->form : macro->form;
  const bool is_same_form = Admits(form, style);
  std::string hint = fmt::format("; it is called `{}` here", foreign->here);
  if (!is_same_form) {
    hint = form == CallForm::Member ? fmt::format("; write `x.{}(…)`", foreign->here)
                                    : fmt::format("; write `{}(x)`", foreign->here);
  }
  auto reported = sink_.Report(diag::UnknownFunction, SpanOf(at), name, hint);
  if (is_same_form) {
    reported.SetFix({.title = fmt::format("write `{}`", foreign->here),
                     .safety = diag::FixSafety::Safe,
                     .edits = {{.span = SpanOf(at), .text = std::string(foreign->here)}}});
  }
  return Poison(at.begin);
}

ExprId Parser::ReportForm(std::string_view name, CallForm form, const Token& at) {
  if (name == "exists") {
    sink_.Report(diag::FunctionForm, SpanOf(at), name,
                 "called on a list, as in `x.exists(i, i > 0)`; whether a field is there is "
                 "`has(x.name)`");
    return Poison(at.begin);
  }
  const std::string how = form == CallForm::Global
                              ? fmt::format("called as `{}(x)`, not on a value", name)
                              : fmt::format("called on a value, as in `x.{}(…)`", name);
  sink_.Report(diag::FunctionForm, SpanOf(at), name, how);
  return Poison(at.begin);
}

}  // namespace wfc::expr

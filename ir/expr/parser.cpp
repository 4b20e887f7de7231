#include "ir/expr/parser.h"

#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/expr/foreign.h"
#include "ir/expr/literal.h"
#include "ir/expr/parser_state.h"

namespace wfc::expr {
namespace {

struct BinaryOperator {
  Op op;
  int precedence;  ///< 1 for relations, 2 for sums, 3 for products
};

std::optional<BinaryOperator> FindOperator(TokenKind kind) {
  switch (kind) {
    case TokenKind::Less:
      return BinaryOperator{Op::Less, 1};
    case TokenKind::LessEqual:
      return BinaryOperator{Op::LessEqual, 1};
    case TokenKind::Greater:
      return BinaryOperator{Op::Greater, 1};
    case TokenKind::GreaterEqual:
      return BinaryOperator{Op::GreaterEqual, 1};
    case TokenKind::Equal:
      return BinaryOperator{Op::Equal, 1};
    case TokenKind::NotEqual:
      return BinaryOperator{Op::NotEqual, 1};
    case TokenKind::Plus:
      return BinaryOperator{Op::Add, 2};
    case TokenKind::Minus:
      return BinaryOperator{Op::Subtract, 2};
    case TokenKind::Star:
      return BinaryOperator{Op::Multiply, 3};
    case TokenKind::Slash:
      return BinaryOperator{Op::Divide, 3};
    case TokenKind::Percent:
      return BinaryOperator{Op::Modulo, 3};
    default:
      return std::nullopt;
  }
}

bool IsNumber(TokenKind kind) {
  return kind == TokenKind::Int || kind == TokenKind::Double;
}

}  // namespace

Parser::Parser(const ParseContext& context, const TokenReader& tokens, uint32_t offset,
               const SpanMapper& mapper)
    : store_(context.store),
      sink_(context.sink),
      resolver_(context.resolver),
      mapper_(mapper),
      tokens_(tokens),
      last_end_(offset) {
  Advance();
}

ExprId Parser::ParseWhole() {
  const uint32_t begin = token_.begin;
  const ExprId id = ParseConditional();
  if (!failed_ && token_.kind != TokenKind::End) return Fail("an operator or the end");
  return failed_ ? Poison(begin) : id;
}

void Parser::Advance() {
  last_end_ = token_.end == 0 ? last_end_ : token_.end;
  token_ = tokens_.Next();
  if (token_.kind == TokenKind::Error) ReportLexerError();
}

void Parser::ReportLexerError() {
  if (!failed_) {
    const LexError error = ExplainError(tokens_.whole(), token_);
    auto reported = sink_.Report(diag::ExpressionLiteral, SpanOf(token_), error.message);
    if (!error.replacement.empty()) {
      reported.SetFix({.title = fmt::format("write `{}`", error.replacement),
                       .safety = diag::FixSafety::Safe,
                       .edits = {{SpanOf(token_), std::string(error.replacement)}}});
    }
  }
  failed_ = true;
  token_.kind = TokenKind::End;
}

bool Parser::Accept(TokenKind kind) {
  if (token_.kind != kind) return false;
  Advance();
  return true;
}

ExprId Parser::Fail(std::string_view expected) {
  const bool is_word = token_.kind == TokenKind::Identifier;
  const std::string_view here = is_word ? FindForeignOperator(tokens_.text(token_)) : "";
  if (here == "!") return FailAtForeign("a not in b", "!(a in b)", token_, false);
  if (!here.empty()) return FailAtOperator(token_);
  if (is_word && expected.starts_with("an operator")) {
    if (const auto failed = FailAtForeignInfix()) return *failed;
  }
  if (is_word && expected == "an expression" && tokens_.text(token_) == "if") {
    return FailAtForeign("if c then x else y", "c ? x : y", token_, false);
  }
  if (token_.kind == TokenKind::Slash && expected == "an expression") {
    expected = "an expression; a pattern is a string, in quotes";
  }
  const bool is_item = token_.kind == TokenKind::Double && tokens_.text(token_).starts_with('.');
  if (is_item) expected = "an operator or the end; an item is read as `x[0]`";
  if (!failed_) {
    const bool quotes_itself = token_.kind != TokenKind::End;
    const std::string found = quotes_itself ? fmt::format("`{}`", tokens_.text(token_)) : "end";
    sink_.Report(diag::ExpressionExpected, SpanOf(token_), found, expected);
  }
  failed_ = true;
  token_.kind = TokenKind::End;
  return Poison(token_.begin);
}

bool Parser::Expect(TokenKind kind, std::string_view expected) {
  if (Accept(kind)) return true;
  Fail(expected);
  return false;
}

bool Parser::ExpectClose(TokenKind kind, const Token& open) {
  if (Accept(kind)) return true;
  if (token_.kind == TokenKind::End && !failed_) {
    sink_.Report(diag::ExpressionUnclosed, SpanOf(open), Describe(open.kind), Describe(kind));
    failed_ = true;
    return false;
  }
  Fail(fmt::format("`,` or {}", Describe(kind)));
  return false;
}

ExprId Parser::Make(Op op, std::span<const ExprId> children, uint32_t begin, uint32_t payload) {
  const ExprId id = store_.Add(op, children, SpanFrom(begin), payload);
  if (store_[id].depth <= kMaxTreeDepth) return id;
  if (!failed_) sink_.Report(diag::ExpressionTooDeep, SpanFrom(begin), kMaxTreeDepth);
  failed_ = true;
  token_.kind = TokenKind::End;
  return Poison(begin);
}

ExprId Parser::ParseConditional() {
  const uint32_t begin = token_.begin;
  if (nesting_ == kMaxNesting && !failed_) {
    sink_.Report(diag::ExpressionTooDeep, SpanOf(token_), kMaxNesting);
    failed_ = true;
    token_.kind = TokenKind::End;
  }
  if (failed_) return Poison(begin);
  ++nesting_;
  ExprId id = ParseOr();
  const Token question = token_;
  if (Accept(TokenKind::Question)) {
    if (const auto failed = FailAtForeignQuestion(question)) return *failed;
    const ExprId then = ParseOr();
    if (Expect(TokenKind::Colon, "`:`")) {
      const ExprId otherwise = ParseConditional();
      id = Make(Op::Conditional, {{id, then, otherwise}}, begin);
    }
  }
  --nesting_;
  return id;
}

ExprId Parser::ParseOr() {
  const uint32_t begin = token_.begin;
  const ExprId first = ParseAnd();
  if (token_.kind != TokenKind::Or) return first;
  Children operands = {first};
  while (Accept(TokenKind::Or)) operands.push_back(ParseAnd());
  return Make(Op::Or, operands, begin);
}

ExprId Parser::ParseAnd() {
  const uint32_t begin = token_.begin;
  const ExprId first = ParseBinary(1);
  if (token_.kind != TokenKind::And) return first;
  Children operands = {first};
  while (Accept(TokenKind::And)) operands.push_back(ParseBinary(1));
  return Make(Op::And, operands, begin);
}

ExprId Parser::ParseBinary(int least_precedence) {
  const uint32_t begin = token_.begin;
  ExprId left = ParseUnary();
  while (!failed_) {
    auto found = FindOperator(token_.kind);
    if (token_.kind == TokenKind::Identifier && tokens_.text(token_) == "in") {
      found = BinaryOperator{Op::In, 1};
    }
    if (!found || found->precedence < least_precedence) break;
    Advance();
    const ExprId right = ParseBinary(found->precedence + 1);
    left = Make(found->op, {{left, right}}, begin);
  }
  return left;
}

ExprId Parser::ParseUnary() {
  const TokenKind sign = token_.kind;
  if (sign != TokenKind::Bang && sign != TokenKind::Minus) return ParseSteps(kNoSign);
  const uint32_t begin = token_.begin;
  uint32_t count = 0;
  uint32_t last_begin = begin;
  while (token_.kind == sign) {
    last_begin = token_.begin;
    ++count;
    Advance();
  }
  // The last minus before a number belongs to it: -9223372036854775808 is an int.
  const bool is_number = sign == TokenKind::Minus && IsNumber(token_.kind);
  if (is_number) --count;
  ExprId id = ParseSteps(is_number ? last_begin : kNoSign);
  const Op op = sign == TokenKind::Bang ? Op::Not : Op::Negate;
  for (; count > 0 && !failed_; --count) id = Make(op, {{id}}, begin);
  return id;
}

ExprId Parser::ParsePrimary() {
  switch (token_.kind) {
    case TokenKind::Int:
    case TokenKind::Uint:
    case TokenKind::Double:
    case TokenKind::String:
    case TokenKind::Bytes:
      return ParseLiteral(false, token_.begin);
    case TokenKind::LeftParen:
      return ParseParenthesised();
    case TokenKind::LeftBracket:
      return ParseList();
    case TokenKind::LeftBrace:
      return ParseMap();
    default:
      return Fail("an expression");
  }
}

ExprId Parser::ParseLiteral(bool negative, uint32_t begin) {
  auto value = ReadLiteral(token_.kind, tokens_.text(token_), negative);
  if (!value.ok()) {
    if (!failed_) sink_.Report(diag::ExpressionLiteral, SpanOf(token_), value.error().message);
    failed_ = true;
    token_.kind = TokenKind::End;
    return Poison(begin);
  }
  Advance();
  return store_.AddConst(*std::move(value), SpanFrom(begin));
}

ExprId Parser::ParseParenthesised() {
  const Token open = token_;
  Advance();
  const ExprId id = ParseConditional();
  ExpectClose(TokenKind::RightParen, open);
  return id;
}

ExprId Parser::ParseList() {
  const Token open = token_;
  Advance();
  if (const std::optional<Token> word = FindForOfList()) {
    return FailAtForeign("[f(x) for x in list]", "list.map(x, f(x))", *word, false);
  }
  Children items;
  while (!failed_ && token_.kind != TokenKind::RightBracket) {
    const uint32_t begin = token_.begin;
    const bool is_optional = Accept(TokenKind::Question);
    const ExprId item = ParseConditional();
    items.push_back(is_optional ? Make(Op::OptionalElement, {{item}}, begin) : item);
    if (!Accept(TokenKind::Comma)) break;
  }
  ExpectClose(TokenKind::RightBracket, open);
  return Make(Op::List, items, open.begin);
}

ExprId Parser::ParseMap() {
  const Token open = token_;
  Advance();
  // Keys of maps are not maps, so this is the `{{ x }}` of other systems.
  if (token_.kind == TokenKind::LeftBrace && token_.begin == open.end) {
    const Token both = {.kind = open.kind, .begin = open.begin, .end = token_.end};
    return FailAtForeign("{{ x }}", "x", both, false);
  }
  Children parts;
  while (!failed_ && token_.kind != TokenKind::RightBrace) {
    const uint32_t begin = token_.begin;
    const bool is_optional = Accept(TokenKind::Question);
    parts.push_back(ParseConditional());
    if (!Expect(TokenKind::Colon, "`:`")) break;
    const ExprId value = ParseConditional();
    parts.push_back(is_optional ? Make(Op::OptionalElement, {{value}}, begin) : value);
    if (!Accept(TokenKind::Comma)) break;
  }
  ExpectClose(TokenKind::RightBrace, open);
  return failed_ ? Poison(open.begin) : Make(Op::Map, parts, open.begin);
}

}  // namespace wfc::expr

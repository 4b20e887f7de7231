// The recursive-descent parser behind parser.h: one object per expression.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "llvm/ADT/SmallVector.h"

#include "ir/expr/functions.h"
#include "ir/expr/lexer.h"
#include "ir/expr/parser.h"

namespace wfc::expr {

class Parser {
 public:
  /// Parses the text, from `offset` on, of which these are the tokens.
  Parser(const ParseContext& context, const TokenReader& tokens, uint32_t offset,
         const SpanMapper& mapper);

  /// The tree, or a Poison when something was reported.
  ExprId ParseWhole();

 private:
  static constexpr uint32_t kNoSign = 0xFFFFFFFF;
  using Children = llvm::SmallVector<ExprId, 8>;

  /// `a.b["c"]`: constant steps from a free identifier, to be resolved once it is known where they
  /// end.
  struct Chain {
    llvm::SmallVector<Segment, 6> segments;
    llvm::SmallVector<uint32_t, 6> ends;  ///< in the text, behind each segment
    uint32_t begin = 0;
  };

  // The grammar, from the loosest. parser.cpp.
  ExprId ParseConditional();
  ExprId ParseOr();
  ExprId ParseAnd();
  ExprId ParseBinary(int least_precedence);
  ExprId ParseUnary();
  ExprId ParsePrimary();
  ExprId ParseLiteral(bool negative, uint32_t begin);
  ExprId ParseParenthesised();
  ExprId ParseList();
  ExprId ParseMap();

  // Steps, names and calls. parser_calls.cpp.
  /// A primary and what follows it; `sign`: where the minus of a number before it stands, or
  /// kNoSign.
  ExprId ParseSteps(uint32_t sign);
  ExprId ParseDot(Chain& chain, ExprId operand, uint32_t begin);
  ExprId ParseIndex(Chain& chain, ExprId operand, uint32_t begin);
  /// An identifier: a literal word, a call, a binding, or the start of `chain` (then an empty id).
  ExprId ParseName(Chain& chain);
  void Extend(Chain& chain, std::string_view name, const Token& at);
  ExprId SelectField(Op op, ExprId operand, std::string_view name, uint32_t begin);
  ExprId Finish(Chain& chain, ExprId operand);
  ExprId ResolveChain(const Chain& chain);
  ExprId FinishOptional(Chain& chain);
  ExprId ParseCall(std::string_view name, const Token& at, ExprId receiver, uint32_t begin);
  ExprId ParseBuiltin(const BuiltinInfo& info, const Token& at, ExprId receiver, uint32_t begin);
  ExprId ParseMacro(const MacroInfo& info, const Token& at, ExprId receiver, uint32_t begin);
  ExprId ParseHas(uint32_t begin);
  ExprId ParseBind(uint32_t begin);
  ExprId ParseBody(const MacroInfo& info, const Token& at, ExprId receiver, uint32_t begin);
  bool ParseVariable(std::string_view& name);
  [[nodiscard]] bool IsNameNext() const;
  /// The names before the body of `macro`, which become bindings: the form that has as many. Null
  /// when that was reported.
  const MacroInfo* ParseNames(std::string_view macro);
  /// Up to and with the `)`.
  void ParseArguments(Children& arguments);
  ExprId ReportUnknown(std::string_view name, CallStyle style, const Token& at);
  [[nodiscard]] size_t BindFirstArgument();
  [[nodiscard]] bool IsForeignNot(std::string_view text) const;
  ExprId ReportForm(std::string_view name, CallForm form, const Token& at);
  ExprId ReportArity(std::string_view name, const Token& at, std::string takes, size_t found);

  // Tokens.
  void Advance();
  bool Accept(TokenKind kind);
  /// Reports what is missing unless it is there.
  bool Expect(TokenKind kind, std::string_view expected);
  /// As Expect for the end of what `open` began.
  bool ExpectClose(TokenKind kind, const Token& open);
  ExprId Fail(std::string_view expected);
  /// E001 at `word`, an operator of another language.
  ExprId FailAtOperator(const Token& word);
  ExprId FailAtSlice(const Token& open);
  ExprId FailAtIs(const Token& word);
  std::optional<ExprId> FailAtForeignInfix();
  /// E001: what is written at `at` is written `here` in this language; `is_same_form`: in its
  /// place.
  ExprId FailAtForeign(std::string_view written, std::string_view here, const Token& at,
                       bool is_same_form);
  std::optional<ExprId> FailAtForeignQuestion(const Token& question);
  void ReportLexerError();

  ExprId Make(Op op, std::span<const ExprId> children, uint32_t begin, uint32_t payload = 0);
  ExprId Poison(uint32_t begin) { return store_.AddPoison(SpanFrom(begin)); }
  /// From `begin` to the end of the last token taken.
  [[nodiscard]] Span SpanFrom(uint32_t begin) const { return mapper_.Map(begin, last_end_); }
  [[nodiscard]] Span SpanOf(const Token& token) const {
    return mapper_.Map(token.begin, token.end);
  }

  ExprStore& store_;
  diag::Sink& sink_;
  NameResolver& resolver_;
  const SpanMapper& mapper_;
  TokenReader tokens_;
  Token token_;
  uint32_t last_end_ = 0;
  uint32_t nesting_ = 0;
  bool failed_ = false;  ///< a syntax error was reported: everything else would be an echo
  llvm::SmallVector<std::string_view, 4> bindings_;  ///< by slot
};

}  // namespace wfc::expr

// The recursive-descent parser behind parser.h: one object per expression. After the first syntax
// error it pretends to be at the end of the text, so that a single error yields a single finding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "llvm/ADT/SmallVector.h"

#include "ir/expr/functions.h"
#include "ir/expr/lexer.h"
#include "ir/expr/parser.h"

namespace wfc::expr {

/// Parses one expression. The context, the tokens and the mapper must outlive it.
class Parser {
 public:
  /// `tokens` are the tokens of the text from byte `offset` on.
  Parser(const ParseContext& context, const TokenReader& tokens, uint32_t offset,
         const SpanMapper& mapper);

  /// Returns the tree, or a Poison if something was reported.
  ExprId ParseWhole();

 private:
  static constexpr uint32_t kNoSign = 0xFFFFFFFF;
  using Children = llvm::SmallVector<ExprId, 8>;

  /// A free identifier followed by constant steps, such as `a.b["c"]`. It is resolved once its end
  /// is known.
  struct Chain {
    llvm::SmallVector<Segment, 6> segments;
    llvm::SmallVector<uint32_t, 6> ends;  ///< offsets in the text behind each segment
    uint32_t begin = 0;
  };

  // The grammar, from the operators that bind loosest; defined in parser.cpp.
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

  // Steps, names and calls; defined in parser_calls.cpp, the advice about other languages in
  // parser_foreign.cpp.
  /// A primary and the steps that follow it. `sign` is the offset of the minus that belongs to the
  /// number, or kNoSign.
  ExprId ParseSteps(uint32_t sign);
  ExprId ParseDot(Chain& chain, ExprId operand, uint32_t begin);
  ExprId ParseIndex(Chain& chain, ExprId operand, uint32_t begin);
  /// An identifier: a literal word, a call, a bound name, or the start of `chain`. For the last of
  /// these it returns an id without a value.
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
  /// Parses the names before the body of `macro` and binds them. Returns the form of the macro with
  /// that number of names, or null if an error was reported.
  const MacroInfo* ParseNames(std::string_view macro);
  /// Parses the arguments up to and including the `)`.
  void ParseArguments(Children& arguments);
  ExprId ReportUnknown(std::string_view name, CallStyle style, const Token& at);
  [[nodiscard]] size_t BindFirstArgument();
  [[nodiscard]] bool IsForeignNot(std::string_view text) const;
  ExprId ReportForm(std::string_view name, CallForm form, const Token& at);
  ExprId ReportArity(std::string_view name, const Token& at, std::string_view takes, size_t found);

  // Tokens.
  void Advance();
  bool Accept(TokenKind kind);
  /// Reports `expected` unless the token is there.
  bool Expect(TokenKind kind, std::string_view expected);
  /// As Expect, for the token that closes `open`.
  bool ExpectClose(TokenKind kind, const Token& open);
  ExprId Fail(std::string_view expected);
  /// Reports E001 at `word`, an operator of another language.
  ExprId FailAtOperator(const Token& word);
  ExprId FailAtSlice(const Token& open);
  [[nodiscard]] std::optional<Token> FindForOfList() const;
  ExprId FailAtIs(const Token& word);
  std::optional<ExprId> FailAtForeignInfix();
  /// Reports E001: what is written at `at` is written as `here` in this language. If
  /// `is_same_form`, a fix replaces the one by the other.
  ExprId FailAtForeign(std::string_view written, std::string_view here, const Token& at,
                       bool is_same_form);
  std::optional<ExprId> FailAtForeignQuestion(const Token& question);
  void ReportLexerError();

  ExprId Make(Op op, std::span<const ExprId> children, uint32_t begin, uint32_t payload = 0);
  ExprId Poison(uint32_t begin) { return store_.AddPoison(SpanFrom(begin)); }
  /// The span from `begin` to the end of the last token taken.
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
  bool failed_ = false;  ///< a syntax error was reported; any further finding would be an echo
  llvm::SmallVector<std::string_view, 4> bindings_;  ///< names in scope, by slot
};

}  // namespace wfc::expr

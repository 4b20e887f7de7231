// Tokens of the expression language. The parser reads those of an expression, which are taken once:
// that finds the end of a `${`, too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "llvm/ADT/SmallVector.h"

namespace wfc::expr {

enum class TokenKind : uint8_t {
  End,
  Error,  ///< see `Token::error`
  Identifier,
  QuotedIdentifier,  ///< `a-b` in backticks, only after a dot
  Int,
  Uint,
  Double,
  String,
  Bytes,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Dot,
  Comma,
  Colon,
  Question,
  Bang,
  Minus,
  Plus,
  Star,
  Slash,
  Percent,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Equal,
  NotEqual,
  And,
  Or,
};

struct Token {
  TokenKind kind = TokenKind::End;
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string_view error = {};
  std::string_view replacement = {};  ///< Error: what takes its place; empty: nothing is certain to
};

class Lexer {
 public:
  /// Tokens of `text` from `offset`; their offsets count from the start of `text`.
  Lexer(std::string_view text, uint32_t offset) : text_(text), at_(offset) {}

  /// The next token; at the end, End for ever. After an Error it goes on behind what it could not
  /// read.
  Token Next();
  [[nodiscard]] std::string_view text(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }

 private:
  void SkipSpace();
  Token Take(TokenKind kind, uint32_t length);
  Token Fail(std::string_view error, uint32_t end, std::string_view replacement = {});
  /// What other languages have for operators; none: `at_` begins nothing of the kind.
  [[nodiscard]] std::optional<Token> TakeForeignOperator();
  Token TakeStrangeCharacter();
  Token TakeWord();
  Token TakeNumber();
  Token TakeString(uint32_t prefix);
  Token TakeBackticks();
  Token TakeOperator();
  [[nodiscard]] char At(uint32_t offset) const {
    return at_ + offset < text_.size() ? text_[at_ + offset] : '\0';
  }

  std::string_view text_;
  uint32_t at_;
};

/// The tokens of one expression, the last of them End.
using Tokens = llvm::SmallVector<Token, 32>;

/// Takes the tokens of the expression that begins at `offset` and ends before a `}` that none of
/// its own braces opened; yields where that stands. `npos`: nothing closes it, and there is no End.
size_t LexExpression(std::string_view text, size_t offset, Tokens& tokens);
/// The same of all that stands from `offset` on.
void LexWhole(std::string_view text, size_t offset, Tokens& tokens);

/// Goes through tokens that were taken before; a copy looks ahead.
class TokenReader {
 public:
  /// `tokens` outlive it.
  TokenReader(std::string_view text, std::span<const Token> tokens) : text_(text), rest_(tokens) {}

  /// The next token; at the end, End for ever.
  Token Next() {
    const Token& next = rest_.front();
    if (rest_.size() > 1) rest_ = rest_.subspan(1);
    return next;
  }
  [[nodiscard]] std::string_view text(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }

 private:
  std::string_view text_;
  std::span<const Token> rest_;
};

/// A token in words: "`)`", "the end", "a string".
[[nodiscard]] std::string_view Describe(TokenKind kind);

}  // namespace wfc::expr

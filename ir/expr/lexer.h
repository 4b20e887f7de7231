// The lexer of the expression language. Each expression is tokenised once; the parser reads the
// resulting tokens. The lexer also finds the `}` that ends a `${`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "llvm/ADT/SmallVector.h"

namespace wfc::expr {

/// The kinds of tokens. Reserved words are Identifiers.
enum class TokenKind : uint8_t {
  End,
  Error,  ///< see ExplainError
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

/// A token; `begin` and `end` are byte offsets into the text.
struct Token {
  TokenKind kind = TokenKind::End;
  uint32_t begin = 0;
  uint32_t end = 0;
};

/// Why a text is not a token.
struct LexError {
  std::string_view message;
  std::string_view replacement;  ///< the text to write instead; "" if no replacement is certain
};

/// Splits a text into tokens. White space and comments, from `//` to the end of the line, separate
/// tokens.
class Lexer {
 public:
  /// Reads `text` from byte `offset` on; the offsets of tokens count from the start of `text`.
  Lexer(std::string_view text, uint32_t offset) : text_(text), at_(offset) {}

  /// Returns the next token, and End for ever at the end of the text. After an Error it continues
  /// behind the text that it could not read.
  Token Next();
  [[nodiscard]] std::string_view text(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }
  /// Describes the last token of kind Error.
  [[nodiscard]] const LexError& error() const { return error_; }

 private:
  void SkipSpace();
  Token Take(TokenKind kind, uint32_t length);
  Token Fail(std::string_view message, uint32_t end, std::string_view replacement = {});
  /// An Error for an operator of another language; empty if there is none at `at_`.
  [[nodiscard]] std::optional<Token> TakeForeignOperator();
  Token TakeStrangeCharacter();
  Token TakeWord();
  Token TakeNumber();
  [[nodiscard]] uint32_t SkipDigits(uint32_t offset) const;
  [[nodiscard]] uint32_t SkipExponent(uint32_t offset) const;
  Token TakeString(uint32_t prefix);
  Token TakeBackticks();
  Token TakeOperator();
  [[nodiscard]] char At(uint32_t offset) const {
    return at_ + offset < text_.size() ? text_[at_ + offset] : '\0';
  }

  std::string_view text_;
  uint32_t at_;
  LexError error_;
};

/// Why `token`, an Error of `text`, is not a token. Found by reading the text again, so that the
/// tokens of right expressions carry no room for it.
[[nodiscard]] LexError ExplainError(std::string_view text, const Token& token);

/// The tokens of one expression; the last one is End.
using Tokens = llvm::SmallVector<Token, 32>;

/// Appends the tokens of the expression that begins at `offset` and ends before the first `}`
/// without a matching `{` of its own. Returns the offset of that `}`; returns `npos`, and appends
/// no End, if the text ends first.
size_t LexExpression(std::string_view text, size_t offset, Tokens& tokens);
/// Appends the tokens of the whole text from `offset` on.
void LexWhole(std::string_view text, size_t offset, Tokens& tokens);

/// A cursor over tokens. A copy serves as lookahead.
class TokenReader {
 public:
  /// `text` and `tokens` must outlive the reader; `tokens` must end with End.
  TokenReader(std::string_view text, std::span<const Token> tokens) : text_(text), rest_(tokens) {}

  /// Returns the next token, and End for ever at the end.
  Token Next() {
    const Token& next = rest_.front();
    if (rest_.size() > 1) rest_ = rest_.subspan(1);
    return next;
  }
  [[nodiscard]] std::string_view text(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }
  /// The text of the expression, from whose start the tokens' offsets count.
  [[nodiscard]] std::string_view whole() const { return text_; }

 private:
  std::string_view text_;
  std::span<const Token> rest_;
};

/// The kind of a token in words: "`)`", "end", "string".
[[nodiscard]] std::string_view Describe(TokenKind kind);

}  // namespace wfc::expr

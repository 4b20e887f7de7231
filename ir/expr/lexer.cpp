#include "ir/expr/lexer.h"

#include <algorithm>
#include <array>

#include "ir/base/utf8.h"

namespace wfc::expr {
namespace {

enum Class : uint8_t {
  kDigit = 1,
  kWordStart = 2,
  kSpace = 4,
  kForeignStart = 8,  ///< begins an operator of another language
  kStringStart = 16,  ///< may begin a string: a quote, or a letter of a prefix
};

/// The message for a template literal of another language.
constexpr std::string_view kJoinedString =
    "a string with values in it is joined with `+`, as in `\"a \" + text(x)`";

constexpr std::array<uint8_t, 256> MakeClasses() {
  std::array<uint8_t, 256> classes = {};
  const auto add = [&](std::string_view characters, Class of) {
    for (const char c : characters) classes[static_cast<uint8_t>(c)] |= of;
  };
  add("0123456789", kDigit);
  add("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", kWordStart);
  add(" \t\n\r\f", kSpace);
  add("=!<*&|", kForeignStart);
  add("\"'rRbB", kStringStart);
  return classes;
}
constexpr std::array<uint8_t, 256> kClasses = MakeClasses();

/// The tokens of a single character that begins no longer one; Error for every other character.
constexpr std::array<TokenKind, 256> MakeSingles() {
  std::array<TokenKind, 256> singles = {};
  singles.fill(TokenKind::Error);
  constexpr std::string_view kCharacters = "()[]{}.,:?-+";
  constexpr TokenKind kKinds[] = {
      TokenKind::LeftParen, TokenKind::RightParen, TokenKind::LeftBracket, TokenKind::RightBracket,
      TokenKind::LeftBrace, TokenKind::RightBrace, TokenKind::Dot,         TokenKind::Comma,
      TokenKind::Colon,     TokenKind::Question,   TokenKind::Minus,       TokenKind::Plus};
  for (size_t i = 0; i < kCharacters.size(); ++i) {
    singles[static_cast<uint8_t>(kCharacters[i])] = kKinds[i];
  }
  return singles;
}
constexpr std::array<TokenKind, 256> kSingles = MakeSingles();

bool Is(char c, int classes) {
  return (kClasses[static_cast<uint8_t>(c)] & classes) != 0;
}
bool IsDigit(char c) {
  return Is(c, kDigit);
}
bool IsHexDigit(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool IsWordStart(char c) {
  return Is(c, kWordStart);
}
bool IsWord(char c) {
  return Is(c, kWordStart | kDigit);
}

/// The length of the prefix before a quote (`r`, `b`, `rb` or `br` in either case), or npos if no
/// string begins here.
size_t StringPrefix(std::string_view text) {
  for (size_t length = 0; length <= 2 && length < text.size(); ++length) {
    const char c = text[length];
    if (c == '"' || c == '\'') {
      const bool doubled = length == 2 && (text[0] | 0x20) == (text[1] | 0x20);
      return doubled ? std::string_view::npos : length;
    }
    if ((c | 0x20) != 'r' && (c | 0x20) != 'b') break;
  }
  return std::string_view::npos;
}

}  // namespace

void Lexer::SkipSpace() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (Is(c, kSpace)) {
      ++at_;
    } else if (c == '/' && At(1) == '/') {
      const size_t line_end = text_.find('\n', at_);
      at_ = static_cast<uint32_t>(std::min(line_end, text_.size()));
    } else {
      return;
    }
  }
}

Token Lexer::Take(TokenKind kind, uint32_t length) {
  const Token token = {.kind = kind, .begin = at_, .end = at_ + length};
  at_ += length;
  return token;
}

Token Lexer::Fail(std::string_view message, uint32_t end, std::string_view replacement) {
  error_ = {.message = message, .replacement = replacement};
  return Take(TokenKind::Error, end - at_);
}

Token Lexer::Next() {
  const bool may_be_space = Is(At(0), kSpace) || At(0) == '/';
  if (may_be_space) SkipSpace();
  if (at_ >= text_.size()) {
    at_ = static_cast<uint32_t>(text_.size());
    return Take(TokenKind::End, 0);
  }
  const char c = text_[at_];
  const size_t prefix =
      Is(c, kStringStart) ? StringPrefix(text_.substr(at_)) : std::string_view::npos;
  if (prefix != std::string_view::npos) return TakeString(static_cast<uint32_t>(prefix));
  if (IsWordStart(c)) return TakeWord();
  if (IsDigit(c) || (c == '.' && IsDigit(At(1)))) return TakeNumber();
  if (c == '`') return TakeBackticks();
  return TakeOperator();
}

Token Lexer::TakeWord() {
  const std::string_view rest = text_.substr(at_);
  uint32_t length = 1;
  while (length < rest.size() && IsWord(rest[length])) ++length;
  const bool is_template = length == 1 && rest[0] == 'f' && (At(1) == '"' || At(1) == '\'');
  if (is_template) {
    return Fail(kJoinedString, at_ + 1);
  }
  return Take(TokenKind::Identifier, length);
}

uint32_t Lexer::SkipDigits(uint32_t offset) const {
  while (IsDigit(At(offset))) ++offset;
  return offset;
}

/// The offset after the exponent at `offset`, if there is one.
uint32_t Lexer::SkipExponent(uint32_t offset) const {
  if ((At(offset) | 0x20) != 'e') return offset;
  const uint32_t digits = offset + (At(offset + 1) == '+' || At(offset + 1) == '-' ? 2 : 1);
  return IsDigit(At(digits)) ? SkipDigits(digits) : offset;
}

Token Lexer::TakeNumber() {
  uint32_t length = 0;
  TokenKind kind = TokenKind::Int;
  if (At(0) == '0' && (At(1) == 'x' || At(1) == 'X') && IsHexDigit(At(2))) {
    for (length = 3; IsHexDigit(At(length));) ++length;
  } else {
    const uint32_t whole = SkipDigits(0);
    const bool has_fraction = At(whole) == '.' && IsDigit(At(whole + 1));
    length = SkipExponent(has_fraction ? SkipDigits(whole + 1) : whole);
    if (length != whole) kind = TokenKind::Double;
  }
  if (kind == TokenKind::Int && (At(length) | 0x20) == 'u') {
    kind = TokenKind::Uint;
    ++length;
  }
  if (IsWord(At(length))) {
    while (IsWord(At(length))) ++length;
    return Fail("not a number", at_ + length);
  }
  return Take(kind, length);
}

Token Lexer::TakeString(uint32_t prefix) {
  const std::string_view letters = text_.substr(at_, prefix);
  const bool is_raw = letters.find_first_of("rR") != std::string_view::npos;
  const bool is_bytes = letters.find_first_of("bB") != std::string_view::npos;
  const char quote = At(prefix);
  const bool is_triple = At(prefix + 1) == quote && At(prefix + 2) == quote;
  uint32_t length = prefix + (is_triple ? 3 : 1);
  while (at_ + length < text_.size()) {
    const char c = At(length);
    if (c == '\\' && !is_raw) {
      length += 2;
      continue;
    }
    if (!is_triple && (c == '\n' || c == '\r')) break;
    if (c == quote && (!is_triple || (At(length + 1) == quote && At(length + 2) == quote))) {
      return Take(is_bytes ? TokenKind::Bytes : TokenKind::String, length + (is_triple ? 3 : 1));
    }
    ++length;
  }
  const auto end = std::min<size_t>(at_ + length, text_.size());
  return Fail("the string is not closed", static_cast<uint32_t>(end));
}

Token Lexer::TakeBackticks() {
  const size_t end = text_.find('`', at_ + 1);
  if (end == std::string_view::npos) {
    return Fail("the name in backticks is not closed", static_cast<uint32_t>(text_.size()));
  }
  const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
  const bool is_allowed = !name.empty() && std::ranges::all_of(name, [](char c) {
    return IsWord(c) || c == '.' || c == '-' || c == '/' || c == ' ';
  });
  if (name.find("${") != std::string_view::npos) {
    return Fail(kJoinedString, static_cast<uint32_t>(end + 1));
  }
  if (!is_allowed) {
    return Fail("not a name in backticks; text goes in quotes", static_cast<uint32_t>(end + 1));
  }
  return Take(TokenKind::QuotedIdentifier, static_cast<uint32_t>(end + 1 - at_));
}

std::optional<Token> Lexer::TakeForeignOperator() {
  struct Row {
    std::string_view operator_text, error, replacement;
  };
  static constexpr Row kRows[] = {
      {"===", "`===` is written `==` here", "=="},
      {"!==", "`!==` is written `!=` here", "!="},
      {"<>", "`<>` is written `!=` here", "!="},
      {"=~", "`=~` is not an operator; `x.matches(\"PATTERN\")` asks for a pattern", ""},
      {"!~", "`!~` is not an operator; `!x.matches(\"PATTERN\")` asks for a pattern", ""},
      {"=>",
       "`=>` is not an operator; for \"at least\", write `>=`, and for `x => …`, write "
       "`list.filter(x, …)`",
       ""},
      {"**", "`**` is not an operator: there are no powers; write the product", ""},
  };
  const std::string_view rest = text_.substr(at_);
  for (const Row& row : kRows) {
    const bool is_meant = rest[0] == row.operator_text[0] && rest.starts_with(row.operator_text);
    if (!is_meant) continue;
    const auto length = static_cast<uint32_t>(row.operator_text.size());
    return Fail(row.error, at_ + length, row.replacement);
  }
  if (rest.starts_with("=") && !rest.starts_with("==")) {
    return Fail("`=` is not an operator; for \"equals\", write `==`", at_ + 1, "==");
  }
  if (rest.starts_with("&") && !rest.starts_with("&&")) {
    return Fail("`&` is not an operator; for \"and\", write `&&`", at_ + 1, "&&");
  }
  if (rest.starts_with("|") && !rest.starts_with("||")) {
    return Fail(
        "`|` is not an operator; for \"or\", write `||`, and for a filter a call: `size(x)` for "
        "`x | length`",
        at_ + 1);
  }
  return std::nullopt;
}

Token Lexer::TakeStrangeCharacter() {
  const std::string_view rest = text_.substr(at_);
  const uint32_t end = at_ + DecodeUtf8(text_, at_).length;
  for (const std::string_view quote : {"\u201C", "\u201D", "\u201E", "\u2018", "\u2019"}) {
    if (rest.starts_with(quote)) {
      return Fail("a typographic quotation mark, as text processors put it; write `\"` or `'`",
                  end);
    }
  }
  if (rest.starts_with("\u00A0")) return Fail("a no-break space; write a plain one", end, " ");
  if (rest.starts_with("\u2013") || rest.starts_with("\u2212")) {
    return Fail("a typographic minus or dash; write `-`", end, "-");
  }
  switch (rest[0]) {
    case '@':
    case '#':
    case '$':
      return Fail("this is not part of a name inside an expression; leave it out", end);
    case ';':
      return Fail("`;` is not part of an expression: it is a single value, without statements",
                  end);
    case '~':
      return Fail("`~` is not an operator; texts are joined with `+`", end);
    default:
      return Fail("a character that no expression holds here", end);
  }
}

Token Lexer::TakeOperator() {
  const TokenKind single = kSingles[static_cast<uint8_t>(text_[at_])];
  if (single != TokenKind::Error) return Take(single, 1);
  if (Is(text_[at_], kForeignStart)) {
    if (const std::optional<Token> foreign = TakeForeignOperator()) return *foreign;
  }
  const char next = At(1);
  switch (text_[at_]) {
    case '*':
      return Take(TokenKind::Star, 1);
    case '/':
      return Take(TokenKind::Slash, 1);
    case '%':
      return Take(TokenKind::Percent, 1);
    case '<':
      return next == '=' ? Take(TokenKind::LessEqual, 2) : Take(TokenKind::Less, 1);
    case '>':
      return next == '=' ? Take(TokenKind::GreaterEqual, 2) : Take(TokenKind::Greater, 1);
    case '!':
      return next == '=' ? Take(TokenKind::NotEqual, 2) : Take(TokenKind::Bang, 1);
    case '=':
      return Take(TokenKind::Equal, 2);
    case '&':
      return Take(TokenKind::And, 2);
    case '|':
      return Take(TokenKind::Or, 2);
    default:
      return TakeStrangeCharacter();
  }
}

LexError ExplainError(std::string_view text, const Token& token) {
  Lexer lexer(text, token.begin);
  (void)lexer.Next();
  return lexer.error();
}

size_t LexExpression(std::string_view text, size_t offset, Tokens& tokens) {
  Lexer lexer(text, static_cast<uint32_t>(offset));
  uint32_t depth = 0;
  while (true) {
    const Token token = lexer.Next();
    if (token.kind == TokenKind::End) return std::string_view::npos;
    if (token.kind == TokenKind::RightBrace && depth == 0) {
      tokens.push_back({.kind = TokenKind::End, .begin = token.begin, .end = token.begin});
      return token.begin;
    }
    tokens.push_back(token);
    if (token.kind == TokenKind::LeftBrace) ++depth;
    if (token.kind == TokenKind::RightBrace) --depth;
  }
}

void LexWhole(std::string_view text, size_t offset, Tokens& tokens) {
  Lexer lexer(text, static_cast<uint32_t>(offset));
  do {
    tokens.push_back(lexer.Next());
  } while (tokens.back().kind != TokenKind::End);
}

// NOLINTNEXTLINE(readability-function-size): one branch for each kind of token
std::string_view Describe(TokenKind kind) {
  switch (kind) {
    case TokenKind::End:
      return "end";
    case TokenKind::Error:
      return "error";
    case TokenKind::Identifier:
    case TokenKind::QuotedIdentifier:
      return "name";
    case TokenKind::Int:
    case TokenKind::Uint:
    case TokenKind::Double:
      return "number";
    case TokenKind::String:
    case TokenKind::Bytes:
      return "string";
    case TokenKind::LeftParen:
      return "`(`";
    case TokenKind::RightParen:
      return "`)`";
    case TokenKind::LeftBracket:
      return "`[`";
    case TokenKind::RightBracket:
      return "`]`";
    case TokenKind::LeftBrace:
      return "`{`";
    case TokenKind::RightBrace:
      return "`}`";
    case TokenKind::Dot:
      return "`.`";
    case TokenKind::Comma:
      return "`,`";
    case TokenKind::Colon:
      return "`:`";
    case TokenKind::Question:
      return "`?`";
    case TokenKind::Bang:
      return "`!`";
    case TokenKind::Minus:
      return "`-`";
    case TokenKind::Plus:
      return "`+`";
    case TokenKind::Star:
      return "`*`";
    case TokenKind::Slash:
      return "`/`";
    case TokenKind::Percent:
      return "`%`";
    case TokenKind::Less:
      return "`<`";
    case TokenKind::LessEqual:
      return "`<=`";
    case TokenKind::Greater:
      return "`>`";
    case TokenKind::GreaterEqual:
      return "`>=`";
    case TokenKind::Equal:
      return "`==`";
    case TokenKind::NotEqual:
      return "`!=`";
    case TokenKind::And:
      return "`&&`";
    case TokenKind::Or:
      return "`||`";
  }
  return {};
}

}  // namespace wfc::expr

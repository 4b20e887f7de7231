#include "frontend/yaml/syntax_advice.h"

#include <algorithm>

#include <fmt/core.h>

#include "frontend/yaml/scanner.h"

namespace wfc::yaml {
namespace {

constexpr size_t kMostShown = 70;  // bytes of a value that a message shows

struct Region {
  uint32_t begin = 0;
  uint32_t end = 0;
};

std::string_view TextOf(std::string_view source, Region region) {
  return source.substr(region.begin, region.end - region.begin);
}

uint32_t SkipSpaces(std::string_view source, uint32_t at) {
  while (at < source.size() && (source[at] == ' ' || source[at] == '\t')) ++at;
  return at;
}

/// Whether a value can end at `at`: before the end of the line or a comment, and inside brackets
/// also before a comma or a closing bracket.
bool EndsValue(std::string_view source, uint32_t at, bool is_in_flow) {
  const uint32_t next = SkipSpaces(source, at);
  if (next >= source.size() || source[next] == '\n' || source[next] == '\r') return true;
  if (source[next] == '#' && next > at) return true;
  return is_in_flow && std::string_view(",]}").find(source[next]) != std::string_view::npos;
}

/// The offset after the last character of the value that contains `at`.
uint32_t EndOfValue(std::string_view source, uint32_t at, bool is_in_flow) {
  while (at < source.size() && !EndsValue(source, at, is_in_flow)) {
    const uint32_t next = SkipSpaces(source, at);
    at = next > at ? next : at + 1;  // skips a run of spaces at once, to stay linear
  }
  return at;
}

/// The value that begins with the quote at `begin` and that YAML ended before `at`. It extends to
/// the next quote of that kind after which a value can end; if there is none on the line, to the
/// end of the value.
Region QuotedRegion(std::string_view source, uint32_t begin, uint32_t at, bool is_in_flow) {
  const char quote = source[begin];
  const size_t line_end = std::min(source.find('\n', at), source.size());
  for (uint32_t i = at; i < line_end; ++i) {
    if (source[i] == quote && EndsValue(source, i + 1, is_in_flow)) return {begin, i + 1};
  }
  return {begin, EndOfValue(source, at, is_in_flow)};
}

/// Quotes a text that contains the quotes that enclose it: in quotes of the other kind, or escaped.
std::string Requote(std::string_view text) {
  const char quote = text.front();
  const std::string_view inner = text.substr(1, text.size() - 2);
  if (quote == '\'') {
    if (inner.find_first_of("\"\\") == std::string_view::npos) return fmt::format("\"{}\"", inner);
    return QuoteText(inner);
  }
  if (inner.find('\\') == std::string_view::npos) return QuoteText(inner);
  std::string escaped = "\"";
  for (size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] == '"' && (i == 0 || inner[i - 1] != '\\')) escaped += '\\';
    escaped += inner[i];
  }
  return escaped + "\"";
}

bool BeginsOperator(std::string_view rest) {
  for (const std::string_view each : {"+", "==", "!=", "&&", "||", "?", "in "}) {
    if (rest.starts_with(each)) return true;
  }
  return false;
}

/// The opening bracket that `tokens[close]` closes; null if there is none.
const Token* FindOpen(std::span<const Token> tokens, size_t close) {
  int depth = 0;
  for (size_t i = close + 1; i-- > 0;) {
    const TokenKind kind = tokens[i].kind;
    if (kind == TokenKind::MapClose || kind == TokenKind::ListClose) ++depth;
    if (kind == TokenKind::MapOpen || kind == TokenKind::ListOpen) --depth;
    if (depth == 0) return &tokens[i];
  }
  return nullptr;
}

/// Whether a bracket is open after `tokens[last]`.
bool IsInFlow(std::span<const Token> tokens, size_t last) {
  int depth = 0;
  for (size_t i = 0; i <= last; ++i) {
    const TokenKind kind = tokens[i].kind;
    if (kind == TokenKind::MapOpen || kind == TokenKind::ListOpen) ++depth;
    if (kind == TokenKind::MapClose || kind == TokenKind::ListClose) --depth;
  }
  return depth > 0;
}

void Propose(SyntaxError& error, Region region, std::string meant, std::string_view rule) {
  error.message =
      meant.size() <= kMostShown ? fmt::format("{}: `{}`", rule, meant) : std::string(rule);
  error.meant = std::move(meant);
  error.meant_begin = region.begin;
  error.meant_end = region.end;
}

class Adviser {
 public:
  Adviser(SyntaxError& error, const Scan& scan, std::string_view source,
          std::span<const std::string_view> expression_keys)
      : error_(error), tokens_(scan.tokens), source_(source), expression_keys_(expression_keys) {}

  void Run();

 private:
  void AdviseBehindQuote(size_t index);
  void AdviseBehindBracket(size_t index);
  [[nodiscard]] bool IsExpression(size_t index) const;

  SyntaxError& error_;
  std::span<const Token> tokens_;
  std::string_view source_;
  std::span<const std::string_view> expression_keys_;
};

void Adviser::Run() {
  const auto next =
      std::ranges::find_if(tokens_, [&](const Token& token) { return token.end > error_.begin; });
  if (next == tokens_.begin()) return;
  const auto index = static_cast<size_t>(next - tokens_.begin()) - 1;
  const Token& last = tokens_[index];
  if (SkipSpaces(source_, last.end) != error_.begin || EndsValue(source_, last.end, false)) return;
  const bool is_quoted = last.kind == TokenKind::Single || last.kind == TokenKind::Double;
  if (is_quoted && (last.flags & kIsKey) == 0) return AdviseBehindQuote(index);
  const bool is_closed = last.kind == TokenKind::ListClose || last.kind == TokenKind::MapClose;
  if (is_closed) AdviseBehindBracket(index);
}

/// Whether the token at `index` is the value of a key whose values are expressions.
bool Adviser::IsExpression(size_t index) const {
  if (index == 0 || (tokens_[index - 1].flags & kIsKey) == 0) return false;
  const Token& key = tokens_[index - 1];
  const std::string_view name = source_.substr(key.begin, key.end - key.begin);
  return std::ranges::find(expression_keys_, name) != expression_keys_.end();
}

void Adviser::AdviseBehindQuote(size_t index) {
  const Token& last = tokens_[index];
  const bool is_in_flow = IsInFlow(tokens_, index);
  const Region region = QuotedRegion(source_, last.begin, error_.begin, is_in_flow);
  const std::string_view whole = TextOf(source_, region);
  if (BeginsOperator(source_.substr(error_.begin))) {
    const bool is_expression = IsExpression(index);
    return Propose(error_, region,
                   QuoteText(is_expression ? std::string(whole) : fmt::format("${{{}}}", whole)),
                   is_expression
                       ? "the text ends at the quote before this; quote the whole expression"
                       : "the text ends at the quote before this; an expression goes in "
                         "`${…}`");
  }
  const bool is_nested = whole.size() > last.end - last.begin && whole.back() == whole.front();
  if (is_nested) {
    return Propose(error_, region, Requote(whole),
                   "the text ends at the quote before this; with such quotes inside, write");
  }
  Propose(error_, region, QuoteText(whole),
          "the text ends at the quote before this; if that belongs to it, quote the whole");
}

void Adviser::AdviseBehindBracket(size_t index) {
  const Token* open = FindOpen(tokens_, index);
  if (open == nullptr || IsInFlow(tokens_, index)) return;
  const Region region = {open->begin, EndOfValue(source_, error_.begin, false)};
  const bool is_map = open->kind == TokenKind::MapOpen;
  const std::string_view whole = TextOf(source_, region);
  if (whole.find('\n') != std::string_view::npos) return;
  if (whole.starts_with("{{")) {
    error_.message =
        "a value that begins with `{` is a map, which ended before this; an expression is "
        "`\"${…}\"` here, and text in braces is quoted";
    return;
  }
  Propose(
      error_, region, QuoteText(whole),
      fmt::format("a value that begins with `{}` is a {}, which ended before this; text is quoted",
                  is_map ? '{' : '[', is_map ? "map" : "list"));
}

}  // namespace

std::string QuoteText(std::string_view text) {
  if (text.find_first_of("\"\\") == std::string_view::npos) return fmt::format("\"{}\"", text);
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted + "'";
}

void Advise(SyntaxError& error, const Scan& scan, std::string_view source,
            std::span<const std::string_view> expression_keys) {
  if (!scan.error) return Adviser(error, scan, source, expression_keys).Run();
  if (scan.error->kind != ScanErrorKind::ReservedCharacter) return;
  const bool is_in_flow = !scan.tokens.empty() && IsInFlow(scan.tokens, scan.tokens.size() - 1);
  const Region region = {error.begin, EndOfValue(source, error.begin, is_in_flow)};
  const std::string_view whole = TextOf(source, region);
  const std::string_view rule = whole.starts_with('*') ? ", which begins an alias" : "";
  Propose(error, region, QuoteText(whole),
          fmt::format("a value cannot begin with `{}`{}; quote the text",
                      source.substr(error.begin, error.end - error.begin), rule));
}

bool AdviseMissingSpace(SyntaxError& error, std::string_view source) {
  const std::string_view text = source.substr(error.begin, error.end - error.begin);
  const size_t colon = text.find(':');
  const bool is_key = colon <= kMostShown && colon > 0 && colon + 1 < text.size() &&
                      text.find_first_of(" \n\"'{[$") > colon && text[colon + 1] != ':' &&
                      text[colon + 1] != '/';
  if (!is_key) return false;
  const auto at = error.begin + static_cast<uint32_t>(colon) + 1;
  error.message = fmt::format("a space is missing after the colon: `{}: {}`", text.substr(0, colon),
                              text.substr(colon + 1).substr(0, kMostShown));
  error.meant = " ";
  error.meant_begin = error.meant_end = at;
  return true;
}

}  // namespace wfc::yaml

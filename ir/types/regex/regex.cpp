// A recursive-descent parser that writes the RE2 translation while it builds the tree.
#include "ir/types/regex/regex.h"

#include <optional>
#include <utility>

#include <fmt/core.h>

#include "ir/base/ascii.h"
#include "ir/base/utf8.h"
#include "ir/types/regex/regex_classes.h"

namespace wfc::types {
namespace {

constexpr uint32_t kMaxDepth = 100;
constexpr uint32_t kMaxRepetition = 1000;  // the limit of RE2
constexpr size_t kMaxSourceBytes = 8192;

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

class Parser {
 public:
  explicit Parser(std::string_view source) : source_(source) {}

  Result<Regex> Run() {
    if (source_.size() > kMaxSourceBytes) {
      return Error{fmt::format("the pattern is longer than {} bytes", kMaxSourceBytes)};
    }
    regex_.root = ParseAlternation();
    if (!problem_ && at_ < source_.size()) Refuse("a `)` that closes nothing");
    if (problem_) return Error{*problem_};
    return std::move(regex_);
  }

 private:
  [[nodiscard]] bool at_end() const { return problem_ || at_ >= source_.size(); }
  [[nodiscard]] char peek(size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  bool Consume(std::string_view text) {
    if (!source_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  void Refuse(std::string problem) {
    if (!problem_) problem_ = std::move(problem);
  }
  char32_t NextCodePoint() {
    const DecodedCodePoint decoded = DecodeUtf8(source_, at_);
    at_ += decoded.length;
    return decoded.code_point;
  }
  uint32_t Add(RegexNode node) {
    regex_.nodes.push_back(std::move(node));
    return static_cast<uint32_t>(regex_.nodes.size() - 1);
  }
  uint32_t AddSet(CodePointSet set) {
    return Add({.kind = RegexKind::Set, .set = std::move(set), .children = {}});
  }

  uint32_t ParseAlternation();
  uint32_t ParseConcatenation();
  std::optional<uint32_t> ParseAssertion();
  uint32_t ParseAtom();
  uint32_t ParseGroup();
  uint32_t ParseEscape();
  uint32_t ParseClass();
  uint32_t ParseRepetition(uint32_t atom);
  /// Parses `{n}`, `{n,}` or `{n,m}`. If the `{` is a literal, it returns no value and consumes
  /// nothing.
  struct Counts {
    uint32_t least = 0;
    uint32_t most = 0;
  };
  std::optional<Counts> ParseCounts();
  std::optional<uint32_t> ParseCount();
  void ParseClassItem(CodePointSet& set);
  void ParseProperty(CodePointSet& set);
  /// Parses an escape after its backslash into one code point; refuses escapes that are not a
  /// character.
  char32_t ParseCharacterEscape();
  char32_t ParseHex(size_t digit_count);
  char32_t ParseUnicodeEscape();

  std::string_view source_;
  size_t at_ = 0;
  uint32_t depth_ = 0;
  Regex regex_;
  std::optional<std::string> problem_;
};

uint32_t Parser::ParseAlternation() {
  if (++depth_ > kMaxDepth) Refuse(fmt::format("groups nest deeper than {} levels", kMaxDepth));
  std::vector<uint32_t> arms = {ParseConcatenation()};
  while (!at_end() && Consume("|")) {
    regex_.re2 += '|';
    arms.push_back(ParseConcatenation());
  }
  --depth_;
  if (arms.size() == 1) return arms.front();
  return Add({.kind = RegexKind::Alternation, .set = {}, .children = std::move(arms)});
}

uint32_t Parser::ParseConcatenation() {
  std::vector<uint32_t> parts;
  while (!at_end() && peek() != '|' && peek() != ')') {
    if (const std::optional<uint32_t> assertion = ParseAssertion()) {
      parts.push_back(*assertion);
      continue;
    }
    const uint32_t atom = ParseAtom();
    parts.push_back(ParseRepetition(atom));
  }
  if (parts.size() == 1) return parts.front();
  return Add({.kind = RegexKind::Concatenation, .set = {}, .children = std::move(parts)});
}

std::optional<uint32_t> Parser::ParseAssertion() {
  struct Spelling {
    std::string_view text;
    RegexKind kind;
  };
  static constexpr Spelling kSpellings[] = {{"^", RegexKind::Begin},
                                            {"$", RegexKind::End},
                                            {"\\b", RegexKind::WordBoundary},
                                            {"\\B", RegexKind::NotWordBoundary}};
  for (const Spelling& spelling : kSpellings) {
    if (!Consume(spelling.text)) continue;
    regex_.re2 += spelling.text;
    if (peek() == '*' || peek() == '+' || peek() == '?') Refuse("an assertion that is repeated");
    return Add({.kind = spelling.kind, .set = {}, .children = {}});
  }
  return std::nullopt;
}

uint32_t Parser::ParseAtom() {
  const char c = peek();
  if (c == '(') return ParseGroup();
  if (c == '[') return ParseClass();
  if (c == '\\') return ParseEscape();
  if (c == '*' || c == '+' || c == '?') {
    Refuse(fmt::format("a `{}` that repeats nothing", c));
    return 0;
  }
  if (c == '.') {
    ++at_;
    AppendRe2Set(regex_.re2, AnyButLineTerminators());
    return AddSet(AnyButLineTerminators());
  }
  const char32_t code_point = NextCodePoint();
  AppendRe2Literal(regex_.re2, code_point);
  return AddSet({.ranges = {{code_point, code_point}}, .properties = {}});
}

uint32_t Parser::ParseGroup() {
  ++at_;
  if (Consume("?=") || Consume("?!")) {
    Refuse(
        "a look-ahead, which cannot be matched in linear time; write what it asks for as a "
        "pattern of its own, under `allOf` or `not`");
  } else if (Consume("?<=") || Consume("?<!")) {
    Refuse(
        "a look-behind, which cannot be matched in linear time; write what it asks for as a "
        "pattern of its own, under `allOf` or `not`");
  } else if (Consume("?<")) {
    const size_t end = source_.find('>', at_);
    if (end == std::string_view::npos) Refuse("a group's name that is not closed");
    at_ = end == std::string_view::npos ? source_.size() : end + 1;
  } else if (!Consume("?:") && peek() == '?') {
    Refuse(fmt::format("`(?{}`, which is not part of the syntax", peek(1) == '\0' ? ' ' : peek(1)));
  }
  regex_.re2 += "(?:";
  const uint32_t inner = problem_ ? 0 : ParseAlternation();
  if (!Consume(")")) Refuse("a `(` that is not closed");
  regex_.re2 += ')';
  return inner;
}

uint32_t Parser::ParseEscape() {
  const char letter = peek(1);
  if (letter == '\0' && at_ + 1 >= source_.size()) {
    Refuse("a `\\` at the end");
    return 0;
  }
  if (IsDigit(letter) && letter != '0')
    Refuse("a backreference, which cannot be matched in linear time");
  if (letter == 'k') Refuse("a backreference, which cannot be matched in linear time");
  CodePointSet set;
  if (letter == 'p' || letter == 'P') {
    ++at_;
    ParseProperty(set);
    AppendRe2Set(regex_.re2, set);
    return AddSet(std::move(set));
  }
  if (std::optional<CodePointSet> found = FindClassEscape(letter)) {
    at_ += 2;
    AppendRe2Set(regex_.re2, *found);
    return AddSet(std::move(*found));
  }
  ++at_;
  const char32_t code_point = ParseCharacterEscape();
  if (problem_) return 0;
  AppendRe2Literal(regex_.re2, code_point);
  return AddSet({.ranges = {{code_point, code_point}}, .properties = {}});
}

void Parser::ParseProperty(CodePointSet& set) {
  const bool is_negated = peek() == 'P';
  ++at_;
  const size_t end = source_.find('}', at_);
  if (peek() != '{' || end == std::string_view::npos || end == at_ + 1) {
    return Refuse("a `\\p` without a property in braces");
  }
  const std::string_view spelled = source_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
  set.properties.push_back({PropertyName(spelled), is_negated});
}

char32_t Parser::ParseHex(size_t digit_count) {
  uint32_t number = 0;
  for (size_t i = 0; i < digit_count; ++i, ++at_) {
    const char c = peek();
    const char lower = static_cast<char>(c | 0x20);
    if (IsDigit(c)) {
      number = number * 16 + static_cast<uint32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      number = number * 16 + static_cast<uint32_t>(lower - 'a' + 10);
    } else {
      Refuse(fmt::format("an escape that needs {} hexadecimal digits", digit_count));
      return 0;
    }
  }
  return number;
}

char32_t Parser::ParseUnicodeEscape() {
  if (peek() == '{') {
    const size_t end = source_.find('}', at_);
    if (end == std::string_view::npos || end - at_ < 2 || end - at_ > 7) {
      Refuse("a `\\u{` that is malformed");
      return 0;
    }
    ++at_;
    const char32_t code_point = ParseHex(end - at_);
    ++at_;
    if (code_point > 0x10FFFF) Refuse("a code point above 10FFFF");
    return code_point;
  }
  const char32_t high = ParseHex(4);
  if (high < 0xD800 || high > 0xDBFF || !source_.substr(at_).starts_with("\\u")) return high;
  at_ += 2;
  const char32_t low = ParseHex(4);
  if (low < 0xDC00 || low > 0xDFFF) {
    Refuse("half of a surrogate pair");
    return 0;
  }
  return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

char32_t Parser::ParseCharacterEscape() {
  if (at_ >= source_.size()) {
    Refuse("a `\\` at the end");
    return 0;
  }
  const char32_t code_point = NextCodePoint();
  switch (code_point) {
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'v':
      return '\v';
    case 'f':
      return '\f';
    case 'r':
      return '\r';
    case '0':
      return 0;
    case 'x':
      return ParseHex(2);
    case 'u':
      return ParseUnicodeEscape();
    case 'c':
      if (!IsLetter(peek())) Refuse("a `\\c` without a letter");
      return at_ < source_.size() ? static_cast<char32_t>(source_[at_++] & 0x1F) : 0;
    default:
      break;
  }
  if (code_point < 0x80 &&
      (IsLetter(static_cast<char>(code_point)) || IsDigit(static_cast<char>(code_point)))) {
    Refuse(fmt::format("`\\{}`, which is not part of the syntax", static_cast<char>(code_point)));
  }
  return code_point;
}

uint32_t Parser::ParseClass() {
  ++at_;
  CodePointSet set;
  set.is_negated = Consume("^");
  while (!at_end() && peek() != ']') ParseClassItem(set);
  if (!Consume("]")) Refuse("a `[` that is not closed");
  if (problem_) return 0;
  AppendRe2Set(regex_.re2, set);
  return AddSet(std::move(set));
}

/// Parses one character, range or class escape inside brackets.
void Parser::ParseClassItem(CodePointSet& set) {
  const auto parse_one = [&]() -> std::optional<char32_t> {
    if (!Consume("\\")) return NextCodePoint();
    if (peek() == 'p' || peek() == 'P') {
      ParseProperty(set);
      return std::nullopt;
    }
    if (std::optional<CodePointSet> found = FindClassEscape(peek())) {
      ++at_;
      const std::vector<CodePointRange> ranges =
          found->is_negated ? Complement(std::move(found->ranges)) : std::move(found->ranges);
      set.ranges.insert(set.ranges.end(), ranges.begin(), ranges.end());
      return std::nullopt;
    }
    if (Consume("b")) return '\b';
    return ParseCharacterEscape();
  };
  const std::optional<char32_t> first = parse_one();
  if (problem_ || !first) return;
  if (peek() != '-' || peek(1) == ']' || at_ + 1 >= source_.size()) {
    set.ranges.push_back({*first, *first});
    return;
  }
  ++at_;
  const std::optional<char32_t> last = parse_one();
  if (problem_) return;
  if (!last || *last < *first) return Refuse("a range in `[…]` that ends before it begins");
  set.ranges.push_back({*first, *last});
}

std::optional<uint32_t> Parser::ParseCount() {
  if (!IsDigit(peek())) return std::nullopt;
  uint32_t count = 0;
  for (; IsDigit(peek()); ++at_) {
    count = count > kMaxRepetition ? count : count * 10 + static_cast<uint32_t>(peek() - '0');
  }
  return count;
}

std::optional<Parser::Counts> Parser::ParseCounts() {
  const size_t begin = at_;
  ++at_;
  const std::optional<uint32_t> least = ParseCount();
  const bool has_comma = least && Consume(",");
  const std::optional<uint32_t> most = has_comma ? ParseCount() : least;
  if (!least || !Consume("}")) {
    at_ = begin;
    return std::nullopt;
  }
  if (*least > kMaxRepetition || most.value_or(0) > kMaxRepetition) {
    Refuse(fmt::format("a repetition of more than {} times", kMaxRepetition));
  }
  if (most && *most < *least) Refuse("a repetition whose numbers are out of order");
  return Counts{*least, most.value_or(kUnboundedRepetition)};
}

uint32_t Parser::ParseRepetition(uint32_t atom) {
  const size_t begin = at_;
  std::optional<Counts> counts;
  if (Consume("*")) {
    counts = Counts{0, kUnboundedRepetition};
  } else if (Consume("+")) {
    counts = Counts{1, kUnboundedRepetition};
  } else if (Consume("?")) {
    counts = Counts{0, 1};
  } else if (!at_end() && peek() == '{') {
    counts = ParseCounts();
  }
  if (!counts || problem_) return atom;
  Consume("?");  // a lazy quantifier matches the same texts
  regex_.re2 += source_.substr(begin, at_ - begin);
  if (peek() == '*' || peek() == '+' || peek() == '?') Refuse("a repetition of a repetition");
  return Add({.kind = RegexKind::Repetition,
              .set = {},
              .children = {atom},
              .least = counts->least,
              .most = counts->most});
}

}  // namespace

Result<Regex> ParseRegex(std::string_view source) {
  return Parser(source).Run();
}

}  // namespace wfc::types

// Scanner, the ends of quoted, block and plain scalars. A plain scalar with a `${` extends to the
// end of that expression; if YAML would have cut it earlier, a repair is recorded.
#include <algorithm>

#include "frontend/yaml/expression_end.h"
#include "frontend/yaml/scanner.h"

namespace wfc::yaml {

void Scanner::ScanQuoted(char quote) {
  RecordKeyCandidate();
  const uint32_t begin = at_;
  const bool is_double = quote == '"';
  uint8_t flags = 0;
  uint32_t i = begin + 1;
  uint32_t line_begin = line_begin_;
  for (;; ++i) {
    if (i >= end_) return Fail(ScanErrorKind::UnterminatedQuote, begin, LineEnd(begin));
    const char c = source_[i];
    if (c == '\n') {
      flags |= kManyLines;
      line_begin = i + 1;
    } else if (is_double && c == '\\') {
      flags |= kHasEscapes;
      const char next = i + 1 < end_ ? source_[i + 1] : '\0';
      // yaml-cpp accepts the escape, YAML does not.
      if (next == '\'') return Fail(ScanErrorKind::UnknownEscape, i, i + 2);
      if (next != '\n') ++i;  // the next round handles the break
    } else if (c == quote) {
      if (is_double || i + 1 >= end_ || source_[i + 1] != '\'') break;
      flags |= kHasEscapes;
      ++i;
    }
  }
  if ((flags & kManyLines) != 0) EnterLine(line_begin);
  at_ = i + 1;
  Push(is_double ? TokenKind::Double : TokenKind::Single, begin, at_).flags |= flags;
  key_allowed_ = false;
  after_json_ = true;
}

void Scanner::ScanBlockScalar() {
  const uint32_t begin = at_;
  const TokenKind kind = Peek() == '|' ? TokenKind::Literal : TokenKind::Folded;
  uint32_t indent = 1;
  bool detect = true;
  for (++at_; at_ < end_ && !IsSpace(source_[at_]) && source_[at_] != '#'; ++at_) {
    if (source_[at_] < '1' || source_[at_] > '9') continue;
    indent = static_cast<uint32_t>(source_[at_] - '0');
    detect = false;
  }
  if (!indents_.empty()) indent += indents_.back().column;
  uint32_t end = at_;
  const uint32_t header_end = LineEnd(at_);
  while (at_ < header_end && IsBlank(source_[at_])) ++at_;
  if (Peek() == '#') ScanComment();
  uint32_t line = NextLine(at_);
  bool is_first = true;
  while (line < end_) {
    const uint32_t line_end = LineEnd(line);
    uint32_t spaces = line;
    while (spaces < line_end && source_[spaces] == ' ' &&
           (spaces - line < indent || (detect && is_first))) {
      ++spaces;
    }
    if (detect && is_first) indent = std::max(indent, spaces - line);
    if (spaces < line_end) {
      if (spaces - line < indent) break;
      is_first = false;
      end = line_end;
    }
    line = NextLine(line);
  }
  EnterLine(line);
  Token& token = Push(kind, begin, end);
  token.indent = static_cast<uint16_t>(std::min<uint32_t>(indent, 0xFFFF));
  token.flags |= kManyLines;
  key_allowed_ = true;
  after_json_ = false;
}

/// A plain scalar as far as it has been read.
struct Scanner::Plain {
  uint32_t begin;
  uint32_t end;                 // after the last character that is not blank
  uint32_t resume;              // where the scan continues
  uint32_t indent;              // a line that begins left of this column is not part of it
  uint32_t expression_end = 0;  // a `${` before this offset has been handled
  uint8_t flags = 0;
  std::optional<Cut> cut = std::nullopt;
  uint32_t cut_at = 0;
  bool is_done = false;
};

void Scanner::ScanPlain(std::optional<Cut> broken) {
  RecordKeyCandidate();
  Plain scalar = {.begin = at_, .end = at_, .resume = at_, .indent = 0};
  if (!in_flow() && !indents_.empty()) scalar.indent = indents_.back().column + 1;
  if (broken == Cut::Bang) {
    const uint32_t line_end = LineEnd(at_);
    const uint32_t whole =
        in_flow() ? FindFlowExpressionEnd(source_, at_, line_end) : WholeEnd(at_, line_end);
    BreakPlain(scalar, Cut::Bang, at_, whole);
  } else if (broken) {
    BreakPlain(scalar, *broken, at_, at_ + 1);
  }
  const uint32_t first_line = line_begin_;
  ScanPlainLine(scalar);
  while (!scalar.is_done && ContinuePlain(scalar)) ScanPlainLine(scalar);
  at_ = std::max(scalar.resume, scalar.begin + 1);
  if (scalar.end == scalar.begin) scalar.end = at_;
  Token& token = Push(TokenKind::Plain, scalar.begin, scalar.end);
  token.flags |= scalar.flags;
  scan_.needs_patch |= scalar.cut.has_value() || (scalar.flags & kPatch) != 0;
  if (line_begin_ != first_line) key_column_.reset();
  key_allowed_ = false;
  after_json_ = false;
  if (scalar.cut) {
    token.flags |= kBroken;
    scan_.repairs.push_back(
        {.begin = scalar.begin, .end = scalar.end, .at = scalar.cut_at, .cut = *scalar.cut});
  }
}

/// Reads the rest of the current line, from `scalar.resume`.
void Scanner::ScanPlainLine(Plain& scalar) {
  const uint32_t line_end = LineEnd(scalar.resume);
  while (scalar.resume < line_end) {
    const uint32_t i = scalar.resume;
    const char c = source_[i];
    if (c == '$' && i >= scalar.expression_end && FollowExpression(scalar, i, line_end)) continue;
    if (EndsPlain(i)) {
      scalar.is_done = !IsBlank(c) || !IsCutByComment(i + 1);
      if (scalar.is_done) return;
      BreakPlain(scalar, Cut::CommentBefore, i, i + 2);
      continue;
    }
    if (c == '?' && in_flow()) scalar.flags |= kPatch;
    ++scalar.resume;
    if (!IsBlank(c)) scalar.end = scalar.resume;
  }
}

/// At a `$`: if an expression `${…}` begins here that YAML would cut, records the cut, advances
/// past the expression and returns true. Otherwise the `$` and what follows are ordinary characters
/// of the scalar; false.
bool Scanner::FollowExpression(Plain& scalar, uint32_t dollar, uint32_t line_end) {
  if (source_.substr(dollar, 3) == "$${") {
    scalar.expression_end = std::min(dollar + 3, line_end);
    return false;
  }
  if (source_.substr(dollar, 2) != "${") return false;
  const uint32_t close = FindExpressionEnd(source_, dollar + 2, line_end);
  const uint32_t limit = close == kNoEnd ? line_end : close;
  uint32_t stop = dollar + 1;
  while (stop < limit && !EndsPlain(stop)) ++stop;
  const bool is_comment = stop < limit && IsBlank(source_[stop]);
  if (stop < limit && (close != kNoEnd || (is_comment && !in_flow()))) {
    const Cut cut = is_comment ? Cut::Comment : in_flow() ? Cut::Flow : Cut::Colon;
    BreakPlain(scalar, cut, stop, limit);
    return true;
  }
  scalar.expression_end = limit;
  return false;
}

/// Whether the plain scalar continues on a later line; if so, advances to that line.
bool Scanner::ContinuePlain(Plain& scalar) {
  uint32_t line = NextLine(scalar.resume);
  uint32_t begin = line;
  while (begin < end_ && IsSpace(source_[begin])) {
    if (source_[begin] == '\n') line = begin + 1;
    ++begin;
  }
  if (begin >= end_ || source_[begin] == '#' || begin - line < scalar.indent) return false;
  if (begin == line) {
    const std::string_view mark = source_.substr(begin, 3);
    if ((mark == "---" || mark == "...") && SpaceOrEndAt(begin + 3)) return false;
  }
  if (EndsPlain(begin)) return false;
  line_begin_ = line;
  key_column_.reset();
  scalar.resume = begin;
  scalar.flags |= kManyLines;
  return true;
}

/// Whether YAML ends a plain scalar at `at`: before `: ` and ` #`, and inside brackets also before
/// a comma or a bracket.
bool Scanner::EndsPlain(uint32_t at) const {
  const char c = source_[at];
  if (c == ':') {
    if (SpaceOrEndAt(at + 1)) return true;
    const char next = source_[at + 1];
    return in_flow() && (next == ',' || next == ']' || next == '}');
  }
  if (IsBlank(c)) return at + 1 < end_ && source_[at + 1] == '#';
  return in_flow() && (c == ',' || c == '[' || c == ']' || c == '{' || c == '}');
}

void Scanner::BreakPlain(Plain& scalar, Cut cut, uint32_t at, uint32_t resume) const {
  if (!scalar.cut) {
    scalar.cut = cut;
    scalar.cut_at = at;
  }
  scalar.resume = resume;
  scalar.expression_end = std::min(scalar.expression_end, resume);
  scalar.end = resume;
  while (scalar.end > scalar.begin && IsBlank(source_[scalar.end - 1])) --scalar.end;
}

/// The end of a bare expression on one line: before a comment, or the end of the line.
uint32_t Scanner::WholeEnd(uint32_t from, uint32_t line_end) const {
  for (uint32_t i = from; i + 1 < line_end; ++i) {
    if (IsBlank(source_[i]) && source_[i + 1] == '#') return i;
  }
  return line_end;
}

}  // namespace wfc::yaml

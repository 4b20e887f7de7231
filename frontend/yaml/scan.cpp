// Scanner, the pass itself: indicators, indentation, brackets and comments. It follows the rules of
// YAML 1.2 as yaml-cpp applies them, so that the builder can match yaml-cpp's events with the
// tokens.
#include "frontend/yaml/scan.h"

#include <algorithm>
#include <utility>

#include "frontend/yaml/read.h"
#include "frontend/yaml/scanner.h"

namespace wfc::yaml {

Scan ScanYaml(std::string_view source, uint32_t begin, uint32_t end,
              std::span<const std::string_view> expression_keys) {
  return Scanner(source, begin, end, expression_keys).Run();
}

Scan Scanner::Run() {
  scan_.tokens.reserve((end_ - at_) / 8);
  while (!scan_.error) {
    SkipToToken();
    if (at_ >= end_) break;
    CloseIndents();
    ScanToken();
    if (scan_.tokens.size() > kMaxTokens) Fail(ScanErrorKind::TooMany, at_, at_);
  }
  if (!scan_.error && in_flow()) {
    const Token& open = scan_.tokens[brackets_.back()];
    Fail(ScanErrorKind::UnclosedBracket, open.begin, open.end);
  }
  return std::move(scan_);
}

uint32_t Scanner::LineBreak(uint32_t from) const {
  if (from < known_from_ || from > known_break_) {
    known_from_ = from;
    known_break_ = static_cast<uint32_t>(std::min<size_t>(source_.find('\n', from), end_));
  }
  return known_break_;
}

uint32_t Scanner::LineEnd(uint32_t from) const {
  const uint32_t at = LineBreak(from);
  return at < end_ && at > from && source_[at - 1] == '\r' ? at - 1 : at;
}

uint32_t Scanner::NextLine(uint32_t from) const {
  return std::min(LineBreak(from) + 1, end_);
}

void Scanner::EnterLine(uint32_t begin) {
  at_ = begin;
  line_begin_ = begin;
  key_column_.reset();
  value_expected_ = false;
}

void Scanner::SkipToToken() {
  std::optional<uint32_t> tab;  // the first tab in the indentation of the current line
  while (at_ < end_) {
    const char c = source_[at_];
    if (c == '\t' && !in_flow()) {
      key_allowed_ = false;
      const std::string_view before = source_.substr(line_begin_, at_ - line_begin_);
      if (before.find_first_not_of(" \t") == std::string_view::npos && !tab) tab = at_;
    }
    if (IsBlank(c) || c == '\r') {
      ++at_;
    } else if (c == '\n') {
      EnterLine(at_ + 1);
      tab.reset();
      if (!in_flow()) key_allowed_ = true;
    } else if (c == '#' && !(value_expected_ && IsCutByComment(at_))) {
      ScanComment();
    } else {
      if (!scan_.tab) scan_.tab = tab;
      return;
    }
  }
}

void Scanner::ScanComment() {
  const uint32_t end = LineEnd(at_);
  scan_.comments.push_back({.begin = at_, .end = end});
  at_ = end;
}

void Scanner::ScanToken() {
  const char c = source_[at_];
  if (column() == 0 && ScanDocumentMark()) return;
  has_content_ = true;
  if (document_ended_) return Fail(ScanErrorKind::SecondDocument, at_, LineEnd(at_));
  if (ScanFlowIndicator(c) || ScanBlockIndicator(c)) return;
  ScanNode(c);
}

bool Scanner::ScanDocumentMark() {
  const std::string_view mark = source_.substr(at_, 3);
  const std::string_view line = source_.substr(at_);
  if (!has_content_ && (line.starts_with("%YAML ") || line.starts_with("%TAG "))) {
    at_ = LineEnd(at_);
    return true;
  }
  if ((mark != "---" && mark != "...") || !SpaceOrEndAt(at_ + 3)) return false;
  if (mark == "---" && (has_content_ || document_ended_)) {
    Fail(ScanErrorKind::SecondDocument, at_, at_ + 3);
  }
  if (mark == "...") document_ended_ = true;
  if (mark == "---") has_content_ = true;
  at_ += 3;
  key_allowed_ = false;
  return true;
}

bool Scanner::ScanFlowIndicator(char c) {
  switch (c) {
    case '{':
      ScanOpen(TokenKind::MapOpen);
      return true;
    case '[':
      ScanOpen(TokenKind::ListOpen);
      return true;
    case '}':
      ScanClose(TokenKind::MapClose);
      return true;
    case ']':
      ScanClose(TokenKind::ListClose);
      return true;
    case ',':
      ScanComma();
      return true;
    default:
      return false;
  }
}

bool Scanner::ScanBlockIndicator(char c) {
  if (c == '-' && SpaceOrEndAt(at_ + 1)) {
    ScanDash();
  } else if (c == '?' && SpaceOrEndAt(at_ + 1)) {
    Fail(ScanErrorKind::ExplicitKey, at_, at_ + 1);
  } else if (c == ':' && IsColonIndicator()) {
    ScanColon();
  } else {
    return false;
  }
  return true;
}

void Scanner::ScanNode(char c) {
  switch (c) {
    case '*':
    case '&':
      return ScanAnchorOrAlias();
    case '!':
      if (IsAfterExpressionKey()) return ScanPlain(Cut::Bang);
      return ScanTag();
    case '|':
    case '>':
      if (in_flow()) return Fail(ScanErrorKind::ReservedCharacter, at_, at_ + 1);
      return ScanBlockScalar();
    case '"':
    case '\'':
      return ScanQuoted(c);
    case '#':
      return ScanPlain(Cut::CommentBefore);
    case '%':
    case '@':
    case '`':
      return Fail(ScanErrorKind::ReservedCharacter, at_, at_ + 1);
    default:
      return ScanPlain(std::nullopt);
  }
}

void Scanner::ScanOpen(TokenKind kind) {
  RecordKeyCandidate();
  if (brackets_.size() + indents_.size() >= kMaxDepth) {
    return Fail(ScanErrorKind::TooDeep, at_, at_ + 1);
  }
  brackets_.push_back(static_cast<uint32_t>(scan_.tokens.size()));
  Push(kind, at_, at_ + 1);
  ++at_;
  key_allowed_ = true;
  after_json_ = false;
}

void Scanner::ScanClose(TokenKind kind) {
  if (!in_flow()) return Fail(ScanErrorKind::WrongClose, at_, at_ + 1);
  const bool is_map = scan_.tokens[brackets_.back()].kind == TokenKind::MapOpen;
  if (is_map != (kind == TokenKind::MapClose)) {
    return Fail(ScanErrorKind::MismatchedClose, at_, at_ + 1);
  }
  brackets_.pop_back();
  Push(kind, at_, at_ + 1);
  ++at_;
  key_allowed_ = false;
  after_json_ = true;
}

void Scanner::ScanComma() {
  if (!in_flow()) return Fail(ScanErrorKind::CommaOutside, at_, at_ + 1);
  const TokenKind last = scan_.tokens.back().kind;
  if (last == TokenKind::Comma || last == TokenKind::MapOpen || last == TokenKind::ListOpen) {
    return Fail(ScanErrorKind::EmptyEntry, at_, at_ + 1);
  }
  Push(TokenKind::Comma, at_, at_ + 1);
  ++at_;
  key_allowed_ = true;
  after_json_ = false;
}

void Scanner::ScanDash() {
  if (!in_flow()) OpenIndent(column(), true);
  Push(TokenKind::Dash, at_, at_ + 1);
  ++at_;
  key_allowed_ = true;
  after_json_ = false;
  value_expected_ = true;
}

bool Scanner::IsColonIndicator() const {
  if (SpaceOrEndAt(at_ + 1)) return true;
  if (!in_flow()) return false;
  const char next = Peek(1);
  return after_json_ || next == ',' || next == ']' || next == '}';
}

void Scanner::ScanColon() {
  if (key_column_) {
    if (!in_flow()) OpenIndent(*key_column_, false);
    key_allowed_ = false;
    if (IsScalar(scan_.tokens.back().kind)) scan_.tokens.back().flags |= kIsKey;
  } else {
    if (!in_flow()) OpenIndent(column(), false);
    key_allowed_ = !in_flow();
  }
  key_column_.reset();
  ++at_;
  after_json_ = false;
  value_expected_ = true;
}

void Scanner::ScanAnchorOrAlias() {
  RecordKeyCandidate();
  uint32_t end = at_ + 1;
  while (end < end_ && !IsSpace(source_[end]) &&
         std::string_view("[]{},").find(source_[end]) == std::string_view::npos) {
    ++end;
  }
  if (end == at_ + 1) return Fail(ScanErrorKind::ReservedCharacter, at_, end);
  const bool is_alias = source_[at_] == '*';
  Push(is_alias ? TokenKind::Alias : TokenKind::Anchor, at_, end);
  scan_.needs_patch |= is_alias;
  at_ = end;
  key_allowed_ = false;
  after_json_ = false;
}

void Scanner::ScanTag() {
  static constexpr std::string_view kMarks = "-#;/?:@&=+$_.~*'()!%<>";
  RecordKeyCandidate();
  uint32_t end = at_ + 1;
  while (end < end_ && (((source_[end] | 0x20) >= 'a' && (source_[end] | 0x20) <= 'z') ||
                        (source_[end] >= '0' && source_[end] <= '9') ||
                        kMarks.find(source_[end]) != std::string_view::npos)) {
    ++end;
  }
  Push(TokenKind::Tag, at_, end);
  at_ = end;
  key_allowed_ = false;
  after_json_ = false;
}

bool Scanner::IsAfterExpressionKey() const {
  if (!value_expected_ || scan_.tokens.empty()) return false;
  const Token& key = scan_.tokens.back();
  if (key.kind != TokenKind::Plain || (key.flags & kIsKey) == 0) return false;
  return std::ranges::find(expression_keys_, source_.substr(key.begin, key.end - key.begin)) !=
         expression_keys_.end();
}

bool Scanner::IsCutByComment(uint32_t hash) const {
  return source_.substr(hash, 3) == "#${";
}

void Scanner::CloseIndents() {
  if (in_flow()) return;
  const bool at_dash = Peek() == '-' && SpaceOrEndAt(at_ + 1);
  while (!indents_.empty()) {
    const Indent& top = indents_.back();
    if (top.column < column()) break;
    if (top.column == column() && (!top.is_list || at_dash)) break;
    indents_.pop_back();
  }
}

void Scanner::OpenIndent(uint32_t column, bool is_list) {
  if (!indents_.empty()) {
    const Indent& top = indents_.back();
    if (column < top.column) return;
    if (column == top.column && !(is_list && !top.is_list)) return;
  }
  if (indents_.size() >= kMaxDepth) return Fail(ScanErrorKind::TooDeep, at_, at_ + 1);
  indents_.push_back({.column = column, .is_list = is_list});
}

void Scanner::RecordKeyCandidate() {
  is_shallow_ = !in_flow() && !indents_.empty() && column() <= indents_.back().column;
  if (key_allowed_ && !key_column_) key_column_ = column();
}

Token& Scanner::Push(TokenKind kind, uint32_t begin, uint32_t end) {
  value_expected_ = false;
  const uint8_t flags = std::exchange(is_shallow_, false) ? kShallow : 0;
  scan_.tokens.push_back({.begin = begin, .end = end, .indent = 0, .kind = kind, .flags = flags});
  return scan_.tokens.back();
}

void Scanner::Fail(ScanErrorKind kind, uint32_t begin, uint32_t end) {
  if (!scan_.error) scan_.error = {.kind = kind, .begin = begin, .end = end};
}

}  // namespace wfc::yaml

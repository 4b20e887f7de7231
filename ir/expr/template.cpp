// The part of the parser for text with `${…}` inside, and for EXPR fields that are enclosed in `${`
// and `}`.
#include <fmt/core.h>

#include "ir/diag/messages.h"
#include "ir/expr/parser_state.h"

namespace wfc::expr {
namespace {

constexpr std::string_view kOpen = "${";
constexpr std::string_view kBlanks = " \t\r\n";

/// The end of an expression in doubled braces, `${{ x }}`, as other systems write them; npos if
/// there is none. `${{"a": 1}}` contains a map, which its colon distinguishes.
size_t FindDoubledEnd(std::string_view text, size_t found) {
  const size_t inner = found + kOpen.size() + 1;
  if (!text.substr(found).starts_with("${{")) return std::string_view::npos;
  const size_t end = FindExpressionEnd(text, inner);
  if (end == std::string_view::npos || !text.substr(end).starts_with("}}"))
    return std::string_view::npos;
  Lexer lexer(text.substr(0, end), static_cast<uint32_t>(inner));
  int depth = 0;
  bool has_question = false;
  bool is_empty = true;
  for (Token token = lexer.Next(); token.kind != TokenKind::End; token = lexer.Next()) {
    if (token.kind == TokenKind::Error) return std::string_view::npos;
    const bool opens = token.kind == TokenKind::LeftBrace || token.kind == TokenKind::LeftBracket ||
                       token.kind == TokenKind::LeftParen;
    const bool closes = token.kind == TokenKind::RightBrace ||
                        token.kind == TokenKind::RightBracket ||
                        token.kind == TokenKind::RightParen;
    depth += opens ? 1 : 0;
    depth -= closes ? 1 : 0;
    // `{?"a": x}` is a map with an optional entry.
    if (is_empty && token.kind == TokenKind::Question) return std::string_view::npos;
    has_question |= token.kind == TokenKind::Question;
    if (depth == 0 && token.kind == TokenKind::Colon && !has_question)
      return std::string_view::npos;
    is_empty = false;
  }
  return is_empty ? std::string_view::npos : end + 2;
}

ExprId ReportDoubled(const ParseContext& context, std::string_view text, size_t begin, size_t end,
                     const SpanMapper& mapper) {
  const Span span = mapper.Map(static_cast<uint32_t>(begin), static_cast<uint32_t>(end));
  std::string_view inner = text.substr(begin + 3, end - begin - 5);
  inner.remove_prefix(std::min(inner.find_first_not_of(kBlanks), inner.size()));
  inner = inner.substr(0, inner.find_last_not_of(kBlanks) + 1);
  auto reported = context.sink.Report(diag::DoubledBraces, span);
  // If the YAML source contains escapes in between, the fix would have to write them again.
  if (span.end - span.begin == end - begin) {
    reported.SetFix({.title = "write single braces",
                     .safety = diag::FixSafety::Safe,
                     .edits = {{.span = span, .text = fmt::format("${{{}}}", inner)}}});
  }
  return context.store.AddPoison(span);
}

/// Collects the parts of one template.
class TemplateParser {
 public:
  TemplateParser(const ParseContext& context, std::string_view text, const SpanMapper& mapper)
      : context_(context), text_(text), mapper_(mapper) {}

  ExprId Parse() {
    size_t at = 0;
    for (size_t found = text_.find(kOpen); found != std::string_view::npos;
         found = text_.find(kOpen, at)) {
      const bool is_escaped = found > at && text_[found - 1] == '$';
      AddText(at, is_escaped ? found - 1 : found);
      at = is_escaped ? AddEscape(found) : AddExpression(found);
    }
    AddText(at, text_.size());
    FlushText();
    return Finish();
  }

 private:
  void AddText(size_t begin, size_t end) {
    if (begin == end) return;
    if (pending_.empty()) pending_begin_ = begin;
    pending_.append(text_, begin, end - begin);
    pending_end_ = end;
  }

  size_t AddEscape(size_t found) {
    if (pending_.empty()) pending_begin_ = found - 1;
    pending_ += kOpen;
    pending_end_ = found + kOpen.size();
    return pending_end_;
  }

  void FlushText() {
    if (pending_.empty()) return;
    parts_.push_back(
        context_.store.AddConst(Value::String(pending_), MapSpan(pending_begin_, pending_end_)));
    pending_.clear();
  }

  size_t AddExpression(size_t found) {
    FlushText();
    const size_t begin = found + kOpen.size();
    Tokens tokens;
    const size_t end = LexExpression(text_, begin, tokens);
    if (end == std::string_view::npos) {
      context_.sink.Report(diag::ExpressionUnclosed, MapSpan(found, begin), "`${`", "`}`");
      parts_.push_back(context_.store.AddPoison(MapSpan(found, text_.size())));
      return text_.size();
    }
    if (const size_t after = FindDoubledEnd(text_, found); after != std::string_view::npos) {
      parts_.push_back(ReportDoubled(context_, text_, found, after, mapper_));
      return after;
    }
    const ExprId id =
        Parser(context_, TokenReader(text_, tokens), static_cast<uint32_t>(begin), mapper_)
            .ParseWhole();
    const bool is_whole = found == 0 && end + 1 == text_.size();
    parts_.push_back(
        is_whole ? id : context_.store.Add(Op::Render, std::span(&id, 1), MapSpan(found, end + 1)));
    return end + 1;
  }

  ExprId Finish() {
    const Span whole = MapSpan(0, text_.size());
    if (parts_.empty()) return context_.store.AddConst(Value::String(""), whole);
    const bool is_render = context_.store[parts_[0]].op == Op::Render;
    if (parts_.size() == 1 && !is_render) return parts_[0];
    return context_.store.Add(Op::Concat, parts_, whole);
  }

  Span MapSpan(size_t begin, size_t end) const {
    return mapper_.Map(static_cast<uint32_t>(begin), static_cast<uint32_t>(end));
  }

  const ParseContext& context_;
  std::string_view text_;
  const SpanMapper& mapper_;
  llvm::SmallVector<ExprId, 8> parts_;
  std::string pending_;
  size_t pending_begin_ = 0;
  size_t pending_end_ = 0;
};

}  // namespace

namespace {

/// Reports `${a} == b` or `${{ a }}` in a field that contains an expression.
ExprId ReportWrapping(const ParseContext& context, std::string_view text, size_t begin,
                      const SpanMapper& mapper) {
  const size_t doubled = FindDoubledEnd(text, begin);
  if (doubled == text.size()) return ReportDoubled(context, text, begin, doubled, mapper);
  const auto span_of = [&](size_t from, size_t to) {
    return mapper.Map(static_cast<uint32_t>(from), static_cast<uint32_t>(to));
  };
  diag::Fix fix = {.title = "leave out `${` and `}`", .safety = diag::FixSafety::Safe, .edits = {}};
  for (size_t at = begin; at != std::string_view::npos; at = text.find(kOpen, at)) {
    const size_t after = FindDoubledEnd(text, at);
    const bool is_doubled = after != std::string_view::npos;
    const size_t length = is_doubled ? 2 : 1;
    const size_t end = is_doubled ? after - length : FindExpressionEnd(text, at + kOpen.size());
    if (end == std::string_view::npos) break;
    fix.edits.push_back({.span = span_of(at, at + 1 + length), .text = ""});
    fix.edits.push_back({.span = span_of(end, end + length), .text = ""});
    at = end + length;
  }
  const Span whole = span_of(begin, text.size());
  if (fix.edits.empty()) {
    context.sink.Report(diag::ExpressionUnclosed, span_of(begin, begin + kOpen.size()), "`${`",
                        "`}`");
    return context.store.AddPoison(whole);
  }
  context.sink.Report(diag::PartlyWrapped, whole).SetFix(std::move(fix));
  return context.store.AddPoison(whole);
}

}  // namespace

bool IsTemplate(std::string_view text) {
  return text.find(kOpen) != std::string_view::npos;
}

size_t FindExpressionEnd(std::string_view text, size_t offset) {
  Tokens tokens;
  return LexExpression(text, offset, tokens);
}

ExprId ParseTemplate(const ParseContext& context, std::string_view text, const SpanMapper& mapper) {
  if (!IsTemplate(text)) {
    return context.store.AddConst(Value::String(text),
                                  mapper.Map(0, static_cast<uint32_t>(text.size())));
  }
  return TemplateParser(context, text, mapper).Parse();
}

ExprId ParseExpr(const ParseContext& context, std::string_view text, const SpanMapper& mapper) {
  size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  size_t end = text.find_last_not_of(kBlanks) + 1;
  if (FindDoubledEnd(text.substr(0, end), begin) == end) {
    return ReportDoubled(context, text, begin, end, mapper);
  }
  const bool is_wrapped = text.substr(begin).starts_with(kOpen) &&
                          FindExpressionEnd(text, begin + kOpen.size()) == end - 1;
  if (is_wrapped) {
    begin += kOpen.size();
    --end;
  }
  const std::string_view trimmed = text.substr(0, std::max(begin, end));
  if (!is_wrapped && trimmed.substr(begin).starts_with(kOpen)) {
    return ReportWrapping(context, trimmed, begin, mapper);
  }
  Tokens tokens;
  LexWhole(trimmed, begin, tokens);
  return Parser(context, TokenReader(trimmed, tokens), static_cast<uint32_t>(begin), mapper)
      .ParseWhole();
}

}  // namespace wfc::expr

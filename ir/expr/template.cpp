// Text with `${…}` inside, and EXPR fields with `${` `}` around the whole.
#include "ir/expr/parser_state.h"

namespace wfc::expr {
namespace {

constexpr std::string_view kOpen = "${";
constexpr std::string_view kSpace = " \t\r\n";

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
    const size_t end = FindExpressionEnd(text_, begin);
    if (end == std::string_view::npos) {
      context_.sink.Report(diag::ExpressionUnclosed, MapSpan(found, begin), "`${`", "`}`");
      parts_.push_back(context_.store.AddPoison(MapSpan(found, text_.size())));
      return text_.size();
    }
    const ExprId id =
        Parser(context_, text_.substr(0, end), static_cast<uint32_t>(begin), mapper_).ParseWhole();
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

bool IsTemplate(std::string_view text) {
  return text.find(kOpen) != std::string_view::npos;
}

size_t FindExpressionEnd(std::string_view text, size_t offset) {
  Lexer lexer(text, static_cast<uint32_t>(offset));
  uint32_t depth = 0;
  while (true) {
    const Token token = lexer.Next();
    if (token.kind == TokenKind::End) return std::string_view::npos;
    if (token.kind == TokenKind::LeftBrace) ++depth;
    if (token.kind != TokenKind::RightBrace) continue;
    if (depth == 0) return token.begin;
    --depth;
  }
}

ExprId ParseTemplate(const ParseContext& context, std::string_view text, const SpanMapper& mapper) {
  if (!IsTemplate(text)) {
    return context.store.AddConst(Value::String(text),
                                  mapper.Map(0, static_cast<uint32_t>(text.size())));
  }
  return TemplateParser(context, text, mapper).Parse();
}

ExprId ParseExpr(const ParseContext& context, std::string_view text, const SpanMapper& mapper) {
  size_t begin = std::min(text.find_first_not_of(kSpace), text.size());
  size_t end = text.find_last_not_of(kSpace) + 1;
  const bool is_wrapped = text.substr(begin).starts_with(kOpen) &&
                          FindExpressionEnd(text, begin + kOpen.size()) == end - 1;
  if (is_wrapped) {
    begin += kOpen.size();
    --end;
  }
  return Parser(context, text.substr(0, std::max(begin, end)), static_cast<uint32_t>(begin), mapper)
      .ParseWhole();
}

}  // namespace wfc::expr

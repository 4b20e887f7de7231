// Builder, the properties that precede a value (anchors and tags) and the aliases that replace one.
#include <algorithm>

#include <fmt/format.h>

#include "frontend/yaml/builder.h"
#include "ir/diag/messages.h"

namespace wfc::yaml {

bool ReadContext::IsWritten(std::string_view name) {
  if (!written_anchors) {
    written_anchors.emplace();
    const std::string_view source = tree.source();
    for (size_t at = source.find('&'); at != std::string_view::npos;
         at = source.find('&', at + 1)) {
      const size_t end = std::min(source.find_first_of(" \t\r\n[]{},", at), source.size());
      written_anchors->insert(source.substr(at + 1, end - at - 1));
    }
  }
  return written_anchors->contains(name);
}

Anchor* Builder::Define(const Token& token) {
  const std::string_view name = TokenText(token).substr(1);
  Anchor& anchor = context_.anchors[name];
  anchor = {.node = {},
            .span = {.file = tree_.file(), .begin = token.begin, .end = token.end},
            .weight = 0,
            .is_used = false};
  return &anchor;
}

Builder::Properties Builder::TakeProperties(bool anchored, std::string_view tag) {
  Properties properties;
  const bool may_have_tag = tag != "?";
  for (const Token* token = Next(); token != nullptr; token = Next()) {
    if (token->kind == TokenKind::Anchor && anchored && properties.anchor == nullptr) {
      properties.anchor = Define(*token);
    } else if (token->kind == TokenKind::Tag && may_have_tag && properties.tag == nullptr) {
      properties.tag = token;
    } else {
      break;
    }
    ++next_;
  }
  if (properties.tag == nullptr) return properties;
  const std::string_view text = TokenText(*properties.tag);
  if (text != "!" && text != "!!str" && text != "!!map" && text != "!!seq") {
    throw SyntaxError{.begin = properties.tag->begin,
                      .end = properties.tag->end,
                      .message = fmt::format("the tag `{}` has no meaning here; remove it, or "
                                             "quote the text if the `!` is part of it",
                                             text)};
  }
  return properties;
}

void Builder::AddAlias(const Token& token) {
  const std::string_view name = TokenText(token).substr(1);
  const Span span = {.file = tree_.file(), .begin = token.begin, .end = token.end};
  if (IsAtKey()) {
    --next_;
    FailHere("an alias cannot be a key; write the key out");
  }
  Node node = {.begin = token.begin, .end = token.end, .kind = Kind::Poison};
  Cost cost;
  const auto found = context_.anchors.find(name);
  if (found == context_.anchors.end()) {
    // While recovering, the anchor may be in a part of the file that could not be read.
    const bool may_exist = context_.is_recovering && context_.IsWritten(name);
    if (!may_exist && context_.MayReport()) ReportUnknownAlias(token);
  } else if (Anchor& anchor = found->second; CanWriteOut(anchor, name, span)) {
    node = tree_.node(anchor.node);
    node.begin = token.begin;
    node.end = token.end;
    node.flags |= kAliased;
    cost = {.weight = anchor.weight, .depth = anchor.depth};
  }
  AddNode(node, nullptr, cost);
}

/// Reports an alias without an anchor. It is probably text, such as a pattern of paths, so the fix
/// quotes it.
void Builder::ReportUnknownAlias(const Token& token) {
  const std::string_view text = TokenText(token);
  const Span span = {.file = tree_.file(), .begin = token.begin, .end = token.end};
  const std::string quoted = fmt::format("\"{}\"", text);
  auto reported = context_.sink.Report(diag::UnknownAlias, span, text.substr(1));
  reported.AddNote({}, fmt::format("in YAML `*` begins an alias; text that begins with it is "
                                   "quoted: `{}`",
                                   quoted));
  reported.SetFix({.title = fmt::format("write `{}`", quoted),
                   .safety = diag::FixSafety::Unsafe,
                   .edits = {{.span = span, .text = quoted}}});
}

/// Whether an alias of `anchor` can be expanded: it must not contain itself, nor exceed the budgets
/// for depth and size. Reports it if it cannot.
bool Builder::CanWriteOut(Anchor& anchor, std::string_view name, Span span) {
  anchor.is_used = true;
  if (!anchor.node.has_value()) {
    if (context_.MayReport()) {
      context_.sink.Report(diag::RecursiveAlias, span, name).AddNote(anchor.span, "the anchor");
    }
    return false;
  }
  if (frames_.size() + anchor.depth > kMaxDepth) {
    if (context_.MayReport()) {
      context_.sink.Report(
          diag::Limit, span,
          fmt::format("written out, this alias nests maps and lists deeper than {}", kMaxDepth));
    }
    return false;
  }
  const bool was_within = context_.alias_weight <= kMaxAliasNodes;
  context_.alias_weight += anchor.weight;
  if (context_.alias_weight <= kMaxAliasNodes) return true;
  if (was_within && context_.MayReport()) {
    context_.sink.Report(diag::AliasBomb, span, kMaxAliasNodes);
  }
  return false;
}

}  // namespace wfc::yaml

// Events and tokens advance together: each event consumes the tokens that it was made from. If they
// disagree, yaml-cpp and the scan understand the text differently, and that is a syntax error:
// nothing is guessed.
#include "frontend/yaml/builder.h"

#include <algorithm>

#include <fmt/core.h>

#include "frontend/yaml/keys.h"
#include "frontend/yaml/plain.h"
#include "frontend/yaml/scalar_map.h"
#include "ir/diag/messages.h"

namespace wfc::yaml {
namespace {

Style StyleOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::Single:
      return Style::Single;
    case TokenKind::Double:
      return Style::Double;
    case TokenKind::Literal:
      return Style::Literal;
    case TokenKind::Folded:
      return Style::Folded;
    default:
      return Style::Plain;
  }
}

/// The value of a folded scalar with `+`, which keeps all line breaks at its end (`after` is the
/// source behind it): yaml-cpp drops one of them.
std::string KeepBreaks(std::string_view text, std::string_view after) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::string kept(text);
  for (const char c : after.substr(0, after.find_first_not_of(" \t\r\n"))) {
    if (c == '\n') kept += c;
  }
  return kept;
}

}  // namespace

Builder::Builder(ReadContext& context, const Scan& scan)
    : context_(context), tree_(context.tree), scan_(scan) {}

const Token* Builder::Next() const {
  return next_ < scan_.tokens.size() ? &scan_.tokens[next_] : nullptr;
}

void Builder::FailHere(std::string message) const {
  const Token* token = Next();
  const uint32_t end = scan_.tokens.empty() ? 0 : scan_.tokens.back().end;
  throw SyntaxError{.begin = token != nullptr ? token->begin : end,
                    .end = token != nullptr ? token->end : end,
                    .message = std::move(message)};
}

const Token& Builder::Take(TokenKind kind) {
  const Token* token = Next();
  if (token == nullptr || token->kind != kind) {
    FailHere(
        "this does not continue what the lines before it began; check indentation and brackets");
  }
  ++next_;
  return *token;
}

std::string_view Builder::TokenText(const Token& token) const {
  return tree_.source().substr(token.begin, token.end - token.begin);
}

/// Consumes the `-` or `,` that separates this node from the one before.
void Builder::BeginNode() {
  if (frames_.empty()) return;
  const Frame& frame = frames_.back();
  const size_t index = pending_.size() - frame.first_child;
  if (!frame.is_flow) {
    if (frame.kind == Kind::List) (void)Take(TokenKind::Dash);
  } else if (index > 0 && (frame.kind == Kind::List || index % 2 == 0)) {
    (void)Take(TokenKind::Comma);
  }
}

bool Builder::IsAtKey() const {
  if (frames_.empty() || frames_.back().kind != Kind::Map) return false;
  return (pending_.size() - frames_.back().first_child) % 2 == 0;
}

/// Whether the next token is the scalar of this event; if not, the event is an empty value, which
/// has no token.
bool Builder::TakesScalar(bool is_null) const {
  const Token* token = Next();
  if (token == nullptr || !IsScalar(token->kind)) return false;
  if (is_null && token->kind != TokenKind::Plain) return false;
  if (is_null && ResolvePlain(TokenText(*token)).kind != Kind::Null) return false;
  const bool is_key = (token->flags & kIsKey) != 0;
  return IsAtKey() || !is_key;
}

void Builder::AddNode(const Node& node, Anchor* anchor, Cost cost) {
  const NodeId id = tree_.Add(node);
  if (anchor != nullptr) {
    anchor->node = id;
    anchor->weight = cost.weight;
    anchor->depth = cost.depth;
  }
  if (frames_.empty()) {
    root_ = id;
    return;
  }
  pending_.push_back(id);
  Frame& frame = frames_.back();
  frame.weight += cost.weight;
  frame.depth = std::max(frame.depth, cost.depth + 1);
}

uint32_t Builder::PlaceOfEmpty() const {
  if (next_ == 0) return scan_.tokens.empty() ? 0 : scan_.tokens.front().begin;
  const Token& last = scan_.tokens[next_ - 1];
  uint32_t at = last.end;
  if ((last.flags & kIsKey) == 0) return at;
  const std::string_view source = tree_.source();
  while (at < source.size() && source[at] != ':') ++at;
  return std::min(at + 1, static_cast<uint32_t>(source.size()));
}

void Builder::AddEmpty(const Properties& properties) {
  if (IsAtKey()) FailHere("a key is missing before `:`");
  Node node = {.kind = properties.tag != nullptr ? Kind::String : Kind::Null};
  node.begin = node.end = node.first = PlaceOfEmpty();
  AddNode(node, properties.anchor, {});
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

void Builder::SetText(Node& node, const Token& token, std::string_view value) {
  const bool is_quoted = node.style == Style::Single || node.style == Style::Double;
  const uint8_t rewritten = kManyLines | kHasEscapes;
  if ((token.flags & rewritten) == 0) {
    node.first = token.begin + (is_quoted ? 1 : 0);
    node.count = token.end - token.begin - (is_quoted ? 2 : 0);
    return;
  }
  Range range;
  // yaml-cpp's value cannot be used for patched scalars, because it read other characters, nor for
  // quoted ones: it decodes `\_` and `\N` to bytes that are not UTF-8, and drops line breaks before
  // a closing quote.
  const bool is_own = is_quoted || (token.flags & (kBroken | kPatch)) != 0;
  if (is_own) {
    range =
        tree_.AddText(DecodeFlowScalar(tree_.source(), token.begin, token.end, node.style).text);
  } else if (token.kind == TokenKind::Folded &&
             TokenText(token).substr(0, 3).find('+') != std::string_view::npos) {
    range = tree_.AddText(KeepBreaks(value, tree_.source().substr(token.end)));
  } else {
    range = tree_.AddText(value);
  }
  node.first = range.first;
  node.count = range.count;
  node.flags |= kDecoded;
}

void Builder::ResolveKind(Node& node, const Token& token, const Properties& properties) {
  node.kind = Kind::String;
  if (token.kind != TokenKind::Plain || properties.tag != nullptr) return;
  if ((token.flags & (kBroken | kManyLines)) != 0) {
    if ((token.flags & kBroken) != 0) node.flags |= kRequoted;
    return;
  }
  const std::string_view text = TokenText(token);
  const PlainType type = ResolvePlain(text);
  node.kind = type.kind;
  const bool judged = !IsAtKey() || frames_.back().is_routes;
  const bool reports = judged && context_.options.ambiguity == Ambiguity::Report;
  if (reports) CheckPlain(node, text, type);
  // A key is text, whatever it looks like.
  if (node.kind == Kind::Poison && (IsAtKey() || !reports)) node.kind = Kind::String;
}

/// Whether the next node is the value of `default` in a map that has `type: boolean` before it.
bool Builder::IsDefaultOfBool() const {
  if (frames_.empty() || frames_.back().kind != Kind::Map || IsAtKey()) return false;
  if (tree_.text(pending_.back()) != "default") return false;
  for (size_t i = frames_.back().first_child; i + 1 < pending_.size(); i += 2) {
    if (tree_.text(pending_[i]) == "type") return tree_.text(pending_[i + 1]) == "boolean";
  }
  return false;
}

/// Whether the next node is an item of the list under the key `run` or `command`.
bool Builder::IsWordOfCommand() const {
  if (frames_.size() < 2 || frames_.back().kind != Kind::List) return false;
  const size_t first = frames_.back().first_child;
  if (frames_[frames_.size() - 2].kind != Kind::Map || first == 0) return false;
  const std::string_view key = tree_.text(pending_[first - 1]);
  return key == "run" || key == "command";
}

void Builder::CheckPlain(const Node& node, std::string_view text, const PlainType& type) {
  const Span span = {.file = tree_.file(), .begin = node.begin, .end = node.end};
  if (!type.problem.empty() || type.is_not_in_json) {
    if (!context_.MayReport()) return;
    if (type.is_not_in_json) {
      context_.sink.Report(diag::NumberDoesNotFit, span, text);
    } else {
      context_.sink.Report(diag::UnreadableNumber, span, text, type.problem);
    }
    return;
  }
  const std::string other = ReadAsYaml11(text);
  const bool is_text = node.kind == Kind::String;
  // The words of a command keep their text, whatever number they look like.
  if (other.empty() || (!is_text && IsWordOfCommand()) || !context_.MayReport()) return;
  const bool is_word = other == "true" || other == "false";
  const std::string advice = is_word   ? fmt::format("write `{}` or quote it", other)
                             : is_text ? "quote it"
                                       : "write it in a way that both read alike, or quote it";
  auto reported =
      context_.sink.Report(diag::AmbiguousScalar, span, text, GetName(node.kind), other, advice);
  if (!is_text) return;
  if (is_word && IsDefaultOfBool()) {
    reported.SetFix({.title = fmt::format("write `{}`", other),
                     .safety = diag::FixSafety::Safe,
                     .edits = {{.span = span, .text = other}}});
    return;
  }
  reported.SetFix({.title = "quote the text",
                   .safety = diag::FixSafety::Safe,
                   .edits = {{.span = span, .text = fmt::format("\"{}\"", text)}}});
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

void Builder::AddScalar(const Token& token, const Properties& properties, std::string_view value) {
  if (IsAtKey() && !frames_.back().is_flow && (token.flags & kIsKey) == 0) {
    --next_;
    FailHere("expected `key: value` here; the `:` is missing");
  }
  if (!IsAtKey() && (token.flags & kShallow) != 0) {
    --next_;
    FailHere("expected `key: value` here, or a value indented deeper than its key");
  }
  if (token.kind == TokenKind::Alias) {
    if (properties.anchor != nullptr || properties.tag != nullptr) {
      --next_;
      FailHere("an alias can have neither an anchor nor a tag of its own");
    }
    return AddAlias(token);
  }
  Node node = {.begin = token.begin, .end = token.end, .indent = token.indent};
  node.style = StyleOf(token.kind);
  SetText(node, token, value);
  ResolveKind(node, token, properties);
  AddNode(node, properties.anchor, {});
}

void Builder::Null(bool anchored) {
  BeginNode();
  const Properties properties = TakeProperties(anchored, "?");
  if (!TakesScalar(/*is_null=*/true)) return AddEmpty(properties);
  const Token& token = scan_.tokens[next_++];
  AddScalar(token, properties, TokenText(token));
}

void Builder::Scalar(std::string_view tag, bool anchored, std::string_view value) {
  BeginNode();
  const Properties properties = TakeProperties(anchored, tag);
  if (TakesScalar(/*is_null=*/false)) {
    return AddScalar(scan_.tokens[next_++], properties, value);
  }
  if (!value.empty()) FailHere("this text could not be read; quote it");
  AddEmpty(properties);
}

void Builder::BeginCollection(Kind kind, bool is_flow, std::string_view tag, bool anchored) {
  if (IsAtKey()) {
    const bool is_doubled = is_flow && kind == Kind::Map && frames_.back().is_flow;
    FailHere(is_doubled
                 ? "`{{` begins a map in a map to YAML; an expression is `\"${…}\"`, and text "
                   "in braces is quoted"
                 : "a key must be plain text, not a map or a list");
  }
  const bool is_routes = kind == Kind::Map && !frames_.empty() &&
                         frames_.back().kind == Kind::Map && !pending_.empty() &&
                         tree_.text(pending_.back()) == "routes";
  BeginNode();
  const Properties properties = TakeProperties(anchored, tag);
  const Token* token = Next();
  if (token == nullptr) FailHere("the text ends where a value was expected");
  const uint32_t begin = token->begin;
  if (is_flow && (token->flags & kShallow) != 0) {
    FailHere("a value must be indented deeper than its key");
  }
  if (is_flow) (void)Take(kind == Kind::Map ? TokenKind::MapOpen : TokenKind::ListOpen);
  if (properties.anchor != nullptr) properties.anchor->node = {};
  frames_.push_back({.first_child = pending_.size(),
                     .begin = begin,
                     .kind = kind,
                     .is_flow = is_flow,
                     .is_routes = is_routes,
                     .weight = 1,
                     .depth = 1,
                     .anchor = properties.anchor});
}

void Builder::BeginMap(bool is_flow, std::string_view tag, bool anchored) {
  const Token* token = Next();
  const bool separated = is_flow && token != nullptr && token->kind == TokenKind::Comma;
  if (separated) ++token;
  if (is_flow && !frames_.empty() && frames_.back().kind == Kind::List && token != nullptr &&
      IsScalar(token->kind)) {
    throw SyntaxError{.begin = token->begin,
                      .end = token->end,
                      .message = "a `key: value` inside `[ ]` needs braces of its own"};
  }
  BeginCollection(Kind::Map, is_flow, tag, anchored);
}

void Builder::BeginList(bool is_flow, std::string_view tag, bool anchored) {
  BeginCollection(Kind::List, is_flow, tag, anchored);
}

void Builder::EndCollection() {
  const Frame frame = frames_.back();
  uint32_t end = frame.begin;
  if (frame.is_flow) {
    if (const Token* token = Next(); token != nullptr && token->kind == TokenKind::Comma) ++next_;
    end = Take(frame.kind == Kind::Map ? TokenKind::MapClose : TokenKind::ListClose).end;
  } else if (pending_.size() > frame.first_child) {
    end = tree_.node(pending_.back()).end;
  }
  uint8_t flags = 0;
  if (frame.kind == Kind::Map) {
    flags = DropBadKeys(context_, pending_, frame.first_child, frame.is_routes);
  }
  const Range children = tree_.AddChildren(std::span(pending_).subspan(frame.first_child));
  pending_.resize(frame.first_child);
  frames_.pop_back();
  AddNode({.begin = frame.begin,
           .end = end,
           .first = children.first,
           .count = children.count,
           .indent = 0,
           .kind = frame.kind,
           .style = frame.is_flow ? Style::Flow : Style::Block,
           .flags = flags},
          frame.anchor, {.weight = frame.weight, .depth = frame.depth});
}

void Builder::EndMap() {
  EndCollection();
}

void Builder::EndList() {
  EndCollection();
}

void Builder::Finish() const {
  if (Next() != nullptr) {
    FailHere("this belongs to nothing above it; check its indentation");
  }
}

}  // namespace wfc::yaml

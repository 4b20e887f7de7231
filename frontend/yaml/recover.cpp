// FileReader, reading around errors: a text that cannot be read as a whole is split into entries by
// its lines and their indentation, and read entry by entry, so that one broken stage affects only
// itself. Each level of the language that is split costs at most one more reading of its text.
#include <algorithm>

#include "frontend/yaml/file_reader.h"
#include "frontend/yaml/keys.h"
#include "frontend/yaml/scanner.h"
#include "frontend/yaml/syntax_advice.h"
#include "ir/diag/messages.h"

namespace wfc::yaml {
namespace {

bool IsStages(std::string_view key) {
  return key == "stages" || key == "steps";
}

/// The offset of the first byte that is not a space in the line that begins at `line`.
uint32_t ContentOf(std::string_view source, uint32_t line, uint32_t end) {
  while (line < end && source[line] == ' ') ++line;
  return line;
}

/// Whether the rest of a line, from `content`, is neither empty nor a comment nor a `---`.
bool HasContent(std::string_view source, uint32_t content, uint32_t end) {
  if (content >= end || IsSpace(source[content]) || source[content] == '#') return false;
  return !source.substr(content).starts_with("---");
}

bool IsDash(std::string_view source, uint32_t content, uint32_t end) {
  return source[content] == '-' && (content + 1 >= end || IsSpace(source[content + 1]));
}

/// Whether a line can only continue the entry before it, even if it is not indented.
bool GoesOn(std::string_view source, uint32_t content, uint32_t end) {
  if (std::string_view("]},").find(source[content]) != std::string_view::npos) return true;
  return source[content] == ':' && (content + 1 >= end || IsSpace(source[content + 1]));
}

uint32_t NextLineOf(std::string_view source, uint32_t line, uint32_t end) {
  const size_t found = source.substr(0, end).find('\n', line);
  return found == std::string_view::npos ? end : static_cast<uint32_t>(found) + 1;
}

}  // namespace

void FileReader::Run(Slice file) {
  const Part whole = ReadSlice(file);
  if (!whole.error) {
    tree_.set_root(whole.root);
    return context_.ReportUnusedAnchors();
  }
  tree_.set_has_errors();
  if (whole.error->is_final) return ReportSyntax(*whole.error, file);
  context_.is_recovering = true;
  tree_.set_root(Recover(file, Level::File, *whole.error));
  std::ranges::sort(tree_.mutable_comments(), {}, &Comment::begin);
}

NodeId FileReader::Recover(Slice slice, Level level, const SyntaxError& error) {
  const int errors_before = syntax_error_count_;
  const Entries entries = SplitEntries(slice);
  std::vector<NodeId> children;
  uint8_t flags = 0;
  for (const Slice& entry : entries.slices) {
    if (!RecoverEntry(entry, entries.is_list, level, children)) flags = kIncomplete;
  }
  // Every entry is correct by itself, so the error is in how they are combined.
  if (syntax_error_count_ == errors_before) ReportSyntax(error, slice);
  if (!entries.is_list) flags |= DropBadKeys(context_, children, 0, /*is_routes=*/false);
  const Range range = tree_.AddChildren(children);
  return tree_.Add({.begin = slice.begin,
                    .end = slice.end,
                    .first = range.first,
                    .count = range.count,
                    .indent = 0,
                    .kind = entries.is_list ? Kind::List : Kind::Map,
                    .style = Style::Block,
                    .flags = flags});
}

bool FileReader::RecoverEntry(Slice entry, bool is_item, Level level,
                              std::vector<NodeId>& children) {
  if (syntax_error_count_ >= kMaxSyntaxErrors) return AddBrokenEntry(entry, is_item, children);
  Part part = ReadSlice(entry);
  if (!part.error) {
    if (!part.root.has_value() || Splice(part.root, is_item, children)) return true;
    const Node& node = tree_.node(part.root);
    part.error = {.begin = node.begin,
                  .end = node.end,
                  .message = is_item ? "expected a `- ` entry here" : "expected `key: value` here"};
    if (!is_item) AdviseMissingSpace(*part.error, tree_.source());
  }
  const std::optional<Token> key = is_item ? std::nullopt : FindKey(entry);
  const std::optional<Slice> block = key ? FindBlock(entry, *key) : std::nullopt;
  if (block) {
    const std::string_view name = tree_.source().substr(key->begin, key->end - key->begin);
    std::optional<Level> next;
    if (IsStages(name) && (level == Level::File || level == Level::Workflow)) {
      next = Level::Stages;
    } else if (level == Level::File) {
      next = name == "workflows" || name == "patterns" ? Level::Workflows : Level::Section;
    } else if (level == Level::Workflows) {
      next = Level::Workflow;
    }
    if (next) {
      CollectComments({.begin = entry.begin, .end = block->begin});
      children.push_back(AddScalar(*key));
      const NodeId value = Recover(*block, *next, *part.error);
      children.push_back(value);
      return true;
    }
  }
  ReportSyntax(*part.error, entry);
  ReportRepairs(ScanYaml(tree_.source(), entry.begin, entry.end, context_.options.expression_keys),
                part.error->begin);
  return AddBrokenEntry(entry, is_item, children);
}

/// Appends the entries of a slice that was read as a document to those of the whole. False if the
/// document is not a collection of the same kind.
bool FileReader::Splice(NodeId root, bool is_item, std::vector<NodeId>& children) const {
  if (tree_.kind(root) == Kind::Null) return true;
  if (tree_.kind(root) != (is_item ? Kind::List : Kind::Map)) return false;
  const auto parts = tree_.children(root);
  children.insert(children.end(), parts.begin(), parts.end());
  return true;
}

/// Adds a poison value for a broken entry. It keeps the entry's key, and the id of a broken step,
/// so that references to it are not reported as unknown.
bool FileReader::AddBrokenEntry(Slice entry, bool is_item, std::vector<NodeId>& children) {
  const std::optional<Token> key = FindKey(entry, is_item ? "id" : "");
  const uint32_t begin = key ? key->end : entry.begin;
  const Node poison = {.begin = begin, .end = entry.end, .kind = Kind::Poison};
  if (!is_item) {
    if (!key) return false;
    children.push_back(AddScalar(*key));
    children.push_back(tree_.Add(poison));
    return true;
  }
  const std::optional<Token> id = key ? FindWord(key->end, entry.end) : std::nullopt;
  if (!id) {
    children.push_back(tree_.Add(poison));
    return false;
  }
  const NodeId parts[] = {AddScalar(*key), AddScalar(*id)};
  const Range range = tree_.AddChildren(parts);
  children.push_back(tree_.Add({.begin = key->begin,
                                .end = entry.end,
                                .first = range.first,
                                .count = range.count,
                                .indent = 0,
                                .kind = Kind::Map,
                                .style = Style::Block,
                                .flags = kIncomplete}));
  return true;
}

FileReader::Entries FileReader::SplitEntries(Slice slice) const {
  const std::string_view source = tree_.source();
  Entries entries;
  std::optional<uint32_t> indent;
  for (uint32_t line = slice.begin; line < slice.end; line = NextLineOf(source, line, slice.end)) {
    const uint32_t content = ContentOf(source, line, slice.end);
    if (!HasContent(source, content, slice.end)) continue;
    const bool is_dash = IsDash(source, content, slice.end);
    if (!indent) {
      indent = content - line;
      entries.is_list = is_dash;
      entries.slices.push_back({.begin = slice.begin, .end = slice.end});
    } else if (content - line <= *indent && is_dash == entries.is_list &&
               !GoesOn(source, content, slice.end)) {
      entries.slices.back().end = line;
      entries.slices.push_back({.begin = line, .end = slice.end});
    }
  }
  return entries;
}

/// The first key of an entry or, if `name` is not empty, the first key of that name that begins one
/// of its lines.
std::optional<Token> FileReader::FindKey(Slice entry, std::string_view name) const {
  const std::string_view source = tree_.source();
  for (uint32_t line = entry.begin, next = line; line < entry.end; line = next) {
    next = NextLineOf(source, line, entry.end);
    if (!HasContent(source, ContentOf(source, line, next), next)) continue;
    const std::optional<Token> key = FindKeyOfLine(line, next);
    if (name.empty()) return key;
    if (key && source.substr(key->begin, key->end - key->begin) == name) return key;
  }
  return std::nullopt;
}

std::optional<Token> FileReader::FindKeyOfLine(uint32_t line, uint32_t end) const {
  const Scan scan = ScanYaml(tree_.source(), line, end, {});
  const auto key = std::ranges::find_if(
      scan.tokens, [](const Token& token) { return (token.flags & kIsKey) != 0; });
  return key != scan.tokens.end() && key->end <= end ? std::optional(*key) : std::nullopt;
}

/// The word after a key's colon, with or without quotes: an id.
std::optional<Token> FileReader::FindWord(uint32_t from, uint32_t end) const {
  const std::string_view source = tree_.source();
  while (from < end && std::string_view(": \"'").find(source[from]) != std::string_view::npos)
    ++from;
  uint32_t last = from;
  while (last < end && ((source[last] >= 'a' && source[last] <= 'z') || source[last] == '_' ||
                        (source[last] >= '0' && source[last] <= '9'))) {
    ++last;
  }
  if (last == from) return std::nullopt;
  return Token{.begin = from, .end = last};
}

/// The entry's lines below those of `key`, if there is nothing else on the key's line and the lines
/// can be split.
std::optional<Slice> FileReader::FindBlock(Slice entry, const Token& key) const {
  const std::string_view source = tree_.source();
  const uint32_t below = NextLineOf(source, key.end, entry.end);
  uint32_t at = key.end;
  while (at < below && (IsSpace(source[at]) || source[at] == ':')) ++at;
  if (at < below && source[at] != '#') return std::nullopt;
  const Slice block = {.begin = below, .end = entry.end};
  if (SplitEntries(block).slices.empty()) return std::nullopt;
  return block;
}

/// Adds the key or id of a broken entry; the escapes of a quoted one are not decoded.
NodeId FileReader::AddScalar(const Token& token) {
  const bool quoted = token.kind == TokenKind::Single || token.kind == TokenKind::Double;
  const uint32_t quote = quoted ? 1 : 0;
  return tree_.Add({.begin = token.begin,
                    .end = token.end,
                    .first = token.begin + quote,
                    .count = token.end - token.begin - 2 * quote,
                    .indent = 0,
                    .kind = Kind::String,
                    .style = quoted ? Style::Double : Style::Plain});
}

void FileReader::CollectComments(Slice slice) {
  const Scan scan = ScanYaml(tree_.source(), slice.begin, slice.end, {});
  auto& comments = tree_.mutable_comments();
  comments.insert(comments.end(), scan.comments.begin(), scan.comments.end());
}

void FileReader::ReportSyntax(const SyntaxError& error, Slice slice) {
  if (++syntax_error_count_ > kMaxSyntaxErrors) return;
  const std::string_view source = tree_.source();
  uint32_t begin = std::clamp(error.begin, slice.begin, slice.end);
  uint32_t end = std::clamp(error.end, begin, slice.end);
  if (begin == end) {
    while (begin > slice.begin && (begin >= slice.end || IsSpace(source[begin]))) --begin;
    end = begin;
    while (end < slice.end && !IsSpace(source[end])) ++end;
  }
  const Span span = {.file = tree_.file(), .begin = begin, .end = end};
  if (error.is_limit) {
    context_.sink.Report(diag::Limit, span, error.message);
  } else {
    auto reported = context_.sink.Report(diag::Syntax, span, error.message);
    if (error.meant.empty()) return;
    reported.SetFix(
        {.title = "write it so",
         .safety = diag::FixSafety::Unsafe,
         .edits = {
             {.span = {.file = tree_.file(), .begin = error.meant_begin, .end = error.meant_end},
              .text = error.meant}}});
  }
}

}  // namespace wfc::yaml

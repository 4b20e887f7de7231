// Reads JSON with simdjson's On-Demand interface, whose tokens point into the text. The tree is the
// same as for YAML, so later phases need not know which of the two a file was written in.
#include <algorithm>
#include <optional>

#include <fmt/core.h>
#include <simdjson.h>

#include "frontend/yaml/gate.h"
#include "frontend/yaml/keys.h"
#include "frontend/yaml/plain.h"
#include "frontend/yaml/read.h"
#include "frontend/yaml/read_context.h"
#include "frontend/yaml/scalar_map.h"
#include "frontend/yaml/syntax_error.h"
#include "ir/diag/messages.h"

namespace wfc::yaml {
namespace {

namespace ondemand = simdjson::ondemand;

bool IsJsonNumber(std::string_view text) {
  size_t i = text.starts_with('-') ? 1 : 0;
  const auto digits = [&] {
    const size_t first = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i - first;
  };
  const bool has_zero = i < text.size() && text[i] == '0';
  const size_t whole = digits();
  if (whole == 0 || (has_zero && whole > 1)) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < text.size() && (text[i] | 0x20) == 'e') {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

class JsonReader {
 public:
  JsonReader(Tree& tree, diag::Sink& sink, const ReadOptions& options, uint32_t base)
      : tree_(tree), context_{.tree = tree, .sink = sink, .options = options}, base_(base) {}

  void Run() {
    try {
      tree_.set_root(ReadDocument());
    } catch (const SyntaxError& error) {
      Report(error);
    } catch (const simdjson::simdjson_error& error) {
      const uint32_t at = Here();
      Report({.begin = at, .end = EndOfWord(at), .message = Explain(error.error())});
    }
  }

 private:
  NodeId ReadDocument() {
    text_ = simdjson::padded_string(tree_.source().substr(base_));
    document_ = parser_.iterate(text_);
    is_open_ = true;
    if (document_.is_scalar()) {
      std::string_view token = tree_.source().substr(base_);
      const size_t first = token.find_first_not_of(" \t\r\n");
      const size_t last = token.find_last_not_of(" \t\r\n");
      const auto begin = base_ + static_cast<uint32_t>(first);
      const NodeId node = ReadScalar(begin);
      if (tree_.node(node).end != base_ + last + 1) Fail(tree_.node(node).end, kTrailing);
      return node;
    }
    ondemand::value value = document_.get_value();
    const NodeId root = ReadValue(value);
    const size_t trailing = tree_.source().find_first_not_of(" \t\r\n", tree_.node(root).end);
    if (trailing != std::string_view::npos) Fail(static_cast<uint32_t>(trailing), kTrailing);
    return root;
  }

  NodeId ReadValue(ondemand::value value) {
    const ondemand::json_type type = value.type();
    if (type != ondemand::json_type::object && type != ondemand::json_type::array) {
      return ReadScalar(Offset(value.raw_json_token().data()));
    }
    const uint32_t begin = Here();
    if (++depth_ > kMaxDepth) {
      throw SyntaxError{
          .begin = begin,
          .end = begin + 1,
          .message = fmt::format("maps and lists are nested deeper than {}", kMaxDepth),
          .is_limit = true};
    }
    std::vector<NodeId> children;
    const bool is_map = type == ondemand::json_type::object;
    uint8_t flags = 0;
    if (is_map) {
      ReadEntries(value.get_object(), children);
      flags = DropBadKeys(context_, children, 0, /*is_routes=*/false);
    } else {
      for (auto item : value.get_array()) children.push_back(ReadValue(item.value()));
    }
    --depth_;
    const Range range = tree_.AddChildren(children);
    return tree_.Add({.begin = begin,
                      .end = EndOfCollection(is_map ? '}' : ']'),
                      .first = range.first,
                      .count = range.count,
                      .indent = 0,
                      .kind = is_map ? Kind::Map : Kind::List,
                      .style = Style::Flow,
                      .flags = flags});
  }

  void ReadEntries(ondemand::object object, std::vector<NodeId>& children) {
    for (auto field : object) {
      // The raw key begins after its opening quote.
      children.push_back(ReadScalar(Offset(field.key().value().raw()) - 1));
      children.push_back(ReadValue(field.value()));
    }
  }

  NodeId ReadScalar(uint32_t begin) {
    const std::string_view source = tree_.source();
    Node node = {.begin = begin};
    if (source[begin] == '"') return ReadString(node);
    const uint32_t end = EndOfWord(begin);
    const std::string_view text = source.substr(begin, end - begin);
    node.end = end;
    node.first = begin;
    node.count = end - begin;
    if (text != "null" && text != "true" && text != "false" && !IsJsonNumber(text)) {
      throw SyntaxError{
          .begin = begin, .end = end, .message = "not a JSON value; text goes in double quotes"};
    }
    const PlainType type = ResolvePlain(text);
    node.kind = type.kind;
    if (!type.problem.empty() && context_.MayReport()) {
      context_.sink.Report(diag::UnreadableNumber, SpanOf(begin, end), text, type.problem);
    }
    return tree_.Add(node);
  }

  /// The end of the number or word that begins at `at`. It has at least one byte, unless the file
  /// ends there.
  [[nodiscard]] uint32_t EndOfWord(uint32_t at) const {
    const size_t found = tree_.source().find_first_of(" \t\r\n,]}:", at + 1);
    return static_cast<uint32_t>(std::min(found, tree_.source().size()));
  }

  /// simdjson's first stage has checked that every string is closed; the contents are checked here.
  NodeId ReadString(Node node) {
    const std::string_view source = tree_.source();
    uint32_t end = node.begin + 1;
    bool has_escapes = false;
    while (end < source.size() && source[end] != '"') {
      if (source[end] == '\n' || source[end] == '\t') {
        Fail(end, "a control character in a string; write it as an escape");
      }
      if (source[end] == '\\') {
        has_escapes = true;
        CheckEscape(end++);
      }
      ++end;
    }
    node.end = std::min<uint32_t>(end + 1, static_cast<uint32_t>(source.size()));
    node.kind = Kind::String;
    node.style = Style::Double;
    node.first = node.begin + 1;
    node.count = end - node.begin - 1;
    if (has_escapes) {
      const Range range =
          tree_.AddText(DecodeFlowScalar(source, node.begin, node.end, Style::Double).text);
      node.first = range.first;
      node.count = range.count;
      node.flags |= kDecoded;
    }
    return tree_.Add(node);
  }

  void CheckEscape(uint32_t at) const {
    const std::string_view source = tree_.source();
    const char name = at + 1 < source.size() ? source[at + 1] : '\0';
    if (std::string_view("\"\\/bfnrtu").find(name) == std::string_view::npos) {
      Fail(at, "unknown escape; JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
    }
    if (name != 'u') return;
    const std::string_view digits = source.substr(std::min<size_t>(at + 2, source.size()), 4);
    if (digits.size() < 4 ||
        digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) {
      Fail(at, "`\\u` needs four hexadecimal digits");
    }
  }

  [[nodiscard]] uint32_t Offset(const char* place) const {
    return base_ + static_cast<uint32_t>(place - text_.data());
  }

  /// The offset of the next token, or of the end of the file.
  [[nodiscard]] uint32_t Here() {
    const char* place = nullptr;
    if (is_open_ && document_.current_location().get(place) == simdjson::SUCCESS) {
      const uint32_t at = Offset(place);
      if (at <= tree_.source().size()) return at;
    }
    return static_cast<uint32_t>(tree_.source().size());
  }

  /// The offset after the closing bracket that was read last.
  [[nodiscard]] uint32_t EndOfCollection(char close) {
    uint32_t at = Here();
    while (at > base_ && tree_.source()[at - 1] != close) --at;
    return at;
  }

  [[noreturn]] void Fail(uint32_t at, std::string message) const {
    throw SyntaxError{.begin = at, .end = at + 1, .message = std::move(message)};
  }

  static std::string Explain(simdjson::error_code code) {
    switch (code) {
      case simdjson::EMPTY:
        return "the file is empty; JSON needs a value";
      case simdjson::TAPE_ERROR:
        return "not well-formed JSON: expected a value, `,` or a closing bracket here; "
               "keys and texts need double quotes, and there are neither comments nor commas "
               "behind the last";
      case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
        return "a `{` or `[` is never closed";
      case simdjson::UNCLOSED_STRING:
        return "a string is never closed";
      default:
        return fmt::format("not well-formed JSON: {}", simdjson::error_message(code));
    }
  }

  [[nodiscard]] Span SpanOf(uint32_t begin, uint32_t end) const {
    return {.file = tree_.file(), .begin = begin, .end = end};
  }

  void Report(const SyntaxError& error) {
    tree_.set_has_errors();
    const auto size = static_cast<uint32_t>(tree_.source().size());
    const uint32_t begin = std::min(error.begin, size);
    const Span span = SpanOf(begin, std::clamp(error.end, begin, size));
    if (error.is_limit) {
      context_.sink.Report(diag::Limit, span, error.message);
    } else {
      context_.sink.Report(diag::Syntax, span, error.message);
    }
  }

  static constexpr const char* kTrailing = "the JSON value ends before this; a file holds one";

  Tree& tree_;
  ReadContext context_;
  uint32_t base_;
  uint32_t depth_ = 0;
  simdjson::padded_string text_;
  ondemand::parser parser_;
  ondemand::document document_;
  bool is_open_ = false;
};

}  // namespace

Tree ReadJson(const SourceMap& sources, FileId file, diag::Sink& sink) {
  const std::string_view source = sources.text(file);
  Tree tree(file, source);
  const auto size = static_cast<uint32_t>(std::min<size_t>(source.size(), 0xFFFFFFFF));
  const Bytes bytes = CheckBytes(source, {.file = file, .begin = 0, .end = size}, sink);
  if (bytes == Bytes::HoldControls) {
    const std::optional<BadByte> control = FindControlCharacter(source);
    const auto at = static_cast<uint32_t>(control->at);
    sink.Report(diag::Limit, Span{.file = file, .begin = at, .end = at + 1}, control->message);
  }
  if (bytes != Bytes::Good) {
    tree.set_has_errors();
    return tree;
  }
  const ReadOptions options;
  JsonReader(tree, sink, options, source.starts_with("\xEF\xBB\xBF") ? 3 : 0).Run();
  return tree;
}

}  // namespace wfc::yaml

#include "ir/types/schema/foreign_types.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ir/types/schema/keywords.h"

namespace wfc::types {
namespace {

constexpr int kMaxDepth = 8;  // nesting depth of types within types
constexpr size_t kMaxBytes = 200;

struct ForeignWord {
  std::string_view foreign, here;
};

constexpr auto kWords = std::to_array<ForeignWord>({
    {"arr", "array"},
    {"bool", "boolean"},
    {"bytes", "string"},
    {"char", "string"},
    {"date", "{type: string, format: date}"},
    {"datetime", "{type: string, format: date-time}"},
    {"decimal", "number"},
    {"dict", "object"},
    {"dictionary", "object"},
    {"double", "number"},
    {"email", "{type: string, format: email}"},
    {"float", "number"},
    {"float32", "number"},
    {"float64", "number"},
    {"guid", "{type: string, format: uuid}"},
    {"hash", "object"},
    {"i32", "integer"},
    {"i64", "integer"},
    {"int", "integer"},
    {"int32", "integer"},
    {"int64", "integer"},
    {"json", "any"},
    {"list", "array"},
    {"long", "integer"},
    {"map", "object"},
    {"mapping", "object"},
    {"nil", "\"null\""},
    {"none", "\"null\""},
    {"num", "number"},
    {"numeric", "number"},
    {"real", "number"},
    {"record", "object"},
    {"sequence", "array"},
    {"set", "array"},
    {"str", "string"},
    {"struct", "object"},
    {"text", "string"},
    {"timestamp", "{type: string, format: date-time}"},
    {"tuple", "array"},
    {"uint", "integer"},
    {"undefined", "\"null\""},
    {"unknown", "any"},
    {"uri", "{type: string, format: uri}"},
    {"url", "{type: string, format: uri}"},
    {"uuid", "{type: string, format: uuid}"},
    {"varchar", "string"},
    {"void", "\"null\""},
});
static_assert(std::ranges::is_sorted(kWords, {}, &ForeignWord::foreign));

constexpr std::string_view kNull = "\"null\"";

std::string Lowered(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string_view Trimmed(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

bool IsWord(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

/// Splits `text` at each `separator` that is outside all brackets; empty when a bracket is not
/// closed.
std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  int depth = 0;
  size_t begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : separator;
    if (c == '[' || c == '<' || c == '(' || c == '{') ++depth;
    if (c == ']' || c == '>' || c == ')' || c == '}') --depth;
    if (c != separator || depth != 0) continue;
    parts.push_back(Trimmed(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  return depth == 0 ? parts : std::vector<std::string_view>();
}

/// The part as an item of a list: `a` for `a`, `"a"` and `'a'`. Empty when it is neither a word nor
/// a quoted word.
std::string AsItem(std::string_view part, bool needs_quotes) {
  const bool is_quoted = part.size() > 2 && (part[0] == '"' || part[0] == '\'') &&
                         part.back() == part[0] && part.substr(1).find(part[0]) == part.size() - 2;
  if (is_quoted && IsWord(part.substr(1, part.size() - 2))) {
    return std::string(part.substr(1, part.size() - 2));
  }
  return !needs_quotes && IsWord(part) ? std::string(part) : std::string();
}

std::optional<std::string> Enumerate(const std::vector<std::string_view>& parts,
                                     bool needs_quotes) {
  std::vector<std::string> items;
  for (const std::string_view part : parts) {
    items.push_back(AsItem(part, needs_quotes));
    if (items.back().empty()) return std::nullopt;
  }
  return fmt::format("{{enum: [{}]}}", fmt::join(items, ", "));
}

class Translator {
 public:
  explicit Translator(const IsSchemaName& is_name) : is_name_(is_name) {}

  /// As Translate, but also accepts text that is a schema of this project already.
  std::optional<std::string> Read(std::string_view text, int depth) const {
    text = Trimmed(text);
    if (text == "null") return std::string(kNull);
    if (IsWord(text) && is_name_(text)) return std::string(text);
    return Translate(text, depth);
  }

  std::optional<std::string> Translate(std::string_view text, int depth) const {
    text = Trimmed(text);
    if (text.empty() || depth > kMaxDepth) return std::nullopt;
    if (IsWord(text)) return TranslateWord(text);
    if (const auto parts = Split(text, '|'); parts.size() > 1) return Unite(parts, depth);
    if (text.ends_with("[]")) return ListOf(text.substr(0, text.size() - 2), depth);
    return TranslateGeneric(text, depth);
  }

 private:
  std::optional<std::string> TranslateWord(std::string_view word) const {
    std::string lower = Lowered(word);
    const auto found = std::ranges::lower_bound(kWords, lower, {}, &ForeignWord::foreign);
    if (found != kWords.end() && found->foreign == lower) return std::string(found->here);
    if (lower != word && (FindType(lower) || lower == "any")) return lower;
    return std::nullopt;
  }

  std::optional<std::string> ListOf(std::string_view item, int depth) const {
    const auto items = Read(item, depth + 1);
    return items ? std::optional(fmt::format("{{list: {}}}", *items)) : std::nullopt;
  }

  /// Translates `Name[…]`, `Name<…>` and `Name(…)`.
  std::optional<std::string> TranslateGeneric(std::string_view text, int depth) const {
    const size_t open = text.find_first_of("[<(");
    if (open == std::string_view::npos || std::string_view("]>)").find(text.back()) == text.npos) {
      return std::nullopt;
    }
    std::string name = Lowered(text.substr(0, open));
    if (const size_t dot = name.rfind('.'); dot != std::string::npos) name.erase(0, dot + 1);
    const auto arguments = Split(text.substr(open + 1, text.size() - open - 2), ',');
    const auto is_one_of = [&](auto... names) { return ((name == names) || ...); };
    if (is_one_of("literal", "enum", "oneof", "one_of", "choice")) {
      return Enumerate(arguments, false);
    }
    if (is_one_of("optional", "nullable", "maybe") && arguments.size() == 1) {
      return Unite({arguments[0], "null"}, depth);
    }
    if (is_one_of("union", "anyof")) return Unite(arguments, depth);
    if (is_one_of("list", "array", "sequence", "set", "iterable", "vec") && arguments.size() == 1) {
      return ListOf(arguments[0], depth);
    }
    if (!is_one_of("dict", "map", "record", "mapping", "object") || arguments.size() != 2) {
      return std::nullopt;
    }
    const auto values = Read(arguments[1], depth + 1);
    if (!values) return std::nullopt;
    return fmt::format("{{type: object, additionalProperties: {}}}", *values);
  }

  std::optional<std::string> Unite(const std::vector<std::string_view>& parts, int depth) const {
    std::vector<std::string> schemas;
    bool are_types = true;
    bool has_type = false;
    for (const std::string_view part : parts) {
      const auto schema = Read(part, depth + 1);
      has_type |= schema.has_value();
      schemas.push_back(schema.value_or(""));
      are_types &= schema.has_value() && (*schema == kNull || FindType(*schema).has_value());
    }
    if (!has_type) return Enumerate(parts, false);
    if (are_types) return fmt::format("{{type: [{}]}}", fmt::join(schemas, ", "));
    if (std::ranges::find(schemas, "") != schemas.end()) return std::nullopt;
    return fmt::format("{{anyOf: [{}]}}", fmt::join(schemas, ", "));
  }

  const IsSchemaName& is_name_;
};

}  // namespace

std::optional<std::string> TranslateType(std::string_view written, const IsSchemaName& is_name) {
  if (written.size() > kMaxBytes) return std::nullopt;
  return Translator(is_name).Translate(written, 0);
}

std::string TypeBeforeQuestionMark(std::string_view written, const IsSchemaName& is_name) {
  if (!written.ends_with('?') || written.size() > kMaxBytes) return "";
  written.remove_suffix(1);
  return Translator(is_name).Read(written, 0).value_or("");
}

}  // namespace wfc::types

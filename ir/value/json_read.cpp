// Parses JSON with simdjson, which only this file of ir/value includes. Its exceptions are
// disabled, and its error codes become messages here.
#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

#include <fmt/core.h>
#include <simdjson.h>

#include "ir/base/ascii.h"
#include "ir/base/utf8.h"
#include "ir/value/json.h"
#include "ir/value/numbers.h"

namespace wfc {
namespace {

namespace ondemand = simdjson::ondemand;

std::string Locate(std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto line = std::ranges::count(before, '\n') + 1;
  size_t column = 1;
  for (const char c : before.substr(line_begin)) {
    column += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  }
  return fmt::format("line {}, column {}", line, column);
}

std::string_view Describe(simdjson::error_code code) {
  switch (code) {
    case simdjson::EMPTY:
      return "the text is empty";
    case simdjson::UNCLOSED_STRING:
      return "a string is not closed";
    case simdjson::UNESCAPED_CHARS:
      return "a control character inside a string is not escaped";
    case simdjson::STRING_ERROR:
      return "a malformed escape in a string";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
      return "a list or object is not closed";
    case simdjson::TRAILING_CONTENT:
      return "something follows the value";
    default:
      return "expected a JSON value";
  }
}

size_t SkipDigits(std::string_view text, size_t at) {
  while (at < text.size() && IsDigit(text[at])) ++at;
  return at;
}

/// What ScanNumber finds out about a token.
struct NumberShape {
  bool valid = false;
  bool integer = true;
};

/// Checks a token against the number grammar of RFC 8259, section 6.
NumberShape ScanNumber(std::string_view token) {
  size_t at = token.starts_with('-') ? 1 : 0;
  const size_t whole = at;
  at = SkipDigits(token, at);
  if (at == whole || (token[whole] == '0' && at > whole + 1)) return {};
  NumberShape shape{.valid = true};
  if (at < token.size() && token[at] == '.') {
    const size_t fraction = at + 1;
    at = SkipDigits(token, fraction);
    if (at == fraction) return {};
    shape.integer = false;
  }
  if (at < token.size() && (token[at] == 'e' || token[at] == 'E')) {
    ++at;
    if (at < token.size() && (token[at] == '+' || token[at] == '-')) ++at;
    const size_t exponent = at;
    at = SkipDigits(token, exponent);
    if (at == exponent) return {};
    shape.integer = false;
  }
  shape.valid = at == token.size();
  return shape;
}

std::string_view TrimEnd(std::string_view token) {
  const size_t last = token.find_last_not_of(" \t\r\n");
  return token.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// Builds the value of one document and stops at the first error. The text is parsed as the only
/// item of a list, because simdjson's On-Demand API treats a top-level scalar differently.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text), padded_(fmt::format("[{}]", text)) {}

  Result<Value> Read() {
    if (text_.starts_with("\xEF\xBB\xBF")) {
      return Error{"it begins with a byte order mark, which JSON does not have"};
    }
    if (const size_t bad = FindInvalidUtf8(text_); bad != std::string_view::npos) {
      return Error{fmt::format("{}: not valid UTF-8", Locate(text_, bad))};
    }
    Value value = ReadDocument();
    if (failed_) return Error{error_};
    return value;
  }

 private:
  Value Fail(size_t offset, std::string_view what) {
    if (!failed_) error_ = fmt::format("{}: {}", Locate(text_, offset), what);
    failed_ = true;
    return {};
  }
  Value Fail(simdjson::error_code code) { return Fail(Offset(), Describe(code)); }

  size_t OffsetOf(const char* place) const {
    const auto offset = static_cast<size_t>(place - padded_.data());
    return std::min(offset == 0 ? 0 : offset - 1, text_.size());
  }
  size_t Offset() {
    const char* place = nullptr;
    return document_.current_location().get(place) ? text_.size() : OffsetOf(place);
  }

  Value ReadDocument() {
    if (auto code = parser_.iterate(padded_).get(document_)) {
      return Fail(text_.size(), Describe(code));
    }
    ondemand::array items;
    if (auto code = document_.get_array().get(items)) return Fail(code);
    Value result;
    size_t count = 0;
    for (auto element : items) {
      ondemand::value item;
      if (auto code = element.get(item)) return Fail(code);
      if (++count == 2) return Fail(Offset(), Describe(simdjson::TRAILING_CONTENT));
      result = ReadValue(item);
      if (failed_) return {};
    }
    if (document_.current_location().error() != simdjson::OUT_OF_BOUNDS) {
      return Fail(simdjson::TRAILING_CONTENT);
    }
    return count == 0 ? Fail(0, Describe(simdjson::EMPTY)) : result;
  }

  Value ReadValue(ondemand::value value) {
    ondemand::json_type type{};
    if (auto code = value.type().get(type)) return Fail(code);
    if (type == ondemand::json_type::array || type == ondemand::json_type::object) {
      if (depth_ == kMaxJsonDepth) {
        return Fail(Offset(), fmt::format("more than {} levels", kMaxJsonDepth));
      }
      ++depth_;
      Value result = type == ondemand::json_type::array ? ReadArray(value) : ReadObject(value);
      --depth_;
      return result;
    }
    if (type != ondemand::json_type::string) return ReadToken(value.raw_json_token());
    const size_t offset = OffsetOf(value.raw_json_token().data());
    std::string_view text;
    if (auto code = value.get_string().get(text)) return Fail(offset, Describe(code));
    return MakeString(text, offset);
  }

  Value ReadArray(ondemand::value& value) {
    ondemand::array array;
    if (auto code = value.get_array().get(array)) return Fail(code);
    const size_t begin = items_.size();
    for (auto element : array) {
      ondemand::value item;
      if (auto code = element.get(item)) return Fail(code);
      items_.push_back(ReadValue(item));
      if (failed_) return {};
    }
    Value list = Value::TakeList(std::span(items_).subspan(begin));
    items_.resize(begin);
    return list;
  }

  Value ReadObject(ondemand::value& value) {
    const size_t begin = OffsetOf(value.raw_json_token().data());
    ondemand::object object;
    if (auto code = value.get_object().get(object)) return Fail(code);
    const size_t first = entries_.size();
    for (auto element : object) {
      ondemand::field field;
      if (auto code = std::move(element).get(field)) return Fail(code);
      const size_t offset = OffsetOf(field.key().raw());
      std::string_view name;
      if (auto code = field.unescaped_key().get(name)) return Fail(offset, Describe(code));
      Value key = MakeKey(name, offset);
      entries_.push_back({.key = std::move(key), .value = ReadValue(field.value())});
      if (failed_) return {};
    }
    const std::span<MapEntry> entries = std::span(entries_).subspan(first);
    if (const Value* twice = FindDuplicateKey(entries)) {
      return Fail(begin,
                  fmt::format("the key \"{}\" occurs twice in this object", twice->AsString()));
    }
    Value map = Value::TakeMap(entries);
    entries_.resize(first);
    return map;
  }

  Value ReadToken(std::string_view raw) {
    const std::string_view token = TrimEnd(raw);
    if (token == "null") return {};
    if (token == "true" || token == "false") return Value::Bool(token == "true");
    const NumberShape shape = ScanNumber(token);
    const size_t offset = OffsetOf(raw.data());
    if (!shape.valid) return Fail(offset, "expected a JSON value");
    if (shape.integer) return ReadInteger(token, offset);
    const Result<double> number = ParseDecimal(token);
    if (!number) return Fail(offset, number.error().message);
    return Value::Double(*number);
  }

  Value ReadInteger(std::string_view token, size_t offset) {
    int64_t integer = 0;
    if (std::from_chars(token.data(), token.data() + token.size(), integer).ec == std::errc()) {
      return Value::Int(integer);
    }
    std::optional<Value> big = ParseInteger(token);
    if (big) return *std::move(big);
    return Fail(offset, fmt::format("an integer of more than {} digits", kMaxIntegerDigits));
  }

  /// Fails when an escape names half of a surrogate pair, which is not a code point.
  Value MakeString(std::string_view text, size_t offset) {
    if (FindInvalidUtf8(text) != std::string_view::npos) {
      return Fail(offset, Describe(simdjson::STRING_ERROR));
    }
    return Value::String(text);
  }

  /// The objects of a list usually have the same keys. Each key is made once and then shared.
  Value MakeKey(std::string_view name, size_t offset) {
    Value& known = keys_[std::hash<std::string_view>()(name) % keys_.size()];
    if (!known.is_string() || known.AsString() != name) known = MakeString(name, offset);
    return known;
  }

  std::string_view text_;
  simdjson::padded_string padded_;
  ondemand::parser parser_;
  ondemand::document document_;
  uint32_t depth_ = 0;
  // The finished parts of the lists and maps being read, innermost last. Separate vectors for each
  // list and map would leave holes between the values on the heap and spread them, which slows down
  // later walks.
  std::vector<Value> items_;
  std::vector<MapEntry> entries_;
  std::array<Value, 64> keys_;  // the latest keys, indexed by hash
  bool failed_ = false;
  std::string error_;
};

}  // namespace

Result<Value> ReadJson(std::string_view text) {
  return JsonReader(text).Read();
}

}  // namespace wfc

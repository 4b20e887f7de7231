// The functions on strings. Indices count code points.
#include <algorithm>
#include <cstring>

#include <fmt/core.h>
#include <re2/re2.h>

#include "ir/base/utf8.h"
#include "ir/expr/vm/operations.h"
#include "ir/value/json.h"

namespace wfc::vm {
namespace {

using Arguments = std::span<const Value>;

constexpr std::string_view kWideSpaces[] = {
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
    "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

Value NoOverloadOfAll(std::string_view name, Arguments arguments) {
  std::string kinds;
  for (const Value& argument : arguments) {
    kinds += fmt::format("{}{}", kinds.empty() ? "" : ", ", GetName(argument.kind()));
  }
  return TypeError(fmt::format("no overload of `{}` for ({})", name, kinds));
}

Value OutOfRange(int64_t index) {
  return Value::Error(EvalError::Index, fmt::format("index out of range: {}", index));
}

bool AllStrings(Arguments arguments) {
  return std::ranges::all_of(arguments, &Value::is_string);
}

/// Whether the first `strings` arguments are strings and the others ints.
bool AreStringsThenInts(Arguments arguments, size_t strings) {
  return AllStrings(arguments.first(strings)) &&
         std::ranges::all_of(arguments.subspan(strings),
                             [](const Value& value) { return value.kind() == Kind::Int; });
}

bool IsBoundary(std::string_view text, size_t offset) {
  return offset >= text.size() || (static_cast<unsigned char>(text[offset]) & 0xC0) != 0x80;
}

/// The byte offset of the code point at `index`, which may be the end; empty if it is outside.
std::optional<size_t> OffsetOf(std::string_view text, int64_t index) {
  if (index < 0 || static_cast<uint64_t>(index) > text.size()) return std::nullopt;
  size_t offset = 0;
  for (; index > 0; --index) {
    if (offset >= text.size()) return std::nullopt;
    for (++offset; !IsBoundary(text, offset);) ++offset;
  }
  return offset;
}

Value IndexValue(std::string_view text, size_t offset) {
  if (offset == std::string_view::npos) return Value::Int(-1);
  return Value::Int(static_cast<int64_t>(CountCodePoints(text.substr(0, offset))));
}

bool MeterAll(Meter& meter, Arguments arguments) {
  for (const Value& argument : arguments) {
    if (!meter.Walk(argument.weight())) return false;
  }
  return true;
}

std::string MapAscii(std::string_view text, char first, char last, int distance) {
  std::string out(text);
  for (char& c : out) {
    if (c >= first && c <= last) c = static_cast<char>(c + distance);
  }
  return out;
}

/// As std::string_view::find, but in linear time even if both texts are repetitive.
size_t Find(std::string_view text, std::string_view part, size_t from = 0) {
  if (from > text.size()) return std::string_view::npos;
  if (part.empty()) return from;
  if (part.size() > text.size() - from) return std::string_view::npos;
  const void* found = memmem(text.data() + from, text.size() - from, part.data(), part.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

/// As std::string_view::rfind, but in linear time.
size_t FindLast(std::string_view text, std::string_view part, size_t from) {
  if (part.size() > text.size()) return std::string_view::npos;
  const size_t end = std::min(from, text.size() - part.size()) + part.size();
  const std::string backwards(text.rend() - static_cast<ptrdiff_t>(end), text.rend());
  const size_t found = Find(backwards, std::string(part.rbegin(), part.rend()));
  return found == std::string_view::npos ? found : end - found - part.size();
}

/// The position of the next separator. An empty separator is found between any two code points.
size_t FindNext(std::string_view text, std::string_view separator, size_t from) {
  if (!separator.empty()) return Find(text, separator, from);
  if (from >= text.size()) return std::string_view::npos;
  for (++from; !IsBoundary(text, from);) ++from;
  return from >= text.size() ? std::string_view::npos : from;
}

std::string_view StripSpace(std::string_view text) {
  constexpr std::string_view kAsciiSpaces = "\t\n\v\f\r ";
  for (bool found = true; found;) {
    found = false;
    text.remove_prefix(std::min(text.find_first_not_of(kAsciiSpaces), text.size()));
    text.remove_suffix(text.size() - (text.find_last_not_of(kAsciiSpaces) + 1));
    for (const std::string_view space : kWideSpaces) {
      if (text.starts_with(space)) text.remove_prefix(space.size()), found = true;
      if (text.ends_with(space)) text.remove_suffix(space.size()), found = true;
    }
  }
  return text;
}

}  // namespace

Value CallContains(Meter& meter, Arguments arguments) {
  if (!AllStrings(arguments)) return NoOverloadOfAll("contains", arguments);
  if (!MeterAll(meter, arguments)) return Meter::BudgetError();
  return Value::Bool(Find(arguments[0].AsString(), arguments[1].AsString()) !=
                     std::string_view::npos);
}

Value CallStartsWith(Meter& meter, Arguments arguments) {
  if (!AllStrings(arguments)) return NoOverloadOfAll("startsWith", arguments);
  if (!meter.Walk(arguments[1].weight())) return Meter::BudgetError();
  return Value::Bool(arguments[0].AsString().starts_with(arguments[1].AsString()));
}

Value CallEndsWith(Meter& meter, Arguments arguments) {
  if (!AllStrings(arguments)) return NoOverloadOfAll("endsWith", arguments);
  if (!meter.Walk(arguments[1].weight())) return Meter::BudgetError();
  return Value::Bool(arguments[0].AsString().ends_with(arguments[1].AsString()));
}

Value CallMatches(Meter& meter, Arguments arguments) {
  if (!AllStrings(arguments)) return NoOverloadOfAll("matches", arguments);
  const re2::RE2* pattern = meter.FindPattern(arguments[1].AsString());
  if (meter.exhausted()) return Meter::BudgetError();
  if (pattern == nullptr) {
    return Value::Error(EvalError::Argument,
                        fmt::format("{} is not a pattern: {}", ShowClipped(arguments[1]),
                                    ExplainPattern(arguments[1].AsString())));
  }
  const std::string_view text = arguments[0].AsString();
  if (!meter.Search(*pattern, text.size())) return Meter::BudgetError();
  return Value::Bool(re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern));
}

Value CallCharAt(Meter& meter, Arguments arguments) {
  if (!AreStringsThenInts(arguments, 1)) return NoOverloadOfAll("charAt", arguments);
  if (!meter.Walk(arguments[0].weight())) return Meter::BudgetError();
  const std::string_view text = arguments[0].AsString();
  const auto offset = OffsetOf(text, arguments[1].AsInt());
  if (!offset) return OutOfRange(arguments[1].AsInt());
  if (*offset == text.size()) return Value::String("");
  return Value::String(text.substr(*offset, DecodeUtf8(text, *offset).length));
}

Value CallIndexOf(Meter& meter, Arguments arguments) {
  if (!AreStringsThenInts(arguments, 2)) return NoOverloadOfAll("indexOf", arguments);
  if (!MeterAll(meter, arguments)) return Meter::BudgetError();
  const std::string_view text = arguments[0].AsString();
  const int64_t from = arguments.size() == 3 ? arguments[2].AsInt() : 0;
  const auto offset = OffsetOf(text, from);
  if (!offset) return OutOfRange(from);
  return IndexValue(text, Find(text, arguments[1].AsString(), *offset));
}

Value CallLastIndexOf(Meter& meter, Arguments arguments) {
  if (!AreStringsThenInts(arguments, 2)) return NoOverloadOfAll("lastIndexOf", arguments);
  if (!MeterAll(meter, arguments)) return Meter::BudgetError();
  const std::string_view text = arguments[0].AsString();
  if (arguments.size() == 2)
    return IndexValue(text, FindLast(text, arguments[1].AsString(), text.size()));
  const auto offset = OffsetOf(text, arguments[2].AsInt());
  if (!offset) return OutOfRange(arguments[2].AsInt());
  return IndexValue(text, FindLast(text, arguments[1].AsString(), *offset));
}

Value CallJoin(Meter& meter, Arguments arguments) {
  if (arguments[0].kind() != Kind::List || !AllStrings(arguments.subspan(1)) ||
      !AllStrings(arguments[0].items())) {
    return NoOverloadOfAll("join", arguments);
  }
  const std::string_view separator =
      arguments.size() == 2 ? arguments[1].AsString() : std::string_view();
  const auto items = arguments[0].items();
  const uint64_t size = arguments[0].weight() + items.size() * separator.size();
  if (!meter.Allocate(size, size)) return Meter::BudgetError();
  std::string text;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i != 0) text += separator;
    text += items[i].AsString();
  }
  return Value::String(text);
}

Value CallLowerAscii(Meter& meter, Arguments arguments) {
  if (!AllStrings(arguments)) return NoOverloadOfAll("lowerAscii", arguments);
  return MakeText(meter, MapAscii(arguments[0].AsString(), 'A', 'Z', 'a' - 'A'));
}

Value CallUpperAscii(Meter& meter, Arguments arguments) {
  if (!AllStrings(arguments)) return NoOverloadOfAll("upperAscii", arguments);
  return MakeText(meter, MapAscii(arguments[0].AsString(), 'a', 'z', 'A' - 'a'));
}

Value CallReplace(Meter& meter, Arguments arguments) {
  if (!AreStringsThenInts(arguments, 3)) return NoOverloadOfAll("replace", arguments);
  const std::string_view text = arguments[0].AsString();
  const std::string_view from = arguments[1].AsString();
  const std::string_view to = arguments[2].AsString();
  const int64_t limit = arguments.size() == 4 ? arguments[3].AsInt() : -1;
  std::string out;
  size_t at = 0;
  size_t found = from.empty() ? 0 : Find(text, from);
  for (int64_t done = 0; found != std::string_view::npos && (limit < 0 || done < limit); ++done) {
    if (!meter.Allocate(found - at + to.size(), out.size() + to.size()))
      return Meter::BudgetError();
    out.append(text, at, found - at).append(to);
    at = found + from.size();
    found = FindNext(text, from, from.empty() ? found : at);
    if (from.empty() && found == std::string_view::npos && at < text.size()) found = text.size();
  }
  out.append(text, at);
  return MakeText(meter, out);
}

Value CallSplit(Meter& meter, Arguments arguments) {
  if (!AreStringsThenInts(arguments, 2)) return NoOverloadOfAll("split", arguments);
  const std::string_view text = arguments[0].AsString();
  const std::string_view separator = arguments[1].AsString();
  const int64_t limit = arguments.size() == 3 ? arguments[2].AsInt() : -1;
  std::vector<Value> parts;
  if (limit == 0 || (separator.empty() && text.empty())) return MakeList(meter, parts);
  size_t at = 0;
  while (limit < 0 || static_cast<int64_t>(parts.size()) + 1 < limit) {
    const size_t found = FindNext(text, separator, at);
    if (found == std::string_view::npos) break;
    if (!meter.Allocate(16 + found - at, 0)) return Meter::BudgetError();
    parts.push_back(Value::String(text.substr(at, found - at)));
    at = found + separator.size();
  }
  parts.push_back(MakeText(meter, text.substr(at)));
  return MakeList(meter, parts);
}

Value CallSubstring(Meter& meter, Arguments arguments) {
  if (!AreStringsThenInts(arguments, 1)) return NoOverloadOfAll("substring", arguments);
  if (!meter.Walk(arguments[0].weight())) return Meter::BudgetError();
  const std::string_view text = arguments[0].AsString();
  const auto begin = OffsetOf(text, arguments[1].AsInt());
  if (!begin) return OutOfRange(arguments[1].AsInt());
  if (arguments.size() == 2) return MakeText(meter, text.substr(*begin));
  const auto end = OffsetOf(text, arguments[2].AsInt());
  if (!end || *end < *begin) return OutOfRange(arguments[2].AsInt());
  return MakeText(meter, text.substr(*begin, *end - *begin));
}

Value CallTrim(Meter& meter, Arguments arguments) {
  if (!AllStrings(arguments)) return NoOverloadOfAll("trim", arguments);
  if (!MeterAll(meter, arguments)) return Meter::BudgetError();
  return MakeText(meter, StripSpace(arguments[0].AsString()));
}

Value CallReverse(Meter& meter, Arguments arguments) {
  if (arguments[0].kind() == Kind::List) {
    std::vector<Value> items(arguments[0].items().rbegin(), arguments[0].items().rend());
    return MakeList(meter, items);
  }
  if (!AllStrings(arguments)) return NoOverloadOfAll("reverse", arguments);
  const std::string_view text = arguments[0].AsString();
  std::string out;
  size_t end = text.size();
  while (end > 0) {
    size_t begin = end - 1;
    while (begin > 0 && !IsBoundary(text, begin)) --begin;
    out.append(text, begin, end - begin);
    end = begin;
  }
  return MakeText(meter, out);
}

Value CallQuote(Meter& meter, Arguments arguments) {
  if (!AllStrings(arguments)) return NoOverloadOfAll("strings.quote", arguments);
  std::string out = "\"";
  constexpr std::string_view kSpecial = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view kLetters = "abfnrtv\\\"";
  for (const char c : arguments[0].AsString()) {
    const size_t special = kSpecial.find(c);
    if (special != std::string_view::npos) out += '\\';
    out += special == std::string_view::npos ? c : kLetters[special];
  }
  return MakeText(meter, out + '"');
}

Value CallClip(Meter& meter, Arguments arguments) {
  if (!AreStringsThenInts(arguments, 1)) return NoOverloadOfAll("clip", arguments);
  if (arguments[1].AsInt() < 0) {
    return Value::Error(EvalError::Argument, "`clip` needs a length of at least 0");
  }
  if (!meter.Walk(arguments[0].weight())) return Meter::BudgetError();
  const std::string_view text = arguments[0].AsString();
  const auto end = OffsetOf(text, arguments[1].AsInt());
  return end ? MakeText(meter, text.substr(0, *end)) : arguments[0];
}

Value CallLines(Meter& meter, Arguments arguments) {
  if (!AllStrings(arguments)) return NoOverloadOfAll("lines", arguments);
  std::string_view text = arguments[0].AsString();
  std::vector<Value> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (end != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
    if (!meter.Allocate(16 + line.size(), 0)) return Meter::BudgetError();
    lines.push_back(Value::String(line));
  }
  return MakeList(meter, lines);
}

Value CallJson(Meter& meter, Arguments arguments) {
  if (!meter.Allocate(arguments[0].weight(), arguments[0].weight())) return Meter::BudgetError();
  const Value data = Render(arguments[0]);
  return data.is_error() ? data : MakeText(meter, WriteJson(data));
}

Value CallParseJson(Meter& meter, Arguments arguments) {
  if (!AllStrings(arguments)) return NoOverloadOfAll("parse_json", arguments);
  // Two bytes of text, such as `1,`, may become a value of 16 bytes.
  const uint64_t size = arguments[0].AsString().size();
  if (!meter.Allocate(8 * size, size)) return Meter::BudgetError();
  auto value = ReadJson(arguments[0].AsString());
  if (!value.ok()) return Value::Error(EvalError::Conversion, "not JSON: " + value.error().message);
  if (!meter.Allocate(0, value->weight())) return Meter::BudgetError();
  return *std::move(value);
}

Value CallText(Meter& meter, Arguments arguments) {
  return ConcatText(meter, arguments);
}

}  // namespace wfc::vm

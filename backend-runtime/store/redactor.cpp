#include "backend-runtime/store/redactor.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include "ir/base/utf8.h"
#include "ir/value/json.h"
#include "ir/value/text.h"

namespace wfc::store {
namespace {

enum class HexCase : uint8_t { Upper, Lower };

void AppendHex(std::string& out, unsigned char byte, HexCase hex_case) {
  const std::string_view digits =
      hex_case == HexCase::Upper ? "0123456789ABCDEF" : "0123456789abcdef";
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

std::string Hex(std::string_view text, HexCase hex_case) {
  std::string out;
  for (const unsigned char byte : text) AppendHex(out, byte, hex_case);
  return out;
}

std::string PercentEncode(std::string_view text, HexCase hex_case, std::string_view space) {
  std::string out;
  for (const unsigned char byte : text) {
    if (std::isalnum(byte) != 0 ||
        std::string_view("-._~").find(static_cast<char>(byte)) != std::string_view::npos) {
      out += static_cast<char>(byte);
    } else if (byte == ' ') {
      out += space;
    } else {
      out += '%';
      AppendHex(out, byte, hex_case);
    }
  }
  return out;
}

/// The characters of the base64 form that depend on `text` alone when `skipped` bytes (0 to 2)
/// stand before it in its group of three.
std::string AlignedBase64(std::string_view text, size_t skipped) {
  const std::string encoded = ToBase64(std::string(skipped, '\0') + std::string(text));
  const size_t bits_before = skipped * 8;
  const size_t bits_after = (skipped + text.size()) * 8;
  const size_t first = (bits_before + 5) / 6;
  const size_t last = bits_after / 6;
  return last > first ? encoded.substr(first, last - first) : std::string();
}

std::string UrlSafe(std::string base64) {
  std::ranges::replace(base64, '+', '-');
  std::ranges::replace(base64, '/', '_');
  return base64;
}

std::string JsonEscaped(std::string_view text) {
  std::string quoted;
  AppendJsonString(quoted, text);
  return quoted.substr(1, quoted.size() - 2);
}

void AppendUnicodeEscape(std::string& out, uint32_t unit, HexCase hex_case) {
  out += "\\u";
  AppendHex(out, static_cast<unsigned char>(unit >> 8), hex_case);
  AppendHex(out, static_cast<unsigned char>(unit & 0xFF), hex_case);
}

/// `escaped` with what is not ASCII as `\u00e4`, as many writers of JSON have it.
std::string AsciiEscaped(std::string_view escaped, HexCase hex_case) {
  std::string out;
  for (size_t at = 0; at < escaped.size();) {
    const DecodedCodePoint decoded = DecodeUtf8(escaped, at);
    at += decoded.length;
    const auto code_point = static_cast<uint32_t>(decoded.code_point);
    if (code_point < 0x80) {
      out += static_cast<char>(code_point);
    } else if (code_point < 0x10000) {
      AppendUnicodeEscape(out, code_point, hex_case);
    } else {
      AppendUnicodeEscape(out, 0xD800 + ((code_point - 0x10000) >> 10), hex_case);
      AppendUnicodeEscape(out, 0xDC00 + ((code_point - 0x10000) & 0x3FF), hex_case);
    }
  }
  return out;
}

std::string SlashEscaped(std::string_view escaped) {
  std::string out;
  for (const char c : escaped) {
    if (c == '/') out += '\\';
    out += c;
  }
  return out;
}

/// The text of a JSON string as writers of JSON have it, and each once more inside another string.
std::vector<std::string> JsonForms(std::string_view text) {
  const std::string plain = JsonEscaped(text);
  std::vector<std::string> forms = {plain, AsciiEscaped(plain, HexCase::Lower),
                                    AsciiEscaped(plain, HexCase::Upper)};
  for (size_t form = 0; form < 3; ++form) forms.push_back(SlashEscaped(forms[form]));
  for (size_t form = 0; form < 6; ++form) forms.push_back(JsonEscaped(forms[form]));
  return forms;
}

/// A fragment this short stands in any text; hiding it would say more than it hides.
constexpr size_t kMinimumFragment = 4;

}  // namespace

void Redactor::AddNeedle(const std::string& replacement, std::string text) {
  const bool is_known =
      std::ranges::any_of(needles_, [&](const Needle& needle) { return needle.text == text; });
  if (!is_known) needles_.push_back({.text = std::move(text), .replacement = replacement});
}

void Redactor::Add(std::string_view name, std::string_view value) {
  if (value.empty()) return;
  const std::string replacement = "[secret " + std::string(name) + "]";
  AddNeedle(replacement, std::string(value));
  std::vector<std::string> forms = {
      Hex(value, HexCase::Upper),
      Hex(value, HexCase::Lower),
      PercentEncode(value, HexCase::Upper, "%20"),
      PercentEncode(value, HexCase::Lower, "%20"),
      PercentEncode(value, HexCase::Upper, "+"),
      PercentEncode(value, HexCase::Lower, "+"),
  };
  for (std::string& form : JsonForms(value)) forms.push_back(std::move(form));
  for (size_t skipped = 0; skipped < 3; ++skipped) {
    forms.push_back(AlignedBase64(value, skipped));
    forms.push_back(UrlSafe(forms.back()));
  }
  for (std::string& form : forms) {
    if (form.size() >= kMinimumFragment) AddNeedle(replacement, std::move(form));
  }
}

bool Redactor::Matches(std::string_view text) const {
  return std::ranges::any_of(needles_, [&](const Needle& needle) {
    return text.find(needle.text) != std::string_view::npos;
  });
}

std::string Redactor::Redact(std::string_view text) const {
  struct Found {
    size_t begin;
    size_t end;
    const std::string* replacement;
  };
  std::vector<Found> all;
  for (const Needle& needle : needles_) {
    for (size_t at = text.find(needle.text); at != std::string_view::npos;
         at = text.find(needle.text, at + 1)) {
      all.push_back({at, at + needle.text.size(), &needle.replacement});
    }
  }
  std::ranges::sort(all, {}, [](const Found& found) { return std::pair(found.begin, -found.end); });
  std::string out;
  size_t copied = 0;
  for (const Found& found : all) {
    if (found.begin >= copied) {
      out += text.substr(copied, found.begin - copied);
      out += *found.replacement;
    }
    copied = std::max(copied, found.end);
  }
  out += text.substr(copied);
  return out;
}

Value Redactor::RedactMap(const Value& map) const {
  // Two keys that held secrets may read the same now; the first stays.
  std::map<std::string, MapEntry> by_key;
  for (const MapEntry& entry : map.entries()) {
    const Value key = RedactScalar(entry.key);
    by_key.try_emplace(WriteJson(key), MapEntry{key, Redact(entry.value)});
  }
  std::vector<MapEntry> entries;
  entries.reserve(by_key.size());
  for (auto& [text, entry] : by_key) entries.push_back(std::move(entry));
  return Value::Map(std::move(entries));
}

Value Redactor::RedactScalar(const Value& value) const {
  switch (value.kind()) {
    case Kind::String:
      return Matches(value.AsString()) ? Value::String(Redact(value.AsString())) : value;
    case Kind::Bytes:
      return Matches(value.AsString()) ? Value::Bytes(Redact(value.AsString())) : value;
    case Kind::Error:
      return Matches(value.error_message())
                 ? Value::Error(value.error_code(), Redact(value.error_message()))
                 : value;
    case Kind::Null:
    case Kind::Bool:
    case Kind::Type:
      return value;
    case Kind::Int:
    case Kind::Uint:
    case Kind::Double:
    case Kind::BigInt:
    case Kind::Timestamp:
    case Kind::Duration: {
      const std::string text = WriteJson(value);
      return Matches(text) ? Value::String(Redact(text)) : value;
    }
    case Kind::List:
    case Kind::Map:
    case Kind::Optional:
      return value;
  }
  return value;
}

Value Redactor::Redact(const Value& value) const {
  // A value's depth is bounded where values are read and made, so this recursion is.
  if (empty()) return value;
  if (value.kind() == Kind::List) {
    std::vector<Value> items;
    items.reserve(value.items().size());
    for (const Value& item : value.items()) items.push_back(Redact(item));
    return Value::List(std::move(items));
  }
  if (value.kind() == Kind::Map) return RedactMap(value);
  if (value.kind() == Kind::Optional) {
    const Value* inner = value.optional_value();
    return inner == nullptr ? value : Value::Optional(Redact(*inner));
  }
  return RedactScalar(value);
}

}  // namespace wfc::store

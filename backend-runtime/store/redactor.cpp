#include "backend-runtime/store/redactor.h"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <utility>

#include "ir/base/utf8.h"
#include "ir/value/json.h"
#include "ir/value/text.h"

namespace wfc::store {
namespace {

constexpr int kJsonDepth = 3;
constexpr int kPercentDepth = 2;

/// What is looked for at least, and hidden of a secret at the end of a text that was cut: less says
/// nothing.
constexpr size_t kShortestFragment = 4;

/// A large text is searched in blocks that reach into each other, so that what it reads as decoded
/// takes little memory. A secret that is written many times as long as any form of it, by escapes
/// and by what separates its characters, can hide where two blocks meet.
constexpr size_t kBlock = 4 << 20;
constexpr size_t kOverlapOfLongest = 16;
constexpr size_t kLeast = 1024;

constexpr std::string_view kBlanks = " \t\n\r\v\f";

/// What a byte counts as in one way of reading a text; `kSkipped`: as if it was not there.
constexpr int16_t kSkipped = -1;
using Reading = std::array<int16_t, 256>;

constexpr Reading MakeReading(std::string_view skipped) {
  Reading reading{};
  for (size_t byte = 0; byte < reading.size(); ++byte) reading[byte] = static_cast<int16_t>(byte);
  for (const char c : skipped) reading[static_cast<unsigned char>(c)] = kSkipped;
  return reading;
}

/// Forms write `+` for a blank.
constexpr Reading kPlain = [] {
  Reading reading = MakeReading("");
  reading['+'] = ' ';
  return reading;
}();

constexpr Reading kBase64 = [] {
  Reading reading = MakeReading(" \t\n\r\v\f:");
  reading['-'] = '+';
  reading['_'] = '/';
  return reading;
}();

/// With what stands between the bytes of a dump: `74:6f`, `74-6F`, `0x74, 0x6f`, `\x74\x6f`.
constexpr Reading kHex = [] {
  Reading reading = MakeReading(" \t\n\r\v\f:-,\\xX");
  for (char c = 'A'; c <= 'F'; ++c) {
    reading[static_cast<unsigned char>(c)] = static_cast<int16_t>(c - 'A' + 'a');
  }
  return reading;
}();

std::string Read(std::string_view text, const Reading& reading) {
  std::string out;
  for (const char c : text) {
    const int16_t read = reading[static_cast<unsigned char>(c)];
    if (read != kSkipped) out += static_cast<char>(read);
  }
  return out;
}

bool IsBase64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '-' || c == '_';
}

bool IsHexDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

std::string ToHexDigits(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

/// What the redactor knows about a literal of base64: the secret, and whether the characters before
/// and after it hold some of the secret's bits too.
struct Base64Tag {
  uint32_t secret;
  bool has_lead;
  bool has_trail;

  [[nodiscard]] uint32_t Pack() const {
    return secret << 2 | (has_lead ? 2U : 0U) | (has_trail ? 1U : 0U);
  }
  static Base64Tag Unpack(uint32_t packed) {
    return {.secret = packed >> 2, .has_lead = (packed & 2) != 0, .has_trail = (packed & 1) != 0};
  }
};

/// The characters of the base64 form that depend on `text` alone when `skipped` bytes (0 to 2)
/// stand before it in its group of three.
std::string AlignedBase64(std::string_view text, size_t skipped) {
  const std::string encoded = ToBase64(std::string(skipped, '\0') + std::string(text));
  const size_t first = (skipped * 8 + 5) / 6;
  const size_t last = (skipped + text.size()) * 8 / 6;
  return encoded.substr(first, last - first);
}

/// One way of reading a view, and where the bytes that counted last stood in it.
class Reader {
 public:
  Reader(const LiteralSet& set, size_t view_size)
      : set_(set), places_(std::bit_ceil(std::min(set.longest(), view_size) + 2)) {}

  /// Whether a literal ends with this byte.
  bool Feed(int16_t byte, size_t place) {
    places_[count_++ & (places_.size() - 1)] = static_cast<uint32_t>(place);
    state_ = set_.Next(state_, static_cast<unsigned char>(byte));
    return (state_ & LiteralSet::kEnds) != 0;
  }
  [[nodiscard]] const LiteralSet::Found& ended() const { return set_.ended(state_); }
  /// The most of the bytes fed last that may go on to be a literal.
  [[nodiscard]] const LiteralSet::Found& begun() const { return set_.begun(state_); }
  [[nodiscard]] bool has_fed(size_t count) const { return count_ >= count; }
  /// Where the byte stood that was fed `count` ago, 1 being the last; `count` is at most one more
  /// than the longest literal.
  [[nodiscard]] size_t place(size_t count) const {
    return places_[(count_ - count) & (places_.size() - 1)];
  }

 private:
  const LiteralSet& set_;
  LiteralSet::State state_ = LiteralSet::kStart;
  std::vector<uint32_t> places_;
  size_t count_ = 0;
};

}  // namespace

bool CanBeHidden(std::string_view secret) {
  return Trimmed(secret).size() >= kShortestSecret;
}

/// Looks for all literals in one view, in one pass.
class Redactor::Scan {
 public:
  Scan(const Redactor& redactor, const DecodedView& view, std::vector<Stretch>& found)
      : view_(view),
        bytes_(view.bytes()),
        found_(found),
        plain_(redactor.plain_, bytes_.size()),
        base64_(redactor.base64_, bytes_.size()),
        hex_(redactor.hex_, bytes_.size()) {}

  void Run(Text text) {
    for (size_t at = 0; at < bytes_.size(); ++at) {
      const auto byte = static_cast<unsigned char>(bytes_[at]);
      if (plain_.Feed(kPlain[byte], at)) AddEnded(plain_, at);
      if (kBase64[byte] != kSkipped && base64_.Feed(kBase64[byte], at)) AddBase64(at);
      if (kHex[byte] == kSkipped || IsHexPrefix(at)) continue;
      if (hex_.Feed(kHex[byte], at)) AddEnded(hex_, at);
    }
    if (text != Text::Cut) return;
    AddBeginning(plain_, plain_.begun().tag);
    AddBeginning(base64_, Base64Tag::Unpack(base64_.begun().tag).secret);
    AddBeginning(hex_, hex_.begun().tag);
  }

 private:
  void AddBeginning(const Reader& reader, uint32_t secret) {
    const size_t begun = reader.begun().length;
    if (begun >= kShortestFragment) Add(reader.place(begun), bytes_.size() - 1, secret);
  }

  /// The `0` of `0x`.
  [[nodiscard]] bool IsHexPrefix(size_t at) const {
    return bytes_[at] == '0' && at + 1 < bytes_.size() && (bytes_[at + 1] | 0x20) == 'x';
  }

  void Add(size_t first, size_t last, uint32_t secret) {
    const Stretch stretch = {
        .begin = view_.begin_of(first), .end = view_.end_of(last), .secret = secret};
    // One that goes on where the last one was is part of it.
    if (!found_.empty() && found_.back().secret == secret && found_.back().begin <= stretch.begin &&
        stretch.begin <= found_.back().end) {
      found_.back().end = std::max(found_.back().end, stretch.end);
    } else {
      found_.push_back(stretch);
    }
  }

  void AddEnded(const Reader& reader, size_t at) {
    Add(reader.place(reader.ended().length), at, reader.ended().tag);
  }

  void AddBase64(size_t at) {
    const LiteralSet::Found& ended = base64_.ended();
    const Base64Tag tag = Base64Tag::Unpack(ended.tag);
    size_t first = base64_.place(ended.length);
    if (tag.has_lead && base64_.has_fed(ended.length + 1)) {
      const size_t before = base64_.place(ended.length + 1);
      if (IsBase64(bytes_[before])) first = before;
    }
    Add(first, tag.has_trail ? EndOfBase64(at) : at, tag.secret);
  }

  /// The last of what follows and belongs to `at`: the character that holds the rest of its bits,
  /// and the padding.
  [[nodiscard]] size_t EndOfBase64(size_t at) const {
    size_t last = at;
    bool has_character = false;
    for (size_t next = at + 1; next < bytes_.size(); ++next) {
      const char c = bytes_[next];
      if (kBase64[static_cast<unsigned char>(c)] == kSkipped) continue;
      if (c != '=' && (has_character || !IsBase64(c))) break;
      has_character = true;
      last = next;
      if (next - at > kFarthest) break;
    }
    return last;
  }

  /// How far padding is looked for: past a line end with an indentation.
  static constexpr size_t kFarthest = 64;

  const DecodedView& view_;
  std::string_view bytes_;
  std::vector<Stretch>& found_;
  Reader plain_;
  Reader base64_;
  Reader hex_;
};

void Redactor::AddLiteral(std::string_view text, uint32_t secret) {
  if (text.size() < kShortestFragment) return;
  plain_.Add(Read(text, kPlain), secret);
  hex_.Add(ToHexDigits(text), secret);
  for (size_t skipped = 0; skipped < 3; ++skipped) {
    const Base64Tag tag = {
        .secret = secret, .has_lead = skipped != 0, .has_trail = (skipped + text.size()) % 3 != 0};
    base64_.Add(AlignedBase64(text, skipped), tag.Pack());
  }
  // One that is made of such characters itself is known however it is broken into lines.
  const std::string characters = Read(text, kBase64);
  const bool is_base64 =
      characters.size() >= kShortestSecret &&
      std::ranges::all_of(characters, [](char c) { return IsBase64(c) || c == '='; });
  if (is_base64) {
    base64_.Add(characters,
                Base64Tag{.secret = secret, .has_lead = false, .has_trail = false}.Pack());
  }
  const std::string digits = Read(text, kHex);
  if (digits.size() >= kShortestSecret && std::ranges::all_of(digits, IsHexDigit)) {
    hex_.Add(digits, secret);
  }
}

void Redactor::AddLines(std::string_view text, uint32_t secret) {
  AddLiteral(text, secret);
  AddLiteral(Trimmed(text), secret);
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of("\r\n"), text.size());
    for (const std::string_view line : {text.substr(0, end), Trimmed(text.substr(0, end))}) {
      if (line.size() >= kShortestSecret) AddLiteral(line, secret);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void Redactor::AddOne(const NamedSecret& named) {
  const std::string_view value = named.value;
  if (value.empty()) return;
  const auto secret = static_cast<uint32_t>(secrets_.size());
  secrets_.push_back("[secret " + std::string(named.name) + "]");
  AddLines(value, secret);
  // As it is where bytes that are not text have been replaced.
  AddLines(ReplaceInvalidUtf8(value), secret);
  // A secret in JSON (a key file of a cloud) is used without its escapes.
  if (const auto decoded = DecodedView(value).WithoutJsonEscapes()) {
    AddLines(decoded->bytes(), secret);
  }
}

void Redactor::Add(const std::vector<NamedSecret>& secrets) {
  for (const NamedSecret& secret : secrets) AddOne(secret);
  for (LiteralSet* set : {&plain_, &base64_, &hex_}) set->Link();
}

void Redactor::Search(const DecodedView& view, Text text, Depths depths,
                      std::vector<Stretch>& found) const {
  Scan(*this, view, found).Run(text);
  if (depths.json > 0) {
    if (const auto inner = view.WithoutJsonEscapes()) {
      Search(*inner, text, {.json = depths.json - 1, .percent = depths.percent}, found);
    }
  }
  if (depths.percent > 0) {
    if (const auto inner = view.WithoutPercentEncoding()) {
      Search(*inner, text, {.json = depths.json, .percent = depths.percent - 1}, found);
    }
  }
}

std::optional<std::string> Redactor::TryRedact(std::string_view text, Text is) const {
  if (empty() || text.size() < kShortestFragment) return std::nullopt;
  const size_t overlap =
      kOverlapOfLongest * std::max({plain_.longest(), base64_.longest(), hex_.longest(), kLeast});
  const size_t step = std::max(kBlock, overlap);
  std::vector<Stretch> found;
  for (size_t begin = 0; begin < text.size(); begin += step) {
    const std::string_view block = text.substr(begin, step + overlap);
    const bool is_last = begin + block.size() == text.size();
    std::vector<Stretch> here;
    Search(DecodedView(block), is_last ? is : Text::Whole,
           {.json = kJsonDepth, .percent = kPercentDepth}, here);
    for (const Stretch& each : here) {
      found.push_back(
          {.begin = begin + each.begin, .end = begin + each.end, .secret = each.secret});
    }
    if (is_last) break;
  }
  if (found.empty()) return std::nullopt;
  std::ranges::sort(found, {},
                    [](const Stretch& each) { return std::pair(each.begin, ~each.end); });
  std::string out;
  size_t copied = 0;
  for (const Stretch& stretch : found) {
    if (stretch.begin >= copied) {
      out += text.substr(copied, stretch.begin - copied);
      out += secrets_[stretch.secret];
    }
    copied = std::max(copied, stretch.end);
  }
  out += text.substr(copied);
  return out;
}

std::string Redactor::Redact(std::string_view text) const {
  return TryRedact(text).value_or(std::string(text));
}

std::string Redactor::RedactCut(std::string_view text) const {
  return TryRedact(text, Text::Cut).value_or(std::string(text));
}

std::optional<Value> Redactor::TryRedactList(const Value& list) const {
  std::vector<Value> items;
  bool has_changed = false;
  for (size_t index = 0; index < list.items().size(); ++index) {
    std::optional<Value> item = TryRedact(list.items()[index]);
    if (item && !has_changed) {
      items.assign(list.items().begin(), list.items().begin() + static_cast<ptrdiff_t>(index));
    }
    has_changed = has_changed || item.has_value();
    if (has_changed) items.push_back(item ? *std::move(item) : list.items()[index]);
  }
  if (!has_changed) return std::nullopt;
  return Value::List(std::move(items));
}

std::optional<Value> Redactor::TryRedactMap(const Value& map) const {
  std::vector<MapEntry> entries;
  bool has_changed = false;
  for (const MapEntry& entry : map.entries()) {
    std::optional<Value> key = TryRedactScalar(entry.key);
    std::optional<Value> value = TryRedact(entry.value);
    has_changed = has_changed || key || value;
    entries.push_back({key ? *std::move(key) : entry.key, value ? *std::move(value) : entry.value});
  }
  if (!has_changed) return std::nullopt;
  // Two keys that held secrets may read the same now; the first stays.
  std::map<std::string, MapEntry> by_key;
  for (MapEntry& entry : entries) by_key.try_emplace(WriteJson(entry.key), std::move(entry));
  entries.clear();
  for (auto& [text, entry] : by_key) entries.push_back(std::move(entry));
  return Value::Map(std::move(entries));
}

std::optional<Value> Redactor::TryRedactScalar(const Value& value) const {
  const auto redact = [&](std::string_view text, const auto& make) -> std::optional<Value> {
    const std::optional<std::string> redacted = TryRedact(text);
    if (!redacted) return std::nullopt;
    return make(*redacted);
  };
  switch (value.kind()) {
    case Kind::String:
      return redact(value.AsString(), [](std::string_view text) { return Value::String(text); });
    case Kind::Bytes:
      return redact(value.AsString(), [](std::string_view text) { return Value::Bytes(text); });
    case Kind::Error:
      return redact(value.error_message(), [&](std::string_view text) {
        return Value::Error(value.error_code(), std::string(text));
      });
    case Kind::Int:
    case Kind::Uint:
    case Kind::Double:
    case Kind::BigInt:
    case Kind::Timestamp:
    case Kind::Duration:
      return redact(WriteJson(value), [](std::string_view text) { return Value::String(text); });
    case Kind::Null:
    case Kind::Bool:
    case Kind::Type:
    case Kind::List:
    case Kind::Map:
    case Kind::Optional:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Value> Redactor::TryRedact(const Value& value) const {
  // A value's depth is bounded where values are read and made, so this recursion is.
  if (value.kind() == Kind::List) return TryRedactList(value);
  if (value.kind() == Kind::Map) return TryRedactMap(value);
  if (value.kind() != Kind::Optional) return TryRedactScalar(value);
  const Value* inner = value.optional_value();
  std::optional<Value> redacted = inner == nullptr ? std::nullopt : TryRedact(*inner);
  if (!redacted) return std::nullopt;
  return Value::Optional(*std::move(redacted));
}

Value Redactor::Redact(const Value& value) const {
  if (empty()) return value;
  return TryRedact(value).value_or(value);
}

}  // namespace wfc::store

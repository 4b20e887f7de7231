#include "backend-runtime/runtime/redact/redactor.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "backend-runtime/runtime/redact/hex_dump.h"
#include "ir/base/utf8.h"
#include "ir/value/text.h"

namespace wfc::redact {
namespace {

constexpr int kBackslashDepth = 3;
constexpr int kPercentDepth = 2;
/// Entities, quoted-printable and quotes are undone in the text itself, and after one layer of
/// backslashes or percent-encoding has been undone. In what they yield, each of those two is undone
/// once more at most.
constexpr int kDepthOfOthers = 1;

/// Longer secrets are not searched for in UTF-16 as a whole, but their lines are.
constexpr size_t kLongestUtf16 = 4096;  // bytes of UTF-8

/// Longer secrets are not searched for in doubly encoded forms; in bytes.
constexpr size_t kLongestTwiceEncoded = 1024;

/// The shortest literal that is searched for, and the shortest part of a secret that is hidden at
/// the end of a text that was cut off; a shorter part reveals nothing. In bytes.
constexpr size_t kShortestFragment = 4;

/// A large text is searched in overlapping blocks, which bounds the memory for its decoded views.
/// The overlap is a multiple of the longest form of a secret. A secret that escapes and separators
/// stretch beyond that multiple can be missed where two blocks meet.
constexpr size_t kBlock = 4 << 20;
constexpr size_t kOverlapOfLongest = 16;
constexpr size_t kLeast = 1024;

constexpr std::string_view kBlanks = " \t\n\r\v\f";

/// Maps each byte of a text to the byte it is matched as; `kSkipped` means that it is ignored.
constexpr int16_t kSkipped = -1;
using Reading = std::array<int16_t, 256>;

constexpr Reading MakeReading(std::string_view skipped) {
  Reading reading{};
  for (size_t byte = 0; byte < reading.size(); ++byte) reading[byte] = static_cast<int16_t>(byte);
  for (const char c : skipped) reading[static_cast<unsigned char>(c)] = kSkipped;
  return reading;
}

/// URL-encoded forms write `+` for a blank.
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

/// Skips the separators between bytes: `74:6f`, `74-6F`, `0x74, 0x6f`, `\x74\x6f`.
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
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    out += kHexDigits[static_cast<unsigned char>(c) >> 4];
    out += kHexDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

void AppendUtf16Unit(std::string& out, uint32_t unit, std::endian order) {
  const auto high = static_cast<char>(unit >> 8);
  const auto low = static_cast<char>(unit & 0xFF);
  out += order == std::endian::big ? high : low;
  out += order == std::endian::big ? low : high;
}

std::string ToUtf16(std::string_view text, std::endian order) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const DecodedCodePoint decoded = DecodeUtf8(text, at);
    const auto code_point = static_cast<uint32_t>(decoded.code_point);
    at += decoded.length;
    if (code_point >= 0x10000) {
      AppendUtf16Unit(out, 0xD800 + ((code_point - 0x10000) >> 10), order);
      AppendUtf16Unit(out, 0xDC00 + ((code_point - 0x10000) & 0x3FF), order);
    } else {
      AppendUtf16Unit(out, code_point, order);
    }
  }
  return out;
}

/// Percent-encodes as most programs do: all characters except letters, digits and `-._~`.
std::string WithPercents(std::string_view text) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const char lower = static_cast<char>(c | 0x20);
    const bool is_kept = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
                         std::string_view("-._~").find(c) != std::string_view::npos;
    if (is_kept) {
      out += c;
      continue;
    }
    out += '%';
    out += kHexDigits[static_cast<unsigned char>(c) >> 4];
    out += kHexDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

/// The bytes that result when the output of Python's `ascii` is decoded: it writes `\xe9` for a
/// code point of that number, which a decoder takes for a byte.
std::string WithShortCodePoints(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const DecodedCodePoint decoded = DecodeUtf8(text, at);
    if (decoded.code_point <= 0xFF) {
      out += static_cast<char>(decoded.code_point);
    } else {
      out += text.substr(at, decoded.length);
    }
    at += decoded.length;
  }
  return out;
}

/// Whether the byte can be part of a backslash escape or a percent escape.
bool IsEscapeByte(unsigned char byte) {
  const auto lower = static_cast<unsigned char>(byte | 0x20);
  return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte == '\\' ||
         byte == '%';
}

/// Adds the pairs of bytes with which a literal of `set` can begin in a text, as `reading` maps it:
/// the literal's first two bytes, or its first byte and a byte that is skipped.
void AddPairs(const LiteralSet& set, const Reading& reading, CandidatePairs& pairs) {
  std::array<std::array<bool, 256>, 256> begins{};
  std::array<bool, 256> is_first{};
  for (const auto& [first, second] : set.Beginnings()) {
    begins[first][second] = true;
    is_first[first] = true;
  }
  for (size_t first = 0; first < begins.size(); ++first) {
    const int16_t as_first = reading[first];
    if (as_first == kSkipped || !is_first[static_cast<size_t>(as_first)]) continue;
    const std::array<bool, 256>& follows = begins[static_cast<size_t>(as_first)];
    for (size_t second = 0; second < begins.size(); ++second) {
      const int16_t as_second = reading[second];
      // A `0` may belong to the prefix `0x`, which is skipped.
      const bool may_be_skipped = as_second == kSkipped || second == '0';
      if (!may_be_skipped && !follows[static_cast<size_t>(as_second)]) continue;
      pairs.Add(static_cast<unsigned char>(first), static_cast<unsigned char>(second));
    }
  }
}

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

/// The tag of a base64 literal: the secret, and whether the characters before and after the literal
/// contain some of the secret's bits too.
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

/// The characters of the base64 form that depend on `text` alone, when `text` begins after
/// `skipped` bytes (0 to 2) of a group of three.
std::string AlignedBase64(std::string_view text, size_t skipped) {
  const std::string encoded = ToBase64(std::string(skipped, '\0') + std::string(text));
  const size_t first = (skipped * 8 + 5) / 6;
  const size_t last = (skipped + text.size()) * 8 / 6;
  return encoded.substr(first, last - first);
}

/// The search for one set of literals in a view. It remembers where the most recent bytes stood,
/// because skipped bytes make the distance in the view differ from the length of the literal.
class Reader {
 public:
  Reader(const LiteralSet& set, size_t view_size)
      : set_(set), places_(std::bit_ceil(std::min(set.longest(), view_size) + 2)) {}

  /// Advances by one byte, which stands at `place`. Returns whether a literal ends with it.
  bool Feed(int16_t byte, size_t place) {
    places_[count_++ & (places_.size() - 1)] = static_cast<uint32_t>(place);
    state_ = set_.Next(state_, static_cast<unsigned char>(byte));
    return (state_ & LiteralSet::kEnds) != 0;
  }
  [[nodiscard]] const LiteralSet::Found& ended() const { return set_.ended(state_); }
  /// The longest suffix of the bytes fed so far that is the beginning of a literal.
  [[nodiscard]] const LiteralSet::Found& begun() const { return set_.begun(state_); }
  [[nodiscard]] bool is_at_start() const { return state_ == LiteralSet::kStart; }
  /// Where the byte fed `count` calls ago stood; 1 is the last. `count` is at most the length of
  /// the longest literal.
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

/// Searches one view for all literals in one pass. While no literal has begun, it skips to the next
/// candidate pair.
class Redactor::Scan {
 public:
  Scan(const Redactor& redactor, const DecodedView& view, std::vector<Stretch>& found)
      : pairs_(redactor.pairs_),
        view_(view),
        bytes_(view.bytes()),
        found_(found),
        plain_(redactor.plain_, bytes_.size()),
        base64_(redactor.base64_, bytes_.size()),
        hex_(redactor.hex_, bytes_.size()) {}

  /// Starts at `at`, the position of the first candidate pair.
  void Run(size_t at, Text text) {
    for (; at < bytes_.size(); ++at) {
      if (IsIdle()) at = pairs_.Find(bytes_, at);
      if (at == std::string_view::npos) return;
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
  [[nodiscard]] bool IsIdle() const {
    return plain_.is_at_start() && base64_.is_at_start() && hex_.is_at_start();
  }

  void AddBeginning(const Reader& reader, uint32_t secret) {
    const size_t begun = reader.begun().length;
    if (begun >= kShortestFragment) Add(reader.place(begun), bytes_.size() - 1, secret);
  }

  /// Whether the byte at `at` is the `0` of a prefix `0x`.
  [[nodiscard]] bool IsHexPrefix(size_t at) const {
    return bytes_[at] == '0' && at + 1 < bytes_.size() && (bytes_[at + 1] | 0x20) == 'x';
  }

  void Add(size_t first, size_t last, uint32_t secret) {
    const Stretch stretch = {
        .begin = view_.begin_of(first), .end = view_.end_of(last), .secret = secret};
    // A match that overlaps or continues the last one, of the same secret, extends it.
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
    if (tag.has_lead) first = BeginOfBase64(first);
    Add(first, tag.has_trail ? EndOfBase64(at) : at, tag.secret);
  }

  /// The position of the base64 character before `at`, which holds bits of the secret's first byte;
  /// `at` itself when there is none.
  [[nodiscard]] size_t BeginOfBase64(size_t at) const {
    for (size_t before = at; before > 0 && at - before < kFarthest;) {
      const char c = bytes_[--before];
      if (kBase64[static_cast<unsigned char>(c)] == kSkipped) continue;
      return IsBase64(c) ? before : at;
    }
    return at;
  }

  /// The position of the last character after `at` that belongs to the match: the character that
  /// holds the remaining bits, and the padding.
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

  /// How far to look for these characters and the padding, in bytes: past a line end and an
  /// indentation.
  static constexpr size_t kFarthest = 64;

  const CandidatePairs& pairs_;
  const DecodedView& view_;
  std::string_view bytes_;
  std::vector<Stretch>& found_;
  Reader plain_;
  Reader base64_;
  Reader hex_;
};

void Redactor::AddLiteral(std::string_view text, uint32_t secret) {
  if (text.size() < kShortestFragment) return;
  AddForms(text, secret);
  if (text.size() > kLongestUtf16 || FindInvalidUtf8(text) != std::string_view::npos) return;
  for (const auto order : {std::endian::little, std::endian::big}) {
    AddForms(ToUtf16(text, order), secret);
  }
  plain_.Add(Read(WithShortCodePoints(text), kPlain), secret);
}

void Redactor::AddTwiceEncoded(std::string_view text, uint32_t secret) {
  if (text.size() < kShortestSecret || text.size() > kLongestTwiceEncoded) return;
  std::string digits = ToHexDigits(text);
  std::vector<std::string> forms = {digits, ToBase64(text), WithPercents(text)};
  std::ranges::transform(digits, digits.begin(),
                         [](char c) { return c >= 'a' ? c - 'a' + 'A' : c; });
  forms.push_back(std::move(digits));
  for (size_t skipped = 0; skipped < 3; ++skipped) {
    forms.push_back(AlignedBase64(text, skipped));
    std::string& safe = forms.emplace_back(forms.back());
    std::ranges::replace(safe, '+', '-');
    std::ranges::replace(safe, '/', '_');
  }
  for (const std::string& form : forms) AddDigits(form, secret);
}

void Redactor::AddDigits(std::string_view text, uint32_t secret) {
  hex_.Add(ToHexDigits(text), secret);
  for (size_t skipped = 0; skipped < 3; ++skipped) {
    const Base64Tag tag = {
        .secret = secret, .has_lead = skipped != 0, .has_trail = (skipped + text.size()) % 3 != 0};
    base64_.Add(AlignedBase64(text, skipped), tag.Pack());
  }
}

void Redactor::AddForms(std::string_view text, uint32_t secret) {
  plain_.Add(Read(text, kPlain), secret);
  AddDigits(text, secret);
  // A secret that itself consists of base64 or hexadecimal characters is found even when it is
  // broken into lines or separated.
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
  // Invalid UTF-8 may have been replaced in the text; the secret is then found in that form.
  AddLines(ReplaceInvalidUtf8(value), secret);
  AddTwiceEncoded(Trimmed(value), secret);
  // Programs that read a secret from JSON (a cloud's key file) use it without its escapes.
  const DecodedView view(value);
  if (const auto decoded = view.Without(Encoding::Backslashes)) {
    AddLines(decoded->bytes(), secret);
  }
}

void Redactor::Add(const std::vector<NamedSecret>& secrets) {
  for (const NamedSecret& secret : secrets) AddOne(secret);
  for (LiteralSet* set : {&plain_, &base64_, &hex_}) set->Link();
  pairs_.Clear();
  AddPairs(plain_, kPlain, pairs_);
  AddPairs(base64_, kBase64, pairs_);
  AddPairs(hex_, kHex, pairs_);
  for (size_t byte = 0; byte < relevant_.size(); ++byte) {
    const std::pair<const LiteralSet&, const Reading&> ways[] = {
        {plain_, kPlain}, {base64_, kBase64}, {hex_, kHex}};
    relevant_[byte] = IsEscapeByte(static_cast<unsigned char>(byte)) ||
                      std::ranges::any_of(ways, [&](const auto& way) {
                        const int16_t read = way.second[byte];
                        return read == kSkipped || way.first.Has(static_cast<unsigned char>(read));
                      });
  }
}

void Redactor::SearchLiterals(const DecodedView& view, Text text,
                              std::vector<Stretch>& found) const {
  const size_t first = pairs_.Find(view.bytes(), 0);
  if (first != std::string_view::npos) Scan(*this, view, found).Run(first, text);
}

void Redactor::Search(const DecodedView& view, Text text, Depths depths,
                      std::vector<Stretch>& found) const {
  SearchLiterals(view, text, found);
  SearchDumps(view, text, found);
  const auto search = [&](Encoding encoding, Depths inside,
                          const DecodedView::Bytes* relevant = nullptr) {
    const auto inner = view.Without(encoding, relevant);
    if (inner) Search(*inner, text, inside, found);
  };
  const auto [backslashes, percents, others] = depths;
  if (backslashes > 0) search(Encoding::Backslashes, {backslashes - 1, percents, others - 1});
  if (percents > 0) search(Encoding::Percent, {backslashes, percents - 1, others - 1});
  if (others < 0) return;
  for (const Encoding other : {Encoding::Entities, Encoding::QuotedPrintable, Encoding::Quotes}) {
    search(other, {std::min(backslashes, 1), std::min(percents, 1), -1}, &relevant_);
  }
}

/// A dump shows a secret in pieces: each line and each column holds some of it.
void Redactor::SearchDumps(const DecodedView& view, Text text, std::vector<Stretch>& found) const {
  const auto dump = HexDump::Find(
      view.bytes(), view.is_decoded() ? HexDump::Where::AlsoInStrings : HexDump::Where::InLines);
  if (!dump) return;
  std::vector<Stretch> shown;
  SearchLiterals(DecodedView(dump->bytes()), text, shown);
  for (const Stretch& each : shown) {
    dump->VisitPlaces(each.begin, each.end, [&](size_t begin, size_t end) {
      found.push_back(
          {.begin = view.begin_of(begin), .end = view.end_of(end - 1), .secret = each.secret});
    });
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
           {.backslashes = kBackslashDepth, .percents = kPercentDepth, .others = kDepthOfOthers},
           here);
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

}  // namespace wfc::redact

#include "backend-runtime/runtime/redact/hex_dump.h"

#include <algorithm>
#include <array>

namespace wfc::redact {
namespace {

constexpr size_t kShortestOffset = 4;  // digits
constexpr int8_t kNoDigit = -1;

constexpr std::array<int8_t, 256> kDigits = [] {
  std::array<int8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (size_t i = 0; i < 10; ++i) digits['0' + i] = static_cast<int8_t>(i);
  for (size_t i = 0; i < 6; ++i) {
    digits['a' + i] = static_cast<int8_t>(10 + i);
    digits['A' + i] = static_cast<int8_t>(10 + i);
  }
  return digits;
}();

int8_t DigitOf(char c) {
  return kDigits[static_cast<unsigned char>(c)];
}

bool BeginsWithDigit(std::string_view text) {
  return !text.empty() && DigitOf(text[0]) != kNoDigit;
}

size_t EndOfLine(std::string_view text, size_t begin) {
  constexpr size_t kShort = 16;  // long enough for most lines of a text with many lines
  const size_t near = std::min(begin + kShort, text.size());
  for (size_t at = begin; at < near; ++at) {
    if (text[at] == '\n') return at;
  }
  return std::min(text.find('\n', near), text.size());
}

/// The position at which a line of a dump may begin in `line`; `npos` when there is none.
size_t FindOffset(std::string_view line, HexDump::Where where) {
  size_t first = 0;
  while (first < line.size() && (line[first] == ' ' || line[first] == '\t')) ++first;
  if (BeginsWithDigit(line.substr(first))) return first;
  if (where == HexDump::Where::InLines) return std::string_view::npos;
  for (size_t at = line.find('"'); at != std::string_view::npos; at = line.find('"', at + 1)) {
    if (BeginsWithDigit(line.substr(at + 1))) return at + 1;
  }
  return std::string_view::npos;
}

}  // namespace

/// A cursor over one line of a dump: an offset, groups of digits, and optionally a column of
/// characters.
class HexDump::Line {
 public:
  explicit Line(std::string_view text) : text_(text) {}

  [[nodiscard]] bool ReadOffset() {
    SkipBlanks();
    if (CountDigits() < kShortestOffset) return false;
    at_ += CountDigits();
    // xxd ends its offset with a colon, and separates the characters by two blanks.
    is_xxd_ = at_ < text_.size() && text_[at_] == ':';
    if (is_xxd_) ++at_;
    return at_ < text_.size() && IsBlank(text_[at_]);
  }

  /// The number of digits in the next group; 0 when there is no further group.
  [[nodiscard]] size_t NextGroup() {
    const size_t before = at_;
    SkipBlanks();
    if (is_xxd_ && has_groups_ && at_ - before >= 2) return 0;
    const size_t count = CountDigits();
    const size_t end = at_ + count;
    const bool is_group = count % 2 == 0 && (end == text_.size() || IsBlank(text_[end]));
    if (!is_group || count == 0) return 0;
    has_groups_ = true;
    at_ = end;
    return count;
  }
  [[nodiscard]] size_t at() const { return at_; }
  [[nodiscard]] bool is_xxd() const { return is_xxd_; }

  /// Where the column of characters for `count` bytes begins; call it after the last group.
  [[nodiscard]] std::optional<size_t> FindCharacters(size_t count) const {
    if (is_xxd_) {
      if (text_.size() < at_ + count) return std::nullopt;
      return text_.size() - count;
    }
    const bool is_marked = at_ < text_.size() && (text_[at_] == '|' || text_[at_] == '>');
    if (!is_marked || text_.size() < at_ + 1 + count) return std::nullopt;
    return at_ + 1;
  }

 private:
  static bool IsBlank(char c) { return c == ' ' || c == '\t'; }
  void SkipBlanks() {
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
  }
  [[nodiscard]] size_t CountDigits() const {
    size_t end = at_;
    while (end < text_.size() && DigitOf(text_[end]) != kNoDigit) ++end;
    return end - at_;
  }

  std::string_view text_;
  size_t at_ = 0;
  bool is_xxd_ = false;
  bool has_groups_ = false;
};

void HexDump::Add(std::string_view text, size_t line_begin) {
  Line line(text);
  if (!line.ReadOffset()) return;
  const size_t first = bytes_.size();
  while (const size_t count = line.NextGroup()) {
    const size_t begin = line.at() - count;
    // Groups of four digits are 16-bit words. They are shown with the high byte first, and a
    // little-endian machine stores the low byte first.
    const bool is_word = !line.is_xxd() && count == 4;
    for (size_t at = begin; at < line.at(); at += 2) {
      const size_t shown = is_word ? 2 * begin + 2 - at : at;
      bytes_ += static_cast<char>(DigitOf(text[shown]) << 4 | DigitOf(text[shown + 1]));
      digits_.push_back({.begin = static_cast<uint32_t>(line_begin + (is_word ? begin : at)),
                         .length = is_word ? 4U : 2U});
    }
  }
  const size_t count = bytes_.size() - first;
  const std::optional<size_t> characters = line.FindCharacters(count);
  for (size_t i = 0; i < count; ++i) {
    characters_.push_back({.begin = static_cast<uint32_t>(line_begin + characters.value_or(0) + i),
                           .length = characters ? 1U : 0U});
  }
}

std::optional<HexDump> HexDump::Find(std::string_view text, Where where) {
  HexDump dump;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = EndOfLine(text, begin);
    std::string_view line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const size_t offset = FindOffset(line, where);
    if (offset != std::string_view::npos) dump.Add(line.substr(offset), begin + offset);
    begin = end + 1;
  }
  if (dump.bytes_.empty()) return std::nullopt;
  return dump;
}

void HexDump::VisitColumn(const std::vector<Place>& column, size_t first, size_t end,
                          const std::function<void(size_t begin, size_t end)>& visit) {
  constexpr size_t kWidestGap = 2;  // between positions that are joined into one range
  size_t from = 0;
  size_t to = 0;
  for (size_t i = first; i < end; ++i) {
    const Place& place = column[i];
    if (place.length == 0) continue;
    if (to == 0 || place.begin > to + kWidestGap) {
      if (to > 0) visit(from, to);
      from = place.begin;
    }
    to = place.begin + place.length;
  }
  if (to > 0) visit(from, to);
}

void HexDump::VisitPlaces(size_t first, size_t end,
                          const std::function<void(size_t begin, size_t end)>& visit) const {
  VisitColumn(digits_, first, end, visit);
  VisitColumn(characters_, first, end, visit);
}

}  // namespace wfc::redact

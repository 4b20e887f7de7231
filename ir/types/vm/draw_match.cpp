// Parses a pattern and writes a matching text in one pass. Each part yields a text that it matches;
// of the arms of an alternation one is kept, and a repeated part is parsed again for each
// repetition.
#include "ir/types/vm/draw_match.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include <re2/re2.h>

#include "ir/base/utf8.h"

namespace wfc::types {
namespace {

constexpr uint32_t kMostPatternDepth = 128;
/// The atoms that are parsed at most, counting each repetition.
constexpr uint32_t kMostWork = 20'000;
/// The length in bytes after which unbounded repetitions stop.
constexpr size_t kLongestMatch = 4096;
/// The most repetitions beyond the minimum.
constexpr uint64_t kFurther = 4;
constexpr uint32_t kNoMost = 0xFFFFFFFF;

/// The code points that are tried where a set is not given as ranges.
constexpr std::u32string_view kSample =
    U"a0 _-zA9Z.,;:!?/\\'\"(){}[]<>@#$%&*+=~^|`\n\t\u00e9\u00df\u00c4\u03b1\u0416\u6f22\u05d0\u0627"
    U"\u0301\u0661\u20ac\u2014\u00a0";

struct Range {
  char32_t first;
  char32_t last;
};

/// Parses and draws in one object. After an error, `is_strange_` is set and every function returns
/// quickly.
class Match {
 public:
  Match(std::string_view pattern, Choices& choices) : pattern_(pattern), choices_(choices) {}

  std::optional<std::string> Run() {
    std::string text = Alternation();
    return is_strange_ || at_ < pattern_.size() ? std::nullopt : std::optional(std::move(text));
  }

 private:
  [[nodiscard]] bool at_end() const { return is_strange_ || at_ >= pattern_.size(); }
  [[nodiscard]] char peek() const { return at_ < pattern_.size() ? pattern_[at_] : '\0'; }
  bool Consume(std::string_view text) {
    if (!pattern_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  std::string Refuse() {
    is_strange_ = true;
    return {};
  }

  std::string Alternation();
  std::string Concatenation();
  std::string Atom();
  std::string Set();
  char32_t CodePoint();
  struct Counts {
    uint32_t least = 1;
    uint32_t most = 1;
  };
  Counts ReadCounts();
  uint32_t ReadNumber();
  [[nodiscard]] std::string OneOf(const std::vector<Range>& ranges);
  [[nodiscard]] std::string OneOfSample(std::string_view set);

  std::string_view pattern_;
  Choices& choices_;
  size_t at_ = 0;
  size_t written_ = 0;  // in bytes, including discarded text
  uint32_t depth_ = 0;
  uint32_t work_ = 0;
  bool is_strange_ = false;
};

std::string Match::Alternation() {
  if (++depth_ > kMostPatternDepth) return Refuse();
  std::string kept = Concatenation();
  for (uint64_t arm = 1; !is_strange_ && Consume("|"); ++arm) {
    std::string text = Concatenation();
    if (choices_.Below(arm + 1) == arm) kept = std::move(text);
  }
  --depth_;
  return kept;
}

std::string Match::Concatenation() {
  std::string text;
  while (!at_end() && peek() != '|' && peek() != ')') {
    if (Consume("^") || Consume("$") || Consume("\\b") || Consume("\\B")) continue;
    const size_t begin = at_;
    std::string atom = Atom();
    const size_t atom_end = at_;
    const Counts counts = ReadCounts();
    const size_t end = at_;
    const uint64_t further = std::min<uint64_t>(counts.most - counts.least, kFurther);
    uint64_t count = counts.least + choices_.Below(further + 1);
    for (; count > 0 && !is_strange_; --count) {
      text += atom;
      const bool is_long = (written_ += atom.size()) > kLongestMatch;
      if (is_long && counts.most == kNoMost) break;
      if (is_long && written_ > kLongestMatch * 4) return Refuse();
      if (count == 1 || end == atom_end) continue;
      at_ = begin;
      atom = Atom();
    }
    at_ = end;
  }
  return text;
}

std::string Match::Atom() {
  if (++work_ > kMostWork) return Refuse();
  if (Consume("(?s:.)")) return OneOfSample("(?s:.)");
  if (Consume("(?:")) {
    std::string text = Alternation();
    return Consume(")") ? text : Refuse();
  }
  if (peek() == '[') return Set();
  constexpr std::string_view kOperators = "().*+?{}]";
  if (kOperators.find(peek()) != kOperators.npos) return Refuse();
  std::string text;
  const char32_t code_point = CodePoint();
  if (!is_strange_) AppendUtf8(text, code_point);
  return text;
}

/// Reads a literal code point, `\x{…}`, or an escaped punctuation character.
char32_t Match::CodePoint() {
  if (Consume("\\x{")) {
    uint32_t number = 0;
    const char* const end = pattern_.data() + pattern_.size();
    const auto [rest, error] = std::from_chars(pattern_.data() + at_, end, number, 16);
    at_ = static_cast<size_t>(rest - pattern_.data());
    const bool is_scalar = number <= 0x10FFFF && (number < 0xD800 || number > 0xDFFF);
    if (error != std::errc() || !Consume("}") || !is_scalar) is_strange_ = true;
    return number;
  }
  if (Consume("\\") &&
      (at_ >= pattern_.size() || std::isalnum(static_cast<unsigned char>(peek())) != 0)) {
    is_strange_ = true;
    return 0;
  }
  const DecodedCodePoint decoded = DecodeUtf8(pattern_, at_);
  at_ += decoded.length;
  return decoded.code_point;
}

std::string Match::Set() {
  const size_t begin = at_;
  ++at_;
  bool is_listed = !Consume("^");
  std::vector<Range> ranges;
  while (!at_end() && peek() != ']') {
    if (Consume("\\p{") || Consume("\\P{")) {
      is_listed = false;
      at_ = std::min(pattern_.find('}', at_), pattern_.size() - 1) + 1;
      continue;
    }
    const char32_t first = CodePoint();
    ranges.push_back({first, Consume("-") ? CodePoint() : first});
  }
  if (is_strange_ || !Consume("]")) return Refuse();
  return is_listed ? OneOf(ranges) : OneOfSample(pattern_.substr(begin, at_ - begin));
}

std::string Match::OneOf(const std::vector<Range>& ranges) {
  if (ranges.empty()) return Refuse();
  const Range& range = ranges[choices_.Below(ranges.size())];
  if (range.last < range.first) return Refuse();
  const uint64_t width = uint64_t{range.last} - range.first + 1;
  const uint64_t step = choices_.OneIn(3) ? width - 1 : choices_.Below(width);
  auto code_point = static_cast<char32_t>(range.first + step);
  if (code_point >= 0xD800 && code_point <= 0xDFFF) code_point = range.first;
  std::string text;
  AppendUtf8(text, code_point);
  return text;
}

std::string Match::OneOfSample(std::string_view set) {
  RE2::Options quiet;
  quiet.set_log_errors(false);
  const RE2 pattern(re2::StringPiece(set.data(), set.size()), quiet);
  std::vector<std::string> fitting;
  for (const char32_t code_point : kSample) {
    std::string text;
    AppendUtf8(text, code_point);
    if (pattern.ok() && RE2::FullMatch(text, pattern)) fitting.push_back(std::move(text));
  }
  return fitting.empty() ? Refuse() : fitting[choices_.Below(fitting.size())];
}

uint32_t Match::ReadNumber() {
  uint32_t number = 0;
  const char* const end = pattern_.data() + pattern_.size();
  const auto [rest, error] = std::from_chars(pattern_.data() + at_, end, number);
  at_ = static_cast<size_t>(rest - pattern_.data());
  if (error != std::errc()) is_strange_ = true;
  return number;
}

Match::Counts Match::ReadCounts() {
  if (Consume("*")) return {.least = 0, .most = kNoMost};
  if (Consume("+")) return {.least = 1, .most = kNoMost};
  if (Consume("?")) return {.least = 0, .most = 1};
  if (!Consume("{")) return {};
  Counts counts;
  counts.least = ReadNumber();
  counts.most = counts.least;
  if (Consume(",")) counts.most = peek() == '}' ? kNoMost : ReadNumber();
  if (!Consume("}") || counts.most < counts.least) is_strange_ = true;
  return counts;
}

}  // namespace

std::optional<std::string> DrawMatch(std::string_view pattern, Choices& choices) {
  return Match(pattern, choices).Run();
}

}  // namespace wfc::types

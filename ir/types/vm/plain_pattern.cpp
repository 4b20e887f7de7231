#include "ir/types/vm/plain_pattern.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace wfc::types {
namespace {

constexpr uint32_t kUnbounded = 0xFFFFFFFF;
constexpr uint8_t kAsciiEnd = 0x80;

void Add(CharacterRun& run, uint8_t c) {
  run.set[c / 64] |= uint64_t{1} << c % 64;
}

bool Has(const CharacterRun& run, uint8_t c) {
  return c < kAsciiEnd && (run.set[c / 64] >> c % 64 & 1) != 0;
}

class Parser {
 public:
  explicit Parser(std::string_view pattern) : rest_(pattern) {}

  std::optional<PlainPattern> Parse() {
    if (!Take('^')) return std::nullopt;
    PlainPattern plain;
    while (!rest_.empty()) {
      plain.is_to_end = Take('$');
      if (plain.is_to_end) break;
      CharacterRun run;
      if (!ParseSet(run) || !ParseCount(run)) return std::nullopt;
      plain.runs.push_back(run);
    }
    if (!rest_.empty()) return std::nullopt;
    return plain;
  }

 private:
  bool Take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool ParseSet(CharacterRun& run) {
    if (!Take('[')) {
      const auto c = ParseCharacter("^$.|?*+()[]{}");
      if (c) Add(run, *c);
      return c.has_value();
    }
    bool is_first = true;
    for (; is_first || !Take(']'); is_first = false) {
      const auto first = ParseCharacter("^[]");
      if (!first) return false;
      const auto last = Take('-') ? ParseCharacter("^[]-") : first;
      if (!last) return false;
      for (uint32_t c = *first; c <= *last; ++c) Add(run, static_cast<uint8_t>(c));
    }
    return true;
  }

  /// Parses a literal character, which must not be one of `special` unless it is escaped.
  std::optional<uint8_t> ParseCharacter(std::string_view special) {
    const bool is_escaped = Take('\\');
    if (rest_.empty()) return std::nullopt;
    const auto c = static_cast<uint8_t>(rest_.front());
    const bool is_word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const bool is_special = special.find(rest_.front()) != std::string_view::npos;
    if (c >= kAsciiEnd || (is_escaped ? is_word : is_special)) return std::nullopt;
    rest_.remove_prefix(1);
    return c;
  }

  bool ParseCount(CharacterRun& run) {
    if (Take('?')) {
      run.least = 0;
    } else if (Take('*')) {
      run.least = 0;
      run.most = kUnbounded;
    } else if (Take('+')) {
      run.most = kUnbounded;
    } else if (Take('{')) {
      if (!ParseNumber(run.least)) return false;
      run.most = run.least;
      if (Take(',') && !ParseNumber(run.most)) run.most = kUnbounded;
      if (!Take('}')) return false;
    }
    return rest_.find_first_of("?*+{") != 0;  // a second quantifier is not allowed
  }

  bool ParseNumber(uint32_t& number) {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (error != std::errc()) return false;
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return true;
  }

  std::string_view rest_;
};

bool HaveCommonCharacter(const CharacterRun& one, const CharacterRun& other) {
  for (size_t word = 0; word < one.set.size(); ++word) {
    if ((one.set[word] & other.set[word]) != 0) return true;
  }
  return false;
}

/// Whether no run can take a character that a later run might need.
bool LeavesNothingOpen(const std::vector<CharacterRun>& runs) {
  for (size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].least == runs[i].most) continue;
    for (size_t next = i + 1; next < runs.size(); ++next) {
      if (HaveCommonCharacter(runs[i], runs[next])) return false;
      if (runs[next].least > 0) break;
    }
  }
  return true;
}

/// Marks `place` as one where the run's characters may stand.
void AddPlace(PlainPattern& pattern, const CharacterRun& run, size_t place) {
  for (uint32_t c = 0; c < kAsciiEnd; ++c) {
    if (Has(run, static_cast<uint8_t>(c))) pattern.places[c] |= uint32_t{1} << place;
  }
}

void FindPlaces(PlainPattern& pattern) {
  size_t count = 0;
  for (const CharacterRun& run : pattern.runs) {
    if (run.least != run.most || run.least > kMaxPlaces - count) return;
    count += run.least;
  }
  pattern.place_count = count;
  pattern.places.resize(size_t{std::numeric_limits<uint8_t>::max()} + 1);
  size_t place = 0;
  for (const CharacterRun& run : pattern.runs) {
    for (const size_t end = place + run.least; place < end; ++place) {
      AddPlace(pattern, run, place);
    }
  }
}

}  // namespace

std::optional<PlainPattern> ParsePlainPattern(std::string_view pattern) {
  std::optional<PlainPattern> plain = Parser(pattern).Parse();
  if (!plain || !LeavesNothingOpen(plain->runs)) return std::nullopt;
  FindPlaces(*plain);
  return plain;
}

bool MatchesRuns(const PlainPattern& pattern, std::string_view text) {
  size_t at = 0;
  for (const CharacterRun& run : pattern.runs) {
    const size_t end = std::min(text.size(), at + run.most);
    const size_t begin = at;
    while (at < end && Has(run, static_cast<uint8_t>(text[at]))) ++at;
    if (at - begin < run.least) return false;
  }
  return !pattern.is_to_end || at == text.size();
}

}  // namespace wfc::types

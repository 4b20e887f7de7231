#include "frontend/manifest/decode.h"

#include <algorithm>
#include <charconv>

#include "ir/base/quantities.h"
#include "ir/base/words.h"

namespace wfc::manifest {
namespace {

bool IsLower(char c) {
  return c >= 'a' && c <= 'z';
}
bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

/// The length of the unit of time that a word names, in nanoseconds; 0 when it names none. `m` is
/// a minute, never a month.
int64_t FindUnit(std::string_view word) {
  std::string lower(word);
  for (char& c : lower) c = IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower.size() > 2 && lower.ends_with('s')) lower.pop_back();
  struct Word {
    std::string_view word, unit;
  };
  static constexpr Word kWords[] = {{"millisecond", "ms"}, {"msec", "ms"}, {"sec", "s"},
                                    {"second", "s"},       {"min", "m"},   {"minute", "m"},
                                    {"hr", "h"},           {"hour", "h"},  {"day", "d"}};
  const auto* found = std::ranges::find(kWords, lower, &Word::word);
  const std::string_view name = found == std::end(kWords) ? std::string_view(lower) : found->unit;
  const auto* unit = std::ranges::find(kTimeUnits, name, &Unit::name);
  return unit == std::end(kTimeUnits) ? 0 : unit->factor;
}

/// Writes a duration in the largest unit that divides it; empty when it is not a whole number of
/// milliseconds.
std::string WriteDuration(int64_t nanoseconds) {
  for (size_t i = std::size(kTimeUnits); i-- > 0;) {
    const Unit& unit = kTimeUnits[i];
    if (nanoseconds % unit.factor != 0) continue;
    return std::to_string(nanoseconds / unit.factor).append(unit.name);
  }
  return {};
}

}  // namespace

std::string MakeDuration(std::string_view text) {
  constexpr size_t kMostBytes = 40;
  if (text.size() > kMostBytes) return {};
  const bool is_iso = text.starts_with("PT");
  if (is_iso) text.remove_prefix(2);
  double total = 0;
  while (!text.empty()) {
    const size_t digits = text.find_first_not_of("0123456789.");
    double number = 0;
    if (digits == 0 || digits == text.npos) return {};
    const auto [at, error] = std::from_chars(text.data(), text.data() + digits, number);
    if (error != std::errc() || at != text.data() + digits) return {};
    text.remove_prefix(digits);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const size_t end = std::min(text.find_first_of("0123456789 ,"), text.size());
    const int64_t unit = FindUnit(text.substr(0, end));
    if (unit == 0) return {};
    total += number * static_cast<double>(unit);
    text.remove_prefix(end);
    text.remove_prefix(std::min(text.find_first_not_of(" ,"), text.size()));
  }
  const bool fits = total >= 1'000'000 && total <= static_cast<double>(kLongestTime);
  return fits ? WriteDuration(static_cast<int64_t>(total)) : std::string();
}

std::optional<int64_t> ParseDuration(std::string_view text) {
  return ParseTimeSpan(text);
}

std::optional<int64_t> ParseSize(std::string_view text) {
  return ParseByteSize(text);
}

std::optional<int64_t> ParseCount(std::string_view text) {
  return ParseScaledCount(text);
}

bool IsId(std::string_view text, IdForm form) {
  if (text.empty()) return false;
  const bool upper = form == IdForm::Upper || form == IdForm::Variable;
  const bool lower = form != IdForm::Upper;
  bool at_start = true;
  for (const char c : text) {
    if (c == '.' && form == IdForm::Dotted && !at_start) {
      at_start = true;
      continue;
    }
    const bool is_letter = (lower && IsLower(c)) || (upper && IsUpper(c));
    const bool is_other = c == '_' || IsDigit(c);
    const bool fits =
        is_letter || (is_other && !at_start) || (c == '_' && form == IdForm::Variable);
    if (!fits) return false;
    at_start = false;
  }
  return !at_start;
}

std::string MakeId(std::string_view text, IdForm form) {
  // Without its letters that are not ASCII, a word is not one any more.
  const bool is_ascii =
      std::ranges::all_of(text, [](char c) { return static_cast<uint8_t>(c) < 0x80; });
  if (form == IdForm::Variable || !is_ascii) return {};
  constexpr char kToLower = 'a' - 'A';
  const bool is_upper = form == IdForm::Upper;
  std::string id;
  for (const char c : text) {
    const bool fits =
        IsLower(c) || IsUpper(c) || IsDigit(c) || (c == '.' && form == IdForm::Dotted);
    const bool is_changed = is_upper ? IsLower(c) : IsUpper(c);
    const char changed = static_cast<char>(is_upper ? c - kToLower : c + kToLower);
    if (fits) id += is_changed ? changed : c;
    if (!fits && !id.empty() && id.back() != '_') id += '_';
  }
  while (id.ends_with('_')) id.pop_back();
  return IsId(id, form) ? id : std::string();
}

std::string_view Describe(IdForm form) {
  switch (form) {
    case IdForm::Plain:
      return "ids are lower-case letters, digits and `_`, beginning with a letter";
    case IdForm::Dotted:
      return "ids of tools are lower-case letters, digits, `_` and dots between them";
    case IdForm::Upper:
      return "names of secrets are upper-case letters, digits and `_`, beginning with a letter";
    case IdForm::Variable:
      return "names of environment variables are letters, digits and `_`";
  }
  return {};
}

}  // namespace wfc::manifest

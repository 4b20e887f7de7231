#include "ir/base/quantities.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <system_error>

namespace wfc {
namespace {

constexpr Unit kSizeUnits[] = {
    {"", 1},          {"B", 1},         {"KB", 1'000},   {"MB", 1'000'000}, {"GB", 1'000'000'000},
    {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}};
constexpr Unit kCountUnits[] = {{"", 1}, {"k", 1'000}, {"M", 1'000'000}};

/// The value of decimal digits followed by the name of one of `units`. A sign, a space, an unknown
/// unit or a value over `limit` makes it nullopt.
std::optional<int64_t> ParseQuantity(std::string_view text, std::span<const Unit> units,
                                     int64_t limit) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc()) return std::nullopt;
  const std::string_view unit(at, static_cast<size_t>(end - at));
  const auto found = std::ranges::find(units, unit, &Unit::name);
  if (found == units.end() || number > limit / found->factor) return std::nullopt;
  return number * found->factor;
}

}  // namespace

std::optional<int64_t> ParseTimeSpan(std::string_view text) {
  return ParseQuantity(text, kTimeUnits, kLongestTime);
}

std::optional<int64_t> ParseByteSize(std::string_view text) {
  return ParseQuantity(text, kSizeUnits, INT64_MAX);
}

std::optional<int64_t> ParseScaledCount(std::string_view text) {
  return ParseQuantity(text, kCountUnits, INT64_MAX);
}

}  // namespace wfc

#include "driver/wfc/dates.h"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace wfc::driver {
namespace {

std::optional<int> ParseDigits(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Day> ParseDay(std::string_view text) {
  const auto is_digit_or_dash = [](char c) { return c == '-' || (c >= '0' && c <= '9'); };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (!std::ranges::all_of(text, is_digit_or_dash)) return std::nullopt;
  const auto year = ParseDigits(text.substr(0, 4));
  const auto month = ParseDigits(text.substr(5, 2));
  const auto day = ParseDigits(text.substr(8, 2));
  if (!year || !month || !day || *month < 0 || *day < 0) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return static_cast<Day>(std::chrono::sys_days(date).time_since_epoch().count());
}

Day Today(std::optional<Day> given) {
  if (given) return *given;
  const auto now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return static_cast<Day>(now.time_since_epoch().count());
}

}  // namespace wfc::driver

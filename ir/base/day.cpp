#include "ir/base/day.h"

#include <charconv>
#include <chrono>

#include <fmt/core.h>

namespace wfc {
namespace {

bool HasDateForm(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  if (text.size() != kForm.size()) return false;
  for (size_t i = 0; i < kForm.size(); ++i) {
    bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == 'd' ? !is_digit : text[i] != '-') return false;
  }
  return true;
}

unsigned Number(std::string_view digits) {
  unsigned number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

}  // namespace

ParsedDay ParseDay(std::string_view text) {
  if (!HasDateForm(text)) return {};
  std::chrono::year_month_day date(std::chrono::year(static_cast<int>(Number(text.substr(0, 4)))),
                                   std::chrono::month(Number(text.substr(5, 2))),
                                   std::chrono::day(Number(text.substr(8, 2))));
  if (!date.ok()) return {.status = ParsedDay::Status::Impossible};
  auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return {.status = ParsedDay::Status::Ok, .day = static_cast<Day>(days)};
}

std::string FormatDay(Day day) {
  std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace wfc

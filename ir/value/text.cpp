#include "ir/value/text.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <limits>

#include <fmt/core.h>

#include "ir/base/ascii.h"
#include "ir/base/json_string.h"
#include "ir/base/time_units.h"
#include "ir/base/utf8.h"

namespace wfc {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kMinTimestamp = -62'135'596'800;  // 0001-01-01
constexpr int64_t kMaxTimestamp = 253'402'300'799;  // 9999-12-31T23:59:59
// The most whole seconds that fit an int64 as nanoseconds.
constexpr int64_t kMaxDurationSeconds = 9'223'372'036;

/// Takes exactly `count` digits off the front of `text`.
std::optional<int> TakeDigits(std::string_view& text, size_t count) {
  if (text.size() < count) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, count)) {
    if (!IsDigit(c)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// Takes an optional fraction such as ".5" off the front and returns it in nanoseconds. Digits
/// after the ninth are dropped. No value when no digit follows the point.
std::optional<uint32_t> TakeFraction(std::string_view& text) {
  if (!TakeChar(text, '.')) return 0;
  uint32_t nanos = 0;
  uint32_t unit = kNsPerSecond / 10;
  size_t digits = 0;
  for (; digits < text.size() && IsDigit(text[digits]); ++digits) {
    nanos += static_cast<uint32_t>(text[digits] - '0') * unit;
    unit /= 10;
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return nanos;
}

/// Takes an offset such as "+02:00" off the front and returns it in seconds. A missing sign means
/// plus if `sign_is_optional`.
std::optional<int> TakeSignedOffset(std::string_view& text, bool sign_is_optional) {
  const int sign = TakeChar(text, '-') ? -1 : 1;
  if (sign == 1 && !TakeChar(text, '+') && !sign_is_optional) return std::nullopt;
  const auto hours = TakeDigits(text, 2);
  if (!hours || *hours > 23 || !TakeChar(text, ':')) return std::nullopt;
  const auto minutes = TakeDigits(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

/// Takes "Z" or an offset such as "+02:00" off the front and returns it in seconds.
std::optional<int> TakeOffset(std::string_view& text) {
  if (TakeChar(text, 'Z') || TakeChar(text, 'z')) return 0;
  return TakeSignedOffset(text, false);
}

/// Takes a date such as "2024-01-31" off the front and returns the days since 1970-01-01.
std::optional<int64_t> TakeDate(std::string_view& text) {
  const auto year = TakeDigits(text, 4);
  if (!year || !TakeChar(text, '-')) return std::nullopt;
  const auto month = TakeDigits(text, 2);
  if (!month || !TakeChar(text, '-')) return std::nullopt;
  const auto day = TakeDigits(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

/// Takes a time such as "12:30:59" off the front and returns the second of the day.
std::optional<int64_t> TakeTimeOfDay(std::string_view& text) {
  const auto hours = TakeDigits(text, 2);
  if (!hours || *hours > 23 || !TakeChar(text, ':')) return std::nullopt;
  const auto minutes = TakeDigits(text, 2);
  if (!minutes || *minutes > 59 || !TakeChar(text, ':')) return std::nullopt;
  const auto seconds = TakeDigits(text, 2);
  if (!seconds || *seconds > 59) return std::nullopt;
  return *hours * 3600 + *minutes * 60 + *seconds;
}

std::string FormatFraction(uint32_t nanos, bool group_by_three) {
  if (nanos == 0) return {};
  std::string digits = fmt::format("{:09}", nanos);
  if (group_by_three) {
    while (digits.ends_with("000")) digits.resize(digits.size() - 3);
  } else {
    while (digits.ends_with('0')) digits.pop_back();
  }
  return "." + digits;
}

struct DurationUnit {
  std::string_view name;
  int64_t nanos;
};
constexpr std::array kDurationUnits = {
    DurationUnit{"ns", 1},
    DurationUnit{"us", 1'000},
    DurationUnit{"ms", 1'000'000},
    DurationUnit{"s", kNsPerSecond},
    DurationUnit{"m", 60 * kNsPerSecond},
    DurationUnit{"h", 3600 * kNsPerSecond},
};

const DurationUnit* TakeUnit(std::string_view& text) {
  for (const DurationUnit& unit : kDurationUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return &unit;
  }
  return nullptr;
}

/// Takes one part such as "1.5h" off the front and returns it in nanoseconds.
std::optional<__int128> TakeDurationPart(std::string_view& text) {
  __int128 whole = 0;
  size_t digits = 0;
  for (; digits < text.size() && IsDigit(text[digits]) && digits < 18; ++digits) {
    whole = whole * 10 + (text[digits] - '0');
  }
  text.remove_prefix(digits);
  const bool has_fraction = !text.empty() && text.front() == '.';
  const auto fraction = TakeFraction(text);
  if (!fraction || (digits == 0 && !has_fraction)) return std::nullopt;
  const DurationUnit* unit = TakeUnit(text);
  if (unit == nullptr) return std::nullopt;
  return whole * unit->nanos + static_cast<__int128>(*fraction) * unit->nanos / kNsPerSecond;
}

}  // namespace

std::string ToBase64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t count = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < count ? static_cast<uint8_t>(bytes[i + k]) : 0U);
    }
    for (size_t k = 0; k < 4; ++k) {
      out += k <= count ? kBase64[group >> (18 - 6 * k) & 63] : '=';
    }
  }
  return out;
}

std::optional<std::string> FromBase64(std::string_view text) {
  if (text.size() % 4 == 0) {
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  }
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    const size_t digit = kBase64.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    group = (group << 6 | static_cast<uint32_t>(digit)) & 0xFFFFFF;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(group >> bits & 0xFF);
  }
  return out;
}

std::string FormatTimestamp(TimeValue time) {
  const auto since = std::chrono::sys_seconds(std::chrono::seconds(time.seconds));
  const auto day = std::chrono::floor<std::chrono::days>(since);
  const std::chrono::year_month_day date(day);
  const int64_t second = (since - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     second / 3600, second / 60 % 60, second % 60,
                     FormatFraction(time.nanos, true));
}

std::optional<TimeValue> ParseTimestamp(std::string_view text) {
  const auto days = TakeDate(text);
  if (!days || (!TakeChar(text, 'T') && !TakeChar(text, 't'))) return std::nullopt;
  const auto second = TakeTimeOfDay(text);
  if (!second) return std::nullopt;
  const auto nanos = TakeFraction(text);
  if (!nanos) return std::nullopt;
  const auto offset = TakeOffset(text);
  if (!offset || !text.empty()) return std::nullopt;
  const int64_t seconds = *days * kSecondsPerDay + *second - *offset;
  if (seconds < kMinTimestamp || seconds > kMaxTimestamp) return std::nullopt;
  return TimeValue{.seconds = seconds, .nanos = *nanos};
}

std::optional<int64_t> ParseTimeZone(std::string_view text) {
  if (text == "UTC" || text == "Z") return 0;
  const auto offset = TakeSignedOffset(text, true);
  if (!offset || !text.empty()) return std::nullopt;
  return *offset;
}

std::string FormatDuration(TimeValue time) {
  const bool negative = time.seconds < 0;
  if (negative && time.nanos != 0) {
    time = {.seconds = time.seconds + 1, .nanos = static_cast<uint32_t>(kNsPerSecond) - time.nanos};
  }
  const uint64_t whole =
      negative ? 0 - static_cast<uint64_t>(time.seconds) : static_cast<uint64_t>(time.seconds);
  return fmt::format("{}{}{}s", negative ? "-" : "", whole, FormatFraction(time.nanos, false));
}

std::optional<TimeValue> ParseDuration(std::string_view text) {
  const bool negative = TakeChar(text, '-');
  if (!negative) TakeChar(text, '+');
  if (text == "0") return TimeValue{};
  if (text.empty()) return std::nullopt;
  __int128 nanos = 0;
  while (!text.empty()) {
    const auto part = TakeDurationPart(text);
    if (!part) return std::nullopt;
    nanos += *part;
    if (nanos > static_cast<__int128>(kMaxDurationSeconds) * kNsPerSecond) return std::nullopt;
  }
  if (negative) nanos = -nanos;
  __int128 seconds = nanos / kNsPerSecond;
  if (nanos % kNsPerSecond < 0) --seconds;
  return TimeValue{.seconds = static_cast<int64_t>(seconds),
                   .nanos = static_cast<uint32_t>(nanos - seconds * kNsPerSecond)};
}

std::string QuoteShort(std::string_view text) {
  constexpr size_t kMaxShownCodePoints = 60;
  size_t at = 0;
  for (size_t count = 0; count < kMaxShownCodePoints && at < text.size(); ++count) {
    at += DecodeUtf8(text, at).length;
  }
  std::string shown;
  AppendJsonString(shown, text.substr(0, at));
  if (at < text.size()) shown.insert(shown.size() - 1, "…");
  return shown;
}

std::optional<double> ParseDouble(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  if (text.empty()) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc()) return number;
  if (error != std::errc::result_out_of_range) return std::nullopt;
  // The number overflows or underflows, and only strtod tells which.
  return std::strtod(std::string(text).c_str(), nullptr);
}

}  // namespace wfc

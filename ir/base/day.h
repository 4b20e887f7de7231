// Calendar days, the only notion of time that the compiler has, and the form YYYY-MM-DD in which
// specifications and the command line write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wfc {

/// A calendar day in UTC, in days since 1970-01-01.
using Day = int32_t;

inline constexpr int64_t kNsPerDay = 24ll * 3600 * 1'000'000'000;

/// The greatest age of a review in nanoseconds if `specs.max_age` is missing.
inline constexpr int64_t kDefaultReviewAge = 30 * kNsPerDay;

/// The result of parsing a date.
struct ParsedDay {
  /// `Malformed` is not of the form YYYY-MM-DD; `Impossible` is, but names no day of the calendar.
  enum class Status : uint8_t { Ok, Malformed, Impossible };
  Status status = Status::Malformed;
  std::optional<Day> day = {};  ///< no value unless the status is Ok
};
/// Parses a date of the form YYYY-MM-DD.
[[nodiscard]] ParsedDay ParseDay(std::string_view text);
/// Writes a day in the form YYYY-MM-DD.
[[nodiscard]] std::string FormatDay(Day day);

}  // namespace wfc

// Converts scalars to text and back, for the conversions of the expression language and for the
// JSON writer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ir/value/value.h"

namespace wfc {

/// Base64 with the standard alphabet and padding (RFC 4648, section 4).
[[nodiscard]] std::string ToBase64(std::string_view bytes);
/// Decodes base64 with the standard alphabet; padding is optional. No value when `text` is
/// malformed.
[[nodiscard]] std::optional<std::string> FromBase64(std::string_view text);

/// The time in UTC as RFC 3339 text. The fraction has 0, 3, 6 or 9 digits, as few as are needed.
[[nodiscard]] std::string FormatTimestamp(TimeValue time);
/// Parses RFC 3339 text. No value when it is malformed or outside the years 1 to 9999. Digits
/// beyond nanoseconds are cut off.
[[nodiscard]] std::optional<TimeValue> ParseTimestamp(std::string_view text);

/// The offset of a time zone in seconds: "UTC", "Z", "+02:00", "-09:30". No value for any other
/// text; zones cannot be given by name.
[[nodiscard]] std::optional<int64_t> ParseTimeZone(std::string_view text);

/// The duration in seconds: "90s", "-1.5s".
[[nodiscard]] std::string FormatDuration(TimeValue time);
/// Parses a sum of parts in the units `h m s ms us ns` with an optional sign: "1h30m", "-1.5s". No
/// value when it is malformed or more than about 292 years, the int64 nanoseconds.
[[nodiscard]] std::optional<TimeValue> ParseDuration(std::string_view text);

/// A text as it is quoted in messages: escaped and in quotes. After 60 code points it is cut off
/// with `…`.
[[nodiscard]] std::string QuoteShort(std::string_view text);

/// Parses all of `text` as a decimal floating point number ("1", "-2.5e3", "inf", "nan"). A number
/// beyond the doubles is infinite or 0. No value when `text` is malformed.
[[nodiscard]] std::optional<double> ParseDouble(std::string_view text);

}  // namespace wfc

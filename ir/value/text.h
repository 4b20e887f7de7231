// Scalars as text, both ways: what conversions of the language and the JSON writer share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ir/value/value.h"

namespace wfc {

[[nodiscard]] std::string ToBase64(std::string_view bytes);
/// Standard alphabet, padding optional; empty when malformed.
[[nodiscard]] std::optional<std::string> FromBase64(std::string_view text);

/// RFC 3339 in UTC, with as many digits of the fraction as needed in groups of three.
[[nodiscard]] std::string FormatTimestamp(TimeValue time);
/// RFC 3339; years 1 to 9999.
[[nodiscard]] std::optional<TimeValue> ParseTimestamp(std::string_view text);

/// "UTC", "+02:00", "-09:30": the offset in seconds. Zones by name are not known.
[[nodiscard]] std::optional<int64_t> ParseTimeZone(std::string_view text);

/// Seconds: "90s", "-1.5s".
[[nodiscard]] std::string FormatDuration(TimeValue time);
/// A sum of parts `h m s ms us ns` with an optional sign: "1h30m", "-1.5s".
[[nodiscard]] std::optional<TimeValue> ParseDuration(std::string_view text);

/// A text in a message: in quotes, escaped, its first 60 code points.
[[nodiscard]] std::string QuoteShort(std::string_view text);

/// A whole decimal floating point number ("1", "-2.5e3", "inf", "nan").
[[nodiscard]] std::optional<double> ParseDouble(std::string_view text);

}  // namespace wfc

// Converts JSON text to values and back. All reading of JSON values and all writing of values as
// JSON goes through here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ir/base/json_string.h"  // IWYU pragma: export
#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc {

/// The deepest nesting of lists and maps that `ReadJson` accepts.
inline constexpr uint32_t kMaxJsonDepth = 512;

/// Parses one JSON document (RFC 8259). A number without a fraction and an exponent is an Int, or a
/// BigInt where it does not fit an int64; any other number is the nearest Double. Duplicate keys,
/// ill-formed UTF-8, a byte order mark and more than `kMaxJsonDepth` levels are errors. So is a
/// number that overflows a double or underflows to 0, and an integer of more than
/// `kMaxIntegerDigits` digits. The error message begins with the position, "line 2, column 5: …",
/// where columns count code points.
[[nodiscard]] Result<Value> ReadJson(std::string_view text);

/// The layout of written JSON.
enum class JsonStyle : uint8_t {
  Compact,  ///< `{"a":1,"b":[2]}`
  Pretty,   ///< two spaces per level, one line per entry
};

/// Writes `value` as JSON, with keys in order. A double is written in the shortest form that reads
/// back as the same double, as JSON.stringify prints it; NaN and infinities become null. Bytes
/// become base64, timestamps RFC 3339 text, durations seconds ("1.5s"), types their names, an empty
/// Optional null, and an Error `{"error": MESSAGE}`. A key that is not a string becomes the string
/// that shows it.
[[nodiscard]] std::string WriteJson(const Value& value, JsonStyle style = JsonStyle::Compact);
/// Appends what WriteJson returns.
void AppendJson(std::string& out, const Value& value, JsonStyle style = JsonStyle::Compact);

/// Appends `number` as WriteJson writes a Double.
void AppendJsonNumber(std::string& out, double number);

}  // namespace wfc

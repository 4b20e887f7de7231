// JSON text to Value and back: the one reader of values and the one writer of the project.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ir/base/json_string.h"  // IWYU pragma: export
#include "ir/base/result.h"
#include "ir/value/value.h"

namespace wfc {

/// Lists and maps inside each other that `ReadJson` accepts.
inline constexpr uint32_t kMaxJsonDepth = 512;

/// One JSON document. A number without fraction and exponent is Int, or BigInt where it does not
/// fit; any other is the nearest Double. Refuses duplicate keys, ill-formed UTF-8, a byte order
/// mark, more than `kMaxJsonDepth` levels, and numbers that are beyond the doubles, nearer to 0
/// than any but 0, or of more than `kMaxIntegerDigits`; the error says where ("line 2, column 5:
/// …", columns in code points).
[[nodiscard]] Result<Value> ReadJson(std::string_view text);

enum class JsonStyle : uint8_t {
  Compact,  ///< `{"a":1,"b":[2]}`
  Pretty,   ///< two spaces a level, a line an entry
};

/// Keys in order; doubles in the shortest form that reads back the same, as JSON.stringify prints
/// them (NaN and infinities: null). Bytes are base64, times RFC 3339 or seconds ("1.5s"), an empty
/// Optional null, keys that are not strings their text.
[[nodiscard]] std::string WriteJson(const Value& value, JsonStyle style = JsonStyle::Compact);
void AppendJson(std::string& out, const Value& value, JsonStyle style = JsonStyle::Compact);

void AppendJsonNumber(std::string& out, double number);

}  // namespace wfc

// Writes JSON strings for code that writes JSON without the value type, such as renderers and logs.
#pragma once

#include <string>
#include <string_view>

namespace wfc {

/// Appends `text` as a quoted JSON string. Each byte of ill-formed UTF-8 becomes U+FFFD, so the
/// result is always valid JSON.
void AppendJsonString(std::string& out, std::string_view text);

}  // namespace wfc

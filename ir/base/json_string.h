// Writing JSON strings. For whoever writes JSON without the value type: renderers, logs.
#pragma once

#include <string>
#include <string_view>

namespace wfc {

/// Appends `text` as a JSON string in quotes. Ill-formed UTF-8 becomes U+FFFD, so the result is
/// always valid JSON.
void AppendJsonString(std::string& out, std::string_view text);

}  // namespace wfc

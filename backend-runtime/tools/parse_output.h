// Parses what a command printed into a value.
#pragma once

#include <string_view>

#include "ir/base/result.h"
#include "ir/base/words.h"
#include "ir/value/value.h"

namespace wfc::tools {

/// Parses `bytes` in one of four forms. Text: a string of everything except the final line ends,
/// with U+FFFD for invalid UTF-8. Json: one document. Jsonl: a list with one document per line that
/// is not blank. Lines: a list of the lines as strings. Fails, with a message for people, if a
/// document is not JSON.
[[nodiscard]] Result<Value> ParseOutput(OutputParse form, std::string_view bytes);

/// The text without final line ends, as a shell takes it from `$(…)`.
[[nodiscard]] std::string_view WithoutFinalLineEnds(std::string_view text);

}  // namespace wfc::tools

// What a command printed, as a value.
#pragma once

#include <string_view>

#include "ir/base/result.h"
#include "ir/base/words.h"
#include "ir/value/value.h"

namespace wfc::tools {

/// Text: all of it but the line ends at its end, with U+FFFD for bytes that are not UTF-8. Json:
/// one document. Jsonl: a list, a document a line, blank lines apart. Lines: a list of strings
/// without their ends.
[[nodiscard]] Result<Value> ParseOutput(OutputParse form, std::string_view bytes);

/// What a shell takes of a text that is printed inside `$(…)`.
[[nodiscard]] std::string_view WithoutFinalLineEnds(std::string_view text);

}  // namespace wfc::tools

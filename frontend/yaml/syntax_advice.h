// What to write in place of a value that YAML ends before its end: Y001 names the rule and the
// quoting that mends it. Called by read_yaml.cpp.
#pragma once

#include <span>
#include <string_view>

#include "frontend/yaml/builder.h"
#include "frontend/yaml/scan.h"

namespace wfc::yaml {

/// Text that was read as nothing but itself, in quotes in which it stands for itself.
[[nodiscard]] std::string QuoteText(std::string_view text);

/// Says more of `error`, which reading `scan` met: of text behind a quoted text or a bracket, and
/// of a value that begins with a character of YAML's.
void Advise(SyntaxError& error, const Scan& scan, std::string_view source,
            std::span<const std::string_view> expression_keys);

/// `key:value`, without the space that makes a key of it; false: it is something else.
bool AdviseMissingSpace(SyntaxError& error, std::string_view source);

}  // namespace wfc::yaml

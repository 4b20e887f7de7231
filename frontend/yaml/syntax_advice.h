// Improves the messages of syntax errors (Y001) whose cause is a value that YAML ends too early:
// names the rule and suggests how to quote the value. Called by read_yaml.cpp and recover.cpp.
#pragma once

#include <span>
#include <string_view>

#include "frontend/yaml/scan.h"
#include "frontend/yaml/syntax_error.h"

namespace wfc::yaml {

/// Quotes a text so that YAML reads exactly that text: in double quotes if it has neither quotes of
/// that kind nor backslashes, otherwise in single quotes.
[[nodiscard]] std::string QuoteText(std::string_view text);

/// Explains `error`, which occurred in reading the tokens of `scan`, if its cause is text after a
/// closing quote or bracket, or a value that begins with one of YAML's reserved characters. Leaves
/// any other error as it is.
void Advise(SyntaxError& error, const Scan& scan, std::string_view source,
            std::span<const std::string_view> expression_keys);

/// Explains an error whose cause is a missing space after a colon: `key:value` is not a key. False,
/// without a change, if the text at the error is something else.
bool AdviseMissingSpace(SyntaxError& error, std::string_view source);

}  // namespace wfc::yaml

// The prompt of an agent that does not have one of its own, built from its `with`.
#pragma once

#include <string>

#include "ir/value/value.h"

namespace wfc::runtime {

/// For each key in order: `# key`, an empty line, and the value, which is a string as it is or
/// anything else as indented JSON. A `with` that is not a map yields its value alone.
[[nodiscard]] std::string DefaultPrompt(const Value& with);

}  // namespace wfc::runtime

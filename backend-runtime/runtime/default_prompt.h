// The prompt of an agent that has none of its own: `with`, a heading a key.
#pragma once

#include <string>

#include "ir/value/value.h"

namespace wfc::runtime {

/// `# key`, an empty line, the value (a string as it is, anything else as JSON over several lines);
/// keys in order. A `with` that is not a map is the value alone.
[[nodiscard]] std::string DefaultPrompt(const Value& with);

}  // namespace wfc::runtime

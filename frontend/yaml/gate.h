// The byte gate: what no manifest may hold is refused before anything interprets it.
#pragma once

#include <string_view>

#include "ir/base/span.h"
#include "ir/diag/sink.h"

namespace wfc::yaml {

/// Whether bytes [part.begin, part.end) of `source` are UTF-8 text without control characters and
/// lone carriage returns, within the size limit. Reports the first fault as Y007.
[[nodiscard]] bool PassesGate(std::string_view source, Span part, diag::Sink& sink);

}  // namespace wfc::yaml

// The byte gate refuses bytes that no manifest may contain, before anything interprets them. Called
// by the readers of YAML and JSON.
#pragma once

#include <string_view>

#include "ir/base/span.h"
#include "ir/diag/sink.h"

namespace wfc::yaml {

/// Whether bytes [part.begin, part.end) of `source` are valid UTF-8, contain neither control
/// characters nor lone carriage returns, and do not exceed kMaxFileBytes. Reports the first
/// violation as Y007.
[[nodiscard]] bool CheckBytes(std::string_view source, Span part, diag::Sink& sink);

}  // namespace wfc::yaml

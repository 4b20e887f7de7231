// How people spell what the plan numbers.
#pragma once

#include <string>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/plan/words.h"

namespace wfc::plan {

[[nodiscard]] std::string GetName(fb::EdgeKind kind);  ///< `output`, `after`, `routed`…
/// `fs.list`.
[[nodiscard]] std::string_view BuiltinToolName(BuiltinId builtin);
/// The codes of `bits`: `timeout, rate_limit`.
[[nodiscard]] std::string JoinErrorCodes(uint32_t bits);
/// The modes of `bits`.
[[nodiscard]] std::string JoinModes(uint8_t bits);
/// `90s`, `1.5s`, `250ms`, `2h`.
[[nodiscard]] std::string FormatNanoseconds(int64_t ns);

}  // namespace wfc::plan

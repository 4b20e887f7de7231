// Names for what the plan holds as numbers, for the dumps and messages.
#pragma once

#include <string>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/plan/words.h"

namespace wfc::plan {

[[nodiscard]] std::string GetName(fb::EdgeKind kind);  ///< `output`, `after`, `routed`…
/// The name of a built-in tool, such as `fs.list`.
[[nodiscard]] std::string_view BuiltinToolName(BuiltinId builtin);
/// The error codes whose bits are set: `timeout, rate_limit`.
[[nodiscard]] std::string JoinErrorCodes(uint32_t bits);
/// The modes whose bits are set.
[[nodiscard]] std::string JoinModes(uint8_t bits);
/// A duration in the largest unit that divides it, such as `90s`, `250ms` or `2h`; otherwise in
/// seconds, such as `1.5s`, or nanoseconds.
[[nodiscard]] std::string FormatNanoseconds(int64_t ns);

}  // namespace wfc::plan

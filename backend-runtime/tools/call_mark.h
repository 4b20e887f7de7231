// CallMark: what the environment of a command says of the call that it is. Whatever the command
// starts has it, too, so that it can be found when the run is resumed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ir/base/words.h"

namespace wfc::tools {

/// The environment variable.
inline constexpr std::string_view kCallVariable = "WFC_CALL";

struct CallMark {
  std::string run;  ///< its id
  uint64_t sequence = 0;
  CallClass call_class = CallClass::Unkeyed;
  std::string stage;  ///< its path
};

/// The variable's value: `RUN/SEQUENCE/CLASS/STAGE`.
[[nodiscard]] std::string Spell(const CallMark& mark);
/// Nothing if it is no such value.
[[nodiscard]] std::optional<CallMark> ReadCallMark(std::string_view text);

}  // namespace wfc::tools

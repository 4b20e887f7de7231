// What each mode forbids (language.md, "Security"): one table for the compiler, which proves it,
// and the runtime, which enforces it.
#pragma once

#include <array>

#include "ir/base/words.h"

namespace wfc {

struct ModeRule {
  CapabilitySet forbidden;
  bool allows_reading_exec;   ///< `exec` is forbidden but for what only reads
  Effect strongest_effect;    ///< that is allowed
  bool simulates_from_write;  ///< an effect from write up is not performed, but yields a stand-in
};

namespace internal {

using enum Capability;

template <class... Capabilities>
[[nodiscard]] constexpr CapabilitySet SetOf(Capabilities... capabilities) {
  return static_cast<CapabilitySet>((Bit(capabilities) | ... | 0));
}

inline constexpr std::array<ModeRule, kCountOf<Mode>> kModeRules = {{
#define WFC_MODE(id, word, forbidden, reading_exec, strongest, simulates) \
  {SetOf forbidden, reading_exec, Effect::strongest, simulates},
#include "ir/base/words.def"
}};

}  // namespace internal

[[nodiscard]] constexpr const ModeRule& RuleOf(Mode mode) {
  return internal::kModeRules[static_cast<size_t>(mode)];
}

}  // namespace wfc

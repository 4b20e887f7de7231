// What each mode forbids (docs/language/security.md). The compiler proves what this table says, and
// the runtime enforces it.
#pragma once

#include <array>

#include "ir/base/words.h"

namespace wfc {

/// One row of WFC_MODE in words.def.
struct ModeRule {
  CapabilitySet forbidden;
  /// `exec` is allowed for commands that only read, although `forbidden` holds Exec.
  bool allows_reading_exec;
  /// The strongest effect that is allowed.
  Effect strongest_effect;
  /// Effects from `write` up are not performed; the call yields a stand-in instead.
  bool simulates_from_write;
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

/// The rule of a mode; every mode has one.
[[nodiscard]] constexpr const ModeRule& RuleOf(Mode mode) {
  return internal::kModeRules[static_cast<size_t>(mode)];
}

}  // namespace wfc

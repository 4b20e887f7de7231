// What each mode forbids (language.md, "Security"): one table for the compiler, which proves it,
// and the runtime, which enforces it. Numbers follow ir::Mode, ir::Capability and ir::Effect, and
// the plan's enumerations, which agree.
#pragma once

#include <array>
#include <cstdint>

namespace wfc {

struct ModeRule {
  uint16_t forbidden;  ///< a bit a capability: fs.read fs.write net exec llm mcp secret memory.read
                       ///< memory.write code
  bool allows_reading_exec;   ///< `exec` is forbidden but for what only reads
  uint8_t strongest_effect;   ///< pure read write send pay
  bool simulates_from_write;  ///< an effect from write up is not performed, but yields a stand-in
};

inline constexpr uint16_t kForbiddenWhenReading = 1u << 1 | 1u << 2 | 1u << 3 | 1u << 8 | 1u << 9;

/// By mode: analysis_only, review, dry_run, implement.
inline constexpr std::array<ModeRule, 4> kModeRules = {{
    {kForbiddenWhenReading, false, 1, false},
    {kForbiddenWhenReading, true, 1, false},
    {0, false, 4, true},
    {0, false, 4, false},
}};

}  // namespace wfc

// What a project may do: capabilities, effects, risks, modes, and the scopes that allow and deny.
// The tables of language.md, "Security".
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ir/ids.h"

namespace wfc::ir {

enum class Capability : uint8_t {
  FsRead,
  FsWrite,
  Net,
  Exec,
  Llm,
  Mcp,
  Secret,
  MemoryRead,
  MemoryWrite,
  Code
};
inline constexpr size_t kCapabilityCount = static_cast<size_t>(Capability::Code) + 1;
/// As manifests spell them: `fs.read`.
inline constexpr std::array<std::string_view, kCapabilityCount> kCapabilityNames = {
    "fs.read", "fs.write", "net",         "exec",         "llm",
    "mcp",     "secret",   "memory.read", "memory.write", "code"};

enum class Effect : uint8_t { Pure, Read, Write, Send, Pay };
inline constexpr std::array<std::string_view, 5> kEffectNames = {"pure", "read", "write", "send",
                                                                 "pay"};

enum class Risk : uint8_t { Low, Medium, High };
inline constexpr std::array<std::string_view, 3> kRiskNames = {"low", "medium", "high"};

/// The risk of an effect, where none is declared (language.md, "Tools and servers").
[[nodiscard]] constexpr Risk GetDefaultRisk(Effect effect) {
  switch (effect) {
    case Effect::Pure:
    case Effect::Read:
      return Risk::Low;
    case Effect::Write:
    case Effect::Send:
      return Risk::Medium;
    case Effect::Pay:
      return Risk::High;
  }
  return Risk::High;
}

enum class Trust : uint8_t { Trusted, Untrusted };

enum class Mode : uint8_t { AnalysisOnly, Review, DryRun, Implement };
inline constexpr std::array<Mode, 4> kModes = {Mode::AnalysisOnly, Mode::Review, Mode::DryRun,
                                               Mode::Implement};
inline constexpr std::array<std::string_view, 4> kModeNames = {"analysis_only", "review", "dry_run",
                                                               "implement"};
/// A set of modes, one bit each.
using ModeSet = uint8_t;
[[nodiscard]] constexpr ModeSet Bit(Mode mode) {
  return static_cast<ModeSet>(1u << static_cast<unsigned>(mode));
}

/// One pattern of an `allow` or a `deny`, as written.
struct PatternEntry {
  Capability capability = Capability::FsRead;
  StringId pattern;
  Span span;      ///< the pattern's scalar
  Span key_span;  ///< the capability's key
};

/// What one scope says. A capability that no `allow` entry of the scope names is inherited, unless
/// `allow_span` says that a list for it was written empty (see `spoken`).
struct Scope {
  enum class Kind : uint8_t { Project, Workflow, Stage, Agent, Tool };
  Kind kind = Kind::Project;
  uint32_t target = 0;  ///< WorkflowId, StageId, AgentId or ToolId by `kind`
  Span span;            ///< the whole entry
  Span allow_span;      ///< the value of `allow`, if written
  Span deny_span;
  uint16_t spoken = 0;  ///< bit per Capability: `allow` names it, be it with an empty list
  Range allow;          ///< in Security::patterns
  Range deny;
};

struct Security {
  bool is_written = false;  ///< a `security` section exists; else the defaults of language.md hold
  Span span;                ///< the section's value (its place in wfc.yaml or security.yaml)
  Mode mode = Mode::Implement;
  Risk max_risk = Risk::Medium;
  std::vector<Scope> scopes;  ///< the project's first (also when defaults hold), then in file order
  std::vector<PatternEntry> patterns;
};

}  // namespace wfc::ir

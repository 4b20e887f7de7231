// What a project may do: the scopes that allow and deny.
// The tables of language.md, "Security".
#pragma once

#include <cstdint>
#include <vector>

#include "ir/base/words.h"
#include "ir/ids.h"

namespace wfc::ir {

using wfc::Bit;
using wfc::Capability;
using wfc::Effect;
using wfc::GetDefaultRisk;
using wfc::Mode;
using wfc::ModeSet;
using wfc::Risk;
using wfc::Trust;

/// One pattern of an `allow` or a `deny`, as written.
struct PatternEntry {
  Capability capability = Capability::FsRead;
  StringId pattern;
  Span span;      ///< the pattern's scalar
  Span key_span;  ///< the capability's key
};

/// What one scope says. A capability that no `allow` entry of the scope names is inherited, unless
/// `allow_span` says that a list for it was written empty (see `mentioned`).
struct Scope {
  using Kind = ScopeKind;
  Kind kind = Kind::Project;
  uint32_t target = 0;  ///< WorkflowId, StageId, AgentId or ToolId by `kind`
  Span span;            ///< the whole entry
  Span allow_span;      ///< the value of `allow`, if written
  Span deny_span;
  CapabilitySet mentioned = 0;  ///< the capabilities that `allow` names, be it with an empty list
  Range allow;                  ///< in Security::patterns
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

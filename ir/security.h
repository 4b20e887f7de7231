// What a project is allowed to do: its security mode and the scopes that allow and deny
// capabilities (docs/language/security.md). Lowering fills these tables, and the grant checks and
// codegen read them.
#pragma once

#include <variant>
#include <vector>

#include "ir/base/words.h"
#include "ir/ids.h"
#include "ir/support/store.h"

namespace wfc::ir {

using wfc::Bit;
using wfc::Capability;
using wfc::Effect;
using wfc::GetDefaultRisk;
using wfc::Mode;
using wfc::ModeSet;
using wfc::Risk;
using wfc::Trust;

/// One pattern of an `allow` or `deny` list, exactly as the author wrote it.
struct PatternEntry {
  Capability capability = Capability::FsRead;
  StringId pattern;
  Span span;      ///< the scalar of the pattern
  Span key_span;  ///< the key that names the capability
};

/// What a scope applies to: the whole project, or one of its parts. The alternatives have the order
/// of ScopeKind.
using ScopeTarget = std::variant<std::monostate, WorkflowId, StageId, AgentId, ToolId>;
static_assert(std::variant_size_v<ScopeTarget> == kCountOf<ScopeKind>);

/// The rules of one scope. A capability that no `allow` entry of the scope names is inherited from
/// the enclosing scope, unless its list is written empty (see `mentioned`).
struct Scope {
  using Kind = ScopeKind;
  ScopeTarget target;
  Span span;        ///< the whole entry of the scope
  Span allow_span;  ///< the value of `allow`; empty if it is not written
  Span deny_span;
  /// The capabilities that `allow` names, including those with an empty list.
  CapabilitySet mentioned = 0;
  Range allow;  ///< PatternEntries in Security::patterns
  Range deny;   ///< PatternEntries in Security::patterns

  [[nodiscard]] Kind kind() const { return static_cast<Kind>(target.index()); }
};

/// The project's own scope, which exists even if only defaults apply.
inline constexpr ScopeId kProjectScope{0};

/// The `security` section of a project, or its defaults.
struct Security {
  /// Whether a `security` section exists; without one the defaults of
  /// docs/language/security.md apply.
  bool is_written = false;
  Span span;  ///< the value of the section, in wfc.yaml or security.yaml
  Mode mode = Mode::Implement;
  Risk max_risk = Risk::Medium;
  bool is_safe_mode = false;  ///< the mode was written as `safe_mode`, which sets `max_risk`
  /// The project's own scope first, then in file order.
  Store<ScopeId, Scope> scopes;
  std::vector<PatternEntry> patterns;
};

}  // namespace wfc::ir

// Grants: what the nodes of a plan may do in the mode of the run: scopes, the mode's table, the
// risk that is accepted (language.md, "Security").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/authority.h"
#include "backend-runtime/runtime/failure.h"
#include "backend-runtime/runtime/recorder.h"

namespace wfc::runtime {

/// What a node is about to do.
struct Action {
  NodeId node;
  Capability capability = Capability::Exec;  ///< that best names it in the audit
  std::string_view subject;                  ///< a tool's name, a command's stage
  Effect effect = Effect::Pure;
  Risk risk = Risk::Low;
};

class Grants {
 public:
  /// Both outlive it.
  Grants(const plan::PlanView& plan, Mode mode, Recorder& recorder);

  /// For one attempt of `node`, whose call has this effect.
  [[nodiscard]] Authority Make(NodeId node, Effect effect) const;

  /// Refuses effects that the mode forbids, and risks above what is accepted; a refusal is
  /// recorded.
  [[nodiscard]] std::optional<Failure> Refuse(const Action& action) const;
  /// Whether an effect is not performed, but pretended (mode dry_run).
  [[nodiscard]] bool IsSimulated(Effect effect) const;
  /// The patterns that a command declares to read, write and reach.
  [[nodiscard]] std::optional<Failure> RefusePatterns(const plan::fb::Command& command,
                                                      const Authority& authority) const;

 private:
  [[nodiscard]] CapabilitySet ForbiddenByMode(Effect effect) const;

  const plan::PlanView& plan_;
  Mode mode_;
  Recorder& recorder_;
  IdVector<plan::ScopeId, AuthorityScope> scopes_;
};

}  // namespace wfc::runtime

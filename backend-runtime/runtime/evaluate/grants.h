// Grants: what the nodes of a plan may do in the mode of the run, according to the scopes, the
// table of modes and the accepted risk (docs/language/security.md). The evaluator and the request
// builder use it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/evaluate/authority.h"
#include "backend-runtime/runtime/machine/failure.h"

namespace wfc::runtime {

/// What a node is about to do, for `Refuse`.
struct Action {
  Capability capability = Capability::Exec;  ///< the one under which the audit records a refusal
  std::string_view subject;  ///< the tool's or agent's name, or the stage of a command
  Effect effect = Effect::Pure;
  Risk risk = Risk::Low;
};

/// The grants of one run.
class Grants {
 public:
  /// `plan` must outlive the object. `audit` receives every decision, on any thread.
  Grants(const plan::PlanView& plan, Mode mode, Authority::Audit audit);

  /// The authority for one attempt of `slot`, of `node`, whose call has `effect`. It must not
  /// outlive this object.
  [[nodiscard]] Authority Make(SlotId slot, NodeId node, Effect effect) const;

  /// A `denied` failure if the mode forbids the effect or the risk exceeds what is accepted. A
  /// refusal is reported to the attempt's `authority`.
  [[nodiscard]] std::optional<Failure> Refuse(const Action& action,
                                              const Authority& authority) const;
  /// Whether a call with this effect is simulated instead of performed (mode dry_run).
  [[nodiscard]] bool IsSimulated(Effect effect) const;
  /// A `denied` failure if the authority does not cover every pattern that the command declares to
  /// read, write or reach. Each check is reported.
  [[nodiscard]] std::optional<Failure> RefusePatterns(const plan::fb::Command& command,
                                                      const Authority& authority) const;

 private:
  [[nodiscard]] CapabilitySet ForbiddenByMode(Effect effect) const;

  const plan::PlanView& plan_;
  Mode mode_;
  Authority::Audit audit_;
  IdVector<plan::ScopeId, AuthorityScope> scopes_;
};

}  // namespace wfc::runtime

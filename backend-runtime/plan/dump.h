// Dumps of a plan, for people and for other programs: what `wfc inspect` prints.
#pragma once

#include <string>

#include "backend-runtime/plan/view.h"

namespace wfc::plan {

/// A page of text: what runs, in which order and why, and what it may do. Ends with a line break.
[[nodiscard]] std::string DumpText(const PlanView& plan);

/// The whole content of the plan as one JSON object with stable keys (docs/plan-json.md). Ends with
/// a line break.
[[nodiscard]] std::string DumpJson(const PlanView& plan);

/// Whether the identity in the header is the SHA-256 of the content.
[[nodiscard]] bool IdentityMatches(const PlanView& plan, Sha256Function sha256);

/// For each node, its incoming edges: in these, `to` is the node that it waits for.
[[nodiscard]] IdVector<NodeId, std::vector<Edge>> FindWaits(const PlanView& plan);

}  // namespace wfc::plan

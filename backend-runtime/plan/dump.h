// Dump: a plan for people and for other programs. What `wfc inspect` prints.
#pragma once

#include <string>

#include "backend-runtime/plan/view.h"

namespace wfc::plan {

/// A page: what runs, in which order and why, and what it may do. Ends with a line break.
[[nodiscard]] std::string DumpText(const PlanView& plan);

/// Everything that the plan holds, as one JSON object with stable keys (docs/plan-json.md). Ends
/// with a line break.
[[nodiscard]] std::string DumpJson(const PlanView& plan);

/// Whether the identity in the header is the SHA-256 of the content.
[[nodiscard]] bool HasItsIdentity(const PlanView& plan, Sha256Function sha256);

/// For each node the edges that lead to it: `to` of each is the node that it waits for.
[[nodiscard]] IdVector<NodeId, std::vector<Edge>> FindWaits(const PlanView& plan);

}  // namespace wfc::plan

// What a run that is resumed has behind it, as far as it matters for what the run still needs from
// the machine. Called while a run is resumed, if something is missing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend-runtime/plan/view.h"
#include "ir/base/digest.h"

namespace wfc::driver {

/// The past of a run.
struct PastStages {
  std::vector<bool> is_over;  ///< by node of the workflow itself: it will not run any more
  bool is_end_near =
      false;  ///< something failed or the run was cancelled, so that it may be ending
};

/// Reads the record of the run in `folder`. If that cannot be read, which resuming reports, nothing
/// is over and the end is near.
[[nodiscard]] PastStages ReadPastStages(const std::string& folder, const plan::PlanView& plan,
                                        const std::optional<Sha256Digest>& seal);

}  // namespace wfc::driver

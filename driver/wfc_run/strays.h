// What the commands of a run left behind when its driver was killed: processes that go on, and
// would act beside calls that are made again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wfc::driver {

/// A process of a call of which nobody knows whether it was done.
struct Stray {
  std::string stage;
  std::string shown;  ///< "process 123 (`sleep`)"
};

/// Which processes are ended: those of calls that may be made again, those of one stage, or all.
enum class WhichStrays : uint8_t { OfRepeatable, OfStage, All };

/// Ends processes that commands of the run have left, and returns those that stay because their
/// calls are in doubt. `stage` counts for OfStage. Says on standard error what was ended, and what
/// could not be. Called by who holds the run, before it starts any call.
[[nodiscard]] std::vector<Stray> EndStrays(std::string_view run_id, WhichStrays which,
                                           std::string_view stage = {});

}  // namespace wfc::driver

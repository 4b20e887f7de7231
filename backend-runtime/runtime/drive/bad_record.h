// The wording of what is wrong with the record of a run. Whoever reads the rows of a run reports it
// so, whether the run is resumed or looked at.
#pragma once

#include <cstdint>
#include <string_view>

#include "backend-runtime/runtime/machine/facts.h"
#include "ir/base/result.h"

namespace wfc::runtime {

/// "record 3 is of no known type". `what` is the rest of the sentence.
[[nodiscard]] Error BadRecord(uint64_t seq, std::string_view what);

/// The error of a fact that cannot have happened: "record 3 says `began`, but the run has ended".
[[nodiscard]] Error BadRecord(const Fact& fact, Contradiction contradiction);

}  // namespace wfc::runtime

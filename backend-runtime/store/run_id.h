// Run ids, which name the folders of runs: the time in UTC and a random suffix, so that names sort
// by time.
#pragma once

#include <cstdint>
#include <string>

#include "ir/value/value.h"

namespace wfc::store {

/// The time to the millisecond and `random` in hexadecimal: `20261121T101502123Z-4f2a9c1d`.
[[nodiscard]] std::string MakeRunId(TimeValue now, uint32_t random);

}  // namespace wfc::store

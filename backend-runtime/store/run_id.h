// Run ids: the time in UTC and a random suffix, so that names sort by time.
#pragma once

#include <cstdint>
#include <string>

#include "ir/value/value.h"

namespace wfc::store {

/// `20261121T101502123Z-4f2a9c1d`.
[[nodiscard]] std::string MakeRunId(TimeValue now, uint32_t random);

}  // namespace wfc::store

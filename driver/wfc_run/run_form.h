// The value of `--format`, of all verbs of wfc-run.
#pragma once

#include <cstdint>

namespace wfc::driver {

enum class RunForm : uint8_t { Text, Json };

}  // namespace wfc::driver

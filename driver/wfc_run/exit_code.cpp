#include "driver/wfc_run/exit_code.h"

#include <cstdio>

#include <fmt/format.h>

namespace wfc::driver {

void PrintError(std::string_view message) {
  fmt::print(stderr, "wfc-run: {}\n", message);
}

}  // namespace wfc::driver

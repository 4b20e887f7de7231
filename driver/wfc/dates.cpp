#include "driver/wfc/dates.h"

#include <chrono>

namespace wfc::driver {

Day Today(std::optional<Day> given) {
  if (given) return *given;
  const auto now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return static_cast<Day>(now.time_since_epoch().count());
}

}  // namespace wfc::driver

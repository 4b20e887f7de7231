#include "driver/wfc/dates.h"

#include <chrono>

#include "frontend/specs/freshness.h"

namespace wfc::driver {

std::optional<Day> ParseDay(std::string_view text) {
  const specs::ParsedDay parsed = specs::ParseDay(text);
  if (parsed.status != specs::ParsedDay::Status::Ok) return std::nullopt;
  return parsed.day;
}

Day Today(std::optional<Day> given) {
  if (given) return *given;
  const auto now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return static_cast<Day>(now.time_since_epoch().count());
}

}  // namespace wfc::driver

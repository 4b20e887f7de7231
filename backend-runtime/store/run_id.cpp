#include "backend-runtime/store/run_id.h"

#include <fmt/core.h>

#include "ir/value/text.h"

namespace wfc::store {

std::string MakeRunId(TimeValue now, uint32_t random) {
  const std::string whole = FormatTimestamp({.seconds = now.seconds, .nanos = 0});
  std::string digits;
  for (const char c : whole) {
    if (c != '-' && c != ':' && c != 'Z') digits += c;
  }
  return fmt::format("{}{:03}Z-{:08x}", digits, now.nanos / 1'000'000, random);
}

}  // namespace wfc::store

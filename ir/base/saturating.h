// Arithmetic on estimates of work and size, which stays at the greatest uint64_t where it would
// overflow.
#pragma once

#include <cstdint>
#include <limits>

namespace wfc {

[[nodiscard]] constexpr uint64_t AddSaturating(uint64_t left, uint64_t right) {
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  return left > kMost - right ? kMost : left + right;
}

[[nodiscard]] constexpr uint64_t MultiplySaturating(uint64_t left, uint64_t right) {
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  return left != 0 && right > kMost / left ? kMost : left * right;
}

}  // namespace wfc

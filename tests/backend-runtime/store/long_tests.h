// How often tests repeat what chance decides.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace wfc::store {

/// `usual`, or `many` when the environment has WFC_LONG_TESTS.
inline uint64_t LongTests(uint64_t usual, uint64_t many) {
  return std::getenv("WFC_LONG_TESTS") == nullptr ? usual : many;
}

}  // namespace wfc::store

// A seeded generator of pseudo-random numbers, for runs, tests and drawn values that must be
// reproducible. It is not fit for secrets.
#pragma once

#include <cstdint>

namespace wfc {

/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
/// Every seed gives a good sequence.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  /// Uniform over all 64-bit numbers.
  uint64_t Next();
  /// Uniform in [0, 1).
  double NextUnit();
  /// Uniform in [0, bound). Precondition: `bound` is not 0. The modulo bias is below 2^-32 for
  /// 32-bit bounds.
  uint64_t Below(uint64_t bound);

 private:
  uint64_t state_;
};

}  // namespace wfc

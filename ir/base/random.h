// Random numbers from a seed: where a run, a test or a drawn value must be reproducible.
#pragma once

#include <cstdint>

namespace wfc {

/// SplitMix64 (Steele, Lea, Flood, 2014): any seed is a good one.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next();
  /// Uniform in [0, 1).
  double NextUnit();
  /// Uniform below `bound`, which is not 0 (the bias is below 2^-32 for 32-bit bounds).
  uint64_t Below(uint64_t bound);

 private:
  uint64_t state_;
};

}  // namespace wfc

#include "ir/base/random.h"

#include "ir/base/check.h"

namespace wfc {

uint64_t Random::Next() {
  state_ += 0x9E3779B97F4A7C15;
  uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
  return mixed ^ (mixed >> 31);
}

double Random::NextUnit() {
  constexpr double kUlp = 1.0 / (1ULL << 53);
  return static_cast<double>(Next() >> 11) * kUlp;
}

uint64_t Random::Below(uint64_t bound) {
  WFC_CHECK(bound != 0);
  return Next() % bound;
}

}  // namespace wfc

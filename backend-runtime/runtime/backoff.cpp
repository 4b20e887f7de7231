#include "backend-runtime/runtime/backoff.h"

#include <algorithm>
#include <cmath>

#include "ir/base/random.h"

namespace wfc::runtime {

int64_t BackoffDelay(const plan::fb::Retry& retry, uint64_t seed, NodeId node,
                     uint32_t failed_attempts) {
  const double grown = static_cast<double>(retry.initial_ns()) *
                       std::pow(retry.factor(), static_cast<double>(failed_attempts - 1));
  // The comparison is written so that NaN and infinity become the maximum.
  const auto most = static_cast<double>(retry.max_ns());
  double delay = grown < most ? grown : most;
  if (retry.has_jitter()) {
    Random random(seed ^ Random(uint64_t{node.index()} << 32 | failed_attempts).Next());
    delay *= 0.5 + 0.5 * random.NextUnit();
  }
  return static_cast<int64_t>(std::max(delay, 0.0));
}

}  // namespace wfc::runtime

#include "backend-runtime/runtime/machine/backoff.h"

#include <algorithm>
#include <cmath>

#include "ir/base/random.h"

namespace wfc::runtime {

int64_t BackoffDelay(const plan::fb::Retry& retry, uint64_t seed, const FailedAttempt& failed) {
  const double grown = static_cast<double>(retry.initial_ns()) *
                       std::pow(retry.factor(), static_cast<double>(failed.attempt - 1));
  // The comparison is written so that NaN and infinity become the maximum.
  const auto most = static_cast<double>(retry.max_ns());
  double delay = grown < most ? grown : most;
  if (retry.has_jitter()) {
    const uint64_t attempt = Random(uint64_t{failed.node.index()} << 32 | failed.attempt).Next();
    const uint64_t body = Random(failed.body.sequence).Next();
    Random random(seed ^ attempt ^ body);
    delay *= 0.5 + 0.5 * random.NextUnit();
  }
  return static_cast<int64_t>(std::max(delay, 0.0));
}

}  // namespace wfc::runtime

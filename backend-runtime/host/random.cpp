#include "backend-runtime/host/random.h"

#include <sys/random.h>

namespace wfc::host {

uint64_t SystemRandom() {
  uint64_t value = 0;
  // Up to 256 bytes are given whole, and never interrupted, once the system has its first entropy.
  while (getrandom(&value, sizeof value, 0) != sizeof value) {
  }
  return value;
}

}  // namespace wfc::host

#include "backend-runtime/host/random.h"

#include <sys/random.h>

namespace wfc::host {

uint64_t SystemRandom() {
  uint64_t value = 0;
  // getrandom(2): up to 256 bytes are returned whole and without interruption, once the generator
  // is initialized.
  while (getrandom(&value, sizeof value, 0) != sizeof value) {
  }
  return value;
}

}  // namespace wfc::host

#include "backend-runtime/host/clock.h"

#include <ctime>

namespace wfc::host {
namespace {

int64_t Read(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<int64_t>(time.tv_sec) * kNsPerSecond + time.tv_nsec;
}

}  // namespace

int64_t PosixClock::Now() const {
  return Read(CLOCK_BOOTTIME);
}

int64_t PosixClock::WallNow() const {
  return Read(CLOCK_REALTIME);
}

}  // namespace wfc::host

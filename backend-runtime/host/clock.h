// Clock: the runtime's only source of time, so that a simulation can substitute virtual time.
#pragma once

#include <cstdint>

#include "ir/base/time_units.h"

namespace wfc::host {

/// Two clocks, both read in nanoseconds; reading them cannot fail.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Nanoseconds of the boot clock, which never goes back and counts the time that the machine is
  /// suspended. For deadlines and durations.
  [[nodiscard]] virtual int64_t Now() const = 0;
  /// Nanoseconds since 1970-01-01 UTC. For records only, because this clock can be set back.
  [[nodiscard]] virtual int64_t WallNow() const = 0;
};

/// The machine's CLOCK_BOOTTIME and CLOCK_REALTIME.
class PosixClock : public Clock {
 public:
  [[nodiscard]] int64_t Now() const override;
  [[nodiscard]] int64_t WallNow() const override;
};

}  // namespace wfc::host

// Clock: what time it is. The only way to time in the runtime, so that a simulator can make it
// virtual.
#pragma once

#include <cstdint>

namespace wfc::host {

inline constexpr int64_t kNsPerMs = 1'000'000;
inline constexpr int64_t kNsPerSecond = 1'000'000'000;

class Clock {
 public:
  virtual ~Clock() = default;
  /// The boot clock, in nanoseconds: never goes back, counts sleep. For deadlines and durations.
  [[nodiscard]] virtual int64_t Now() const = 0;
  /// Nanoseconds since 1970-01-01 UTC. For records only.
  [[nodiscard]] virtual int64_t WallNow() const = 0;
};

/// The time of the machine.
class PosixClock : public Clock {
 public:
  [[nodiscard]] int64_t Now() const override;
  [[nodiscard]] int64_t WallNow() const override;
};

}  // namespace wfc::host

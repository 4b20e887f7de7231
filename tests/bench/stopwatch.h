// How long something takes, by the clock on the wall or of the processor.
#pragma once

#include <ctime>

namespace wfc::bench {

inline double ReadSeconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Seconds that `work` takes.
template <class Work>
double Time(const Work& work) {
  const double start = ReadSeconds(CLOCK_MONOTONIC);
  work();
  return ReadSeconds(CLOCK_MONOTONIC) - start;
}

/// Seconds of processor time on this thread: what else the machine does counts less.
template <class Work>
double ProcessorTime(const Work& work) {
  const double start = ReadSeconds(CLOCK_THREAD_CPUTIME_ID);
  work();
  return ReadSeconds(CLOCK_THREAD_CPUTIME_ID) - start;
}

}  // namespace wfc::bench

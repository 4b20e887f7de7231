// Numbers with units: durations, sizes and counts, as manifests and command lines have them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wfc {

/// A unit of a quantity, and how many of the smallest it is.
struct Unit {
  std::string_view name;
  int64_t factor;
};

/// The units of times, from the shortest to the longest, in nanoseconds.
inline constexpr Unit kTimeUnits[] = {{"ms", 1'000'000},
                                      {"s", 1'000'000'000},
                                      {"m", 60LL * 1'000'000'000},
                                      {"h", 3600LL * 1'000'000'000},
                                      {"d", 86400LL * 1'000'000'000}};

/// The longest time that can be written, in nanoseconds: 100 years.
inline constexpr int64_t kLongestTime = 36500LL * 86400 * 1'000'000'000;

/// The nanoseconds of a time such as `250ms`, `30s`, `10m`, `2h` or `30d`; nullopt when it is
/// malformed or longer than kLongestTime.
[[nodiscard]] std::optional<int64_t> ParseTimeSpan(std::string_view text);
/// The bytes of a size such as `512`, `64KiB` or `10MB`; nullopt when it is malformed or exceeds
/// int64.
[[nodiscard]] std::optional<int64_t> ParseByteSize(std::string_view text);
/// The value of a count such as `20`, `200k` or `1M`; nullopt when it is malformed or exceeds
/// int64.
[[nodiscard]] std::optional<int64_t> ParseScaledCount(std::string_view text);

}  // namespace wfc

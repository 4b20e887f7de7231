// SerialId: names what starts and ends while a program runs, such as a timer or a child process.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace wfc::host {

/// A number that is never given twice. It has 64 bits, unlike `wfc::Id`, because it counts all that
/// ever started rather than what a store holds at one time. `Tag` only makes the ids of different
/// kinds different types. A default-constructed id names nothing.
template <class Tag>
class SerialId {
 public:
  constexpr SerialId() = default;
  /// Numbers count from 1.
  constexpr explicit SerialId(uint64_t number) : number_(number) {}

  [[nodiscard]] constexpr bool has_value() const { return number_ != 0; }
  [[nodiscard]] constexpr uint64_t number() const { return number_; }

  friend constexpr auto operator<=>(SerialId, SerialId) = default;

 private:
  uint64_t number_ = 0;
};

}  // namespace wfc::host

template <class Tag>
struct std::hash<wfc::host::SerialId<Tag>> {
  size_t operator()(wfc::host::SerialId<Tag> id) const noexcept {
    return std::hash<uint64_t>()(id.number());
  }
};

// Strong 32-bit ids: an entity is named by an index into its store, never by a pointer.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace wfc {

/// An index into a `Store<Id<Tag>, T>`. `Tag` only makes the ids of different kinds different
/// types. A default-constructed id names nothing.
template <class Tag>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(uint32_t index) : index_(index) {}

  [[nodiscard]] constexpr bool has_value() const { return index_ != kNone; }
  /// The index; 0xFFFFFFFF when the id names nothing.
  [[nodiscard]] constexpr uint32_t index() const { return index_; }

  friend constexpr auto operator<=>(Id, Id) = default;

 private:
  static constexpr uint32_t kNone = 0xFFFFFFFF;
  uint32_t index_ = kNone;
};

/// `count` consecutive entries of a pool, from entry `first` on. The owner of the range says which
/// pool.
struct Range {
  uint32_t first = 0;
  uint32_t count = 0;

  [[nodiscard]] constexpr uint32_t end() const { return first + count; }
  [[nodiscard]] constexpr bool empty() const { return count == 0; }
  friend constexpr bool operator==(Range, Range) = default;
};

}  // namespace wfc

template <class Tag>
struct std::hash<wfc::Id<Tag>> {
  size_t operator()(wfc::Id<Tag> id) const noexcept { return id.index(); }
};

// CandidatePairs: the set of byte pairs with which a search pattern can begin. It lets the redactor
// skip most of a text at one bit test per byte.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wfc::redact {

/// A bit per pair: 8 KiB.
class CandidatePairs {
 public:
  void Clear() { bits_.fill(0); }
  void Add(unsigned char first, unsigned char second) {
    bits_[IndexOf(first, second) / 64] |= uint64_t{1} << IndexOf(first, second) % 64;
  }
  /// The position of the first pair of the set at or after `at`; `npos` when there is none.
  [[nodiscard]] size_t Find(std::string_view bytes, size_t at) const {
    for (; at + 1 < bytes.size(); ++at) {
      const size_t index =
          IndexOf(static_cast<unsigned char>(bytes[at]), static_cast<unsigned char>(bytes[at + 1]));
      if ((bits_[index / 64] >> index % 64 & 1) != 0) return at;
    }
    return std::string_view::npos;
  }

 private:
  static size_t IndexOf(unsigned char first, unsigned char second) {
    return size_t{first} << 8 | second;
  }

  std::array<uint64_t, 1024> bits_{};
};

}  // namespace wfc::redact

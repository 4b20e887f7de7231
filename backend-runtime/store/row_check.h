// RowCheck: the check of a row of a small table, which makes damage to it detectable. The rows of
// `events` have checks of their own kind (row_chain.h).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ir/base/digest.h"

namespace wfc::store {

/// Takes the columns of a row in their order, and yields the number for its column `chk`.
class RowCheck {
 public:
  RowCheck& Add(int64_t number) {
    for (int shift = 0; shift < 64; shift += 8) {
      bytes_.push_back(static_cast<uint8_t>(static_cast<uint64_t>(number) >> shift));
    }
    return *this;
  }
  RowCheck& Add(std::span<const uint8_t> bytes) {
    Add(static_cast<int64_t>(bytes.size()));
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  RowCheck& Add(std::string_view text) {
    return Add(std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
  }
  /// The low 63 bits of the XXH3 of all columns: numbers as 8 bytes, little-endian; texts and bytes
  /// behind their size.
  [[nodiscard]] int64_t value() const {
    return static_cast<int64_t>(Xxh3(std::as_bytes(std::span(bytes_))) & (~uint64_t{0} >> 1));
  }

 private:
  std::vector<uint8_t> bytes_;
};

}  // namespace wfc::store

// Rows for tests of journals: drawn from a seed, and as values that own their payload.
#pragma once

#include <cstdint>
#include <vector>

#include "backend-runtime/runtime/journal/journal.h"
#include "ir/base/random.h"

namespace wfc::journal {

/// A row that can be kept.
struct OwnedRow {
  Row row;
  std::vector<uint8_t> payload;

  explicit OwnedRow(const Row& other) : row(other) {
    payload.assign(other.payload.begin(), other.payload.end());
    row.payload = {};
  }
  [[nodiscard]] Row view() const {
    Row whole = row;
    whole.payload = payload;
    return whole;
  }
  friend bool operator==(const OwnedRow& a, const OwnedRow& b) { return a.view() == b.view(); }
};

/// A row whose every part follows from `random`. `payload` is where its payload is put.
inline Row DrawRow(Random& random, std::vector<uint8_t>& payload) {
  payload.resize(random.Below(4) == 0 ? random.Below(3000) : random.Below(24));
  for (uint8_t& byte : payload) byte = static_cast<uint8_t>(random.Next());
  return {.at = static_cast<int64_t>(random.Next() >> 1),
          .type = static_cast<uint8_t>(random.Below(256)),
          .scope = random.Below(3) == 0 ? random.Next() : random.Below(100),
          .item = static_cast<uint32_t>(random.Next()),
          .node = random.Below(4) == 0 ? RowNode() : RowNode(static_cast<uint32_t>(random.Next())),
          .attempt = static_cast<uint32_t>(random.Next()),
          .payload = payload};
}

/// All rows that `journal` loads; a failure yields none.
inline std::vector<OwnedRow> LoadAll(Journal& journal) {
  std::vector<OwnedRow> rows;
  const auto loaded = journal.Load([&](const Row& row) {
    rows.emplace_back(row);
    return Result<void>();
  });
  if (!loaded) rows.clear();
  return rows;
}

}  // namespace wfc::journal

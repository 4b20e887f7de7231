// Frame: what is committed together. SqliteJournal fills frames and RunWriter writes them.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "backend-runtime/runtime/journal/row.h"
#include "ir/base/digest.h"

namespace wfc::store {

/// Rows of consecutive numbers, with the values they refer to and the requests they take.
struct Frame {
  struct Blob {
    Sha256Digest digest;
    std::shared_ptr<const std::vector<uint8_t>> bytes;
  };
  struct Taking {
    uint64_t entry_id;
    uint64_t seq;
  };

  explicit Frame(uint64_t first_seq) : rows(first_seq) {}

  [[nodiscard]] bool empty() const { return rows.empty() && blobs.empty(); }

  journal::RowList rows;
  std::vector<Blob> blobs;
  std::vector<Taking> takings;
};

}  // namespace wfc::store

// MemoryRecord: what a run has recorded, without a disk. The journals in memory write to it. Runs
// that keep nothing use it, and so do tests, which hand it from one driver to the next.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "backend-runtime/runtime/journal/blobs.h"
#include "backend-runtime/runtime/journal/inbox.h"
#include "backend-runtime/runtime/journal/journal.h"

namespace wfc::journal {

/// The rows, values and requests of a run.
struct MemoryRecord {
  struct Received {
    InboxEntry entry;
    uint64_t taken_by = 0;  ///< the row that took it; 0 when none has
  };

  RowList rows;
  std::map<Sha256Digest, std::vector<uint8_t>> blobs;
  std::vector<Received> received;  ///< the entry with id N is at N - 1

  /// Adds an entry, as another process would, and returns its id. `entry.id` is not looked at.
  uint64_t Receive(InboxEntry entry);
  /// Shows all rows.
  [[nodiscard]] Result<void, LoadError> Show(const RowVisitor& visit) const;
  /// Lets row `seq` take the entry. Precondition: no row has taken it.
  void Take(uint64_t entry_id, uint64_t seq);
};

/// The inbox of a record.
class MemoryInbox : public Inbox {
 public:
  explicit MemoryInbox(const MemoryRecord& record) : record_(record) {}
  bool MayHaveNews() override { return listed_count_ != record_.received.size(); }
  Result<std::vector<InboxEntry>> Pending() override;

 private:
  const MemoryRecord& record_;
  size_t listed_count_ = 0;
};

/// The values of a record. They are durable at once.
class MemoryBlobs : public Blobs {
 public:
  MemoryBlobs(MemoryRecord& record, Sha256Function sha256) : record_(record), sha256_(sha256) {}
  Sha256Digest Put(std::span<const uint8_t> bytes) override;
  Result<std::vector<uint8_t>> Get(const Sha256Digest& digest) override;

 private:
  MemoryRecord& record_;
  Sha256Function sha256_;
};

}  // namespace wfc::journal

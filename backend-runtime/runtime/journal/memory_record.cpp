#include "backend-runtime/runtime/journal/memory_record.h"

#include "ir/base/check.h"

namespace wfc::journal {

uint64_t MemoryRecord::Receive(InboxEntry entry) {
  entry.id = received.size() + 1;
  received.push_back({.entry = std::move(entry)});
  return received.size();
}

Result<void, LoadError> MemoryRecord::Show(const RowVisitor& visit) const {
  for (size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows.Get(i);
    const Result<void> shown = visit(row);
    if (!shown) return LoadError{.seq = row.seq, .message = shown.error().message};
  }
  return {};
}

void MemoryRecord::Take(uint64_t entry_id, uint64_t seq) {
  WFC_CHECK(entry_id >= 1 && entry_id <= received.size());
  Received& taken = received[entry_id - 1];
  WFC_CHECK(taken.taken_by == 0);
  taken.taken_by = seq;
}

Result<std::vector<InboxEntry>> MemoryInbox::Pending() {
  listed_count_ = record_.received.size();
  std::vector<InboxEntry> pending;
  for (const MemoryRecord::Received& each : record_.received) {
    if (each.taken_by == 0) pending.push_back(each.entry);
  }
  return pending;
}

Sha256Digest MemoryBlobs::Put(std::span<const uint8_t> bytes) {
  const Sha256Digest digest = sha256_(std::as_bytes(bytes));
  record_.blobs.try_emplace(digest, bytes.begin(), bytes.end());
  return digest;
}

Result<std::vector<uint8_t>> MemoryBlobs::Get(const Sha256Digest& digest) {
  const auto found = record_.blobs.find(digest);
  if (found == record_.blobs.end()) return Error{"no value with SHA-256 " + ToHex(digest)};
  return found->second;
}

}  // namespace wfc::journal

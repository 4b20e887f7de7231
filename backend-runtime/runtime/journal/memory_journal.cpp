#include "backend-runtime/runtime/journal/memory_journal.h"

#include "ir/base/check.h"

namespace wfc::journal {

uint64_t MemoryJournal::Append(const Row& row) {
  progress_.Notify();
  return record_.rows.Add(row);
}

uint64_t MemoryJournal::AppendTaking(const Row& row, uint64_t entry_id) {
  const uint64_t seq = Append(row);
  record_.Take(entry_id, seq);
  return seq;
}

Result<void> MemoryJournal::AppendAfterFailure(const Row&) {
  WFC_CHECK(failure());  // which it never has
  return {};
}

}  // namespace wfc::journal

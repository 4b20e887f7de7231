// MemoryJournal: the journal of a run that keeps nothing (`--ephemeral`). Rows are durable as soon
// as they are appended.
#pragma once

#include <utility>

#include "backend-runtime/runtime/journal/journal.h"
#include "backend-runtime/runtime/journal/memory_record.h"
#include "backend-runtime/runtime/journal/progress.h"

namespace wfc::journal {

/// Appends to a record, which must outlive it.
class MemoryJournal : public Journal {
 public:
  MemoryJournal(MemoryRecord& record, Post post) : record_(record), progress_(std::move(post)) {}

  Result<void, LoadError> Load(const RowVisitor& visit) override { return record_.Show(visit); }
  uint64_t Append(const Row& row) override;
  uint64_t AppendTaking(const Row& row, uint64_t entry_id) override;
  [[nodiscard]] uint64_t last_seq() const override { return record_.rows.next_seq() - 1; }
  [[nodiscard]] uint64_t durable() const override { return last_seq(); }
  [[nodiscard]] size_t backlog_bytes() const override { return 0; }
  void Request(uint64_t) override {}
  void Idle() override {}
  void OnProgress(std::function<void()> handler) override {
    progress_.SetHandler(std::move(handler));
  }
  [[nodiscard]] std::optional<std::string> failure() const override { return std::nullopt; }
  Result<void> AppendAfterFailure(const Row& row) override;
  Result<void> Close(CloseHow) override { return {}; }

 private:
  MemoryRecord& record_;
  ProgressPoster progress_;
};

}  // namespace wfc::journal

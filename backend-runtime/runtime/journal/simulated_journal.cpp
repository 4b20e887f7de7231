#include "backend-runtime/runtime/journal/simulated_journal.h"

#include <algorithm>

#include "ir/base/check.h"

namespace wfc::journal {

SimulatedJournal::SimulatedJournal(MemoryRecord& record, Options options)
    : record_(record),
      options_(std::move(options)),
      random_(options_.seed),
      progress_(options_.post),
      pending_(record.rows.next_seq()),
      inbox_(*this),
      blobs_(*this),
      next_seq_(record.rows.next_seq()),
      durable_(next_seq_ - 1) {}

uint64_t SimulatedJournal::Append(const Row& row) {
  if (is_whole()) {
    pending_.Add(row);
    BeginCommit();
  }
  return next_seq_++;
}

uint64_t SimulatedJournal::AppendTaking(const Row& row, uint64_t entry_id) {
  const uint64_t seq = Append(row);
  if (is_whole()) takings_.push_back({.entry_id = entry_id, .seq = seq});
  return seq;
}

size_t SimulatedJournal::backlog_bytes() const {
  size_t bytes = pending_.size_bytes();
  for (const PendingBlob& blob : pending_blobs_) bytes += blob.bytes.size();
  return bytes;
}

void SimulatedJournal::Request(uint64_t seq) {
  WFC_CHECK(seq < next_seq_);
  requested_ = std::max(requested_, seq);
}

void SimulatedJournal::Idle() {
  const bool is_waited_for = is_whole() && requested_ > durable_;
  if (is_waited_for && random_.Below(2) == 0) EndCommit(last_seq());
}

Result<void> SimulatedJournal::AppendAfterFailure(const Row& row) {
  WFC_CHECK(failure_);
  if (is_gone_) return Error{*failure_};
  record_.rows.Add(row);
  return {};
}

Result<void> SimulatedJournal::Close(CloseHow) {
  if (failure_) return Error{*failure_};
  if (is_gone_) return {};
  Keep(last_seq());
  KeepBlobs(next_seq_);
  durable_ = last_seq();
  is_gone_ = true;
  return {};
}

void SimulatedJournal::Break(std::string reason) {
  if (!is_whole()) return;
  // What was under way may have reached the disk although it was not called durable.
  Keep(durable_ + random_.Below(last_seq() - durable_ + 1));
  failure_ = std::move(reason);
  progress_.Notify();
}

void SimulatedJournal::Crash() {
  if (is_whole()) Keep(durable_ + random_.Below(last_seq() - durable_ + 1));
  is_gone_ = true;
}

void SimulatedJournal::BeginCommit() {
  if (is_committing_) return;
  is_committing_ = true;
  const auto delay =
      static_cast<int64_t>(random_.Below(static_cast<uint64_t>(options_.max_delay) + 1));
  options_.post_later(delay, [weak = std::weak_ptr(self_)] {
    const auto self = weak.lock();
    if (self == nullptr || !(*self)->is_whole()) return;
    SimulatedJournal& journal = **self;
    journal.is_committing_ = false;
    // A commit has what was appended when it began, so it may leave out the newest rows.
    const uint64_t count = journal.pending_.size();
    const uint64_t kept = count == 0 ? 0 : 1 + journal.random_.Below(count);
    journal.EndCommit(journal.durable_ + kept);
    if (!journal.pending_.empty()) journal.BeginCommit();
  });
}

void SimulatedJournal::EndCommit(uint64_t last) {
  if (last == durable_) return;
  Keep(last);
  durable_ = last;
  progress_.Notify();
}

void SimulatedJournal::Keep(uint64_t last) {
  const uint64_t recorded = record_.rows.next_seq() - 1;
  RowList rest(last + 1);
  for (size_t i = 0; i < pending_.size(); ++i) {
    const Row row = pending_.Get(i);
    RowList& to = row.seq <= last ? record_.rows : rest;
    to.Add(row);
  }
  WFC_CHECK(record_.rows.next_seq() - 1 == std::max(recorded, last));
  pending_ = std::move(rest);
  for (const Taking& taking : takings_) {
    if (taking.seq <= last) record_.Take(taking.entry_id, taking.seq);
  }
  std::erase_if(takings_, [&](const Taking& taking) { return taking.seq <= last; });
  KeepBlobs(last);
}

void SimulatedJournal::KeepBlobs(uint64_t last) {
  for (PendingBlob& blob : pending_blobs_) {
    if (blob.before_seq <= last) record_.blobs.try_emplace(blob.digest, std::move(blob.bytes));
  }
  std::erase_if(pending_blobs_, [&](const PendingBlob& blob) { return blob.before_seq <= last; });
}

Result<std::vector<InboxEntry>> SimulatedJournal::PendingInbox::Pending() {
  auto entries = recorded_.Pending();
  if (!entries) return entries;
  std::erase_if(*entries, [&](const InboxEntry& entry) {
    return std::ranges::count(journal_.takings_, entry.id, &Taking::entry_id) != 0;
  });
  return entries;
}

Sha256Digest SimulatedJournal::PendingBlobs::Put(std::span<const uint8_t> bytes) {
  const Sha256Digest digest = journal_.options_.sha256(std::as_bytes(bytes));
  if (journal_.is_whole() && !journal_.record_.blobs.contains(digest)) {
    journal_.pending_blobs_.push_back({.digest = digest,
                                       .bytes = {bytes.begin(), bytes.end()},
                                       .before_seq = journal_.next_seq_});
  }
  return digest;
}

Result<std::vector<uint8_t>> SimulatedJournal::PendingBlobs::Get(const Sha256Digest& digest) {
  const auto pending = std::ranges::find(journal_.pending_blobs_, digest, &PendingBlob::digest);
  if (pending != journal_.pending_blobs_.end()) return pending->bytes;
  return MemoryBlobs(journal_.record_, journal_.options_.sha256).Get(digest);
}

}  // namespace wfc::journal

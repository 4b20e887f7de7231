#include "backend-runtime/store/sqlite_journal.h"

#include <algorithm>
#include <csignal>

#include "ir/base/check.h"

namespace wfc::store {
namespace {

using std::chrono::steady_clock;

}  // namespace

SqliteJournal::~SqliteJournal() {
  StopThread();
}

Result<void, journal::LoadError> SqliteJournal::Load(const journal::RowVisitor& visit) {
  WFC_CHECK(!thread_.joinable());
  auto writer = parts_.load(visit);
  if (!writer) return writer.error();
  last_seq_ = writer->last_seq();
  durable_ = last_seq_;
  pending_ = Frame(last_seq_ + 1);
  writer_ = *std::move(writer);
  // The thread inherits the signal mask, and must not receive signals, which are the reactor's.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { Work(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return {};
}

uint64_t SqliteJournal::Append(const journal::Row& row) {
  return AddRow(row, 0);
}

uint64_t SqliteJournal::AppendTaking(const journal::Row& row, uint64_t entry_id) {
  WFC_CHECK(entry_id != 0);
  return AddRow(row, entry_id);
}

uint64_t SqliteJournal::AddRow(const journal::Row& row, uint64_t entry_id) {
  const Lock lock(mutex_);
  ++last_seq_;
  if (entry_id != 0) WFC_CHECK(taken_by_.emplace(entry_id, last_seq_).second);
  if (failure_ || !writer_) return last_seq_;
  if (pending_.empty()) pending_since_ = steady_clock::now();
  pending_.rows.Add(row);
  if (entry_id != 0) pending_.takings.push_back({.entry_id = entry_id, .seq = last_seq_});
  // A thread that waits for no longer than a frame may grow old looks by itself.
  if (is_thread_asleep_ || pending_.rows.size() == kMaxFrameRows ||
      pending_.rows.size_bytes() + pending_blob_bytes_ >= kMaxFrameBytes) {
    has_work_.notify_one();
  }
  return last_seq_;
}

void SqliteJournal::AddBlob(const Sha256Digest& digest, std::span<const uint8_t> bytes) {
  const Lock lock(mutex_);
  if (failure_ || !writer_ || blobs_.contains(digest)) return;
  if (pending_.empty()) pending_since_ = steady_clock::now();
  auto copy = std::make_shared<const std::vector<uint8_t>>(bytes.begin(), bytes.end());
  pending_.blobs.push_back({.digest = digest, .bytes = copy});
  blobs_.emplace(digest, std::move(copy));
  pending_blob_bytes_ += bytes.size();
  if (is_thread_asleep_) has_work_.notify_one();
}

std::shared_ptr<const std::vector<uint8_t>> SqliteJournal::FindBlob(
    const Sha256Digest& digest) const {
  const Lock lock(mutex_);
  const auto found = blobs_.find(digest);
  return found == blobs_.end() ? nullptr : found->second;
}

bool SqliteJournal::IsTaken(uint64_t entry_id) const {
  const Lock lock(mutex_);
  return taken_by_.contains(entry_id);
}

uint64_t SqliteJournal::last_seq() const {
  const Lock lock(mutex_);
  return last_seq_;
}

uint64_t SqliteJournal::durable() const {
  const Lock lock(mutex_);
  return durable_;
}

size_t SqliteJournal::backlog_bytes() const {
  const Lock lock(mutex_);
  return pending_.rows.size_bytes() + pending_blob_bytes_ + writing_bytes_;
}

std::optional<std::string> SqliteJournal::failure() const {
  const Lock lock(mutex_);
  return failure_;
}

/// The thread is woken by a task of the reactor rather than at once: `Idle` may come first.
void SqliteJournal::Request(uint64_t seq) {
  const Lock lock(mutex_);
  WFC_CHECK(seq <= last_seq_);
  requested_ = std::max(requested_, seq);
  if (requested_ <= durable_ || is_hand_over_posted_) return;
  is_hand_over_posted_ = true;
  parts_.post([weak = std::weak_ptr(self_)] {
    if (const auto self = weak.lock()) (*self)->HandOver();
  });
}

void SqliteJournal::HandOver() {
  const Lock lock(mutex_);
  is_hand_over_posted_ = false;
  handed_over_ = requested_;
  if (handed_over_ > durable_) has_work_.notify_one();
}

void SqliteJournal::Idle() {
  Lock lock(mutex_);
  if (requested_ <= durable_) return;
  if (is_writing_ || !writer_ || failure_) {
    handed_over_ = requested_;
    return;
  }
  CommitPending(lock);
  if (writer_ && writer_->needs_checkpoint()) has_work_.notify_one();
}

void SqliteJournal::Work() {
  Lock lock(mutex_);
  while (WaitForWork(lock)) {
    if (IsCommitDue()) CommitPending(lock);
    if (!failure_ && !is_writing_ && writer_->needs_checkpoint()) Checkpoint(lock);
  }
}

bool SqliteJournal::WaitForWork(Lock& lock) {
  bool was_active = false;
  while (!is_stopping_) {
    const bool can_write = !is_writing_ && !failure_;
    if (can_write && (IsCommitDue() || writer_->needs_checkpoint())) return true;
    if (!pending_.empty() && can_write) {
      was_active = true;
      has_work_.wait_until(lock, pending_since_ + kMaxFrameAge);
    } else if (was_active) {
      // More rows are likely, and waking a thread costs whoever appends them.
      was_active = false;
      has_work_.wait_until(lock, steady_clock::now() + kMaxFrameAge);
    } else {
      is_thread_asleep_ = true;
      has_work_.wait(lock);
      is_thread_asleep_ = false;
    }
  }
  return false;
}

bool SqliteJournal::IsCommitDue() const {
  if (pending_.empty() || is_writing_ || failure_) return false;
  return handed_over_ > durable_ || pending_.rows.size() >= kMaxFrameRows ||
         pending_.rows.size_bytes() + pending_blob_bytes_ >= kMaxFrameBytes ||
         steady_clock::now() >= pending_since_ + kMaxFrameAge;
}

void SqliteJournal::CommitPending(Lock& lock) {
  if (pending_.empty()) return;
  Frame frame = std::exchange(pending_, Frame(last_seq_ + 1));
  writing_bytes_ = frame.rows.size_bytes() + std::exchange(pending_blob_bytes_, 0);
  const uint64_t last = last_seq_;
  is_writing_ = true;
  lock.unlock();
  const auto committed = writer_->Commit(frame);
  lock.lock();
  is_writing_ = false;
  writing_bytes_ = 0;
  if (!committed) return Fail(committed.error());
  durable_ = last;
  for (const Frame::Blob& blob : frame.blobs) blobs_.erase(blob.digest);
  progress_.Notify();
}

void SqliteJournal::Checkpoint(Lock& lock) {
  is_writing_ = true;
  lock.unlock();
  const auto done = writer_->Checkpoint();
  lock.lock();
  is_writing_ = false;
  if (!done) Fail(done.error());
}

void SqliteJournal::Fail(const DatabaseError& error) {
  failure_ = error.message;
  pending_ = Frame(last_seq_ + 1);
  pending_blob_bytes_ = 0;
  progress_.Notify();
}

void SqliteJournal::StopThread() {
  {
    const Lock lock(mutex_);
    is_stopping_ = true;
    has_work_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

Result<void> SqliteJournal::AppendAfterFailure(const journal::Row& row) {
  WFC_CHECK(failure());
  StopThread();
  writer_.reset();
  return parts_.append_after_failure(row);
}

Result<void> SqliteJournal::Close(journal::CloseHow how) {
  StopThread();
  Lock lock(mutex_);
  if (!failure_) CommitPending(lock);
  if (failure_) return Error{*failure_};
  parts_.closing();
  const auto finished = writer_->Finish(how == journal::CloseHow::Ended ? "ended" : "parked");
  writer_.reset();
  if (!finished && finished.error().kind != DatabaseError::Kind::Busy) {
    Fail(finished.error());
    return Error{*failure_};
  }
  lock.unlock();
  if (!finished) return {};
  return parts_.closed();
}

}  // namespace wfc::store

// SimulatedJournal: a journal that crashes. It delays durability, and at a crash keeps any prefix
// of what was appended that has at least what it called durable. Tests and the simulator recover
// runs from what is left.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "backend-runtime/runtime/journal/journal.h"
#include "backend-runtime/runtime/journal/memory_record.h"
#include "backend-runtime/runtime/journal/progress.h"
#include "ir/base/random.h"

namespace wfc::journal {

/// Runs a closure on the reactor's thread after so many nanoseconds.
using PostLater = std::function<void(int64_t delay, std::function<void()>)>;

/// Everything it decides follows from its seed and from the order of the calls. Destroying it
/// without `Close` is a crash.
class SimulatedJournal : public Journal {
 public:
  struct Options {
    uint64_t seed = 0;
    Sha256Function sha256 = nullptr;  ///< must not be null
    Post post;
    PostLater post_later;
    int64_t max_delay = 5'000'000;  ///< of one commit, in nanoseconds
  };

  /// `record` is the disk: it must outlive the journal, and holds what a crash leaves.
  SimulatedJournal(MemoryRecord& record, Options options);
  SimulatedJournal(const SimulatedJournal&) = delete;
  SimulatedJournal& operator=(const SimulatedJournal&) = delete;
  ~SimulatedJournal() override { Crash(); }

  Result<void, LoadError> Load(const RowVisitor& visit) override { return record_.Show(visit); }
  uint64_t Append(const Row& row) override;
  uint64_t AppendTaking(const Row& row, uint64_t entry_id) override;
  [[nodiscard]] uint64_t last_seq() const override { return next_seq_ - 1; }
  [[nodiscard]] uint64_t durable() const override { return durable_; }
  [[nodiscard]] size_t backlog_bytes() const override;
  void Request(uint64_t seq) override;
  void Idle() override;
  void OnProgress(std::function<void()> handler) override {
    progress_.SetHandler(std::move(handler));
  }
  [[nodiscard]] std::optional<std::string> failure() const override { return failure_; }
  Result<void> AppendAfterFailure(const Row& row) override;
  Result<void> Close(CloseHow how) override;

  /// The inbox and the values of the record, with what this journal has appended and not yet made
  /// durable.
  [[nodiscard]] Inbox& inbox() { return inbox_; }
  [[nodiscard]] Blobs& blobs() { return blobs_; }

  /// Breaks the journal, as a disk that is full does.
  void Break(std::string reason);
  /// The process is gone: of the rows that are not durable a prefix is kept. Nothing that is called
  /// afterwards has an effect.
  void Crash();

 private:
  struct Taking {
    uint64_t entry_id;
    uint64_t seq;
  };
  struct PendingBlob {
    Sha256Digest digest;
    std::vector<uint8_t> bytes;
    uint64_t before_seq;  // the row that may be the first to refer to it
  };
  class PendingInbox : public Inbox {
   public:
    explicit PendingInbox(SimulatedJournal& journal)
        : journal_(journal), recorded_(journal.record_) {}
    bool MayHaveNews() override { return recorded_.MayHaveNews(); }
    Result<std::vector<InboxEntry>> Pending() override;

   private:
    SimulatedJournal& journal_;
    MemoryInbox recorded_;
  };
  class PendingBlobs : public Blobs {
   public:
    explicit PendingBlobs(SimulatedJournal& journal) : journal_(journal) {}
    Sha256Digest Put(std::span<const uint8_t> bytes) override;
    Result<std::vector<uint8_t>> Get(const Sha256Digest& digest) override;

   private:
    SimulatedJournal& journal_;
  };

  [[nodiscard]] bool is_whole() const { return !is_gone_ && !failure_; }
  void BeginCommit();
  void EndCommit(uint64_t last);
  /// Moves what was appended up to row `last` to the record.
  void Keep(uint64_t last);
  /// Moves the values to the record that row `last` or one before it may refer to.
  void KeepBlobs(uint64_t last);

  MemoryRecord& record_;
  Options options_;
  Random random_;
  ProgressPoster progress_;
  RowList pending_;
  std::vector<Taking> takings_;
  std::vector<PendingBlob> pending_blobs_;
  PendingInbox inbox_;
  PendingBlobs blobs_;
  uint64_t next_seq_;
  uint64_t durable_;
  uint64_t requested_ = 0;
  bool is_committing_ = false;
  bool is_gone_ = false;
  std::optional<std::string> failure_;
  // Closures that were posted before the end of the journal find that this is gone.
  std::shared_ptr<SimulatedJournal*> self_ = std::make_shared<SimulatedJournal*>(this);
};

}  // namespace wfc::journal

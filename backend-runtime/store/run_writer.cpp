#include "backend-runtime/store/run_writer.h"

#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "backend-runtime/store/run_database.h"

namespace wfc::store {
namespace {

constexpr int64_t kPageBytes = 1024 + 24;  // a page in the write-ahead log, with its header

constexpr int kMarkParameter = 10;

// Who looks at a run has its database open for a moment: it is waited for when the run is left.
constexpr int kMostWaits = 100;
constexpr std::chrono::milliseconds kBetweenReaders{20};

/// Whether the database does without a write-ahead log now. It cannot while others have it open.
DatabaseResult<bool> LeaveLog(Database& database) {
  auto mode = database.QueryText("PRAGMA journal_mode=DELETE");
  if (mode) return *mode == "delete";
  if (mode.error().kind == DatabaseError::Kind::Busy) return false;
  return mode.error();
}

}  // namespace

DatabaseResult<RunWriter> RunWriter::Make(Database database, ArtifactFiles artifacts,
                                          const Options& options) {
  RunWriter writer(std::move(database), std::move(artifacts), options);
  if (auto prepared = writer.PrepareAll(); !prepared) return prepared.error();
  return writer;
}

DatabaseResult<void> RunWriter::PrepareAll() {
  const std::pair<Statement*, const char*> statements[] = {
      {&begin_, "BEGIN IMMEDIATE"},
      {&commit_, "COMMIT"},
      {&highest_epoch_, "SELECT max(epoch) FROM drivers"},
      {&insert_row_,
       "INSERT INTO events(seq, at, type, scope, item, node, attempt, payload, chk, mark) "
       "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      {&insert_blob_, "INSERT INTO blobs(sha256, bytes) VALUES(?, ?) ON CONFLICT DO NOTHING"},
      {&take_entry_, "UPDATE inbox SET taken = ? WHERE id = ? AND taken IS NULL"},
  };
  for (const auto& [statement, sql] : statements) {
    auto prepared = database_.Prepare(sql);
    if (!prepared) return prepared.error();
    *statement = *std::move(prepared);
  }
  return {};
}

DatabaseResult<void> RunWriter::Commit(const Frame& frame) {
  if (auto written = WriteArtifacts(frame); !written) return written;
  if (auto begun = begin_.Run(); !begun) return begun;
  if (auto checked = CheckEpoch(); !checked) return checked;
  if (auto written = WriteBlobs(frame); !written) return written;
  if (auto written = WriteRows(frame); !written) return written;
  if (auto taken = TakeEntries(frame); !taken) return taken;
  return commit_.Run();
}

DatabaseResult<void> RunWriter::WriteArtifacts(const Frame& frame) {
  for (const Frame::Blob& blob : frame.blobs) {
    if (blob.bytes->size() <= kMaxBlobBytes) continue;
    auto written = artifacts_.Write(blob.digest, *blob.bytes);
    if (!written) {
      return DatabaseError{.kind = DatabaseError::Kind::Io, .message = written.error().message};
    }
  }
  return {};
}

DatabaseResult<void> RunWriter::CheckEpoch() {
  auto has_row = highest_epoch_.Step();
  if (!has_row) return has_row.error();
  const auto highest = static_cast<uint64_t>(highest_epoch_.Integer(0));
  highest_epoch_.Reset();
  if (highest != options_.epoch) return TakenOver(highest);
  return {};
}

DatabaseResult<void> RunWriter::WriteBlobs(const Frame& frame) {
  for (const Frame::Blob& blob : frame.blobs) {
    if (blob.bytes->size() > kMaxBlobBytes) continue;
    insert_blob_.Bind(1, std::span<const uint8_t>(blob.digest));
    insert_blob_.Bind(2, std::span<const uint8_t>(*blob.bytes));
    if (auto written = insert_blob_.Run(); !written) return written;
  }
  return {};
}

DatabaseResult<void> RunWriter::WriteRows(const Frame& frame) {
  std::vector<uint8_t> mark;
  insert_row_.BindNull(kMarkParameter);
  for (size_t i = 0; i < frame.rows.size(); ++i) {
    const journal::Row row = frame.rows.Get(i);
    const uint64_t check = chain_.AddRow(row);
    insert_row_.Bind(1, static_cast<int64_t>(row.seq));
    insert_row_.Bind(2, row.at);
    insert_row_.Bind(3, row.type);
    insert_row_.Bind(4, static_cast<int64_t>(row.scope));
    insert_row_.Bind(5, row.item);
    insert_row_.Bind(6, row.node.index());
    insert_row_.Bind(7, row.attempt);
    insert_row_.Bind(8, row.payload);
    insert_row_.Bind(9, static_cast<int64_t>(check));
    if (i + 1 == frame.rows.size()) {
      mark = Encode(chain_.EndCommit(options_.epoch, options_.clock->WallNow()));
      insert_row_.Bind(kMarkParameter, std::span<const uint8_t>(mark));
    }
    if (auto written = insert_row_.Run(); !written) return written;
  }
  return {};
}

DatabaseResult<void> RunWriter::TakeEntries(const Frame& frame) {
  for (const Frame::Taking& taking : frame.takings) {
    take_entry_.Bind(1, static_cast<int64_t>(taking.seq));
    take_entry_.Bind(2, static_cast<int64_t>(taking.entry_id));
    if (auto taken = take_entry_.Run(); !taken) return taken;
    if (database_.changed_count() == 1) continue;
    return DatabaseError{
        .kind = DatabaseError::Kind::Other,
        .message = fmt::format("entry {} of the inbox cannot be taken twice", taking.entry_id)};
  }
  return {};
}

bool RunWriter::needs_checkpoint() const {
  return database_.log_page_count() * kPageBytes >= options_.max_log_bytes;
}

DatabaseResult<void> RunWriter::Checkpoint() {
  return database_.CheckpointPassively();
}

DatabaseResult<void> RunWriter::Finish(const std::string& how) {
  if (auto ended = EndEpoch(database_, options_.epoch, options_.clock->WallNow(), how); !ended)
    return ended;
  // Statements that are kept prepared would keep the mode from changing.
  for (Statement* statement :
       {&begin_, &commit_, &highest_epoch_, &insert_row_, &insert_blob_, &take_entry_}) {
    *statement = Statement();
  }
  auto busy = database_.QueryInteger("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!busy) return busy.error();
  for (int attempt = 0; *busy == 0 && attempt < kMostWaits; ++attempt) {
    auto has_left = LeaveLog(database_);
    if (!has_left) return has_left.error();
    if (*has_left) return {};
    std::this_thread::sleep_for(kBetweenReaders);
  }
  return DatabaseError{.kind = DatabaseError::Kind::Busy,
                       .message = "another process reads the run's database"};
}

}  // namespace wfc::store

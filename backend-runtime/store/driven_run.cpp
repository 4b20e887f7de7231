#include "backend-runtime/store/driven_run.h"

#include <utility>

#include <fmt/core.h>

#include "backend-runtime/store/run_files.h"
#include "backend-runtime/store/run_rows.h"

namespace wfc::store {
namespace {

OpenError Failed(const Error& error) {
  return {.message = error.message};
}

OpenError ToOpenError(const LockError& error) {
  const bool is_held = error.kind == LockError::Kind::Held;
  return {.kind = is_held ? OpenError::Kind::Held : OpenError::Kind::Failed,
          .message = error.message,
          .holder = error.holder};
}

}  // namespace

DrivenRun::DrivenRun(Options options, RunLock lock, ArtifactFiles artifacts)
    : options_(std::move(options)), lock_(std::move(lock)), artifacts_(std::move(artifacts)) {
  journal_ = std::make_unique<SqliteJournal>(SqliteJournal::Parts{
      .post = options_.post,
      .load = [this](const journal::RowVisitor& visit) { return Load(visit); },
      .append_after_failure = [this](const journal::Row& row) { return AppendAfterFailure(row); },
      .closing = [this] { reader_ = Database(); },
      .closed = [this] { return Seal(); }});
  inbox_ = std::make_unique<SqliteInbox>(reader_, *journal_);
  blobs_ = std::make_unique<SqliteBlobs>(reader_, artifacts_, *journal_);
}

DrivenRun::Opened DrivenRun::Hold(Options options) {
  const std::string folder = options.folder;
  if (auto local = CheckIsLocal(folder); !local) {
    return OpenError{.kind = OpenError::Kind::Unsuitable, .message = local.error().message};
  }
  auto lock =
      options.if_held == IfHeld::TakeOver ? RunLock::TakeOver(folder) : RunLock::Take(folder);
  if (!lock) return ToOpenError(lock.error());
  auto artifacts = ArtifactFiles::Open(folder);
  if (!artifacts) return Failed(artifacts.error());
  return std::unique_ptr<DrivenRun>(
      new DrivenRun(std::move(options), *std::move(lock), *std::move(artifacts)));
}

DrivenRun::Opened DrivenRun::Create(Options options, NewRun run) {
  auto held = Hold(std::move(options));
  if (!held) return held;
  const Options& of_run = (*held)->options_;
  auto token = MakeToken(of_run.folder);
  if (!token) return Failed(token.error());
  run.meta.token_sha256 = DigestOfToken(*token);
  if (auto made = MakeReserve(of_run.folder); !made) return Failed(made.error());
  auto database = CreateRunDatabase((*held)->DatabasePath(), run, of_run.vfs);
  if (!database) return store::ToOpenError(database.error());
  *database = Database();
  if (auto synced = SyncFolder(of_run.folder); !synced) return Failed(synced.error());
  if (auto inspected = (*held)->Inspect(); !inspected) return inspected.error();
  return held;
}

DrivenRun::Opened DrivenRun::Resume(Options options) {
  WFC_CHECK(!options.seal || options.unseal);
  auto held = Hold(std::move(options));
  if (!held) return held;
  DrivenRun& run = **held;
  if (auto inspected = run.Inspect(); !inspected) return inspected.error();
  const std::string token =
      run.options_.token.empty() ? ReadToken(run.options_.folder) : run.options_.token;
  if (DigestOfToken(token) == run.meta_.token_sha256) return held;
  return OpenError{.kind = OpenError::Kind::Refused,
                   .message = token.empty()
                                  ? "the run's token is needed, and `resume.token` in its folder "
                                    "cannot be read"
                                  : "the token is not that of the run"};
}

Result<void, OpenError> DrivenRun::Inspect() {
  if (!options_.seal) {
    auto tail = InspectLog(DatabasePath() + "-wal");
    if (!tail) return Failed(tail.error());
    log_tail_ = *tail;
    if (log_tail_.is_damaged()) {
      return OpenError{.kind = OpenError::Kind::Damaged,
                       .message = "run.db-wal is damaged, and events that were recorded are lost"};
    }
  }
  auto database = OpenForReading(options_.folder, options_.seal, options_.vfs);
  if (!database) return database.error();
  reader_ = *std::move(database);
  if (!options_.seal) {
    if (auto checked = CheckPages(reader_); !checked) return store::ToOpenError(checked.error());
  }
  auto meta = ReadMeta(reader_);
  if (!meta) return store::ToOpenError(meta.error());
  meta_ = *std::move(meta);
  auto drivers = ReadDrivers(reader_);
  if (!drivers) return store::ToOpenError(drivers.error());
  drivers_ = *std::move(drivers);
  if (auto requests = ReadInbox(reader_); !requests) return store::ToOpenError(requests.error());
  return {};
}

Result<RunWriter, journal::LoadError> DrivenRun::Load(const journal::RowVisitor& visit) {
  auto end = ReadRows(reader_, visit);
  if (!end) return end.error();
  reader_ = Database();
  if (options_.seal) {
    if (auto unsealed = options_.unseal(); !unsealed) {
      return journal::LoadError{.message = unsealed.error().message};
    }
  }
  auto writer = BeginToWrite(*end);
  if (!writer) return journal::LoadError{.message = writer.error().message};
  auto reader = OpenRunDatabase(DatabasePath(), Database::Mode::ReadOnly, options_.vfs);
  if (!reader) return journal::LoadError{.message = reader.error().message};
  reader_ = *std::move(reader);
  return *std::move(writer);
}

DatabaseResult<RunWriter> DrivenRun::BeginToWrite(const ChainEnd& end) {
  auto database = OpenRunDatabase(DatabasePath(), Database::Mode::ReadWrite, options_.vfs);
  if (!database) return database.error();
  auto mode = database->QueryText("PRAGMA journal_mode=WAL");
  if (!mode) return mode.error();
  auto epoch = BeginEpoch(*database, host::OwnIdentity(), options_.clock->WallNow());
  if (!epoch) return epoch.error();
  // Whoever wrote after the rows were read has lost the run to this epoch, but was first.
  auto last_seq = database->QueryInteger("SELECT max(seq) FROM events");
  if (!last_seq) return last_seq.error();
  if (*epoch != drivers_.size() + 1 || static_cast<uint64_t>(*last_seq) != end.seq) {
    return DatabaseError{.message = "another process has driven the run in the meantime"};
  }
  epoch_ = *epoch;
  return MakeWriter(*std::move(database), end);
}

Result<void> DrivenRun::AppendAfterFailure(const journal::Row& row) {
  RemoveReserve(options_.folder);
  auto writer = OpenAgain();
  if (!writer) return Error{writer.error().message};
  Frame frame(writer->last_seq() + 1);
  frame.rows.Add(row);
  if (auto committed = writer->Commit(frame); !committed) return Error{committed.error().message};
  return {};
}

DatabaseResult<RunWriter> DrivenRun::OpenAgain() {
  auto database = OpenRunDatabase(DatabasePath(), Database::Mode::ReadWrite, options_.vfs);
  if (!database) return database.error();
  const auto end = ReadRows(*database, [](const journal::Row&) { return Result<void>(); });
  if (!end) return DatabaseError{.message = end.error().message};
  return MakeWriter(*std::move(database), *end);
}

DatabaseResult<RunWriter> DrivenRun::MakeWriter(Database database, const ChainEnd& end) {
  auto artifacts = ArtifactFiles::Open(options_.folder);
  if (!artifacts) return DatabaseError{.message = artifacts.error().message};
  return RunWriter::Make(std::move(database), *std::move(artifacts),
                         {.epoch = epoch_,
                          .end = end,
                          .clock = options_.clock,
                          .max_log_bytes = options_.max_log_bytes});
}

Result<void> DrivenRun::Seal() {
  auto seal = SealOf(options_.folder);
  if (!seal) return seal.error();
  seal_ = *seal;
  return {};
}

}  // namespace wfc::store

#include "backend-runtime/store/run_reader.h"

#include <algorithm>
#include <span>

#include <fmt/core.h>

#include "backend-runtime/host/sha256.h"
#include "backend-runtime/store/run_rows.h"
#include "backend-runtime/store/sqlite_blobs.h"
#include "backend-runtime/store/sqlite_inbox.h"

namespace wfc::store {

Result<RunReader, OpenError> RunReader::Open(const std::string& folder,
                                             const std::optional<Sha256Digest>& seal) {
  auto artifacts = ArtifactFiles::Open(folder);
  if (!artifacts) return OpenError{.message = artifacts.error().message};
  auto database = OpenForReading(folder, seal, "");
  if (!database) return database.error();
  return RunReader(*std::move(database), *std::move(artifacts));
}

Result<ChainEnd, journal::LoadError> RunReader::Rows(const journal::RowVisitor& visit) {
  return ReadRows(database_, visit);
}

DatabaseResult<std::vector<journal::InboxEntry>> RunReader::Requests() {
  return ReadInbox(database_);
}

Result<std::vector<uint8_t>> RunReader::Blob(const Sha256Digest& digest) {
  return ReadBlob(database_, artifacts_, digest);
}

Result<void, OpenError> RunReader::Verify() {
  const auto rows = Rows([](const journal::Row&) { return Result<void>(); });
  if (!rows) {
    return OpenError{
        .kind = OpenError::Kind::Damaged, .message = rows.error().message, .seq = rows.error().seq};
  }
  if (auto verified = VerifyTables(); !verified) return ToOpenError(verified.error());
  return {};
}

DatabaseResult<void> RunReader::VerifyTables() {
  if (auto checked = CheckPages(database_); !checked) return checked;
  if (auto meta = Meta(); !meta) return meta.error();
  if (auto drivers = Drivers(); !drivers) return drivers.error();
  if (auto requests = Requests(); !requests) return requests.error();
  return VerifyBlobs();
}

DatabaseResult<void> RunReader::VerifyBlobs() {
  auto select = database_.Prepare("SELECT sha256, bytes FROM blobs");
  if (!select) return select.error();
  while (true) {
    auto has_row = select->Step();
    if (!has_row) return has_row.error();
    if (!*has_row) return {};
    const Sha256Digest digest = host::Sha256(std::as_bytes(select->Bytes(1)));
    if (std::ranges::equal(select->Bytes(0), digest)) continue;
    return DatabaseError{
        .kind = DatabaseError::Kind::Damaged,
        .message =
            fmt::format("the value with SHA-256 {} is kept under another digest", ToHex(digest))};
  }
}

}  // namespace wfc::store

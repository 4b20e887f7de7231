// RunReader: what others than the driver see of a run. It can be used while a driver writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "backend-runtime/runtime/journal/inbox.h"
#include "backend-runtime/runtime/journal/journal.h"
#include "backend-runtime/store/artifact_files.h"
#include "backend-runtime/store/open_run.h"
#include "backend-runtime/store/row_chain.h"

namespace wfc::store {

/// An open run. Used by one thread at a time.
class RunReader {
 public:
  /// The run in `folder`, an absolute path, with its seal if it has one.
  [[nodiscard]] static Result<RunReader, OpenError> Open(const std::string& folder,
                                                         const std::optional<Sha256Digest>& seal);

  [[nodiscard]] DatabaseResult<RunMeta> Meta() { return ReadMeta(database_); }
  [[nodiscard]] DatabaseResult<std::vector<Driver>> Drivers() { return ReadDrivers(database_); }
  /// Shows the rows that are recorded so far, and checks them.
  [[nodiscard]] Result<ChainEnd, journal::LoadError> Rows(const journal::RowVisitor& visit);
  [[nodiscard]] DatabaseResult<std::vector<journal::InboxEntry>> Requests();
  [[nodiscard]] Result<std::vector<uint8_t>> Blob(const Sha256Digest& digest);

  /// Checks everything that a run records: pages, rows, drivers, requests and values. The error
  /// names what is damaged.
  [[nodiscard]] Result<void, OpenError> Verify();

 private:
  RunReader(Database database, ArtifactFiles artifacts)
      : database_(std::move(database)), artifacts_(std::move(artifacts)) {}
  [[nodiscard]] DatabaseResult<void> VerifyTables();
  [[nodiscard]] DatabaseResult<void> VerifyBlobs();

  Database database_;
  ArtifactFiles artifacts_;
};

}  // namespace wfc::store

// The large values of a run on the disk: in the table `blobs`, and as files when they are larger.
#pragma once

#include <cstdint>
#include <vector>

#include "backend-runtime/runtime/journal/blobs.h"
#include "backend-runtime/store/artifact_files.h"
#include "backend-runtime/store/database.h"
#include "backend-runtime/store/sqlite_journal.h"

namespace wfc::store {

/// Finds a value that is recorded; an error names what is missing or damaged.
[[nodiscard]] Result<std::vector<uint8_t>> ReadBlob(Database& database,
                                                    const ArtifactFiles& artifacts,
                                                    const Sha256Digest& digest);

/// The driver's side.
class SqliteBlobs : public journal::Blobs {
 public:
  /// `reader` is a connection of its own. All three must outlive the object.
  SqliteBlobs(Database& reader, const ArtifactFiles& artifacts, SqliteJournal& journal)
      : reader_(reader), artifacts_(artifacts), journal_(journal) {}
  Sha256Digest Put(std::span<const uint8_t> bytes) override;
  Result<std::vector<uint8_t>> Get(const Sha256Digest& digest) override;

 private:
  Database& reader_;
  const ArtifactFiles& artifacts_;
  SqliteJournal& journal_;
};

}  // namespace wfc::store

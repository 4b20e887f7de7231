#include "backend-runtime/store/sqlite_blobs.h"

#include <span>

#include <fmt/core.h>

#include "backend-runtime/host/sha256.h"

namespace wfc::store {

Result<std::vector<uint8_t>> ReadBlob(Database& database, const ArtifactFiles& artifacts,
                                      const Sha256Digest& digest) {
  auto select = database.Prepare("SELECT bytes FROM blobs WHERE sha256 = ?");
  if (!select) return Error{select.error().message};
  select->Bind(1, std::span<const uint8_t>(digest));
  const auto has_row = select->Step();
  if (!has_row) return Error{has_row.error().message};
  if (!*has_row) return artifacts.Read(digest);
  const auto bytes = select->Bytes(0);
  if (host::Sha256(std::as_bytes(bytes)) == digest) {
    return std::vector<uint8_t>(bytes.begin(), bytes.end());
  }
  return Error{fmt::format("the value with SHA-256 {} was changed", ToHex(digest))};
}

Sha256Digest SqliteBlobs::Put(std::span<const uint8_t> bytes) {
  const Sha256Digest digest = host::Sha256(std::as_bytes(bytes));
  journal_.AddBlob(digest, bytes);
  return digest;
}

Result<std::vector<uint8_t>> SqliteBlobs::Get(const Sha256Digest& digest) {
  if (const auto pending = journal_.FindBlob(digest)) return *pending;
  return ReadBlob(reader_, artifacts_, digest);
}

}  // namespace wfc::store

#include "backend-runtime/store/open_run.h"

#include <utility>

#include <fmt/core.h>

#include "backend-runtime/store/run_files.h"
#include "backend-runtime/store/run_rows.h"

namespace wfc::store {
namespace {

/// The error of a file that is not the one that was sealed.
OpenError BrokenSeal(const std::string& path, const std::string& vfs) {
  OpenError error = {.kind = OpenError::Kind::Damaged,
                     .message = "run.db was changed since the run was sealed"};
  auto database = OpenRunDatabase(path, Database::Mode::Immutable, vfs);
  if (!database) {
    error.message += ": " + database.error().message;
    return error;
  }
  const auto rows = ReadRows(*database, [](const journal::Row&) { return Result<void>(); });
  if (rows) return error;
  error.seq = rows.error().seq;
  error.message += ": " + rows.error().message;
  return error;
}

}  // namespace

OpenError ToOpenError(const DatabaseError& error) {
  const bool is_damaged = error.kind == DatabaseError::Kind::Damaged;
  return {.kind = is_damaged ? OpenError::Kind::Damaged : OpenError::Kind::Failed,
          .message = "run.db: " + error.message};
}

Result<Database, OpenError> OpenForReading(const std::string& folder,
                                           const std::optional<Sha256Digest>& seal,
                                           const std::string& vfs) {
  const std::string path = folder + "/run.db";
  if (seal) {
    const auto found = SealOf(folder);
    if (!found) return OpenError{.message = found.error().message};
    if (*found != *seal) return BrokenSeal(path, vfs);
  }
  const auto mode = seal ? Database::Mode::Immutable : Database::Mode::ReadOnly;
  auto database = OpenRunDatabase(path, mode, vfs);
  if (!database) return ToOpenError(database.error());
  return *std::move(database);
}

DatabaseResult<void> CheckPages(Database& database) {
  auto found = database.QueryText("PRAGMA integrity_check(1)");
  if (!found) return found.error();
  if (*found == "ok") return {};
  return DatabaseError{.kind = DatabaseError::Kind::Damaged, .message = *std::move(found)};
}

}  // namespace wfc::store

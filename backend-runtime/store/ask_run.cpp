#include "backend-runtime/store/ask_run.h"

#include <fmt/format.h>

#include "backend-runtime/store/run_database.h"
#include "backend-runtime/store/run_files.h"
#include "backend-runtime/store/sqlite_inbox.h"

namespace wfc::store {
namespace {

constexpr const char* kRefusedKind = "refused";

DatabaseResult<Database> OpenDatabase(const std::string& folder, Database::Mode mode) {
  return OpenRunDatabase(folder + "/run.db", mode, "");
}

}  // namespace

Result<uint64_t, OpenError> AskRun(const std::string& folder, journal::InboxEntry entry,
                                   const std::string& token) {
  auto database = OpenDatabase(folder, Database::Mode::ReadWrite);
  if (!database) return ToOpenError(database.error());
  const auto meta = ReadMeta(*database);
  if (!meta) return ToOpenError(meta.error());
  const bool is_refused = DigestOfToken(token) != meta->token_sha256;
  if (is_refused) entry.kind = kRefusedKind;
  const auto id = PutInInbox(*database, entry);
  if (is_refused) {
    return OpenError{.kind = OpenError::Kind::Refused,
                     .message = fmt::format("{}/resume.token cannot be read, or has not the token "
                                            "of the run: only who can read it may change the run",
                                            folder)};
  }
  if (!id) return ToOpenError(id.error());
  return *id;
}

Result<bool, OpenError> HasTaken(const std::string& folder, uint64_t entry_id) {
  auto database = OpenDatabase(folder, Database::Mode::ReadOnly);
  if (!database) return ToOpenError(database.error());
  const auto count = database->QueryInteger(
      fmt::format("SELECT count(*) FROM inbox WHERE id = {} AND taken IS NOT NULL", entry_id));
  if (!count) return ToOpenError(count.error());
  return *count != 0;
}

}  // namespace wfc::store

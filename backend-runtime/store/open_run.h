// Opens the database of a run for reading and checks what can be checked before its rows are read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backend-runtime/host/process_identity.h"
#include "backend-runtime/store/database.h"
#include "backend-runtime/store/run_database.h"
#include "ir/base/digest.h"

namespace wfc::store {

/// Why a run cannot be opened.
struct OpenError {
  enum class Kind : uint8_t {
    Held,        ///< another process drives it
    Refused,     ///< the token is not that of the run
    Damaged,     ///< what is recorded was changed; it is not used
    Unsuitable,  ///< the folder cannot keep a run
    Failed,      ///< the system refused something
  };
  Kind kind = Kind::Failed;
  std::string message;                          ///< for people
  std::optional<host::ProcessIdentity> holder;  ///< who drives it, if known
  uint64_t seq = 0;                             ///< the first bad row, if the fault lies in a row
};

/// The error that a failure of the database is.
[[nodiscard]] OpenError ToOpenError(const DatabaseError& error);

/// Opens run.db in the folder. With a seal, any change since the run was sealed is an error, which
/// names the first row that it concerns; the file must not change while the database is open then.
[[nodiscard]] Result<Database, OpenError> OpenForReading(const std::string& folder,
                                                         const std::optional<Sha256Digest>& seal,
                                                         const std::string& vfs);

/// An error of kind Damaged unless the pages of the database are in order.
[[nodiscard]] DatabaseResult<void> CheckPages(Database& database);

}  // namespace wfc::store

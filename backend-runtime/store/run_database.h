// run.db: who makes, opens and describes it. The rows of a run are written by RunWriter and read by
// run_rows.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "backend-runtime/host/process_identity.h"
#include "backend-runtime/store/database.h"

namespace wfc::store {

/// What is known of a run from its beginning. Digests are in hexadecimal; what does not apply is
/// empty.
struct RunMeta {
  std::string run_id;
  std::string workflow;
  std::string plan_sha256;
  std::string token_sha256;
  std::string parent;      ///< the run that this one goes on from
  std::string from_stage;  ///< the stage at which it does
  int64_t created = 0;     ///< nanoseconds since 1970-01-01 UTC
  std::string wfc_version;

  friend bool operator==(const RunMeta&, const RunMeta&) = default;
};

/// How people call a node of the plan.
struct NodeName {
  std::string path;
  std::string verb;
};

/// How people call a type of rows.
struct TypeName {
  uint8_t type = 0;
  std::string name;
};

/// What a new run is made from.
struct NewRun {
  RunMeta meta;
  std::vector<NodeName> nodes;  ///< indexed by node
  std::vector<TypeName> types;
};

/// One driver of a run.
struct Driver {
  uint64_t epoch = 0;
  host::ProcessIdentity process;
  int64_t began = 0;  ///< nanoseconds since 1970-01-01 UTC, as `ended`
  int64_t ended = 0;  ///< 0: it has not ended, or not by itself
  std::string how;    ///< how it ended; empty if it has not

  friend bool operator==(const Driver&, const Driver&) = default;
};

/// Makes run.db at an absolute path where no file is.
[[nodiscard]] DatabaseResult<Database> CreateRunDatabase(const std::string& path, const NewRun& run,
                                                         const std::string& vfs);
/// Opens run.db. The error is of kind Damaged when it is not the database of a run.
[[nodiscard]] DatabaseResult<Database> OpenRunDatabase(const std::string& path, Database::Mode mode,
                                                       const std::string& vfs);

[[nodiscard]] DatabaseResult<RunMeta> ReadMeta(Database& database);
/// In the order of their epochs, which are 1, 2, and so on.
[[nodiscard]] DatabaseResult<std::vector<Driver>> ReadDrivers(Database& database);
/// The highest epoch; 0 when nobody has driven the run.
[[nodiscard]] DatabaseResult<uint64_t> HighestEpoch(Database& database);

/// Makes `process` the driver of the run: from now on nobody can write in an earlier epoch. Returns
/// the new epoch. Takes a transaction of its own, and leaves it open when it fails.
[[nodiscard]] DatabaseResult<uint64_t> BeginEpoch(Database& database,
                                                  const host::ProcessIdentity& process,
                                                  int64_t wall);
/// Records how the driver of `epoch` has ended. Fails with TakenOver when there is a later epoch.
/// Takes a transaction of its own, and leaves it open when it fails.
[[nodiscard]] DatabaseResult<void> EndEpoch(Database& database, uint64_t epoch, int64_t wall,
                                            const std::string& how);
/// The error of a write in an epoch that is over.
[[nodiscard]] DatabaseError TakenOver(uint64_t highest_epoch);

}  // namespace wfc::store

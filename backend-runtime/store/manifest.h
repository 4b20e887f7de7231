// manifest.json: what a run is and where it stands, for tools and reviewers. It is valid against
// schemas/run-manifest.schema.json, which documents every field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/value/value.h"

namespace wfc::store {

inline constexpr int64_t kManifestVersion = 1;

/// The status of a stage that has not begun.
inline constexpr std::string_view kPending = "pending";

struct StageEntry {
  std::string path = {};
  std::string kind = {};                       ///< its verb
  std::string status = std::string(kPending);  ///< kPending, running, or how it settled
  bool is_simulated = false;                   ///< its effect was not performed (mode dry_run)
  uint32_t attempts = 0;
  std::optional<TimeValue> started_at = {};
  std::optional<TimeValue> completed_at = {};
  std::string reason = {};      ///< why it was skipped
  std::string error_code = {};  ///< empty: no error
  std::string error_file = {};  ///< relative to the run's folder
};

struct Manifest {
  std::string run_id = {};
  std::string project = {};
  std::string workflow = {};
  std::string plan_sha256 = {};
  std::string mode = {};
  int64_t seed = 0;
  std::string status = "running";  ///< running, completed, partial, failed, cancelled
  std::string status_detail = {};  ///< a sentence for people
  TimeValue started_at = {};
  std::optional<TimeValue> completed_at = {};
  TimeValue heartbeat_at = {};
  std::vector<StageEntry> stages = {};  ///< by node
  uint64_t audit_count = 0;
  std::string audit_head = {};
};

[[nodiscard]] Value ToValue(const Manifest& manifest);

}  // namespace wfc::store

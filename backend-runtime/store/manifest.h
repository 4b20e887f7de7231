// manifest.json: identifies a run and records its progress, for tools and reviewers. The Recorder
// fills it in and RunStore writes it. It is valid against schemas/run-manifest.schema.json, which
// documents every field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/base/words.h"
#include "ir/value/value.h"

namespace wfc::store {

/// The value of the key `version`.
inline constexpr int64_t kManifestVersion = 2;

/// One stage of the run.
struct StageEntry {
  std::string path = {};
  std::string kind = {};                  ///< the stage's verb
  std::optional<NodeStatus> status = {};  ///< Running or the final one; no value: not begun
  bool is_simulated = false;              ///< mode dry_run: the effect was not performed
  uint32_t attempts = 0;
  std::optional<TimeValue> started_at = {};
  std::optional<TimeValue> completed_at = {};
  std::string reason = {};      ///< why it was skipped; empty if it was not
  std::string error_code = {};  ///< empty means no error
  std::string error_file = {};  ///< relative to the run's folder; empty means no error
};

/// The whole file. RunStore::WriteManifest fills in the two audit fields.
struct Manifest {
  std::string run_id = {};
  std::string project = {};
  std::string workflow = {};
  std::string plan_sha256 = {};
  std::string mode = {};
  int64_t seed = 0;
  RunStatus status = RunStatus::Running;
  std::string status_detail = {};  ///< a sentence for people
  TimeValue started_at = {};
  std::optional<TimeValue> completed_at = {};
  TimeValue heartbeat_at = {};
  std::vector<StageEntry> stages = {};  ///< indexed by node
  std::string seal = {};  ///< SHA-256 of run.db while the run rests; empty: it does not
  uint64_t audit_count = 0;
  std::string audit_head = {};
};

/// The status as the file spells it: `pending` if the stage has not begun.
[[nodiscard]] std::string_view SpellStatus(const StageEntry& stage);

/// The JSON object that is written.
[[nodiscard]] Value ToValue(const Manifest& manifest);

}  // namespace wfc::store

// RunSummary: how a run stands, as its manifest and its lock say. It is read from little, so that
// thousands of runs can be listed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "driver/wfc_run/runs/find_run.h"
#include "ir/base/words.h"
#include "ir/value/value.h"

namespace wfc::driver {

/// How a run stands.
enum class Standing : uint8_t {
  Driven,       ///< a process drives it
  Rests,        ///< it has ended, or waits for a person; see the status
  Interrupted,  ///< it has not ended, and nobody drives it
  Damaged,      ///< its manifest cannot be read
};

struct RunSummary {
  RunPlace place;
  Standing standing = Standing::Damaged;
  std::string workflow;
  RunStatus status = RunStatus::Running;  ///< unless it is damaged
  std::optional<TimeValue> started_at = {};
  /// Until it ended; of a run that has not ended, until its manifest was last written.
  int64_t duration_ns = 0;
  int64_t stage_count = 0;
  int64_t settled_count = 0;
  std::string problem = {};  ///< why it is damaged
};

/// Reads the run at `place`, at the time `wall_now` (nanoseconds since 1970-01-01 UTC).
[[nodiscard]] RunSummary Summarize(const RunPlace& place, int64_t wall_now);

/// Whether somebody drives the run of this manifest. Without a record there is no lock, and a
/// heartbeat that is recent counts instead.
[[nodiscard]] bool IsDriven(const std::string& folder, const Value& manifest, int64_t wall_now);

/// Whether the run has ended: it is not driven, does not wait, and is known.
[[nodiscard]] inline bool HasEnded(const RunSummary& run) {
  return run.standing == Standing::Rests && run.status != RunStatus::InDoubt;
}

/// The word that people see: the status, or `interrupted` or `damaged`.
[[nodiscard]] std::string_view SpellStanding(const RunSummary& run);

/// A driver whose manifest is older than this does not get on.
inline constexpr int64_t kStaleAfter = 30'000'000'000;

/// The time of a manifest's entry, in nanoseconds since 1970-01-01 UTC; none if it has none, or one
/// that no clock shows.
[[nodiscard]] std::optional<int64_t> WallAt(const Value& manifest, std::string_view key);

}  // namespace wfc::driver

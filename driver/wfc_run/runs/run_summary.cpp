#include "driver/wfc_run/runs/run_summary.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "backend-runtime/store/run_lock.h"
#include "driver/wfc_run/runs/manifest_file.h"
#include "ir/base/stage_fields.h"
#include "ir/base/time_units.h"
#include "ir/value/text.h"

namespace wfc::driver {
namespace {

/// Times of which no difference overflows, up to the year 2116.
constexpr int64_t kMostSeconds = (int64_t{1} << 62) / kNsPerSecond;

int64_t CountAt(const Value& map, std::string_view key) {
  const Value* found = map.kind() == Kind::Map ? map.Find(key) : nullptr;
  return found != nullptr && found->kind() == Kind::Int ? std::max<int64_t>(0, found->AsInt()) : 0;
}

void CountStages(const Value& manifest, RunSummary& run) {
  const Value* summary = manifest.Find("summary");
  if (summary == nullptr || summary->kind() != Kind::Map) return;
  run.stage_count = CountAt(*summary, "stages");
  const Value* by_status = summary->Find("by_status");
  if (by_status == nullptr) return;
  for (const NodeStatus status : AllOf<NodeStatus>()) {
    if (IsSettled(status)) run.settled_count += CountAt(*by_status, Spell(status));
  }
}

Standing StandingOf(const RunSummary& run, bool is_driven) {
  const bool has_ended = run.status != RunStatus::Running && run.status != RunStatus::InDoubt;
  if (has_ended) return Standing::Rests;
  if (is_driven) return Standing::Driven;
  return run.status == RunStatus::InDoubt ? Standing::Rests : Standing::Interrupted;
}

}  // namespace

std::optional<int64_t> WallAt(const Value& manifest, std::string_view key) {
  const std::optional<TimeValue> time = ParseTimestamp(TextAt(manifest, key));
  const bool is_in_range = time && time->seconds >= 0 && time->seconds < kMostSeconds;
  if (!is_in_range) return std::nullopt;
  return time->seconds * kNsPerSecond + time->nanos;
}

bool IsDriven(const std::string& folder, const Value& manifest, int64_t wall_now) {
  std::error_code error;
  if (std::filesystem::exists(folder + "/run.db", error)) {
    return store::InspectLock(folder).is_held;
  }
  const std::optional<int64_t> heartbeat = WallAt(manifest, "heartbeat_at");
  return heartbeat && wall_now - *heartbeat < kStaleAfter;
}

RunSummary Summarize(const RunPlace& place, int64_t wall_now) {
  RunSummary run{.place = place, .workflow = place.workflow};
  const Result<Value> manifest = ReadManifestHead(place.folder);
  if (!manifest) {
    run.problem = manifest.error().message;
    return run;
  }
  const std::optional<RunStatus> status = ParseWord<RunStatus>(TextAt(*manifest, "status"));
  const std::optional<int64_t> started = WallAt(*manifest, "started_at");
  if (!status || !started) {
    run.problem = "manifest.json does not say how the run stands";
    return run;
  }
  run.status = *status;
  run.workflow = TextAt(*manifest, "workflow");
  run.started_at = ParseTimestamp(TextAt(*manifest, "started_at"));
  run.standing = StandingOf(run, IsDriven(place.folder, *manifest, wall_now));
  const bool goes_on = run.standing == Standing::Driven;
  if (goes_on) run.status = RunStatus::Running;
  const std::optional<int64_t> completed = WallAt(*manifest, "completed_at");
  const int64_t last = WallAt(*manifest, "heartbeat_at").value_or(*started);
  run.duration_ns =
      std::max<int64_t>(0, (goes_on ? wall_now : completed.value_or(last)) - *started);
  CountStages(*manifest, run);
  return run;
}

std::string_view SpellStanding(const RunSummary& run) {
  switch (run.standing) {
    case Standing::Interrupted:
      return "interrupted";
    case Standing::Damaged:
      return "damaged";
    case Standing::Driven:
    case Standing::Rests:
      break;
  }
  return Spell(run.status);
}

}  // namespace wfc::driver

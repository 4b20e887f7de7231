#include "driver/wfc_run/run_files.h"

#include <algorithm>
#include <utility>

#include "backend-runtime/plan/words.h"
#include "driver/wfc_run/wall_time.h"
#include "ir/value/text.h"

namespace wfc::driver {
namespace {

using runtime::Event;

Value With(const Value& map, std::vector<MapEntry> more) {
  for (const MapEntry& entry : map.entries()) more.push_back(entry);
  return Value::Map(std::move(more));
}

}  // namespace

store::Manifest ManifestOf(const plan::PlanView& plan, const runtime::RunIdentity& identity,
                           std::string project) {
  store::Manifest manifest;
  manifest.run_id = identity.id;
  manifest.project = std::move(project);
  manifest.workflow = plan.workflow();
  manifest.plan_sha256 = ToHex(plan.identity());
  manifest.mode = Spell(identity.mode);
  manifest.seed = identity.seed;
  manifest.started_at = identity.started_at;
  manifest.heartbeat_at = identity.started_at;
  return manifest;
}

RunFiles::RunFiles(const plan::PlanView& plan, store::RunStore& store, store::Manifest manifest)
    : plan_(plan), store_(store), manifest_(std::move(manifest)) {
  manifest_.stages.reserve(plan.nodes.size());
  for (const plan::NodeId node : plan.nodes.ids()) {
    manifest_.stages.push_back({.path = std::string(plan.name(node)),
                                .kind = std::string(plan::Spell(plan.nodes[node].verb()))});
  }
}

std::string_view RunFiles::NameOf(plan::NodeId node) const {
  return node.has_value() ? plan_.name(node) : std::string_view();
}

TimeValue RunFiles::WallTime(int64_t time_ns) const {
  const TimeValue start = manifest_.started_at;
  return ToTime(start.seconds * kNsPerSecond + start.nanos + time_ns + pause_ns_);
}

void RunFiles::Record(const Event& event) {
  if (event.node.has_value()) Apply(event, manifest_.stages[event.node.index()]);
  if (event.type == EventType::RunFinished) FinishRun(event);
}

void RunFiles::BeginEpoch(int64_t time_ns, TimeValue wall) {
  const TimeValue start = manifest_.started_at;
  const int64_t since_start =
      (wall.seconds - start.seconds) * kNsPerSecond + wall.nanos - start.nanos;
  pause_ns_ = std::max<int64_t>(0, since_start - time_ns);
}

void RunFiles::SetStatus(RunStatus status, std::string detail) {
  manifest_.status = status;
  manifest_.status_detail = std::move(detail);
}

void RunFiles::Apply(const Event& event, store::StageEntry& stage) {
  switch (event.type) {
    case EventType::StageStarted:
      stage.status = NodeStatus::Running;
      stage.attempts = event.attempt;
      if (!stage.started_at) stage.started_at = WallTime(event.time_ns);
      break;
    case EventType::AttemptFailed:
      WriteFailure(event, stage);
      break;
    case EventType::StageFinished:
      if (event.failure != nullptr && stage.error_file.empty()) WriteFailure(event, stage);
      stage.status = event.status;
      stage.is_simulated = event.is_simulated;
      stage.completed_at = WallTime(event.time_ns);
      WriteMetric(event, stage);
      break;
    case EventType::StageSkipped:
      stage.status = NodeStatus::Skipped;
      stage.reason = Spell(event.reason);
      stage.completed_at = WallTime(event.time_ns);
      break;
    case EventType::RunStarted:
    case EventType::RouteChosen:
    case EventType::FallbackStarted:
    case EventType::RunFailing:
    case EventType::CancelRequested:
    case EventType::RunFinished:
      break;
  }
}

void RunFiles::WriteFailure(const Event& event, store::StageEntry& stage) {
  if (event.failure == nullptr) return;
  stage.error_code = Spell(event.failure->code);
  stage.error_file = store_.WriteError(
      stage.path, Value::Record({{"code", Value::String(stage.error_code)},
                                 {"message", Value::String(event.failure->message)},
                                 {"stage", Value::String(stage.path)},
                                 {"attempt", Value::Int(event.attempt)},
                                 {"cause", Value::Null()},
                                 {"details", event.failure->details}}));
}

void RunFiles::WriteMetric(const Event& event, const store::StageEntry& stage) {
  store_.AppendMetric(Value::Record({{"type", Value::String("stage")},
                                     {"stage", Value::String(stage.path)},
                                     {"kind", Value::String(stage.kind)},
                                     {"status", Value::String(SpellStatus(stage))},
                                     {"attempts", Value::Int(stage.attempts)},
                                     {"duration_ms", Value::Int(event.duration_ns / kNsPerMs)}}));
}

void RunFiles::FinishRun(const Event& event) {
  manifest_.completed_at = WallTime(event.time_ns);
  const Value* status = event.payload != nullptr && event.payload->kind() == Kind::Map
                            ? event.payload->Find("status")
                            : nullptr;
  if (status != nullptr && status->is_string()) {
    manifest_.status = ParseWord<RunStatus>(status->AsString()).value_or(manifest_.status);
  }
  if (event.failure != nullptr) manifest_.status_detail = event.failure->message;
  for (store::StageEntry& stage : manifest_.stages) {
    const bool is_open = !stage.status || stage.status == NodeStatus::Running;
    if (is_open) stage.status = NodeStatus::Cancelled;
  }
  store_.AppendMetric(
      Value::Record({{"type", Value::String("run")},
                     {"status", Value::String(Spell(manifest_.status))},
                     {"stages", Value::Int(static_cast<int64_t>(manifest_.stages.size()))},
                     {"duration_ms", Value::Int(event.time_ns / kNsPerMs)}}));
}

void RunFiles::RecordNote(const runtime::RecordedNote& note) {
  const std::string_view stage = NameOf(note.slot.node);
  switch (note.type) {
    case runtime::NoteType::Decision:
      return store_.AppendDecision(
          With(note.value,
               {{Value::String("stage"), Value::String(stage)},
                {Value::String("time"), Value::String(FormatTimestamp(WallTime(note.time)))}}));
    case runtime::NoteType::Transcript:
      return store_.AppendTranscript(stage, note.value);
    case runtime::NoteType::Skipped:
    case runtime::NoteType::Cancelled:
    case runtime::NoteType::Refused:
      return;
  }
}

void RunFiles::Write(TimeValue now) {
  manifest_.heartbeat_at = now;
  store_.Flush();
  store_.WriteManifest(manifest_);
}

}  // namespace wfc::driver

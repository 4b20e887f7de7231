#include "driver/wfc_run/run_recorder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "backend-runtime/plan/words.h"
#include "driver/wfc_run/event_json.h"
#include "driver/wfc_run/wall_time.h"
#include "ir/value/text.h"

namespace wfc::driver {
namespace {

using runtime::Event;

/// The pause between two writes of the records, as a multiple of the time that a write takes. The
/// multiple is larger for writes that take longer than kQuick, because a plan may have a million
/// stages.
constexpr int64_t kQuick = kNsPerMs;
constexpr int64_t kShareOfQuick = 10;
constexpr int64_t kShareOfSlow = 50;

Value With(const Value& map, std::vector<MapEntry> more) {
  for (const MapEntry& entry : map.entries()) more.push_back(entry);
  return Value::Map(std::move(more));
}

}  // namespace

RunRecorder::RunRecorder(const plan::PlanView& plan, store::RunStore& store, Progress& progress,
                         host::Reactor& reactor, store::Manifest manifest)
    : plan_(plan),
      store_(store),
      progress_(progress),
      reactor_(reactor),
      manifest_(std::move(manifest)) {
  manifest_.stages.reserve(plan.nodes.size());
  for (const plan::NodeId node : plan.nodes.ids()) {
    manifest_.stages.push_back({.path = std::string(plan.name(node)),
                                .kind = std::string(plan::Spell(plan.nodes[node].verb()))});
  }
}

std::string_view RunRecorder::NameOf(plan::NodeId node) const {
  return node.has_value() ? plan_.name(node) : std::string_view();
}

TimeValue RunRecorder::WallTime(int64_t time_ns) const {
  const TimeValue start = manifest_.started_at;
  return ToTime(start.seconds * kNsPerSecond + start.nanos + time_ns + pause_ns_);
}

void RunRecorder::Record(const Event& event) {
  const std::string_view stage = NameOf(event.node);
  if (event.node.has_value()) Apply(event, manifest_.stages[event.node.index()]);
  store_.AppendEvent(ToValue(event, stage));
  if (!is_past_) progress_.Show(event, stage);
  if (event.type == EventType::RunFinished) {
    FinishRun(event);
  } else {
    ScheduleRefresh();
  }
}

void RunRecorder::BeginEpoch(int64_t time_ns, TimeValue wall) {
  const TimeValue start = manifest_.started_at;
  const int64_t since_start =
      (wall.seconds - start.seconds) * kNsPerSecond + wall.nanos - start.nanos;
  pause_ns_ = std::max<int64_t>(0, since_start - time_ns);
}

void RunRecorder::SetStatus(RunStatus status, std::string detail) {
  manifest_.status = status;
  manifest_.status_detail = std::move(detail);
}

void RunRecorder::SetSeal(const std::string& seal) {
  manifest_.seal = seal;
}

/// Schedules a write of the records: after the other events of this moment, but not before the
/// pause has ended. Without it, a running stage would only be visible once it has settled.
void RunRecorder::ScheduleRefresh() {
  if (is_refresh_due_) return;
  is_refresh_due_ = true;
  reactor_.StartTimer(std::max(next_manifest_at_, reactor_.clock().Now()), [this] {
    if (is_refresh_due_) Heartbeat();
  });
}

void RunRecorder::Apply(const Event& event, store::StageEntry& stage) {
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

void RunRecorder::WriteFailure(const Event& event, store::StageEntry& stage) {
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

void RunRecorder::WriteMetric(const Event& event, const store::StageEntry& stage) {
  store_.AppendMetric(Value::Record({{"type", Value::String("stage")},
                                     {"stage", Value::String(stage.path)},
                                     {"kind", Value::String(stage.kind)},
                                     {"status", Value::String(SpellStatus(stage))},
                                     {"attempts", Value::Int(stage.attempts)},
                                     {"duration_ms", Value::Int(event.duration_ns / kNsPerMs)}}));
}

void RunRecorder::FinishRun(const Event& event) {
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

void RunRecorder::RecordNote(const runtime::RecordedNote& note) {
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

void RunRecorder::Heartbeat() {
  is_refresh_due_ = false;
  const int64_t began = reactor_.clock().Now();
  manifest_.heartbeat_at = ToTime(reactor_.clock().WallNow());
  store_.Flush();
  store_.WriteManifest(manifest_);
  const int64_t ended = reactor_.clock().Now();
  const int64_t cost = ended - began;
  next_manifest_at_ = ended + cost * (cost < kQuick ? kShareOfQuick : kShareOfSlow);
}

}  // namespace wfc::driver

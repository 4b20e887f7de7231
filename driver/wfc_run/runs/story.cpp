#include "driver/wfc_run/runs/story.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/plan/bodies.h"
#include "backend-runtime/plan/words.h"
#include "backend-runtime/store/run_store.h"
#include "driver/wfc_run/event_json.h"
#include "driver/wfc_run/runs/event_line.h"
#include "driver/wfc_run/runs/manifest_file.h"
#include "driver/wfc_run/runs/transcript.h"
#include "ir/base/stage_fields.h"

namespace wfc::driver {
namespace {

/// Of failures among the decisions; the one that counts is shown as a whole.
constexpr size_t kMessageWidth = 80;

using plan::NodeId;
using runtime::Event;
using runtime::FactType;

/// Whether the event is a decision: one by which the run could have gone on in another way.
bool IsDecision(const Event& event) {
  switch (event.type) {
    case EventType::RouteChosen:
    case EventType::FallbackStarted:
    case EventType::AttemptFailed:
      return true;
    case EventType::StageSkipped:
      return event.reason != SkipReason::NotNeeded;
    case EventType::StageFinished:
      // Of a stage that failed, the end of its last attempt is told already.
      return event.status != NodeStatus::Succeeded && event.status != NodeStatus::Failed;
    case EventType::RunStarted:
    case EventType::StageStarted:
    case EventType::RunFailing:
    case EventType::CancelRequested:
    case EventType::RunFinished:
      return false;
  }
  return false;
}

/// How the stages stand, and all decisions.
class DecisionTrack : public StageTrack {
 public:
  explicit DecisionTrack(const plan::PlanView& plan) : StageTrack(plan) {}

  void Record(const Event& event) override {
    StageTrack::Record(event);
    const uint64_t seq = count_++;
    if (!event.node.has_value() || !IsDecision(event)) return;
    const std::string_view name = plan().name(event.node);
    decisions.push_back({.node = event.node,
                         .time_ns = event.time_ns,
                         .line = EventLine(event, name, kMessageWidth),
                         .event = ToValue(event, name, seq)});
  }

  std::vector<Decision> decisions;

 private:
  uint64_t count_ = 0;
};

/// The attempts of one stage.
class AttemptTrack : public runtime::Recorder {
 public:
  AttemptTrack(NodeId node, StageStory& story) : node_(node), story_(story) {}

  void Record(const Event& event) override {
    if (event.node != node_) return;
    if (event.type == EventType::StageStarted) {
      Find(event.attempt).began = event.time_ns;
      return;
    }
    const bool is_end =
        event.type == EventType::AttemptFailed || event.type == EventType::StageFinished;
    if (!is_end || event.attempt == 0) return;
    AttemptStory& attempt = Find(event.attempt);
    if (!attempt.ended) attempt.ended = event.time_ns;
    if (event.failure != nullptr && event.status != NodeStatus::Recovered) {
      attempt.failure = *event.failure;
    }
    const bool has_output = event.type == EventType::StageFinished && event.payload != nullptr;
    if (has_output) story_.output = *event.payload;
  }

  void TakeFact(const runtime::Record& record) {
    if (record.fact.slot.node != node_ || record.attempt == 0) return;
    AttemptStory& attempt = Find(record.attempt);
    if (record.fact.type == FactType::Began) attempt.called = record.value;
    if (record.command) attempt.command = record.command;
  }

 private:
  AttemptStory& Find(uint32_t number) {
    const auto found = std::ranges::find(story_.attempts, number, &AttemptStory::attempt);
    if (found != story_.attempts.end()) return *found;
    story_.attempts.push_back({.attempt = number});
    return story_.attempts.back();
  }

  NodeId node_;
  StageStory& story_;
};

NodeId FindNode(const plan::PlanView& plan, std::string_view stage) {
  for (const NodeId node : plan.nodes.ids()) {
    if (plan.name(node) == stage) return node;
  }
  return {};
}

/// The stage of a body of `owner` that failed last; none if none did.
NodeId FindFailedInside(const plan::BodiesByOwner& bodies, const StageTrack& track, NodeId owner) {
  NodeId last;
  for (const plan::RegionId body : bodies.Of(owner)) {
    for (const NodeId node : plan::NodesOf(track.plan().regions[body])) {
      const StageState& stage = track.of(node);
      const bool is_later = !last.has_value() || stage.settled >= track.of(last).settled;
      if (stage.status == NodeStatus::Failed && is_later) last = node;
    }
  }
  return last;
}

/// The stage with the failure of which `node` failed: itself, or one of its bodies, at any depth.
NodeId FindCause(const StageTrack& track, NodeId node) {
  const plan::BodiesByOwner bodies(track.plan());
  while (true) {
    const NodeId inside = FindFailedInside(bodies, track, node);
    if (!inside.has_value()) return node;
    node = inside;
  }
}

/// The stage that somebody who looks at the run wants to see.
NodeId FindCulprit(const runtime::History& history, const StageTrack& track) {
  const runtime::StateMachine& machine = history.run()->machine();
  const runtime::SlotId failed = machine.instances().workflow().failed_slot;
  if (failed.has_value()) return FindCause(track, machine.instances().node_of(failed));
  for (const NodeId node : track.plan().nodes.ids()) {
    if (track.of(node).status == NodeStatus::Tolerated) return FindCause(track, node);
  }
  return {};
}

/// Whether an edge leads from `node` to one of the stages.
bool LeadsTo(const plan::PlanView& plan, NodeId node, const std::vector<bool>& stages) {
  return std::ranges::any_of(plan.edges_of(node), [&](uint32_t edge) {
    return stages[plan::UnpackEdge(edge).to.index()];
  });
}

/// The stages on which `node` depends, those around it, and those on which these depend. Edges go
/// from lower to higher numbers.
std::vector<bool> StagesBefore(const plan::PlanView& plan, NodeId node) {
  std::vector<bool> is_before(plan.nodes.size(), false);
  for (NodeId inner = node; inner.has_value(); inner = plan.owner_of(plan.region_of(inner))) {
    is_before[inner.index()] = true;
    for (uint32_t index = inner.index(); index-- > 0;) {
      if (LeadsTo(plan, NodeId(index), is_before)) is_before[index] = true;
    }
  }
  return is_before;
}

/// The decisions about `node` and the stages before it, up to the last one about itself: what
/// follows from that is left out.
std::vector<Decision> DecisionsBefore(const DecisionTrack& track, NodeId node) {
  const std::vector<bool> is_before = StagesBefore(track.plan(), node);
  std::vector<Decision> found;
  size_t count = 0;  // up to the last one about `node`
  for (const Decision& decision : track.decisions) {
    if (!is_before[decision.node.index()]) continue;
    found.push_back(decision);
    if (decision.node == node) count = found.size();
  }
  const StageState& state = track.of(node);
  const bool has_failed = state.status && IsSettled(*state.status) && count > 0;
  if (has_failed) found.resize(count);
  return found;
}

std::string TranscriptOf(const std::string& folder, std::string_view stage) {
  std::string path = fmt::format("{}/transcripts/{}.jsonl", folder, store::FileNameOf(stage));
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) ? path : std::string();
}

/// A command that did not end by itself has left what it printed in its transcript alone.
void AddPrinted(StageStory& story) {
  if (story.attempts.empty() || story.transcript.empty()) return;
  AttemptStory& last = story.attempts.back();
  if (!last.command) last.command = FindPrinted(story.transcript, last.attempt);
}

Result<StageStory> ReadStageStory(RecordedRun& run, const DecisionTrack& track, NodeId node) {
  StageStory story{.node = node,
                   .stage = std::string(run.plan().name(node)),
                   .verb = std::string(plan::Spell(run.plan().nodes[node].verb())),
                   .state = track.of(node)};
  AttemptTrack attempts(node, story);
  runtime::History history(run.plan(), attempts);
  const Result<void> read = run.Read(history, [&] { attempts.TakeFact(history.last()); });
  if (!read) return read.error();
  story.transcript = TranscriptOf(run.folder(), story.stage);
  AddPrinted(story);
  story.decisions = DecisionsBefore(track, node);
  return story;
}

/// What the first record says of the run's beginning.
void AddStart(const runtime::Record& first, RunStory& story) {
  if (const Value* input = first.value.Find("input")) story.input = *input;
  if (const Value* origin = first.value.Find("origin")) story.project = TextAt(*origin, "project");
}

Result<void> Read(RecordedRun& run, const std::string& stage, RunStory& story) {
  story = {};
  const store::LockState lock = store::InspectLock(run.folder());
  DecisionTrack track(run.plan());
  runtime::History history(run.plan(), track);
  const Result<void> read = run.Read(history, [&] {
    track.TakeFact(history.last());
    if (history.last().fact.type == FactType::RunStarted) AddStart(history.last(), story);
    if (history.last().fact.type == FactType::RunEnded) story.output = history.last().value;
  });
  if (!read) return read;
  story.report = MakeStatusReport(run, history, track, lock, host::PosixClock().WallNow());
  NodeId node = stage.empty() ? FindCulprit(history, track) : FindNode(run.plan(), stage);
  const bool waits = stage.empty() && !node.has_value() && !story.report.in_doubt.empty();
  if (waits) node = FindNode(run.plan(), story.report.in_doubt.front());
  if (!node.has_value() && stage.empty()) return {};
  if (!node.has_value()) {
    return Error{
        fmt::format("the run has no stage `{}`; `wfc status {} --format json` and "
                    "`wfc inspect {}/plan.bin` name those that it has",
                    stage, story.report.name, run.folder())};
  }
  Result<StageStory> told = ReadStageStory(run, track, node);
  if (!told) return told.error();
  story.stage = *std::move(told);
  return {};
}

}  // namespace

Result<RunStory> ReadStory(const std::string& folder, const std::string& stage) {
  RunStory story;
  const Result<void> looked =
      LookAt(folder, [&](RecordedRun& run) { return Read(run, stage, story); });
  if (!looked) return looked.error();
  return story;
}

}  // namespace wfc::driver

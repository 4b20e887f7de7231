#include "driver/wfc_run/runs/stage_track.h"

namespace wfc::driver {

using runtime::Event;

StageTrack::StageTrack(const plan::PlanView& plan) : plan_(plan), stages_(plan.nodes.size()) {}

void StageTrack::Record(const Event& event) {
  if (!event.node.has_value()) return;
  StageState& stage = stages_[event.node.index()];
  switch (event.type) {
    case EventType::StageStarted: {
      const bool is_first = !stage.status || IsSettled(*stage.status);
      if (is_first) stage.first_began = event.time_ns;
      stage.began = event.time_ns;
      stage.status = NodeStatus::Running;
      stage.attempts = event.attempt;
      stage.call_class.reset();
      break;
    }
    case EventType::AttemptFailed:
      if (event.failure != nullptr) stage.failure = *event.failure;
      stage.status = event.status;
      break;
    case EventType::StageFinished:
      stage.status = event.status;
      stage.settled = event.time_ns;
      if (event.failure != nullptr) stage.failure = *event.failure;
      break;
    case EventType::StageSkipped:
      stage.status = NodeStatus::Skipped;
      stage.reason = event.reason;
      stage.settled = event.time_ns;
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

void StageTrack::BeginEpoch(int64_t time_ns, TimeValue wall) {
  epoch_began_ = time_ns;
  epoch_wall_ = wall;
}

void StageTrack::TakeFact(const runtime::Record& record) {
  if (record.fact.type == runtime::FactType::Began) {
    stages_[record.fact.slot.node.index()].call_class = record.fact.call_class;
  }
  last_ = record;
}

}  // namespace wfc::driver

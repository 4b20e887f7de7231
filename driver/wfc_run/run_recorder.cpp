#include "driver/wfc_run/run_recorder.h"

#include <algorithm>

#include "driver/wfc_run/wall_time.h"

namespace wfc::driver {
namespace {

/// The pause between two writes of the records, as a multiple of the time that a write takes. The
/// multiple is larger for writes that take longer than kQuick, because a plan may have a million
/// stages.
constexpr int64_t kQuick = kNsPerMs;
constexpr int64_t kShareOfQuick = 10;
constexpr int64_t kShareOfSlow = 50;

}  // namespace

void RunRecorder::Record(const runtime::Event& event) {
  files_.Record(event);
  if (!is_past_) {
    progress_.Show(event, event.node.has_value() ? plan_.name(event.node) : std::string_view());
  }
  if (event.type != EventType::RunFinished) ScheduleRefresh();
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

void RunRecorder::Heartbeat() {
  is_refresh_due_ = false;
  const int64_t began = reactor_.clock().Now();
  files_.Write(ToTime(reactor_.clock().WallNow()));
  const int64_t ended = reactor_.clock().Now();
  const int64_t cost = ended - began;
  next_manifest_at_ = ended + cost * (cost < kQuick ? kShareOfQuick : kShareOfSlow);
}

}  // namespace wfc::driver

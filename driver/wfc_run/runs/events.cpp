// The verb `runs events`.
#include <cstdint>
#include <string>

#include "driver/wfc_run/event_json.h"
#include "driver/wfc_run/runs/event_line.h"
#include "driver/wfc_run/runs/find_run.h"
#include "driver/wfc_run/runs/recorded_run.h"
#include "driver/wfc_run/runs/verbs.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

/// Collects the events of a run as lines.
class EventLines : public runtime::Recorder {
 public:
  EventLines(const plan::PlanView& plan, RunForm form) : plan_(plan), form_(form) {}

  void Record(const runtime::Event& event) override {
    const std::string_view stage =
        event.node.has_value() ? plan_.name(event.node) : std::string_view();
    if (form_ == RunForm::Json) {
      AppendJson(text_, ToValue(event, stage, count_++));
    } else {
      text_ += EventLine(event, stage);
    }
    text_ += '\n';
  }
  void BeginEpoch(int64_t time_ns, TimeValue wall) override {
    if (form_ == RunForm::Text) text_ += EpochLine(time_ns, wall) + "\n";
  }

  [[nodiscard]] std::string TakeText() { return std::move(text_); }

 private:
  const plan::PlanView& plan_;
  RunForm form_;
  uint64_t count_ = 0;
  std::string text_;
};

}  // namespace

ExitCode ShowEvents(const EventsOptions& options) {
  const Result<std::string> folder = FindRunFolder(options.run);
  if (!folder) return Fail(ExitCode::Usage, folder.error().message);
  std::string text;
  const Result<void> looked = LookAt(*folder, [&](RecordedRun& run) {
    EventLines lines(run.plan(), options.form);
    runtime::History history(run.plan(), lines);
    Result<void> read = run.Read(history);
    text = lines.TakeText();
    return read;
  });
  // What stands before a damaged record is shown, too.
  const bool is_printed = PrintResult(text);
  if (looked) return is_printed ? ExitCode::Completed : ExitCode::Storage;
  PrintError(looked.error().message);
  return ExitCode::Usage;
}

}  // namespace wfc::driver

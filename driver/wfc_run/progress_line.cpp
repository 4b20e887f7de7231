#include "driver/wfc_run/progress_line.h"

#include <algorithm>

#include <fmt/core.h>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/runtime/evaluate/callee.h"
#include "backend-runtime/store/run_store.h"
#include "ir/base/visible_text.h"

namespace wfc::driver {
namespace {

using runtime::Event;

constexpr std::string_view kGreen = "32";
constexpr std::string_view kYellow = "33";
constexpr std::string_view kRed = "31";

std::string_view ColorOf(NodeStatus status) {
  switch (status) {
    case NodeStatus::Succeeded:
      return kGreen;
    case NodeStatus::Recovered:
    case NodeStatus::Tolerated:
    case NodeStatus::Cancelled:
      return kYellow;
    case NodeStatus::Failed:
      return kRed;
    case NodeStatus::Waiting:
    case NodeStatus::Running:
    case NodeStatus::BackingOff:
    case NodeStatus::Skipped:
      return kDimColor;
  }
  return kDimColor;
}

std::string Why(const runtime::Failure& failure, const ProgressOptions& options) {
  const std::string text = fmt::format("{}: {}", Spell(failure.code), failure.message);
  return VisibleLine(options.redactor == nullptr ? text : options.redactor->Redact(text));
}

std::string FinishedLine(const Event& event, std::string_view stage,
                         const ProgressOptions& options) {
  std::string detail = ShortDuration(event.duration_ns);
  if (event.is_simulated) detail += "  simulated";
  if (event.failure != nullptr) detail += "  " + Why(*event.failure, options);
  return ProgressRow(Spell(event.status), ColorOf(event.status), stage, detail, options);
}

std::optional<std::string> RetryLine(const Event& event, std::string_view stage,
                                     const ProgressOptions& options) {
  const Value* wait = event.payload != nullptr && event.payload->kind() == Kind::Map
                          ? event.payload->Find("retry_after_ms")
                          : nullptr;
  if (wait == nullptr || wait->kind() != Kind::Int || event.failure == nullptr) return std::nullopt;
  return ProgressRow(
      "retrying", kYellow, stage,
      fmt::format("in {}  attempt {} failed: {}", ShortDuration(wait->AsInt() * kNsPerMs),
                  event.attempt, Why(*event.failure, options)),
      options);
}

std::optional<std::string> StartedLine(const Event& event, std::string_view stage,
                                       const ProgressOptions& options) {
  if (options.plan == nullptr || !runtime::IsCall(*options.plan, event.node)) return std::nullopt;
  return ProgressRow("started", kDimColor, stage,
                     event.attempt > 1 ? fmt::format("attempt {}", event.attempt) : "", options);
}

}  // namespace

std::string ProgressRow(std::string_view word, std::string_view color, std::string_view subject,
                        const std::string& detail, const ProgressOptions& options) {
  return fmt::format("{} {}{}", Painted(fmt::format("{:>10}", word), color, options.paint), subject,
                     detail.empty() ? "" : Painted("  " + detail, kDimColor, options.paint));
}

std::string PrintedBlock(const Event& event, std::string_view stage,
                         const ProgressOptions& options) {
  if (event.type != EventType::StageFinished || event.failure == nullptr) return {};
  constexpr std::string_view kIndent = "           ";
  std::string block;
  for (std::string_view rest = event.failure->printed; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    block += fmt::format("{}{}\n", kIndent, VisibleLine(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (block.empty() || options.folder.empty()) return block;
  return block + fmt::format("{}all of it: {}/transcripts/{}.jsonl\n", kIndent,
                             VisibleText(options.folder), store::FileNameOf(stage));
}

std::string Painted(std::string_view text, std::string_view code, Paint paint) {
  return paint == Paint::Colored ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

std::string ShortDuration(int64_t duration_ns) {
  const int64_t milliseconds = duration_ns / kNsPerMs;
  const int64_t seconds = milliseconds / 1000;
  if (seconds < 60) return fmt::format("{}.{:02}s", seconds, milliseconds % 1000 / 10);
  if (seconds < 3600) return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
  return fmt::format("{}h{:02}m", seconds / 3600, seconds / 60 % 60);
}

std::optional<std::string> ProgressLine(const Event& event, std::string_view stage,
                                        const ProgressOptions& options) {
  const std::string path = VisibleLine(stage);
  switch (event.type) {
    case EventType::AttemptFailed:
      return RetryLine(event, path, options);
    case EventType::StageFinished:
      return FinishedLine(event, path, options);
    case EventType::StageSkipped:
      return ProgressRow(Spell(NodeStatus::Skipped), kDimColor, path,
                         std::string(Spell(event.reason)), options);
    case EventType::FallbackStarted:
      return ProgressRow("fallback", kYellow, path,
                         event.failure == nullptr ? "" : Why(*event.failure, options), options);
    case EventType::CancelRequested:
      return ProgressRow("cancelling", kYellow, "", "interrupt once more to kill what runs",
                         options);
    case EventType::StageStarted:
      return StartedLine(event, path, options);
    case EventType::RunStarted:
    case EventType::RouteChosen:
    case EventType::RunFailing:
    case EventType::RunFinished:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace wfc::driver

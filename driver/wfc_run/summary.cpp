#include "driver/wfc_run/summary.h"

#include <cstdio>
#include <map>
#include <string>

#include <fmt/core.h>
#include <unistd.h>

#include "driver/wfc_run/event_json.h"
#include "driver/wfc_run/progress.h"
#include "driver/wfc_run/runs/find_run.h"
#include "ir/base/standard_streams.h"
#include "ir/base/visible_text.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

/// The number of stages by status: "3 succeeded, 1 skipped".
std::string Counts(const store::Manifest& manifest) {
  std::map<std::optional<NodeStatus>, int> counts;
  for (const store::StageEntry& stage : manifest.stages) ++counts[stage.status];
  std::string text;
  for (const NodeStatus status : AllOf<NodeStatus>()) {
    const auto found = counts.find(status);
    if (found == counts.end() || !IsSettled(status)) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", found->second, Spell(status));
  }
  return text.empty() ? "no stages" : text;
}

bool HasOutput(const Summary& summary) {
  return summary.result.status == RunStatus::Completed ||
         summary.result.status == RunStatus::Partial;
}

std::string FailureText(const Summary& summary) {
  const runtime::Failure& failure = *summary.result.failure;
  const std::string where =
      summary.result.failed_node.has_value()
          ? fmt::format("stage `{}`: ", summary.run.plan.name(summary.result.failed_node))
          : std::string();
  return VisibleLine(summary.run.redactor.Redact(
      fmt::format("{}{}: {}", where, Spell(failure.code), failure.message)));
}

Value ToJson(const Summary& summary) {
  const Value manifest = store::ToValue(summary.manifest);
  const auto& failure = summary.result.failure;
  return Value::Record(
      {{"run", Value::String(summary.manifest.run_id)},
       {"workflow", Value::String(summary.manifest.workflow)},
       {"mode", Value::String(summary.manifest.mode)},
       {"status", Value::String(Spell(summary.result.status))},
       {"output", summary.run.redactor.Redact(summary.result.output)},
       {"failure", failure ? summary.run.redactor.Redact(ToValue(*failure)) : Value::Null()},
       {"duration_ms", Value::Int(summary.run_time_ns / kNsPerMs)},
       {"folder", Value::String(summary.run.shown_folder)},
       {"stages", summary.run.redactor.Redact(*manifest.Find("stages"))}});
}

std::string OutputText(const Summary& summary) {
  if (summary.form == RunForm::Json) return WriteJson(ToJson(summary), JsonStyle::Pretty);
  if (!HasOutput(summary) || summary.result.output.is_null()) return {};
  const Value output = summary.run.redactor.Redact(summary.result.output);
  if (output.is_string()) return std::string(output.AsString());
  return WriteJson(output, JsonStyle::Pretty);
}

/// Prints the output. On a terminal, control characters are made visible; elsewhere the text is
/// printed unchanged.
bool PrintOutput(const Summary& summary) {
  std::string text = OutputText(summary);
  if (text.empty()) return true;
  if (!text.ends_with('\n')) text += '\n';
  return PrintResult(isatty(STDOUT_FILENO) == 1 ? VisibleLines(text) : text);
}

/// What to do about calls that are in doubt.
std::string DoubtText(const Summary& summary) {
  std::string text;
  for (const std::string& stage : summary.in_doubt) {
    text += fmt::format(
        "stage `{}` was interrupted, and may have changed something. Find out whether it did, "
        "finish or undo what it did by half, then say so with one of\n",
        VisibleText(stage));
    for (const Stray& stray : summary.strays) {
      if (stray.stage != stage) continue;
      text += fmt::format("  {}, which it had started, still goes on\n", stray.shown);
    }
    const std::string command =
        fmt::format("  wfc resolve {} {}", NameFromHere(summary.run.shown_folder), stage);
    text += fmt::format(
        "{0} --done OUTPUT   (it is done; OUTPUT is what it would have printed or answered)\n"
        "{0} --repeat        (it is not done, or may be done again)\n"
        "{0} --fail MESSAGE  (it failed: what `on_error` says follows, or cleanup)\n",
        command);
  }
  return text;
}

/// Why not all of the run is in its folder; no value if it is.
std::optional<std::string> RecordFailure(const Summary& summary) {
  const std::optional<host::FileError> failure = summary.run.store->failure();
  return failure ? std::optional(failure->message) : summary.result.record_failure;
}

void PrintStatus(const Summary& summary) {
  const bool is_left = !summary.manifest.completed_at.has_value();
  const std::string_view word =
      summary.result.status == RunStatus::Running ? "left" : Spell(summary.result.status);
  std::string text = fmt::format("{} {} {}: {}\n", word, is_left ? "after" : "in",
                                 ShortDuration(summary.run_time_ns), Counts(summary.manifest));
  if (summary.had_ended) text = "this run had ended, and nothing was done: " + text;
  if (summary.result.failure) text += FailureText(summary) + "\n";
  text += DoubtText(summary);
  text += fmt::format("run folder: {}\n", VisibleText(summary.run.shown_folder));
  PrintMessage(stderr, text);
}

}  // namespace

bool PrintSummary(const Summary& summary) {
  if (summary.form == RunForm::Text) PrintStatus(summary);
  const bool is_printed = PrintOutput(summary);
  const std::optional<std::string> failure = RecordFailure(summary);
  if (!failure) return is_printed;
  PrintError(fmt::format(
      "the run could not be recorded any further, so it was left: {}; what was recorded until then "
      "is in {}{}",
      *failure, summary.run.shown_folder,
      summary.run.is_kept
          ? fmt::format(", and `wfc resume {}` goes on from there", summary.manifest.run_id)
          : ""));
  return false;
}

}  // namespace wfc::driver

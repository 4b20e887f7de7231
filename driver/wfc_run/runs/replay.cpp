// The verb `replay`.
#include "backend-runtime/runtime/drive/replay.h"

#include <optional>
#include <string>

#include <fmt/format.h>

#include "driver/wfc_run/branch_run.h"
#include "driver/wfc_run/runs/find_run.h"
#include "driver/wfc_run/runs/recorded_run.h"
#include "driver/wfc_run/runs/verbs.h"
#include "ir/base/standard_streams.h"
#include "ir/base/utf8.h"
#include "ir/base/visible_text.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

/// What became of a replay.
struct Outcome {
  std::optional<runtime::FirstDifference> difference;
  std::string stage;  ///< of the difference
  uint64_t fact_count = 0;
  uint64_t computed_count = 0;
};

/// How much of a value is shown to people.
constexpr size_t kShownBytes = 2000;

std::string Shown(const std::string& value) {
  if (value.size() <= kShownBytes) return VisibleText(value);
  return VisibleText(ReplaceInvalidUtf8(value.substr(0, kShownBytes))) +
         fmt::format(" … ({} bytes)", value.size());
}

Result<void> Replay(RecordedRun& run, Outcome& outcome) {
  ReaderBlobs blobs(run.reader());
  runtime::Replay replay(run.plan());
  const auto shown =
      run.reader().Rows([&](const journal::Row& row) { return replay.Take(row, blobs); });
  if (!shown) return Error{fmt::format("{}: run.db: {}", run.folder(), shown.error().message)};
  outcome = {.difference = replay.difference(),
             .stage = {},
             .fact_count = replay.fact_count(),
             .computed_count = replay.computed_count()};
  if (outcome.difference && outcome.difference->node.has_value()) {
    outcome.stage = run.plan().name(outcome.difference->node);
  }
  if (outcome.fact_count == 0) {
    return Error{fmt::format("{}: nothing of the run has been recorded", run.folder())};
  }
  return {};
}

Value ToJson(const Outcome& outcome) {
  Value difference;
  if (outcome.difference) {
    difference = Value::Record(
        {{"seq", Value::Int(static_cast<int64_t>(outcome.difference->seq))},
         {"fact", Value::String(outcome.difference->what)},
         {"stage", outcome.stage.empty() ? Value::Null() : Value::String(outcome.stage)},
         {"path", Value::String(outcome.difference->path)},
         {"recorded", Value::String(outcome.difference->recorded)},
         {"replayed", Value::String(outcome.difference->replayed)}});
  }
  return Value::Record({{"facts", Value::Int(static_cast<int64_t>(outcome.fact_count))},
                        {"computed", Value::Int(static_cast<int64_t>(outcome.computed_count))},
                        {"difference", difference}});
}

std::string DescribeOutcome(const Outcome& outcome) {
  if (!outcome.difference) {
    return fmt::format(
        "the run comes out as it is recorded: {} facts, {} of them computed again, the others from "
        "outside\n",
        outcome.fact_count, outcome.computed_count);
  }
  const runtime::FirstDifference& difference = *outcome.difference;
  return fmt::format(
      "record {}, `{}`{}, is the first that comes out otherwise{}\n  recorded: {}\n  replayed: "
      "{}\n",
      difference.seq, difference.what,
      outcome.stage.empty() ? "" : fmt::format(" of stage `{}`", VisibleText(outcome.stage)),
      difference.path.empty() ? "" : fmt::format(", at {}", VisibleText(difference.path)),
      Shown(difference.recorded), Shown(difference.replayed));
}

}  // namespace

ExitCode ReplayRun(const ReplayOptions& options) {
  if (!options.from.empty()) return BranchRun(options);
  const Result<std::string> folder = FindRunFolder(options.run);
  if (!folder) return Fail(ExitCode::Usage, folder.error().message);
  Outcome outcome;
  const Result<void> looked =
      LookAt(*folder, [&](RecordedRun& run) { return Replay(run, outcome); });
  if (!looked) return Fail(ExitCode::Usage, looked.error().message);
  const bool is_printed = PrintResult(options.form == RunForm::Json
                                          ? WriteJson(ToJson(outcome), JsonStyle::Pretty) + "\n"
                                          : DescribeOutcome(outcome));
  if (!is_printed) return ExitCode::Usage;
  return outcome.difference ? ExitCode::Failed : ExitCode::Completed;
}

}  // namespace wfc::driver

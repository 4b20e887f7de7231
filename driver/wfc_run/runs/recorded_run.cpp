#include "driver/wfc_run/runs/recorded_run.h"

#include <fmt/format.h>

#include "backend-runtime/host/sha256.h"
#include "backend-runtime/plan/dump.h"
#include "backend-runtime/plan/verifier.h"
#include "backend-runtime/runtime/drive/record_codec.h"
#include "backend-runtime/store/log_tail.h"
#include "backend-runtime/store/run_lock.h"
#include "driver/wfc_run/runs/manifest_file.h"

namespace wfc::driver {
namespace {

constexpr int kMostLooks = 3;
constexpr std::string_view kRowsAreLost =
    "run.db-wal is damaged, and events that were recorded are lost";

/// The seal that the manifest has now.
std::optional<Sha256Digest> SealNow(const std::string& folder) {
  const Result<Value> manifest = ReadManifestHead(folder);
  return manifest ? SealIn(*manifest) : std::nullopt;
}

/// Whether rows that were durable are missing, because the log in which they stood was damaged.
/// While somebody drives the run, the log cannot be judged.
bool HasLostRows(const std::string& folder) {
  if (store::InspectLock(folder).is_held) return false;
  const Result<store::LogTail> tail = store::InspectLog(folder + "/run.db-wal");
  return tail && tail->is_damaged() && !store::InspectLock(folder).is_held;
}

/// The error of a run that cannot be read: the loss of its rows, if that is why.
Error UnreadableRun(const std::string& folder, const std::optional<Sha256Digest>& seal,
                    std::string_view why) {
  const bool has_lost = !seal && HasLostRows(folder);
  return Error{fmt::format("{}: {}", folder, has_lost ? kRowsAreLost : why)};
}

Result<void> LookOnce(const std::string& folder,
                      const std::function<Result<void>(RecordedRun&)>& look) {
  const RecordedRun::Opened run = RecordedRun::Open(folder);
  if (!run) return run.error();
  return look(**run);
}

}  // namespace

Result<plan::PlanView> ReadPlanIn(const std::string& folder) {
  const std::string path = folder + "/plan.bin";
  Result<plan::PlanView, plan::VerifyError> plan = plan::ReadPlanFile(path);
  if (!plan) return Error{fmt::format("{}: {}", path, plan.error().message)};
  if (!plan::IdentityMatches(*plan, host::Sha256)) {
    return Error{fmt::format("{} is not the plan that its header says", path)};
  }
  return *std::move(plan);
}

Result<void> CheckIsPlanOf(store::RunReader& run, const plan::PlanView& plan) {
  const auto meta = run.Meta();
  if (!meta) return Error{meta.error().message};
  const std::string identity = ToHex(plan.identity());
  if (meta->plan_sha256 == identity) return {};
  return Error{
      fmt::format("plan.bin is another plan than that of the run: its identity is "
                  "sha256:{}, and run.db has sha256:{}",
                  identity, meta->plan_sha256)};
}

Result<std::optional<runtime::Record>> ReadFirstRecord(store::RunReader& run) {
  ReaderBlobs blobs(run);
  std::optional<Result<runtime::Record>> first;
  const auto stop_behind_first = [&](const journal::Row& row) -> Result<void> {
    first = runtime::ReadRecord(row, blobs);
    return Error{"the first is enough"};
  };
  const auto shown = run.Rows(stop_behind_first);
  if (!first && !shown) return Error{shown.error().message};
  if (!first) return std::optional<runtime::Record>();
  if (!*first) return first->error();
  return std::optional(**std::move(first));
}

RecordedRun::Opened RecordedRun::Open(const std::string& folder) {
  Result<plan::PlanView> plan = ReadPlanIn(folder);
  if (!plan) return plan.error();
  const Result<Value> manifest = ReadManifestHead(folder);
  // A run that was killed at once may have none; what counts is in its record.
  Value known = manifest ? *manifest : Value::Map({});
  const std::optional<Sha256Digest> seal = SealIn(known);
  auto reader = store::RunReader::Open(folder, seal);
  if (!reader) return UnreadableRun(folder, seal, reader.error().message);
  const Result<void> checked = CheckIsPlanOf(*reader, *plan);
  if (!checked) return UnreadableRun(folder, seal, checked.error().message);
  return std::unique_ptr<RecordedRun>(
      new RecordedRun(folder, *std::move(plan), std::move(known), *std::move(reader)));
}

Result<void> RecordedRun::Read(runtime::History& history, const std::function<void()>& after) {
  ReaderBlobs blobs(reader_);
  const auto take = [&](const journal::Row& row) -> Result<void> {
    if (Result<void> taken = history.Take(row, blobs); !taken) return taken;
    if (after && row.is_fact()) after();
    return {};
  };
  const auto shown = reader_.Rows(take);
  const std::optional<Sha256Digest> seal = SealIn(manifest_);
  if (!shown) return UnreadableRun(folder_, seal, "run.db: " + shown.error().message);
  if (history.run() == nullptr) {
    return UnreadableRun(folder_, seal, "nothing of the run has been recorded");
  }
  if (!seal && HasLostRows(folder_)) return UnreadableRun(folder_, seal, kRowsAreLost);
  return {};
}

Result<void> LookAt(const std::string& folder,
                    const std::function<Result<void>(RecordedRun&)>& look) {
  for (int looks = 1;; ++looks) {
    const std::optional<Sha256Digest> seal = SealNow(folder);
    const Result<void> looked = LookOnce(folder, look);
    if (looked || looks == kMostLooks || SealNow(folder) == seal) return looked;
  }
}

}  // namespace wfc::driver

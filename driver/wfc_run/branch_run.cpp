#include "driver/wfc_run/branch_run.h"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/host/posix_host.h"
#include "backend-runtime/host/random.h"
#include "backend-runtime/host/sha256.h"
#include "backend-runtime/plan/bodies.h"
#include "backend-runtime/runtime/drive/branch.h"
#include "backend-runtime/runtime/drive/record_codec.h"
#include "backend-runtime/runtime/evaluate/callee.h"
#include "backend-runtime/store/run_id.h"
#include "driver/wfc_run/kept_run.h"
#include "driver/wfc_run/run.h"
#include "driver/wfc_run/runs/find_run.h"
#include "driver/wfc_run/runs/recorded_run.h"
#include "driver/wfc_run/wall_time.h"
#include "ir/base/standard_streams.h"
#include "ir/base/visible_text.h"

namespace wfc::driver {
namespace {

namespace fs = std::filesystem;

/// The stage of the workflow with that path.
Result<plan::NodeId> FindStage(const plan::PlanView& plan, const std::string& path) {
  const auto of_workflow = plan::NodesOf(plan.regions[plan::RegionId(0)]);
  for (const plan::NodeId node : of_workflow) {
    if (plan.name(node) == path) return node;
  }
  for (const plan::NodeId node : of_workflow) {
    const std::string prefix = fmt::format("{}.", plan.name(node));
    if (!path.starts_with(prefix)) continue;
    return Error{fmt::format(
        "a run can start from a stage of the workflow alone; `{}` belongs to stage `{}`: start "
        "from that",
        path, plan.name(node))};
  }
  return Error{fmt::format("workflow `{}` has no stage `{}`", plan.workflow(), path)};
}

/// The stages that run again, with what they may change: "publish (send), notify".
std::string ListStages(const plan::PlanView& plan, const std::set<plan::NodeId>& again) {
  const plan::BodiesByOwner bodies(plan);
  std::vector<plan::NodeId> open(again.begin(), again.end());
  std::string text;
  for (size_t i = 0; i < open.size(); ++i) {
    const plan::NodeId node = open[i];
    for (const plan::RegionId body : bodies.Of(node)) {
      for (const plan::NodeId inner : plan::NodesOf(plan.regions[body])) open.push_back(inner);
    }
    const Effect effect = runtime::EffectOf(plan, node);
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", VisibleText(plan.name(node)),
                        effect >= Effect::Write ? fmt::format(" ({})", Spell(effect)) : "");
  }
  return text;
}

/// Writes the records into the folder of the new run, and leaves it as a run that rests.
Result<void> WriteRecords(const PreparedRun& run, const RunParent& parent,
                          const std::vector<runtime::Record>& records) {
  Result<std::unique_ptr<host::PosixHost>> machine = host::MakePosixHost();
  if (!machine) return machine.error();
  store::DrivenRun::Opened kept = KeepRun(run, (*machine)->reactor(), parent);
  if (!kept) return Error{kept.error().message};
  journal::Journal& journal = (*kept)->journal();
  const auto loaded = journal.Load([](const journal::Row&) { return Result<void>(); });
  if (!loaded) return Error{loaded.error().message};
  std::vector<uint8_t> payload;
  for (const runtime::Record& record : records) {
    journal.Append(runtime::ToRow(record, (*kept)->blobs(), payload));
  }
  return journal.Close(journal::CloseHow::Parked);
}

/// The beginning of the new run, from what the recorded one did.
Result<std::vector<runtime::Record>> TakeOver(const std::string& folder,
                                              const std::set<plan::NodeId>& again,
                                              const runtime::RunIdentity& identity) {
  std::optional<Result<std::vector<runtime::Record>>> records;
  const Result<void> looked = LookAt(folder, [&](RecordedRun& run) -> Result<void> {
    ReaderBlobs blobs(run.reader());
    runtime::Branch branch(run.plan(), again, identity);
    const auto shown =
        run.reader().Rows([&](const journal::Row& row) { return branch.Take(row, blobs); });
    if (!shown) return Error{fmt::format("{}: run.db: {}", folder, shown.error().message)};
    records = branch.Finish();
    return {};
  });
  if (!looked) return looked.error();
  return *std::move(records);
}

/// The new run, as far as it is known before it has records.
Result<std::unique_ptr<PreparedRun>> PrepareNew(const std::string& parent_folder) {
  Result<plan::PlanView> plan = ReadPlanIn(parent_folder);
  if (!plan) return plan.error();
  auto run = std::make_unique<PreparedRun>(*std::move(plan));
  const host::PosixClock clock;
  run->manifest.started_at = ToTime(clock.WallNow());
  run->manifest.run_id =
      store::MakeRunId(run->manifest.started_at, static_cast<uint32_t>(host::SystemRandom()));
  run->manifest.workflow = run->plan.workflow();
  run->manifest.plan_sha256 = ToHex(run->plan.identity());
  const fs::path root = fs::path(parent_folder).parent_path();
  host::FileResult<std::unique_ptr<host::Files>> files = host::OpenFiles(root.string());
  if (!files) return Error{files.error().message};
  run->root = {.files = files->get(), .owned = std::move(*files), .folder = ""};
  run->folder = run->manifest.run_id;
  run->shown_folder = (root / run->folder).string();
  return run;
}

Result<void> MakeFolder(PreparedRun& run) {
  auto store = store::RunStore::Open(*run.root.files, {.folder = run.folder,
                                                       .plan = run.plan.bytes(),
                                                       .redactor = &run.redactor,
                                                       .sha256 = host::Sha256});
  if (!store) return Error{store.error().message};
  return {};
}

}  // namespace

ExitCode BranchRun(const ReplayOptions& options) {
  const Result<std::string> folder = FindRunFolder(options.run);
  if (!folder) return Fail(ExitCode::Usage, folder.error().message);
  Result<std::unique_ptr<PreparedRun>> made = PrepareNew(*folder);
  if (!made) return Fail(ExitCode::Usage, made.error().message);
  PreparedRun& run = **made;
  const Result<plan::NodeId> from = FindStage(run.plan, options.from);
  if (!from) return Fail(ExitCode::Usage, from.error().message);
  const std::set<plan::NodeId> again = runtime::StagesFrom(run.plan, *from);
  const auto records = TakeOver(*folder, again,
                                {.id = run.manifest.run_id,
                                 .started_at = run.manifest.started_at,
                                 .folder = run.shown_folder});
  if (!records) return Fail(ExitCode::Usage, records.error().message);
  if (const Result<void> folder_made = MakeFolder(run); !folder_made) {
    return Fail(ExitCode::Storage, folder_made.error().message);
  }
  const RunParent parent{.run_id = fs::path(*folder).filename().string(), .stage = options.from};
  if (const Result<void> written = WriteRecords(run, parent, *records); !written) {
    return Fail(ExitCode::Storage, written.error().message);
  }
  PrintMessage(stderr,
               fmt::format("run {} takes over from run {}; these stages run again: {}\n",
                           run.manifest.run_id, parent.run_id, ListStages(run.plan, again)));
  const ExitCode code = ResumeRun({.run = run.shown_folder, .form = options.form});
  if (code == ExitCode::Usage) {  // nothing has begun
    std::error_code error;
    fs::remove_all(run.shown_folder, error);
  }
  return code;
}

}  // namespace wfc::driver

#include "driver/wfc_run/kept_run.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/drive/record_codec.h"
#include "backend-runtime/runtime/drive/run_start.h"
#include "backend-runtime/store/run_files.h"
#include "backend-runtime/store/run_reader.h"
#include "driver/wfc_run/run_files.h"
#include "driver/wfc_run/runs/manifest_file.h"
#include "driver/wfc_run/runs/recorded_run.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kLargestManifest = uint64_t{1} << 30;
constexpr const char* kRecordIsLost =
    "its record has no event, but manifest.json shows stages that have begun: run.db or its log, "
    "run.db-wal, was damaged or changed; metrics.jsonl and the transcripts say what was done, so "
    "look before you start the run again";
constexpr const char* kNothingRecorded =
    "the run ended before anything of it was recorded, so that nothing has been done; start it "
    "again";

std::string PathOf(const PreparedRun& run, std::string_view name) {
  return fmt::format("{}/{}", run.folder, name);
}

Result<void> SyncFile(const std::string& path) {
  const host::OwnedDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() || fsync(file.get()) != 0) {
    return Error{fmt::format("cannot write {} to the disk: {}", path, std::strerror(errno))};
  }
  return {};
}

Result<Value> ReadManifest(host::Files& files, const std::string& path) {
  const host::FileResult<host::FileContent> read = files.Read(path, kLargestManifest);
  if (!read) return Error{read.error().message};
  Result<Value> manifest = ReadJson(read->bytes);
  if (!manifest) return Error{fmt::format("{}: {}", path, manifest.error().message)};
  if (manifest->kind() != Kind::Map) return Error{fmt::format("{} is no object", path)};
  return manifest;
}

/// Makes it durable that the run has no seal any more, before its record changes.
Result<void> RemoveSeal(host::Files& files, const std::string& folder) {
  const std::string path = fmt::format("{}/manifest.json", folder);
  const Result<Value> manifest = ReadManifest(files, path);
  if (!manifest) return manifest.error();
  std::vector<MapEntry> entries(manifest->entries().begin(), manifest->entries().end());
  for (MapEntry& entry : entries) {
    if (entry.key == Value::String("seal")) entry.value = Value::Null();
  }
  const std::string text = WriteJson(Value::Map(std::move(entries)), JsonStyle::Pretty) + "\n";
  const host::FileResult<void> written = files.Write(path, text, host::WriteHow::Replace);
  if (!written) return Error{written.error().message};
  if (Result<void> synced = SyncFile(fmt::format("{}/{}", files.root(), path)); !synced) {
    return synced;
  }
  return store::SyncFolder(fmt::format("{}/{}", files.root(), folder));
}

/// What the first record of a run says, if it is of this plan.
Result<runtime::Record> ReadStartOf(const std::string& folder, const plan::PlanView& plan,
                                    const std::optional<Sha256Digest>& seal) {
  Result<store::RunReader, store::OpenError> reader = store::RunReader::Open(folder, seal);
  if (!reader) return Error{reader.error().message};
  if (const Result<void> checked = CheckIsPlanOf(*reader, plan); !checked) return checked.error();
  Result<std::optional<runtime::Record>> first = ReadFirstRecord(*reader);
  if (!first) return first.error();
  if (!*first) return Error{kNothingRecorded};
  return **std::move(first);
}

/// A copy of a run that goes on elsewhere would end what the run has started, and do again what it
/// does.
std::optional<Refusal> RefuseCopy(const std::string& folder, const runtime::Record& first) {
  const std::string original = TextAt(first.value, "folder");
  std::error_code error;
  if (original.empty() || fs::equivalent(original, folder, error)) return std::nullopt;
  const store::LockState lock = store::InspectLock(original);
  if (!lock.is_held) return std::nullopt;
  return Refuse(fmt::format(
      "{} is a copy of the run in {}, which {} drives", folder, original,
      lock.holder ? fmt::format("process {}", lock.holder->pid) : std::string("another process")));
}

bool HasBegunStages(const Value& manifest) {
  const Value* stages = manifest.Find("stages");
  if (stages == nullptr || stages->kind() != Kind::List) return false;
  return std::ranges::any_of(stages->items(), [](const Value& stage) {
    const Value* attempts = stage.kind() == Kind::Map ? stage.Find("attempts") : nullptr;
    return attempts != nullptr && *attempts != Value::Int(0);
  });
}

Result<std::unique_ptr<host::Files>> OpenFolder(const std::string& path) {
  host::FileResult<std::unique_ptr<host::Files>> files = host::OpenFiles(path);
  if (!files) return Error{files.error().message};
  return std::move(*files);
}

}  // namespace

store::DrivenRun::Opened KeepRun(const PreparedRun& run, host::Reactor& reactor,
                                 const RunParent& parent) {
  store::NewRun made{.meta = {.run_id = run.manifest.run_id,
                              .workflow = run.manifest.workflow,
                              .plan_sha256 = run.manifest.plan_sha256,
                              .parent = parent.run_id,
                              .from_stage = parent.stage,
                              .created = reactor.clock().WallNow(),
                              .wfc_version = WFC_VERSION}};
  for (const plan::NodeId node : run.plan.nodes.ids()) {
    made.nodes.push_back({.path = std::string(run.plan.name(node)),
                          .verb = std::string(plan::Spell(run.plan.nodes[node].verb()))});
  }
  for (const runtime::FactRow& row : runtime::AllFacts()) {
    made.types.push_back({.type = static_cast<uint8_t>(row.type), .name = std::string(row.word)});
  }
  for (const runtime::NoteRow& row : runtime::kNoteRows) {
    made.types.push_back({.type = static_cast<uint8_t>(row.type), .name = std::string(row.word)});
  }
  return store::DrivenRun::Create(
      {.folder = run.shown_folder,
       .post = [&reactor](std::function<void()> task) { reactor.Post(std::move(task)); },
       .clock = &reactor.clock()},
      std::move(made));
}

std::variant<std::unique_ptr<PreparedRun>, Refusal> PrepareResume(const std::string& folder,
                                                                  Cancels cancels) {
  Result<plan::PlanView> read = ReadPlanIn(folder);
  if (!read) return Refuse(read.error().message);
  auto run = std::make_unique<PreparedRun>(std::move(*read));
  const fs::path path(folder);
  Result<std::unique_ptr<host::Files>> root = OpenFolder(path.parent_path().string());
  if (!root) return Refuse(root.error().message);
  run->root = {.files = root->get(), .owned = std::move(*root), .folder = ""};
  run->folder = path.filename().string();
  run->shown_folder = folder;
  const Result<Value> manifest = ReadManifest(*run->root.files, PathOf(*run, "manifest.json"));
  // A run that was killed at once may have none; what counts is in its record.
  const Value known = manifest ? *manifest : Value::Map({});
  run->seal = SealIn(known);
  const Result<runtime::Record> first = ReadStartOf(folder, run->plan, run->seal);
  if (!first) {
    // The manifest is written when the record has been made, and not before.
    std::string why = manifest ? first.error().message : kNothingRecorded;
    if (why == kNothingRecorded && HasBegunStages(known)) why = kRecordIsLost;
    return Refuse(fmt::format("{}: {}", folder, why));
  }
  const Result<runtime::RunStart> start = runtime::ReadRunStart(run->plan, *first);
  if (!start) return Refuse(fmt::format("{}: record 1 {}", folder, start.error().message));
  if (start->origin.kind() != Kind::Map) {
    return Refuse(fmt::format("{}: record 1 does not say where the run was started", folder));
  }
  if (std::optional<Refusal> refusal = RefuseCopy(folder, *first)) return *refusal;
  const Value* origin = &start->origin;
  run->mode = start->identity.mode;
  Result<std::unique_ptr<host::Files>> workspace = OpenFolder(TextAt(*origin, "workspace"));
  if (!workspace) {
    return Refuse(fmt::format("the workspace of the run: {}", workspace.error().message));
  }
  run->workspace = std::move(*workspace);
  const Value* outside = origin->Find("outside");
  const bool allows = outside != nullptr && outside->kind() == Kind::Bool && outside->AsBool();
  if (std::optional<Refusal> refusal = PrepareSecrets(
          *run,
          {.project = TextAt(*origin, "project"),
           .workspace = run->workspace->root(),
           .outside = allows ? files::Outside::Allow : files::Outside::Refuse},
          {.read_past = [&] { return ReadPastStages(folder, run->plan, run->seal); },
           .if_missing = cancels == Cancels::No ? IfMissing::Refuse : IfMissing::Tell})) {
    return *refusal;
  }
  run->manifest = ManifestOf(run->plan, start->identity, TextAt(known, "project"));
  return run;
}

store::DrivenRun::Opened DriveAgain(const PreparedRun& run, const ResumeOptions& options,
                                    host::Reactor& reactor) {
  return store::DrivenRun::Resume(
      {.folder = run.shown_folder,
       .post = [&reactor](std::function<void()> task) { reactor.Post(std::move(task)); },
       .clock = &reactor.clock(),
       .if_held = options.takes_over ? store::DrivenRun::IfHeld::TakeOver
                                     : store::DrivenRun::IfHeld::Refuse,
       .seal = run.seal,
       .unseal = [&run] { return RemoveSeal(*run.root.files, run.folder); }});
}

}  // namespace wfc::driver

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
#include <fmt/ranges.h>
#include <unistd.h>

#include "backend-runtime/host/sha256.h"
#include "backend-runtime/plan/dump.h"
#include "backend-runtime/plan/verifier.h"
#include "backend-runtime/plan/words.h"
#include "backend-runtime/runtime/drive/record_codec.h"
#include "backend-runtime/runtime/drive/run_start.h"
#include "backend-runtime/store/run_files.h"
#include "backend-runtime/store/run_reader.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kLargestManifest = uint64_t{1} << 30;
constexpr const char* kRecordIsLost =
    "its record has no event, but manifest.json shows stages that have begun: run.db or its log, "
    "run.db-wal, was damaged or changed; events.jsonl says what was done, so look before you start "
    "the run again";
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

/// The seal of a run that rests; none if it has none.
std::optional<Sha256Digest> SealIn(const Value& manifest) {
  const Value* seal = manifest.Find("seal");
  if (seal == nullptr || !seal->is_string()) return std::nullopt;
  return ParseHex(seal->AsString());
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

/// The values of a run that is only read.
class ReaderBlobs : public journal::Blobs {
 public:
  explicit ReaderBlobs(store::RunReader& reader) : reader_(reader) {}
  Sha256Digest Put(std::span<const uint8_t>) override { return {}; }
  Result<std::vector<uint8_t>> Get(const Sha256Digest& digest) override {
    return reader_.Blob(digest);
  }

 private:
  store::RunReader& reader_;
};

/// What the first record of a run says, if it is of this plan.
Result<runtime::Record> ReadFirstRecord(const std::string& folder, const plan::PlanView& plan,
                                        const std::optional<Sha256Digest>& seal) {
  Result<store::RunReader, store::OpenError> reader = store::RunReader::Open(folder, seal);
  if (!reader) return Error{reader.error().message};
  const auto meta = reader->Meta();
  if (!meta) return Error{meta.error().message};
  const std::string identity = ToHex(plan.identity());
  if (meta->plan_sha256 != identity) {
    return Error{
        fmt::format("plan.bin is another plan than that of the run: its identity is "
                    "sha256:{}, and run.db has sha256:{}",
                    identity, meta->plan_sha256)};
  }
  ReaderBlobs blobs(*reader);
  std::optional<Result<runtime::Record>> first;
  const auto stop_behind_first = [&](const journal::Row& row) -> Result<void> {
    first = runtime::ReadRecord(row, blobs);
    return Error{"the first is enough"};
  };
  const auto shown = reader->Rows(stop_behind_first);
  if (first) return *std::move(first);
  return Error{shown ? kNothingRecorded : shown.error().message};
}

bool HasBegunStages(const Value& manifest) {
  const Value* stages = manifest.Find("stages");
  if (stages == nullptr || stages->kind() != Kind::List) return false;
  return std::ranges::any_of(stages->items(), [](const Value& stage) {
    const Value* attempts = stage.kind() == Kind::Map ? stage.Find("attempts") : nullptr;
    return attempts != nullptr && *attempts != Value::Int(0);
  });
}

std::string TextAt(const Value& map, std::string_view key) {
  const Value* found = map.kind() == Kind::Map ? map.Find(key) : nullptr;
  return found != nullptr && found->is_string() ? std::string(found->AsString()) : std::string();
}

store::Manifest MakeManifest(const PreparedRun& run, const runtime::RunIdentity& identity,
                             const Value& manifest) {
  store::Manifest made;
  made.run_id = identity.id;
  made.project = TextAt(manifest, "project");
  made.workflow = run.plan.workflow();
  made.plan_sha256 = ToHex(run.plan.identity());
  made.mode = Spell(run.mode);
  made.seed = identity.seed;
  made.started_at = identity.started_at;
  made.heartbeat_at = made.started_at;
  return made;
}

Result<std::unique_ptr<host::Files>> OpenFolder(const std::string& path) {
  host::FileResult<std::unique_ptr<host::Files>> files = host::OpenFiles(path);
  if (!files) return Error{files.error().message};
  return std::move(*files);
}

/// The runs below `root` whose id begins with `id`.
std::vector<std::string> FindById(const fs::path& root, const std::string& id) {
  std::vector<std::string> found;
  std::error_code error;
  for (const fs::directory_entry& workflow : fs::directory_iterator(root, error)) {
    for (const fs::directory_entry& run : fs::directory_iterator(workflow.path(), error)) {
      const bool is_it = run.path().filename().string().starts_with(id);
      if (is_it) found.push_back(fs::absolute(run.path()).lexically_normal().string());
    }
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

store::DrivenRun::Opened KeepRun(const PreparedRun& run, host::Reactor& reactor) {
  store::NewRun made{.meta = {.run_id = run.manifest.run_id,
                              .workflow = run.manifest.workflow,
                              .plan_sha256 = run.manifest.plan_sha256,
                              .created = reactor.clock().WallNow(),
                              .wfc_version = WFC_VERSION}};
  for (const plan::NodeId node : run.plan.nodes.ids()) {
    made.nodes.push_back({.path = std::string(run.plan.name(node)),
                          .verb = std::string(plan::Spell(run.plan.nodes[node].verb()))});
  }
  for (const runtime::FactRow& row : runtime::AllFacts()) {
    made.types.push_back({.type = static_cast<uint8_t>(row.type), .name = std::string(row.word)});
  }
  return store::DrivenRun::Create(
      {.folder = run.shown_folder,
       .post = [&reactor](std::function<void()> task) { reactor.Post(std::move(task)); },
       .clock = &reactor.clock()},
      std::move(made));
}

Result<std::string> FindRunFolder(const std::string& run) {
  if (run.empty()) return Error{"the name of the run is empty"};
  std::error_code error;
  if (fs::exists(fs::path(run) / "run.db", error)) {
    return fs::canonical(run, error).string();
  }
  if (fs::is_directory(run, error)) {
    return Error{fmt::format(
        "{} has no run.db: it is no run's folder, or the run was started with --ephemeral", run)};
  }
  const std::vector<std::string> found = FindById(".wfc/runs", run);
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return Error{
        fmt::format("there is no run `{}` in .wfc/runs; give its folder, or its id from "
                    "where the run was started",
                    run)};
  }
  return Error{fmt::format("`{}` is the beginning of {} runs: {}", run, found.size(),
                           fmt::join(found, ", "))};
}

std::variant<std::unique_ptr<PreparedRun>, Refusal> PrepareResume(const std::string& folder) {
  Result<plan::PlanView, plan::VerifyError> read = plan::ReadPlanFile(folder + "/plan.bin");
  if (!read) return Refuse(fmt::format("{}/plan.bin: {}", folder, read.error().message));
  auto run = std::make_unique<PreparedRun>(std::move(*read));
  if (!plan::IdentityMatches(run->plan, host::Sha256)) {
    return Refuse(fmt::format("{}/plan.bin is not the plan that its header says", folder));
  }
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
  const Result<runtime::Record> first = ReadFirstRecord(folder, run->plan, run->seal);
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
          {.read_past = [&] { return ReadPastStages(folder, run->plan, run->seal); }})) {
    return *refusal;
  }
  run->manifest = MakeManifest(*run, start->identity, known);
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

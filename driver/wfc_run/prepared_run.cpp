#include "driver/wfc_run/prepared_run.h"

#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "backend-runtime/host/random.h"
#include "backend-runtime/host/sha256.h"
#include "backend-runtime/plan/dump.h"
#include "backend-runtime/plan/verifier.h"
#include "backend-runtime/runtime/evaluate/grants.h"
#include "backend-runtime/store/run_id.h"
#include "driver/wfc_run/environment.h"
#include "driver/wfc_run/inputs.h"
#include "driver/wfc_run/modes.h"
#include "driver/wfc_run/wall_time.h"
#include "ir/base/standard_streams.h"
#include "ir/base/utf8.h"
#include "ir/base/visible_text.h"

namespace wfc::driver {
namespace {

/// The name of a project without a name of its own: that of its folder. It is not in the plan,
/// which must not depend on where the project is.
std::string FolderName(const std::string& folder) {
  if (folder.empty()) return {};
  std::error_code error;
  const std::filesystem::path path = std::filesystem::absolute(folder, error).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).filename().string();
}

store::Manifest MakeManifest(const PreparedRun& run, const RunOptions& options,
                             const host::Clock& clock) {
  store::Manifest manifest;
  manifest.started_at = ToTime(clock.WallNow());
  manifest.heartbeat_at = manifest.started_at;
  manifest.run_id =
      store::MakeRunId(manifest.started_at, static_cast<uint32_t>(host::SystemRandom()));
  manifest.project = run.plan.text(plan::StringId(run.plan.root().project()));
  if (manifest.project.empty()) manifest.project = FolderName(options.project);
  manifest.workflow = run.plan.workflow();
  manifest.plan_sha256 = ToHex(run.plan.identity());
  manifest.mode = Spell(run.mode);
  // A double represents 53 bits exactly, so every JSON reader sees the same number.
  constexpr uint64_t kSeedBits = (uint64_t{1} << 53) - 1;
  manifest.seed = options.seed.value_or(static_cast<int64_t>(host::SystemRandom() & kSeedBits));
  return manifest;
}

/// Checks that the plan has the expected digest. The digest of its content counts, not what its
/// header claims.
std::optional<Refusal> CheckDigest(const plan::PlanView& plan, const RunOptions& options) {
  if (!plan::IdentityMatches(plan, host::Sha256)) {
    return Refuse(fmt::format("{}: the identity in its header is not the SHA-256 of its content",
                              options.plan));
  }
  const std::string identity = ToHex(plan.identity());
  if (identity == options.expected_digest) return std::nullopt;
  return Refuse(fmt::format("the plan's identity is sha256:{}, and --expect-digest asks for {}",
                            identity, options.expected_digest));
}

/// Creates the run's folder and opens its store.
std::optional<Refusal> OpenStore(PreparedRun& run) {
  run.folder = fmt::format("{}{}/{}", run.root.folder, store::FileNameOf(run.plan.workflow()),
                           run.manifest.run_id);
  run.shown_folder = fmt::format("{}/{}", run.root.files->root(), run.folder);
  auto store = store::RunStore::Open(*run.root.files, {.folder = run.folder,
                                                       .plan = run.plan.bytes(),
                                                       .redactor = &run.redactor,
                                                       .sha256 = host::Sha256});
  if (!store) {
    return Refusal{.code = ExitCode::Storage,
                   .message = fmt::format("cannot make the run's folder in {}: {}",
                                          run.root.files->root(), store.error().message)};
  }
  run.store = std::move(*store);
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> OpenStoreAgain(PreparedRun& run) {
  auto store = store::RunStore::GoOn(
      *run.root.files,
      {.folder = run.folder, .plan = {}, .redactor = &run.redactor, .sha256 = host::Sha256});
  if (!store) {
    return Refusal{.code = ExitCode::Storage,
                   .message = fmt::format("cannot go on with the records in {}: {}",
                                          run.shown_folder, store.error().message)};
  }
  run.store = std::move(*store);
  return std::nullopt;
}

Value ToValue(const RunOrigin& origin) {
  std::error_code error;
  const std::filesystem::path project = std::filesystem::canonical(origin.project, error);
  return Value::Record({{"outside", Value::Bool(origin.outside == files::Outside::Allow)},
                        {"project", Value::String(error ? origin.project : project.string())},
                        {"workspace", Value::String(origin.workspace)}});
}

ExitCode Print(const Refusal& refusal) {
  PrintError(refusal.message);
  for (const std::string& detail : refusal.details) {
    PrintMessage(stderr, fmt::format("  {}\n", VisibleText(detail)));
  }
  return refusal.code;
}

std::optional<Refusal> PrepareSecrets(PreparedRun& run, const RunOrigin& origin,
                                      const RunCheck& check) {
  Secrets secrets = ReadSecrets(run.plan, ReadProcessVariable,
                                {.path = origin.project, .outside = origin.outside});
  for (const std::string& remark : secrets.remarks) PrintError(remark);
  run.secrets = std::move(secrets.values);
  if (std::optional<Refusal> refusal = CheckRun(run, secrets, check)) return refusal;
  for (const plan::SecretId id : secrets.problems.ids()) {
    if (secrets.problems[id].empty()) continue;
    PrintError(fmt::format("the secret `{}` cannot be read: {}",
                           run.plan.name(run.plan.secrets[id]), secrets.problems[id]));
  }
  run.redactor = MakeRedactor(run.plan, run.secrets);
  return std::nullopt;
}

std::variant<std::unique_ptr<PreparedRun>, Refusal> PrepareRun(const RunOptions& options,
                                                               const host::Clock& clock) {
  Result<plan::PlanView, plan::VerifyError> read = plan::ReadPlanFile(options.plan);
  if (!read) return Refuse(fmt::format("{}: {}", options.plan, read.error().message));
  auto run = std::make_unique<PreparedRun>(std::move(*read));
  if (!options.expected_digest.empty()) {
    if (std::optional<Refusal> refusal = CheckDigest(run->plan, options)) return *refusal;
  }
  const Result<Mode> mode = FindMode(run->plan, options.mode);
  if (!mode) return Refuse(mode.error().message);
  run->mode = *mode;
  const Result<GivenInput> given = ReadGivenInput(options.input);
  if (!given) return Refuse(given.error().message);
  Result<Value> input = FitInput(run->plan, *given);
  if (!input) return Refuse(input.error().message);
  run->input = std::move(*input);
  Result<std::unique_ptr<host::Files>> workspace = OpenWorkspace(options, run->plan);
  if (!workspace) return Refuse(workspace.error().message);
  run->workspace = std::move(*workspace);
  const RunOrigin origin{.project = options.project.empty() ? "." : options.project,
                         .workspace = run->workspace->root(),
                         .outside = options.outside};
  if (std::optional<Refusal> refusal =
          PrepareSecrets(*run, origin, {.run_root = RunRootPath(options, *run->workspace)})) {
    return *refusal;
  }
  run->origin = ToValue(origin);
  run->is_kept = !options.is_ephemeral;
  if (run->is_kept && FindInvalidUtf8(run->workspace->root()) != std::string_view::npos) {
    return Refuse(
        fmt::format("the path of the workspace, {}, is not UTF-8, and cannot be recorded; "
                    "a run with --ephemeral needs no record",
                    run->workspace->root()));
  }
  Result<RunRoot> root = OpenRunRoot(options, *run->workspace);
  if (!root) return Refuse(root.error().message);
  run->root = std::move(*root);
  run->manifest = MakeManifest(*run, options, clock);
  if (std::optional<Refusal> refusal = OpenStore(*run)) return *refusal;
  return run;
}

}  // namespace wfc::driver

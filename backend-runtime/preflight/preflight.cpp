#include "backend-runtime/preflight/preflight.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "backend-runtime/preflight/folders.h"
#include "backend-runtime/preflight/needs.h"
#include "backend-runtime/preflight/script_line.h"
#include "backend-runtime/runtime/redact/redactor.h"
#include "backend-runtime/tools/executables.h"
#include "backend-runtime/tools/program_paths.h"

namespace wfc::preflight {
namespace {

using plan::NodeId;
using plan::SecretId;
using plan::StringId;

/// The bytes that the record of a run takes when it begins, about half of which is kept in reserve,
/// and those of a stage's entry in manifest.json.
constexpr uint64_t kRecordBytes = 128 << 10;
constexpr uint64_t kStageBytes = 256;

class Preflight {
 public:
  Preflight(const Input& input, Extent extent)
      : input_(input),
        plan_(input.plan),
        extent_(extent),
        needs_(FindNeeds(input.plan, input.mode, input.is_over)),
        search_path_(tools::SearchPath(input.plan)) {}

  std::vector<Finding> Run() {
    LookAtVariables();
    LookAtSecrets();
    if (input_.workspace == nullptr) {
      Add({.subject = Subject::Workspace,
           .verdict = Verdict::Missing,
           .detail = input_.workspace_problem});
      return std::move(findings_);
    }
    for (const auto& [program, stages] : needs_.programs) LookAtProgram(program, stages);
    Add({.subject = Subject::Workspace, .detail = input_.workspace->root()});
    for (const WriteNeed& need : needs_.writes) LookAtWrites(need);
    if (!input_.run_root.empty()) LookAtRunRoot();
    return std::move(findings_);
  }

 private:
  void Add(Finding finding) {
    if (extent_ == Extent::Everything || finding.verdict == Verdict::Missing) {
      findings_.push_back(std::move(finding));
    }
  }

  void LookAtVariables() {
    if (!input_.environment) return;
    for (const plan::VarId id : plan_.vars.ids()) {
      if (StringId(plan_.vars[id].environment()).has_value()) Add(LookAtVariable(id));
    }
  }

  [[nodiscard]] Finding LookAtVariable(plan::VarId id) const {
    const plan::fb::Var& var = plan_.vars[id];
    const std::string_view environment = plan_.text(StringId(var.environment()));
    const bool is_set = input_.environment(environment).has_value();
    const Result<Value> value = runtime::ReadVar(plan_, id, input_.environment);
    Finding finding{.subject = Subject::Variable, .name = std::string(plan_.name(var))};
    if (value) {
      finding.detail = fmt::format("the environment variable `{}`{}", environment,
                                   is_set ? "" : " is not set, so its default counts");
      return finding;
    }
    finding.verdict = Verdict::Missing;
    finding.detail = value.error().message;
    if (!is_set) {
      finding.advice = fmt::format("set it, or give `{}` in `vars` a `default`", finding.name);
    }
    return finding;
  }

  [[nodiscard]] std::string SourceOf(const plan::fb::Secret& secret) const {
    const StringId environment(secret.environment());
    return environment.has_value()
               ? fmt::format("the environment variable `{}`", plan_.text(environment))
               : fmt::format("the file `{}`", plan_.text(StringId(secret.file())));
  }

  void LookAtSecrets() {
    for (const SecretId id : plan_.secrets.ids()) {
      const std::optional<std::string>& value = input_.secrets[id];
      Add(value && !value->empty() ? LookAtValue(id, *value) : LookAtUnset(id));
    }
  }

  /// A secret that is too short to be hidden stops every run, whichever stage reads it.
  [[nodiscard]] Finding LookAtValue(SecretId id, const std::string& value) const {
    const plan::fb::Secret& secret = plan_.secrets[id];
    Finding finding{.subject = Subject::Secret,
                    .name = std::string(plan_.name(secret)),
                    .detail = SourceOf(secret)};
    if (redact::CanBeHidden(value)) return finding;
    finding.verdict = Verdict::Missing;
    finding.detail = fmt::format(
        "the secret `{}` has fewer than {} bytes ({}), so that it could not be redacted from "
        "records",
        finding.name, redact::kShortestSecret, SourceOf(secret));
    finding.advice = "use a longer one, or a `vars` entry if it is not a secret";
    return finding;
  }

  [[nodiscard]] Finding LookAtUnset(SecretId id) const {
    const plan::fb::Secret& secret = plan_.secrets[id];
    const std::string& unread = input_.unread[id];
    const std::string why = input_.secrets[id] ? "is empty"
                            : unread.empty()   ? "is not there"
                                               : "cannot be read: " + unread;
    Finding finding{.subject = Subject::Secret,
                    .name = std::string(plan_.name(secret)),
                    .detail = fmt::format("the secret `{}` is not set: {} {}", plan_.name(secret),
                                          SourceOf(secret), why)};
    const auto needed = needs_.secrets.find(id);
    if (needed == needs_.secrets.end()) {
      finding.advice = "no stage that may run needs it";
      return finding;
    }
    const std::vector<NodeId>& stages = needed->second;
    const auto strict = std::ranges::find_if_not(
        stages, [&](NodeId stage) { return ToleratesFailure(plan_, stage); });
    finding.verdict = strict == stages.end() ? Verdict::Warning : Verdict::Missing;
    SetStages(finding, strict == stages.end() ? stages.front() : *strict, stages);
    if (strict == stages.end()) finding.advice = "the run tolerates that the stage fails";
    return finding;
  }

  static void SetStages(Finding& finding, NodeId shown, std::span<const NodeId> all) {
    finding.stage = shown;
    finding.stage_count = static_cast<uint32_t>(all.size());
  }

  void LookAtProgram(const ProgramKey& program, const std::vector<NodeId>& stages) {
    const Result<std::string> path = FindProgram(program);
    Finding finding{
        .subject = Subject::Program, .name = program.name, .detail = path ? *path : std::string()};
    const std::optional<std::string> problem = path && !program.is_system && !program.has_own_path
                                                   ? FindScriptProblem(*path, search_path_)
                                                   : std::nullopt;
    SetStages(finding, stages.front(), stages);
    if (!path || problem) {
      finding.detail = path ? *problem : path.error().message;
      finding.advice = path ? "install the interpreter, or correct the line" : AdviceFor(program);
      Judge(finding, stages, MayBeMade(program));
    }
    Add(std::move(finding));
  }

  [[nodiscard]] Result<std::string> FindProgram(const ProgramKey& program) const {
    return program.is_system
               ? tools::FindSystemProgram(program.name, input_.own_path, *input_.workspace)
               : tools::FindProgramPath(program.name, search_path_, *input_.workspace);
  }

  [[nodiscard]] static std::string AdviceFor(const ProgramKey& program) {
    if (program.is_system || program.name.starts_with('/')) return "install it";
    if (program.name.find('/') != std::string::npos) return "its path starts from the workspace";
    return "install it, or add its folder to `execution.path`";
  }

  /// Decides whether a problem stops the run: it does if a stage that is concerned is certain to
  /// run, and nothing that the run does before can solve it.
  void Judge(Finding& finding, const std::vector<NodeId>& stages, bool may_be_solved) {
    const auto certain =
        std::ranges::find_if(stages, [this](NodeId stage) { return IsCertain(stage); });
    if (certain != stages.end() && !may_be_solved) {
      finding.verdict = Verdict::Missing;
      finding.stage = *certain;
      return;
    }
    finding.verdict = Verdict::Warning;
    finding.advice += may_be_solved ? ", unless the run makes it before"
                                    : "; the run may not need it, and is not stopped";
  }

  [[nodiscard]] bool IsCertain(NodeId stage) {
    if (input_.is_end_near) return false;
    if (certain_.empty()) certain_ = FindCertainStages(plan_);
    return certain_[stage.index()];
  }

  /// Whether the run itself may make the program, or the interpreter that it needs: it is looked up
  /// in the workspace, and some stage writes.
  [[nodiscard]] bool MayBeMade(const ProgramKey& program) const {
    if (program.is_system || !needs_.has_writers) return false;
    const std::string& root = input_.workspace->root();
    const bool is_absolute = program.name.starts_with('/');
    const bool is_relative = !is_absolute && program.name.find('/') != std::string::npos;
    if (is_relative || search_path_.find(root) != std::string::npos) return true;
    return is_absolute && program.name.find(root) != std::string::npos;
  }

  void LookAtWrites(const WriteNeed& need) {
    std::string problem;
    for (const std::string& pattern : need.patterns) {
      const std::optional<std::string> why = FindWriteProblem(pattern);
      if (!why) return;
      problem = *why;
    }
    Finding finding{.subject = Subject::Workspace,
                    .detail = problem,
                    .advice = "make it writable, or take another workspace (`--workspace`)"};
    SetStages(finding, need.stage, std::span(&need.stage, 1));
    Judge(finding, {need.stage}, false);
    Add(std::move(finding));
  }

  /// Why nothing that matches the pattern can be written, judged by the folder that its fixed part
  /// names; nothing if it can.
  [[nodiscard]] std::optional<std::string> FindWriteProblem(const std::string& pattern) const {
    const size_t wildcard = std::min(pattern.find_first_of("*?[{"), pattern.size());
    const bool is_fixed = wildcard == pattern.size();
    const size_t slash = pattern.rfind('/', wildcard);
    const std::string folder =
        slash == std::string::npos ? std::string() : pattern.substr(0, slash);
    const std::string& root = input_.workspace->root();
    if (is_fixed && IsWritableFile(root + "/" + pattern)) return std::nullopt;
    const std::string nearest = NearestExisting(folder.empty() ? root : root + "/" + folder);
    const Result<void> writable = CheckWritableFolder(nearest);
    if (writable) return std::nullopt;
    return fmt::format("nothing can be written in {}: {}", nearest, writable.error().message);
  }

  void LookAtRunRoot() {
    const std::string nearest = NearestExisting(input_.run_root);
    Finding place{.subject = Subject::RunFolder, .detail = input_.run_root};
    if (const Result<void> writable = CheckWritableFolder(nearest); !writable) {
      place.verdict = Verdict::Missing;
      place.detail = fmt::format("the run's folder cannot be made in the run root {}: {}: {}",
                                 input_.run_root, nearest, writable.error().message);
      place.advice = "make that folder writable, or name another with `--run-root`";
    }
    Add(std::move(place));
    LookAtSpace(nearest);
  }

  void LookAtSpace(const std::string& folder) {
    const std::optional<uint64_t> free = FreeBytes(folder);
    if (!free) return;
    const uint64_t asked = BytesForRunFolder(plan_);
    Finding space{.subject = Subject::DiskSpace,
                  .detail = fmt::format("{} free in {}, and a run begins with {}", ShowBytes(*free),
                                        folder, ShowBytes(asked))};
    if (*free < asked) {
      space.verdict = Verdict::Missing;
      space.detail = fmt::format(
          "there is too little space for the run's folder: {} has {} left, and the plan, the "
          "record with its reserve and an entry for each stage take {}",
          folder, ShowBytes(*free), ShowBytes(asked));
      space.advice = "make room, or name another place with `--run-root`";
    }
    Add(std::move(space));
  }

  const Input& input_;
  const plan::PlanView& plan_;
  Extent extent_;
  Needs needs_;
  std::string search_path_;
  std::vector<bool> certain_;  // by node; empty until it is asked for
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> LookAtRun(const Input& input, Extent extent) {
  return Preflight(input, extent).Run();
}

uint64_t BytesForRunFolder(const plan::PlanView& plan) {
  return kRecordBytes + plan.bytes().size() + kStageBytes * plan.nodes.size();
}

}  // namespace wfc::preflight

// The verb `audit`.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "backend-runtime/store/run_lock.h"
#include "driver/wfc_run/runs/find_run.h"
#include "driver/wfc_run/runs/manifest_file.h"
#include "driver/wfc_run/runs/projected_files.h"
#include "driver/wfc_run/runs/verbs.h"
#include "ir/base/standard_streams.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

constexpr size_t kMostOfManifest = size_t{1} << 30;

/// One thing that was looked at.
struct AuditResult {
  enum class Kind : uint8_t { Good, Bad, Unknown };
  Kind kind;
  std::string subject;  ///< a file of the run's folder
  std::string message;
};

std::string_view WordOf(AuditResult::Kind kind) {
  switch (kind) {
    case AuditResult::Kind::Good:
      return "ok";
    case AuditResult::Kind::Bad:
      return "bad";
    case AuditResult::Kind::Unknown:
      return "unknown";
  }
  return "";
}

class Audit {
 public:
  explicit Audit(const std::string& folder) : folder_(folder) {}

  void Run() {
    const store::LockState lock = store::InspectLock(folder_);
    const RecordedRun::Opened run = RecordedRun::Open(folder_);
    if (!run) return Add(AuditResult::Kind::Bad, "run.db", run.error().message);
    Add(AuditResult::Kind::Good, "plan.bin", "is the plan that the run was started with");
    CheckSeal(**run, lock.is_held);
    const auto verified = (*run)->reader().Verify();
    if (!verified) return Add(AuditResult::Kind::Bad, "run.db", verified.error().message);
    const Result<ProjectedFiles> projected = ProjectFiles(**run);
    if (!projected) return Add(AuditResult::Kind::Bad, "run.db", projected.error().message);
    Add(AuditResult::Kind::Good, "run.db",
        "its pages, rows, hashes and values are whole, and its facts fit the plan");
    if (lock.is_held) {
      return Add(AuditResult::Kind::Unknown, "transcripts, errors, metrics.jsonl, audit.jsonl",
                 "are being written");
    }
    CheckFiles(*projected, SealIn((*run)->manifest()).has_value());
  }

  [[nodiscard]] const std::vector<AuditResult>& results() const { return results_; }

 private:
  void Add(AuditResult::Kind kind, std::string subject, std::string message) {
    results_.push_back(
        {.kind = kind, .subject = std::move(subject), .message = std::move(message)});
  }

  void CheckSeal(const RecordedRun& run, bool is_held) {
    if (SealIn(run.manifest())) {
      return Add(AuditResult::Kind::Good, "manifest.json", "its seal is the SHA-256 of run.db");
    }
    if (const Result<Value> manifest = ReadManifestHead(folder_); !manifest) {
      return Add(AuditResult::Kind::Bad, "manifest.json", manifest.error().message);
    }
    Add(AuditResult::Kind::Unknown, "manifest.json",
        is_held ? "has no seal while the run goes on"
                : "has no seal, as of a run that was interrupted: a change that leaves the record "
                  "in itself whole is not found");
  }

  void CheckFiles(const ProjectedFiles& projected, bool is_at_rest) {
    size_t good_count = 0;
    for (const auto& [name, content] : projected.contents) {
      const std::optional<std::string> found = ReadFileOf(folder_, name, content.size() + 1);
      if (found == content) {
        ++good_count;
        continue;
      }
      // The end of a file can be lost with the process; it is written again with the next.
      const bool is_beginning = found && content.starts_with(*found);
      const bool is_late = !is_at_rest && (!found || is_beginning);
      Add(is_late ? AuditResult::Kind::Unknown : AuditResult::Kind::Bad, name,
          !found         ? "is missing, or cannot be read"
          : is_beginning ? "is shorter than what is recorded"
                         : fmt::format("is not what is recorded from byte {} on",
                                       FirstDifference(*found, content)));
    }
    CheckManifest(projected.manifest, is_at_rest);
    for (const std::string& name : FindStrangers(folder_, projected)) {
      Add(is_at_rest ? AuditResult::Kind::Bad : AuditResult::Kind::Unknown, name,
          "does not follow from the record");
    }
    Add(AuditResult::Kind::Good, "transcripts, errors, metrics.jsonl, audit.jsonl",
        fmt::format("{} of {} files are as recorded", good_count, projected.contents.size()));
  }

  /// What the manifest says beside the run's record. It can lag behind while the run does not rest.
  void CheckManifest(const store::Manifest& recorded, bool is_at_rest) {
    const std::optional<std::string> text = ReadFileOf(folder_, "manifest.json", kMostOfManifest);
    const Result<Value> found = text ? ReadJson(*text) : Result<Value>(Error{"it is missing"});
    if (!found) return Add(AuditResult::Kind::Bad, "manifest.json", found.error().message);
    const Value expected = store::ToValue(recorded);
    for (const char* key : {"run_id", "workflow", "plan_sha256", "status", "stages"}) {
      const Value* shown = found->kind() == Kind::Map ? found->Find(key) : nullptr;
      const bool may_lag =
          !is_at_rest && shown != nullptr && shown->kind() == expected.Find(key)->kind();
      if (may_lag || (shown != nullptr && *shown == *expected.Find(key))) continue;
      Add(AuditResult::Kind::Bad, "manifest.json",
          fmt::format("its `{}` does not follow from the record", key));
    }
  }

  static size_t FirstDifference(const std::string& a, const std::string& b) {
    return static_cast<size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  }

  std::string folder_;
  std::vector<AuditResult> results_;
};

std::string ToText(const std::vector<AuditResult>& results) {
  std::string text;
  for (const AuditResult& finding : results) {
    text += fmt::format("{:<8} {}: {}\n", WordOf(finding.kind), finding.subject, finding.message);
  }
  return text;
}

std::string ToJson(const std::vector<AuditResult>& results, bool is_good) {
  std::vector<Value> list;
  for (const AuditResult& finding : results) {
    list.push_back(Value::Record({{"result", Value::String(WordOf(finding.kind))},
                                  {"subject", Value::String(finding.subject)},
                                  {"message", Value::String(finding.message)}}));
  }
  return WriteJson(Value::Record({{"ok", Value::Bool(is_good)}, {"findings", Value::List(list)}}),
                   JsonStyle::Pretty) +
         "\n";
}

}  // namespace

ExitCode AuditRun(const AuditOptions& options) {
  const Result<std::string> folder = FindRunFolder(options.run);
  if (!folder) return Fail(ExitCode::Usage, folder.error().message);
  Audit audit(*folder);
  audit.Run();
  const bool is_good = std::ranges::none_of(audit.results(), [](const AuditResult& finding) {
    return finding.kind == AuditResult::Kind::Bad;
  });
  const bool is_printed = PrintResult(
      options.form == RunForm::Json ? ToJson(audit.results(), is_good) : ToText(audit.results()));
  if (!is_printed) return ExitCode::Usage;
  return is_good ? ExitCode::Completed : ExitCode::Failed;
}

}  // namespace wfc::driver

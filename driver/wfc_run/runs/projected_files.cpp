#include "driver/wfc_run/runs/projected_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "backend-runtime/host/sha256.h"
#include "backend-runtime/host/simulated_files.h"
#include "backend-runtime/runtime/drive/run_start.h"
#include "driver/wfc_run/run_files.h"
#include "driver/wfc_run/runs/manifest_file.h"

namespace wfc::driver {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFolder = "run";
/// Of the files of a run's folder, those that do not follow from its record.
constexpr std::string_view kOthers[] = {"plan.bin", "manifest.json"};

/// What the run was started with, as its first record says.
Result<store::Manifest> ReadStart(RecordedRun& run) {
  const Result<std::optional<runtime::Record>> first = ReadFirstRecord(run.reader());
  if (!first) return first.error();
  if (!*first) return Error{"nothing of the run has been recorded"};
  const Result<runtime::RunStart> start = runtime::ReadRunStart(run.plan(), **first);
  if (!start) return Error{fmt::format("record 1 {}", start.error().message)};
  std::string project = TextAt(run.manifest(), "project");
  if (project.empty()) project = run.plan().text(plan::StringId(run.plan().root().project()));
  return ManifestOf(run.plan(), start->identity, std::move(project));
}

}  // namespace

Result<ProjectedFiles> ProjectFiles(RecordedRun& run) {
  Result<store::Manifest> start = ReadStart(run);
  if (!start) return start.error();
  const redact::Redactor redactor;  // what is recorded is redacted
  host::SimulatedFiles memory;
  auto store = store::RunStore::Open(
      memory,
      {.folder = std::string(kFolder), .plan = {}, .redactor = &redactor, .sha256 = host::Sha256});
  if (!store) return Error{store.error().message};
  RunFiles files(run.plan(), **store, *std::move(start));
  runtime::History history(run.plan(), files);
  if (Result<void> read = run.Read(history); !read) return read.error();
  if (history.last().fact.type == runtime::FactType::RunParked) {
    files.SetStatus(RunStatus::InDoubt, "");
  }
  files.Write(files.manifest().started_at);
  ProjectedFiles made{.contents = {}, .manifest = files.manifest(), .manifest_text = {}};
  for (const auto& [path, content] : memory.files()) {
    const std::string name = path.substr(kFolder.size() + 1);
    const bool is_other = std::ranges::find(kOthers, name) != std::end(kOthers);
    if (!is_other) made.contents.emplace(name, content);
    if (name == "manifest.json") made.manifest_text = content;
  }
  return made;
}

std::optional<std::string> ReadFileOf(const std::string& folder, const std::string& name,
                                      size_t most) {
  const std::string path = fmt::format("{}/{}", folder, name);
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(path, error))) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  const uint64_t size = fs::file_size(path, error);
  std::string content(error ? 0 : std::min<uint64_t>(most, size), '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<size_t>(file.gcount()));
  return content;
}

std::vector<std::string> FindStrangers(const std::string& folder, const ProjectedFiles& files) {
  std::vector<std::string> strangers;
  std::error_code error;
  for (const char* part : {"transcripts", "errors"}) {
    for (const auto& entry : fs::directory_iterator(fmt::format("{}/{}", folder, part), error)) {
      const std::string name = fmt::format("{}/{}", part, entry.path().filename().string());
      if (!files.contents.contains(name)) strangers.push_back(name);
    }
  }
  std::ranges::sort(strangers);
  return strangers;
}

}  // namespace wfc::driver

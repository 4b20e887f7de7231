// The verb `runs rebuild`.
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "backend-runtime/host/files.h"
#include "backend-runtime/store/run_lock.h"
#include "driver/wfc_run/runs/find_run.h"
#include "driver/wfc_run/runs/manifest_file.h"
#include "driver/wfc_run/runs/projected_files.h"
#include "driver/wfc_run/runs/verbs.h"
#include "ir/base/standard_streams.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

/// What was done to the files.
struct Rebuilt {
  std::vector<std::string> written;
  std::vector<std::string> removed;
  size_t kept_count = 0;
};

Result<void> Write(host::Files& files, const std::string& name, const std::string& content,
                   Rebuilt& rebuilt) {
  const host::FileResult<void> written = files.Write(name, content, host::WriteHow::Replace);
  if (!written) return Error{written.error().message};
  rebuilt.written.push_back(name);
  return {};
}

/// A manifest that cannot be read is made again, without the seal, which nobody knows any more.
Result<void> RebuildManifest(host::Files& files, const std::string& folder, const std::string& text,
                             Rebuilt& rebuilt) {
  if (ReadManifestHead(folder)) return {};
  return Write(files, "manifest.json", text, rebuilt);
}

Result<Rebuilt> Rebuild(const std::string& folder, const ProjectedFiles& projected) {
  host::FileResult<std::unique_ptr<host::Files>> files = host::OpenFiles(folder);
  if (!files) return Error{files.error().message};
  Rebuilt rebuilt;
  for (const auto& [name, content] : projected.contents) {
    if (ReadFileOf(folder, name, content.size() + 1) == content) {
      ++rebuilt.kept_count;
      continue;
    }
    if (Result<void> written = Write(**files, name, content, rebuilt); !written) {
      return written.error();
    }
  }
  for (const std::string& name : FindStrangers(folder, projected)) {
    const host::FileResult<void> removed = (*files)->Remove(name);
    if (!removed) return Error{removed.error().message};
    rebuilt.removed.push_back(name);
  }
  Result<void> manifest = RebuildManifest(**files, folder, projected.manifest_text, rebuilt);
  if (!manifest) return manifest.error();
  return rebuilt;
}

Value NamesOf(const std::vector<std::string>& names) {
  std::vector<Value> list;
  for (const std::string& name : names) list.push_back(Value::String(name));
  return Value::List(std::move(list));
}

std::string DescribeRebuilt(const Rebuilt& rebuilt, RunForm form) {
  if (form == RunForm::Json) {
    return WriteJson(Value::Record({{"kept", Value::Int(static_cast<int64_t>(rebuilt.kept_count))},
                                    {"removed", NamesOf(rebuilt.removed)},
                                    {"written", NamesOf(rebuilt.written)}}),
                     JsonStyle::Pretty) +
           "\n";
  }
  std::string text;
  for (const std::string& name : rebuilt.written) text += fmt::format("written  {}\n", name);
  for (const std::string& name : rebuilt.removed) text += fmt::format("removed  {}\n", name);
  return text + fmt::format("{} files were as recorded, {} were written, {} removed\n",
                            rebuilt.kept_count, rebuilt.written.size(), rebuilt.removed.size());
}

}  // namespace

ExitCode RebuildRun(const RebuildOptions& options) {
  const Result<std::string> folder = FindRunFolder(options.run);
  if (!folder) return Fail(ExitCode::Usage, folder.error().message);
  // Whoever drives the run writes the files.
  const auto lock = store::RunLock::Take(*folder);
  if (!lock) return Fail(ExitCode::Usage, lock.error().message);
  const RecordedRun::Opened run = RecordedRun::Open(*folder);
  if (!run) return Fail(ExitCode::Usage, run.error().message);
  const Result<ProjectedFiles> projected = ProjectFiles(**run);
  if (!projected) return Fail(ExitCode::Usage, projected.error().message);
  const Result<Rebuilt> rebuilt = Rebuild(*folder, *projected);
  if (!rebuilt) return Fail(ExitCode::Storage, rebuilt.error().message);
  return PrintResult(DescribeRebuilt(*rebuilt, options.form)) ? ExitCode::Completed
                                                              : ExitCode::Storage;
}

}  // namespace wfc::driver

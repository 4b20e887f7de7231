#include "backend-runtime/store/run_store.h"

#include <cctype>
#include <utility>

#include <fmt/core.h>

#include "ir/value/json.h"

namespace wfc::store {
namespace {

constexpr size_t kBufferedBytes = 64 << 10;
/// For all transcripts together.
constexpr size_t kBufferedTranscripts = 1 << 20;
constexpr size_t kLongestFileName = 160;
constexpr size_t kMostFiles = size_t{1} << 24;
constexpr std::string_view kFolders[] = {"transcripts", "errors"};

std::string_view AsText(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::string FileNameOf(std::string_view stage) {
  std::string name;
  for (const char c : stage.substr(0, kLongestFileName)) {
    const bool is_plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
    name += is_plain ? c : '_';
  }
  if (name.empty() || name[0] == '.') name.insert(name.begin(), '_');
  return name;
}

RunStore::RunStore(host::Files& files, const Options& options)
    : files_(files),
      redactor_(*options.redactor),
      folder_(options.folder),
      audit_chain_(options.sha256),
      metrics_{.path = PathOf("metrics.jsonl")},
      audit_{.path = PathOf("audit.jsonl")} {}

host::FileResult<std::unique_ptr<RunStore>> RunStore::Open(host::Files& files,
                                                           const Options& options) {
  std::unique_ptr<RunStore> store(new RunStore(files, options));
  for (const std::string_view folder : kFolders) {
    const host::FileResult<void> made = files.MakeFolder(store->PathOf(folder));
    if (!made) return made.error();
  }
  const host::FileResult<void> written =
      files.Write(store->PathOf("plan.bin"), AsText(options.plan), host::WriteHow::Create);
  if (!written) return written.error();
  if (const host::FileResult<void> opened = store->OpenLogs(); !opened) return opened.error();
  return store;
}

host::FileResult<std::unique_ptr<RunStore>> RunStore::GoOn(host::Files& files,
                                                           const Options& options) {
  std::unique_ptr<RunStore> store(new RunStore(files, options));
  for (const Log* log : {&store->metrics_, &store->audit_}) {
    const host::FileResult<void> emptied = files.Write(log->path, "", host::WriteHow::Replace);
    if (!emptied) return emptied.error();
  }
  for (const std::string_view folder : kFolders) {
    const host::FileResult<void> removed = store->RemoveFilesIn(folder);
    if (!removed) return removed.error();
  }
  if (const host::FileResult<void> opened = store->OpenLogs(); !opened) return opened.error();
  return store;
}

host::FileResult<void> RunStore::OpenLogs() {
  for (Log* log : {&metrics_, &audit_}) {
    const auto opened = files_.OpenAppend(log->path);
    if (!opened) return opened.error();
    log->is_made = true;
  }
  return {};
}

/// Makes the folder if it is missing.
host::FileResult<void> RunStore::RemoveFilesIn(std::string_view folder) {
  const std::string path = PathOf(folder);
  if (host::FileResult<void> made = files_.MakeFolder(path); !made) return made;
  const host::FileResult<std::vector<host::FolderEntry>> entries = files_.List(path, kMostFiles);
  if (!entries) return entries.error();
  for (const host::FolderEntry& entry : *entries) {
    if (entry.kind == host::EntryKind::Folder) continue;
    const host::FileResult<void> removed = files_.Remove(fmt::format("{}/{}", path, entry.name));
    if (!removed) return removed;
  }
  return {};
}

std::string RunStore::PathOf(std::string_view name) const {
  return fmt::format("{}/{}", folder_, name);
}

void RunStore::OnFailure(std::function<void()> handler) {
  on_failure_ = std::move(handler);
}

std::optional<host::FileError> RunStore::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void RunStore::Fail(const host::FileError& error) {
  if (!failure_) failure_ = error;
}

/// Calls the handler outside the lock, because the handler may call the store.
void RunStore::Notify() {
  {
    const std::lock_guard lock(mutex_);
    if (!failure_ || std::exchange(is_notified_, true)) return;
  }
  if (on_failure_) on_failure_();
}

host::FileResult<void> RunStore::CheckPlace(const Log* log) const {
  const auto found = files_.Inspect(log != nullptr && log->is_made ? log->path : folder_);
  if (!found) return found.error();
  return {};
}

host::FileResult<void> RunStore::AppendBuffer(Log& log) {
  if (host::FileResult<void> placed = CheckPlace(&log); !placed) return placed;
  auto file = files_.OpenAppend(log.path);
  if (!file) return file.error();
  log.is_made = true;
  return (*file)->Append(log.buffer);
}

host::FileResult<void> RunStore::Replace(std::string_view name, std::string_view text) {
  if (host::FileResult<void> placed = CheckPlace(nullptr); !placed) return placed;
  return files_.Write(PathOf(name), text, host::WriteHow::Replace);
}

void RunStore::FlushLog(Log& log) {
  if (log.buffer.empty() || log.is_broken) return;
  const host::FileResult<void> appended = AppendBuffer(log);
  log.buffer.clear();
  if (appended) return;
  log.is_broken = true;
  Fail(appended.error());
}

/// Flushes the small logs first, so that a large transcript that fills the disk does not prevent
/// them.
void RunStore::FlushAll() {
  for (Log* log : {&metrics_, &audit_}) FlushLog(*log);
  for (auto& [stage, log] : transcripts_) FlushLog(log);
  transcript_bytes_ = 0;
}

void RunStore::Append(Log& log, const std::string& line) {
  if (log.is_broken) return;
  log.buffer += line;
  if (log.buffer.size() >= kBufferedBytes) FlushLog(log);
}

void RunStore::AppendMetric(const Value& metric) {
  const std::string line = WriteJson(redactor_.Redact(metric)) + "\n";
  {
    const std::lock_guard lock(mutex_);
    Append(metrics_, line);
  }
  Notify();
}

void RunStore::AppendDecision(const Value& decision) {
  const Value redacted = redactor_.Redact(decision);
  {
    const std::lock_guard lock(mutex_);
    Append(audit_, audit_chain_.Append(redacted));
  }
  Notify();
}

void RunStore::AppendTranscript(std::string_view stage, const Value& line) {
  const std::string text = WriteJson(redactor_.Redact(line)) + "\n";
  {
    const std::lock_guard lock(mutex_);
    auto found = transcripts_.find(stage);
    if (found == transcripts_.end()) {
      const std::string name = fmt::format("transcripts/{}.jsonl", FileNameOf(stage));
      found = transcripts_.emplace(stage, Log{.path = PathOf(name)}).first;
    }
    if (!found->second.is_broken) {
      found->second.buffer += text;
      transcript_bytes_ += text.size();
    }
    if (transcript_bytes_ >= kBufferedTranscripts) FlushAll();
  }
  Notify();
}

std::string RunStore::WriteError(std::string_view stage, const Value& error) {
  const std::string text = WriteJson(redactor_.Redact(error), JsonStyle::Pretty) + "\n";
  std::string name;
  {
    const std::lock_guard lock(mutex_);
    name = fmt::format("errors/{:02}-{}.json", ++error_count_, FileNameOf(stage));
    const host::FileResult<void> written = Replace(name, text);
    if (!written) Fail(written.error());
  }
  Notify();
  return name;
}

void RunStore::WriteManifest(Manifest manifest) {
  {
    const std::lock_guard lock(mutex_);
    manifest.audit_count = audit_chain_.count();
    manifest.audit_head = audit_chain_.count() == 0 ? std::string() : audit_chain_.head();
    const std::string text =
        WriteJson(redactor_.Redact(ToValue(manifest)), JsonStyle::Pretty) + "\n";
    const host::FileResult<void> written = Replace("manifest.json", text);
    if (!written) Fail(written.error());
  }
  Notify();
}

void RunStore::Flush() {
  {
    const std::lock_guard lock(mutex_);
    FlushAll();
  }
  Notify();
}

}  // namespace wfc::store

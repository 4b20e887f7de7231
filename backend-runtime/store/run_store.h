// RunStore: writes the files of a run's folder that follow from its record, and can be made again
// from it. All that is written passes through the redactor.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "backend-runtime/host/files.h"
#include "backend-runtime/runtime/redact/redactor.h"
#include "backend-runtime/store/audit.h"
#include "backend-runtime/store/manifest.h"
#include "ir/base/digest.h"
#include "ir/value/value.h"

namespace wfc::store {

/// Safe to use from several threads. Logs are buffered until `Flush`, or until a buffer is full.
/// After a failure of the file system that log is no longer written: what was recorded
/// stays, and `failure` says why nothing follows. A folder or log that was removed from outside
/// counts as a failure; it is not created again with only the rest of the records.
class RunStore {
 public:
  /// `redactor` and `sha256` must not be null.
  struct Options {
    std::string folder;               ///< the run's folder, relative to the root of `files`
    std::span<const std::byte> plan;  ///< the content of plan.bin
    const redact::Redactor* redactor = nullptr;
    Sha256Function sha256 = nullptr;
  };

  /// Creates the folder with plan.bin and empty logs. `files` and `redactor` must outlive the
  /// store. Fails when the folder already contains a plan.bin, or cannot be written.
  [[nodiscard]] static host::FileResult<std::unique_ptr<RunStore>> Open(host::Files& files,
                                                                        const Options& options);

  /// Goes on with the folder of a run that is resumed or read again. What it tells again begins
  /// anew: the logs, the transcripts and the errors.
  [[nodiscard]] static host::FileResult<std::unique_ptr<RunStore>> GoOn(host::Files& files,
                                                                        const Options& options);

  /// Sets the handler that is called once, after the first failure, on the thread that met it.
  void OnFailure(std::function<void()> handler);
  /// The first failure, if there has been one.
  [[nodiscard]] std::optional<host::FileError> failure() const;

  /// Appends one line to metrics.jsonl, audit.jsonl and the stage's transcript, respectively.
  /// Decisions are chained (AuditChain).
  void AppendMetric(const Value& metric);
  void AppendDecision(const Value& decision);
  void AppendTranscript(std::string_view stage, const Value& line);
  /// Writes the error to `errors/NN-STAGE.json` at once and returns that path, also after a
  /// failure.
  std::string WriteError(std::string_view stage, const Value& error);
  /// Replaces manifest.json by rename, and attempts it even after a failure. Fills in the fields
  /// about the audit log.
  void WriteManifest(Manifest manifest);
  /// Writes out all buffered lines.
  void Flush();

 private:
  struct Log {
    std::string path;
    std::string buffer = {};
    bool is_made = false;  // the file was created, so it must exist
    bool is_broken = false;
  };

  RunStore(host::Files& files, const Options& options);
  [[nodiscard]] std::string PathOf(std::string_view name) const;
  [[nodiscard]] host::FileResult<void> OpenLogs();
  [[nodiscard]] host::FileResult<void> RemoveFilesIn(std::string_view folder);
  /// Checks that the run's folder, and `log` if it was created, still exist where they were
  /// created.
  [[nodiscard]] host::FileResult<void> CheckPlace(const Log* log) const;
  [[nodiscard]] host::FileResult<void> AppendBuffer(Log& log);
  [[nodiscard]] host::FileResult<void> Replace(std::string_view name, std::string_view text);
  void Append(Log& log, const std::string& line);
  void FlushLog(Log& log);
  void FlushAll();
  void Fail(const host::FileError& error);
  void Notify();

  host::Files& files_;
  const redact::Redactor& redactor_;
  std::string folder_;

  mutable std::mutex mutex_;
  AuditChain audit_chain_;
  Log metrics_;
  Log audit_;
  std::map<std::string, Log, std::less<>> transcripts_;
  uint32_t error_count_ = 0;
  size_t transcript_bytes_ = 0;
  std::optional<host::FileError> failure_;
  bool is_notified_ = false;
  std::function<void()> on_failure_;
};

/// Turns a stage's path into a file name of at most 161 bytes: every character except letters,
/// digits, `.`, `-` and `_` becomes `_`, and a name that would be hidden gets a leading `_`.
/// Different paths can yield the same name.
[[nodiscard]] std::string FileNameOf(std::string_view stage);

}  // namespace wfc::store

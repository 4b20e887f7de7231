// RunStore: the folder of one run. Everything that is written passes through here, and through the
// redactor.
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
#include "backend-runtime/store/audit.h"
#include "backend-runtime/store/manifest.h"
#include "backend-runtime/store/redactor.h"
#include "ir/base/digest.h"
#include "ir/value/value.h"

namespace wfc::store {

/// Safe to use from several threads. Logs are buffered until `Flush`, or until enough has come
/// together. After the first failure of the file system the logs stay as they are: what was
/// recorded is kept, and `failure` says why there is no more. A folder or a log that somebody took
/// away is such a failure: half of a record is not made anew.
class RunStore {
 public:
  struct Options {
    std::string folder;               ///< of the run, relative to the root of `files`
    std::span<const std::byte> plan;  ///< plan.bin
    const Redactor* redactor = nullptr;
    Sha256Function sha256 = nullptr;
  };

  /// Makes the folder with plan.bin in it. `files`, `redactor` outlive the store.
  [[nodiscard]] static host::FileResult<std::unique_ptr<RunStore>> Open(host::Files& files,
                                                                        const Options& options);

  /// Called once, on the thread that met the first failure.
  void OnFailure(std::function<void()> handler);
  [[nodiscard]] std::optional<host::FileError> failure() const;

  void AppendEvent(const Value& event);
  void AppendMetric(const Value& metric);
  void AppendDecision(const Value& decision);
  void AppendTranscript(std::string_view stage, const Value& line);
  /// Writes `errors/NN-STAGE.json` and yields that path.
  std::string WriteError(std::string_view stage, const Value& error);
  /// By rename; also after a failure, as far as that goes. Fills in what the store knows: the
  /// audit.
  void WriteManifest(Manifest manifest);
  void Flush();

 private:
  struct Log {
    std::string path;
    std::string buffer = {};
    bool is_made = false;  // and has to be there
    bool is_broken = false;
  };

  RunStore(host::Files& files, const Options& options);
  [[nodiscard]] std::string PathOf(std::string_view name) const;
  /// That the run's folder, and `log` if it was made, are where they were put.
  [[nodiscard]] host::FileResult<void> CheckPlace(const Log* log) const;
  [[nodiscard]] host::FileResult<void> AppendBuffer(Log& log);
  [[nodiscard]] host::FileResult<void> Replace(std::string_view name, std::string_view text);
  void Append(Log& log, const std::string& line);
  void FlushLog(Log& log);
  void FlushAll();
  void Fail(const host::FileError& error);
  void Notify();

  host::Files& files_;
  const Redactor& redactor_;
  std::string folder_;

  mutable std::mutex mutex_;
  AuditChain audit_chain_;
  Log events_;
  Log metrics_;
  Log audit_;
  std::map<std::string, Log, std::less<>> transcripts_;
  uint64_t event_count_ = 0;
  uint32_t error_count_ = 0;
  size_t transcript_bytes_ = 0;
  std::optional<host::FileError> failure_;
  bool is_notified_ = false;
  std::function<void()> on_failure_;
};

/// A stage's path as a file's name: what is not a letter, a digit, `.`, `-` or `_` becomes `_`; not
/// hidden, and not too long.
[[nodiscard]] std::string FileNameOf(std::string_view stage);

}  // namespace wfc::store

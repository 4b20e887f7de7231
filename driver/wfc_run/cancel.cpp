#include "driver/wfc_run/cancel.h"

#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "backend-runtime/host/clock.h"
#include "backend-runtime/store/ask_run.h"
#include "backend-runtime/store/run_files.h"
#include "backend-runtime/store/run_lock.h"
#include "driver/wfc_run/run.h"
#include "driver/wfc_run/runs/find_run.h"
#include "driver/wfc_run/who_asks.h"
#include "ir/base/standard_streams.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

/// A run can come to rest, or its driver can end, between two looks at it.
constexpr int kTries = 5;
/// For how long the driver is given to take what it is asked, and how often that is looked at.
constexpr int kLooks = 50;
constexpr std::chrono::milliseconds kPause{100};

/// Why nobody can take the run's lock; nothing if it is free.
std::optional<store::LockError> WhyHeld(const std::string& folder) {
  const auto lock = store::RunLock::Take(folder);
  return lock ? std::nullopt : std::optional(lock.error());
}

journal::InboxEntry MakeRequest(bool has_cleanup) {
  return {.wall = host::PosixClock().WallNow(),
          .kind = std::string(has_cleanup ? journal::kCancelRequest : journal::kKillRequest),
          .by = WhoAsks(),
          .uid = getuid()};
}

bool WaitUntilTaken(const std::string& folder, uint64_t entry_id) {
  for (int look = 0; look < kLooks; ++look) {
    std::this_thread::sleep_for(kPause);
    const auto is_taken = store::HasTaken(folder, entry_id);
    if (is_taken && *is_taken) return true;
  }
  return false;
}

std::string Name(const store::LockError& held) {
  return held.holder ? fmt::format("process {} on {}", held.holder->pid, held.holder->host)
                     : "the process that drives it";
}

ExitCode TellAsked(const CancelOptions& options, const std::string& driver, bool is_taken) {
  if (options.form == RunForm::Json) {
    const Value told = Value::Record({{"run", Value::String(options.run)},
                                      {"asked", Value::Bool(true)},
                                      {"taken", Value::Bool(is_taken)}});
    return PrintResult(WriteJson(told, JsonStyle::Pretty) + "\n") ? ExitCode::Completed
                                                                  : ExitCode::Usage;
  }
  PrintMessage(
      stderr,
      is_taken
          ? fmt::format("{} cancels the run now{}; `wfc status {}` shows how far it is\n", driver,
                        options.has_cleanup ? ", and its cleanup runs" : "", options.run)
          : fmt::format("{} was asked to cancel the run, but has not taken notice yet; if "
                        "it is stopped, `wfc resume {} --take-over` ends it\n",
                        driver, options.run));
  return ExitCode::Completed;
}

}  // namespace

ExitCode CancelRun(const CancelOptions& options) {
  const Result<std::string> folder = FindRunFolder(options.run);
  if (!folder) return Fail(ExitCode::Usage, folder.error().message);
  std::string why;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const std::optional<store::LockError> held = WhyHeld(*folder);
    if (!held) {
      return ResumeRun({.run = *folder,
                        .cancels = options.has_cleanup ? Cancels::WithCleanup : Cancels::AtOnce,
                        .form = options.form,
                        .color = options.color});
    }
    why = held->message;
    if (held->kind == store::LockError::Kind::Failed) break;
    const auto asked =
        store::AskRun(*folder, MakeRequest(options.has_cleanup), store::ReadToken(*folder));
    if (asked) return TellAsked(options, Name(*held), WaitUntilTaken(*folder, *asked));
    why = asked.error().message;
    if (asked.error().kind == store::OpenError::Kind::Refused) break;
    std::this_thread::sleep_for(kPause);
  }
  PrintError(why);
  return ExitCode::Usage;
}

}  // namespace wfc::driver

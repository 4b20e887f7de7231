#include "driver/wfc_run/detach.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend-runtime/store/run_files.h"
#include "driver/wfc_run/runs/find_run.h"
#include "ir/base/standard_streams.h"
#include "ir/value/json.h"

namespace wfc::driver {
namespace {

ExitCode FailOfSystem(const char* what) {
  PrintError(fmt::format("{}: {}", what, std::strerror(errno)));
  return ExitCode::Usage;
}

std::string ReadAll(int descriptor) {
  std::string text;
  std::array<char, 4096> part{};
  while (true) {
    const ssize_t size = read(descriptor, part.data(), part.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return text;
    text.append(part.data(), static_cast<size_t>(size));
  }
}

/// The exit code of a process that ended before the run had begun, and has said why.
ExitCode WaitFor(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? static_cast<ExitCode>(WEXITSTATUS(status)) : ExitCode::Bug;
}

/// What the background process has announced: the run's id, and its folder in a second line.
ExitCode TellRun(RunForm form, pid_t child, const std::string& announced) {
  const size_t line_end = announced.find('\n');
  const std::string run_id = announced.substr(0, line_end);
  const std::string folder = announced.substr(line_end + 1);
  if (form == RunForm::Json) {
    const Value told = Value::Record({{"run", Value::String(run_id)},
                                      {"folder", Value::String(folder)},
                                      {"pid", Value::Int(child)},
                                      {"token", Value::String(store::ReadToken(folder))}});
    return PrintResult(WriteJson(told, JsonStyle::Pretty) + "\n") ? ExitCode::Completed
                                                                  : ExitCode::Storage;
  }
  PrintMessage(stderr,
               fmt::format("the run goes on in the background, as process {}; `wfc status "
                           "{}` shows how it stands, `wfc cancel` ends it\nrun folder: {}\n",
                           child, NameFromHere(folder), folder));
  return PrintResult(run_id + "\n") ? ExitCode::Completed : ExitCode::Storage;
}

}  // namespace

std::variant<Detached, ExitCode> Detached::Split(RunForm form) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return FailOfSystem("cannot make a pipe");
  host::OwnedDescriptor reading(ends[0]);
  host::OwnedDescriptor writing(ends[1]);
  const pid_t child = fork();
  if (child < 0) return FailOfSystem("cannot start a process");
  if (child == 0) {
    setsid();
    return Detached(std::move(writing));
  }
  writing.Close();
  const std::string announced = ReadAll(reading.get());
  const bool has_begun = announced.find('\n') != std::string::npos;
  return has_begun ? TellRun(form, child, announced) : WaitFor(child);
}

void Detached::Announce(const std::string& run_id, const std::string& folder) {
  const host::OwnedDescriptor log(
      open((folder + "/detached.log").c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  const host::OwnedDescriptor nothing(open("/dev/null", O_RDWR | O_CLOEXEC));
  const int written = log.is_open() ? log.get() : nothing.get();
  dup2(nothing.get(), STDIN_FILENO);
  dup2(written, STDOUT_FILENO);
  dup2(written, STDERR_FILENO);
  const std::string announced = fmt::format("{}\n{}", run_id, folder);
  // A process that does not wait any more loses the announcement, and not the run.
  static_cast<void>(!write(pipe_.get(), announced.data(), announced.size()));
  pipe_.Close();
}

}  // namespace wfc::driver

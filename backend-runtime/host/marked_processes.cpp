#include "backend-runtime/host/marked_processes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace wfc::host {
namespace {

/// The kernel bounds an environment by a quarter of the stack, which is larger only where someone
/// has asked for it.
constexpr size_t kLargestEnvironment = size_t{8} << 20;

std::string ReadProcFile(pid_t pid, const char* name) {
  const OwnedDescriptor file(
      open(fmt::format("/proc/{}/{}", pid, name).c_str(), O_RDONLY | O_CLOEXEC));
  std::string content;
  if (!file.is_open()) return content;
  std::array<char, 16384> part;
  while (content.size() < kLargestEnvironment) {
    const ssize_t size = read(file.get(), part.data(), part.size());
    if (size <= 0) break;
    content.append(part.data(), static_cast<size_t>(size));
  }
  return content;
}

/// The value of a variable in a list of `NAME=VALUE`, each ended by a NUL.
std::optional<std::string_view> FindVariable(std::string_view environment,
                                             std::string_view variable) {
  while (!environment.empty()) {
    const std::string_view entry = environment.substr(0, environment.find('\0'));
    environment.remove_prefix(std::min(entry.size() + 1, environment.size()));
    const bool is_it =
        entry.starts_with(variable) && entry.substr(variable.size()).starts_with('=');
    if (is_it) return entry.substr(variable.size() + 1);
  }
  return std::nullopt;
}

std::optional<MarkedProcess> Look(pid_t pid, std::string_view variable, std::string_view prefix) {
  // The pidfd is opened first: if the number is reused in between, it stands for a process that has
  // ended, and a signal to it reaches nobody.
  OwnedDescriptor process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!process.is_open()) return std::nullopt;
  const std::string environment = ReadProcFile(pid, "environ");
  const std::optional<std::string_view> mark = FindVariable(environment, variable);
  if (!mark || !mark->starts_with(prefix)) return std::nullopt;
  std::string program = ReadProcFile(pid, "comm");
  while (!program.empty() && program.back() == '\n') program.pop_back();
  return MarkedProcess{.process = std::move(process),
                       .pid = pid,
                       .program = std::move(program),
                       .mark = std::string(*mark)};
}

}  // namespace

std::vector<MarkedProcess> FindMarked(std::string_view variable, std::string_view prefix) {
  std::vector<MarkedProcess> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename().string();
    pid_t pid = 0;
    const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (bad != std::errc() || end != name.data() + name.size() || pid == getpid()) continue;
    if (auto process = Look(pid, variable, prefix)) found.push_back(*std::move(process));
  }
  return found;
}

}  // namespace wfc::host

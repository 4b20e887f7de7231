#include "backend-runtime/host/posix_processes.h"

#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend-runtime/host/child_process.h"
#include "backend-runtime/host/spawn.h"

namespace wfc::host {

PosixProcesses::PosixProcesses(PosixReactor& reactor)
    : reactor_(reactor), null_device_(open("/dev/null", O_RDWR | O_CLOEXEC)) {}

PosixProcesses::~PosixProcesses() = default;

Result<ProcessId, SpawnError> PosixProcesses::Start(ProcessSpec spec, ProcessDone done) {
  auto spawned = Spawn(spec, null_device_.get(), spawn_memory_);
  if (!spawned) return spawned.error();
  const ProcessId id(++started_count_);
  auto ended = [this, id, done = std::move(done)](ProcessResult result) {
    const auto child = children_.extract(id);
    done(std::move(result));
  };
  children_.emplace(id, std::make_unique<ChildProcess>(reactor_, leftovers_, *std::move(spawned),
                                                       std::move(spec), std::move(ended)));
  return id;
}

void PosixProcesses::Cancel(ProcessId id) {
  if (const auto found = children_.find(id); found != children_.end()) {
    found->second->Terminate(ProcessEnd::Cancelled);
  }
}

void PosixProcesses::KillAll() {
  for (auto& [id, child] : children_) child->Kill(ProcessEnd::Cancelled);
}

namespace {

bool IsExecutableFile(const std::string& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::optional<std::string> FindExecutable(const std::string& name, const std::string& search_path) {
  if (name.empty()) return std::nullopt;
  if (name.find('/') != std::string::npos) {
    return name.front() == '/' && IsExecutableFile(name) ? std::optional(name) : std::nullopt;
  }
  for (size_t begin = 0; begin <= search_path.size();) {
    const size_t end = std::min(search_path.find(':', begin), search_path.size());
    std::string path = search_path.substr(begin, end - begin);
    if (path.starts_with('/')) {
      path += "/" + name;
      if (IsExecutableFile(path)) return path;
    }
    begin = end + 1;
  }
  return std::nullopt;
}

}  // namespace wfc::host

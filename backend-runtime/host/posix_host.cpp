#include "backend-runtime/host/posix_host.h"

#include <csignal>
#include <utility>

#include "backend-runtime/host/posix_processes.h"
#include "backend-runtime/host/posix_reactor.h"
#include "ir/base/standard_streams.h"

namespace wfc::host {
namespace {

class Machine : public PosixHost {
 public:
  explicit Machine(std::unique_ptr<PosixReactor> reactor)
      : reactor_(std::move(reactor)), processes_(*reactor_) {}
  Reactor& reactor() override { return *reactor_; }
  Processes& processes() override { return processes_; }

 private:
  std::unique_ptr<PosixReactor> reactor_;
  PosixProcesses processes_;
};

}  // namespace

void PrepareProcess() {
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
  // While SIGCHLD is ignored, the kernel discards the exit status of children.
  std::signal(SIGCHLD, SIG_DFL);
  KeepStandardDescriptors();
}

Result<std::unique_ptr<PosixHost>> MakePosixHost(const PosixHostOptions& options) {
  PrepareProcess();
  auto reactor = PosixReactor::Make(options.worker_count);
  if (!reactor) return reactor.error();
  return std::unique_ptr<PosixHost>(std::make_unique<Machine>(*std::move(reactor)));
}

}  // namespace wfc::host

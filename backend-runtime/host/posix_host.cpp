#include "backend-runtime/host/posix_host.h"

#include <csignal>
#include <utility>

#include <fcntl.h>

#include "backend-runtime/host/posix_processes.h"
#include "backend-runtime/host/posix_reactor.h"

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
  // A pipe must never become descriptor 0, 1 or 2 of ours.
  for (int descriptor = 0; descriptor < 3; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) < 0) static_cast<void>(!open("/dev/null", O_RDWR));
  }
}

Result<std::unique_ptr<PosixHost>> MakePosixHost(const PosixHostOptions& options) {
  PrepareProcess();
  auto reactor = PosixReactor::Make(options.worker_count);
  if (!reactor) return reactor.error();
  return std::unique_ptr<PosixHost>(std::make_unique<Machine>(*std::move(reactor)));
}

}  // namespace wfc::host

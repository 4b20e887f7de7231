#include "backend-runtime/host/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace wfc::host {
namespace {

constexpr size_t kReadSize = 1 << 16;
/// How many times each pipe is read after the child has ended. The number suffices for a full pipe,
/// and bounds the time that another process can cost by continuing to write.
constexpr int kLastReads = 64;
/// The interval between two polls for survivors of a command that has ended.
constexpr int64_t kLookInterval = 2 * kNsPerMs;
/// How long to wait for killed processes to disappear. A process that the kernel blocks may stay
/// longer, and is given up.
constexpr int64_t kPatience = 5 * kNsPerSecond;

}  // namespace

ChildProcess::ChildProcess(PosixReactor& reactor, Leftovers& leftovers, SpawnedChild child,
                           ProcessSpec spec, std::function<void(ProcessResult)> ended)
    : reactor_(reactor),
      leftovers_(leftovers),
      pid_(child.pid),
      stdin_bytes_(std::move(spec.stdin_bytes).value_or("")),
      stdout_limit_(spec.stdout_limit),
      stderr_limit_(spec.stderr_limit),
      started_at_(reactor.clock().Now()),
      ended_(std::move(ended)) {
  leftovers_.Expect(pid_);
  process_.pipe = std::move(child.pidfd);
  stdin_.pipe = std::move(child.stdin_pipe);
  stdout_.pipe = std::move(child.stdout_pipe);
  stderr_.pipe = std::move(child.stderr_pipe);
  process_.watch = reactor_.Watch(process_.pipe.get(), EPOLLIN, [this](uint32_t) { Exited(); });
  stdout_.watch = reactor_.Watch(stdout_.pipe.get(), EPOLLIN, [this](uint32_t) { ReadOutput(); });
  stderr_.watch = reactor_.Watch(stderr_.pipe.get(), EPOLLIN, [this](uint32_t) { ReadErrors(); });
  if (stdin_.pipe.is_open()) {
    stdin_.watch = reactor_.Watch(stdin_.pipe.get(), EPOLLOUT, [this](uint32_t) { WriteInput(); });
  }
  if (spec.deadline != 0) {
    deadline_ = reactor_.StartTimer(spec.deadline, [this] { Terminate(ProcessEnd::Deadline); });
  }
}

ChildProcess::~ChildProcess() {
  if (!is_reaped_) {
    SignalTree(SIGKILL);
    Reap();
  }
  for (Channel* channel : {&process_, &stdin_, &stdout_, &stderr_}) Close(*channel);
  reactor_.StopTimer(deadline_);
  reactor_.StopTimer(tree_timer_);
}

/// Signals the child's process group in one call, and then each descendant that has left the group.
/// The descendants are collected first, because they are no longer below the child once it is gone.
void ChildProcess::SignalTree(int signal) {
  const std::vector<HeldProcess> descendants = HoldDescendants(pid_);
  kill(-pid_, signal);
  SignalEach(descendants, signal);
}

/// No process receives TERM twice: it may already have begun to clean up.
void ChildProcess::SignalEach(const std::vector<HeldProcess>& processes, int signal) {
  for (const HeldProcess& process : processes) {
    if (process.group == pid_) continue;
    if (signal == SIGKILL || terminated_.insert(process.pid).second) Signal(process, signal);
  }
}

void ChildProcess::Terminate(ProcessEnd cause) {
  if (has_exited_ || result_.end != ProcessEnd::Itself) return;
  result_.end = cause;
  kill_at_ = reactor_.clock().Now() + kKillDelay;
  tree_timer_ = reactor_.StartTimer(kill_at_, [this] { SignalTree(SIGKILL); });
  SignalTree(SIGTERM);
}

void ChildProcess::Kill(ProcessEnd cause) {
  if (result_.end == ProcessEnd::Itself && !has_exited_) result_.end = cause;
  kill_at_ = 0;
  SignalTree(SIGKILL);
}

void ChildProcess::Close(Channel& channel) {
  if (!channel.pipe.is_open()) return;
  reactor_.Unwatch(channel.watch, channel.pipe.get(), PosixReactor::Closing::Yes);
  channel.pipe.Close();
}

void ChildProcess::WriteInput() {
  const ssize_t count = write(stdin_.pipe.get(), stdin_bytes_.data() + stdin_written_,
                              stdin_bytes_.size() - stdin_written_);
  if (count > 0) stdin_written_ += static_cast<size_t>(count);
  const bool has_failed = count < 0 && errno != EAGAIN && errno != EINTR;
  // EPIPE: the child has closed its input, so the rest is dropped.
  if (has_failed || stdin_written_ == stdin_bytes_.size()) Close(stdin_);
}

bool ChildProcess::ReadSome(Channel& channel, std::string& bytes, uint64_t limit) {
  if (!channel.pipe.is_open()) return false;
  std::array<char, kReadSize> buffer;
  const ssize_t count = read(channel.pipe.get(), buffer.data(), buffer.size());
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) Close(channel);
  if (count <= 0) return false;
  const size_t kept = std::min<uint64_t>(static_cast<uint64_t>(count), limit - bytes.size());
  bytes.append(buffer.data(), kept);
  if (kept < static_cast<size_t>(count)) {
    if (&channel == &stdout_) is_over_limit_ = true;
    if (&channel == &stderr_) result_.is_stderr_cut = true;
  }
  return true;
}

void ChildProcess::ReadOutput() {
  static_cast<void>(ReadSome(stdout_, result_.stdout_bytes, stdout_limit_));
  if (!is_over_limit_) return;
  Close(stdout_);
  Terminate(ProcessEnd::OutputLimit);
}

void ChildProcess::ReadErrors() {
  static_cast<void>(ReadSome(stderr_, result_.stderr_bytes, stderr_limit_));
}

/// The child is reaped only after its tree is gone: while it is a zombie, no other process group
/// can get its number.
void ChildProcess::Exited() {
  has_exited_ = true;
  reactor_.Unwatch(process_.watch, process_.pipe.get(), PosixReactor::Closing::No);
  reactor_.StopTimer(deadline_);
  reactor_.StopTimer(tree_timer_);
  give_up_at_ = std::max(kill_at_, reactor_.clock().Now()) + kPatience;
  EndTree();
}

/// Ends the processes that a command leaves behind. They are killed at once if the command ended by
/// itself; if it was told to end, they have what remains of the time between TERM and KILL.
void ChildProcess::EndTree() {
  const int64_t now = reactor_.clock().Now();
  const int signal = now >= kill_at_ ? SIGKILL : SIGTERM;
  if (signal == SIGKILL) kill(-pid_, SIGKILL);
  const std::vector<pid_t> left = leftovers_.Find(pid_);
  for (const pid_t root : left) {
    std::vector<HeldProcess> tree = HoldDescendants(root);
    if (auto held = Hold(root)) tree.push_back(*std::move(held));
    SignalEach(tree, signal);
  }
  if (left.empty() || now >= give_up_at_) return Finish();
  tree_timer_ = reactor_.StartTimer(now + kLookInterval, [this] { EndTree(); });
}

void ChildProcess::ReadTheRest() {
  for (int i = 0; i < kLastReads && ReadSome(stdout_, result_.stdout_bytes, stdout_limit_);) ++i;
  for (int i = 0; i < kLastReads && ReadSome(stderr_, result_.stderr_bytes, stderr_limit_);) ++i;
  if (is_over_limit_ && result_.end == ProcessEnd::Itself) result_.end = ProcessEnd::OutputLimit;
}

void ChildProcess::Finish() {
  ReadTheRest();
  Reap();
  result_.duration = reactor_.clock().Now() - started_at_;
  const auto ended = std::move(ended_);
  ended(std::move(result_));
}

void ChildProcess::Reap() {
  siginfo_t info{};
  int result = -1;
  do {
    result = waitid(P_PIDFD, static_cast<id_t>(process_.pipe.get()), &info, WEXITED);
  } while (result != 0 && errno == EINTR);
  is_reaped_ = true;
  leftovers_.Forget(pid_);
  if (result != 0) return;
  if (info.si_code == CLD_EXITED) {
    result_.exit_code = info.si_status;
  } else {
    result_.signal = info.si_status;
  }
}

}  // namespace wfc::host

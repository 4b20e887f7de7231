#include "backend-runtime/host/posix_reactor.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/core.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace wfc::host {
namespace {

// The ids that epoll reports for the reactor's own descriptors; the ids of watches start at
// kFirstWatch.
constexpr uint64_t kTimerEvent = 0;
constexpr uint64_t kBellEvent = 1;
constexpr uint64_t kFirstWatch = 2;

/// How long after a second signal a busy reactor may still end in order.
constexpr int kPatienceMs = 1000;
/// The exit code that shells report for a command ended by Ctrl-C: 128 + SIGINT.
constexpr int kInterruptedExit = 130;

void AddToEpoll(int epoll, int descriptor, uint32_t events, uint64_t id) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  WFC_CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0);
}

/// Resets the counter of a timerfd or an eventfd, so that it is no longer ready.
void ReadCounter(int descriptor) {
  uint64_t count = 0;
  static_cast<void>(!read(descriptor, &count, sizeof count));
}

/// A closed terminal (SIGHUP) and an exhausted CPU limit (SIGXCPU) end a run as Ctrl-C does. Below
/// `nohup`, SIGHUP is ignored and stays so.
sigset_t InterruptSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGXCPU}) sigaddset(&set, signal);
  struct sigaction hang_up = {};
  sigaction(SIGHUP, nullptr, &hang_up);
  if (hang_up.sa_handler != SIG_IGN) sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

Result<std::unique_ptr<PosixReactor>> PosixReactor::Make(int worker_count) {
  std::unique_ptr<PosixReactor> reactor(new PosixReactor(worker_count));
  reactor->next_watch_ = kFirstWatch;
  reactor->epoll_ = OwnedDescriptor(epoll_create1(EPOLL_CLOEXEC));
  reactor->timer_ = OwnedDescriptor(timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK));
  reactor->bell_ = OwnedDescriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  const sigset_t set = InterruptSignals();
  reactor->signals_ = OwnedDescriptor(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  reactor->hearing_ends_ = OwnedDescriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  const bool has_all = reactor->epoll_.is_open() && reactor->timer_.is_open() &&
                       reactor->bell_.is_open() && reactor->signals_.is_open() &&
                       reactor->hearing_ends_.is_open();
  if (!has_all) {
    return Error{fmt::format("cannot wait for events: {}", std::generic_category().message(errno))};
  }
  AddToEpoll(reactor->epoll_.get(), reactor->timer_.get(), EPOLLIN, kTimerEvent);
  AddToEpoll(reactor->epoll_.get(), reactor->bell_.get(), EPOLLIN, kBellEvent);
  return reactor;
}

PosixReactor::~PosixReactor() {
  if (!hearing_.joinable()) return;
  constexpr uint64_t kOne = 1;
  static_cast<void>(!write(hearing_ends_.get(), &kOne, sizeof kOne));
  hearing_.join();
  // Discards signals that have not been received by now: once unblocked, they would kill a process
  // that has finished its work.
  signalfd_siginfo late{};
  while (read(signals_.get(), &late, sizeof late) == sizeof late) {
  }
  const sigset_t set = InterruptSignals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void PosixReactor::Post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(task));
  }
  // If the flag was set, the write that accompanied it wakes the reactor for this task as well. The
  // reactor's own thread needs no wake-up: it looks at the queue before it waits.
  if (has_posted_.exchange(true) || std::this_thread::get_id() == thread_.load()) return;
  constexpr uint64_t kOne = 1;
  static_cast<void>(!write(bell_.get(), &kOne, sizeof kOne));
}

TimerId PosixReactor::StartTimer(int64_t at, Task task) {
  return timers_.Add(at, std::move(task));
}

void PosixReactor::RunOnWorker(Task work, Task done) {
  ++running_jobs_;
  workers_.Submit([this, work = std::move(work), done = std::move(done)]() mutable {
    work();
    Post([this, done = std::move(done)] {
      --running_jobs_;
      done();
    });
  });
}

void PosixReactor::OnInterrupt(std::function<void(int)> handler) {
  interrupt_ = std::move(handler);
  if (hearing_.joinable()) return;
  const sigset_t set = InterruptSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  hearing_ = std::thread([this] { HearSignals(); });
}

void PosixReactor::HearSignals() {
  std::array<pollfd, 2> watched = {{{.fd = hearing_ends_.get(), .events = POLLIN, .revents = 0},
                                    {.fd = signals_.get(), .events = POLLIN, .revents = 0}}};
  for (;;) {
    const bool is_patient = heard_signals_.load() < 2 || taken_signals_.load() >= 2;
    const int ready = poll(watched.data(), watched.size(), is_patient ? -1 : kPatienceMs);
    if ((watched[0].revents & POLLIN) != 0) return;
    // The commands that still run die with this process (PR_SET_PDEATHSIG).
    if (ready == 0 && taken_signals_.load() < 2) _exit(kInterruptedExit);
    signalfd_siginfo info{};
    bool has_heard = false;
    while (read(signals_.get(), &info, sizeof info) == sizeof info) {
      ++heard_signals_;
      has_heard = true;
    }
    if (has_heard) Post([this] { TakeSignals(); });
  }
}

/// Called before each posted task, so that a run which a signal ends does not continue with tasks
/// that were queued earlier.
void PosixReactor::TakeSignals() {
  while (taken_signals_.load() < heard_signals_.load()) interrupt_(++taken_signals_);
}

void PosixReactor::Run() {
  is_stopped_ = false;
  thread_ = std::this_thread::get_id();
  for (;;) {
    RunPosted();
    RunTimers();
    if (is_stopped_ || !has_pending()) return;
    WaitForEvents();
    if (is_stopped_) return;
  }
}

bool PosixReactor::has_pending() const {
  return has_posted_.load() || !timers_.empty() || !watches_.empty() || running_jobs_ > 0;
}

void PosixReactor::RunPosted() {
  if (!has_posted_.load()) return;
  std::deque<Task> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(posted_);
    has_posted_.store(false);
  }
  while (!tasks.empty() && !is_stopped_) {
    const Task task = std::move(tasks.front());
    tasks.pop_front();
    TakeSignals();
    if (is_stopped_) {
      tasks.push_front(task);
      break;
    }
    task();
  }
  if (tasks.empty()) return;
  const std::lock_guard lock(mutex_);
  posted_.insert(posted_.begin(), std::make_move_iterator(tasks.begin()),
                 std::make_move_iterator(tasks.end()));
  has_posted_.store(true);
}

void PosixReactor::RunTimers() {
  if (timers_.empty()) return;
  const int64_t now = clock_.Now();
  while (!is_stopped_) {
    const std::optional<Task> task = timers_.Pop(now);
    if (!task) return;
    (*task)();
  }
}

void PosixReactor::ArmTimer() {
  if (timers_.empty()) return;
  const int64_t due = std::max<int64_t>(timers_.first_due(), 1);
  // An earlier alarm is harmless: it finds no timer due, and the next one is set then.
  if (armed_for_ != 0 && armed_for_ <= due) return;
  itimerspec spec{};
  spec.it_value.tv_sec = due / kNsPerSecond;
  spec.it_value.tv_nsec = due % kNsPerSecond;
  WFC_CHECK(timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &spec, nullptr) == 0);
  armed_for_ = due;
}

void PosixReactor::WaitForEvents() {
  ArmTimer();
  std::array<epoll_event, 64> events;
  const bool may_wait = !has_posted_.load();
  const int count =
      epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), may_wait ? -1 : 0);
  for (int i = 0; i < count; ++i) {
    Dispatch(events[static_cast<size_t>(i)].data.u64, events[static_cast<size_t>(i)].events);
  }
}

void PosixReactor::Dispatch(uint64_t id, uint32_t events) {
  if (id == kTimerEvent) {
    ReadCounter(timer_.get());
    armed_for_ = 0;
  } else if (id == kBellEvent) {
    ReadCounter(bell_.get());
  } else if (const auto found = watches_.find(id); found != watches_.end()) {
    // A second reference, because the task may remove its own watch.
    const std::shared_ptr<ReadyTask> task = found->second;
    (*task)(events);
  }
}

WatchId PosixReactor::Watch(int descriptor, uint32_t events, ReadyTask task) {
  const WatchId id = next_watch_++;
  watches_.emplace(id, std::make_shared<ReadyTask>(std::move(task)));
  AddToEpoll(epoll_.get(), descriptor, events, id);
  return id;
}

void PosixReactor::Unwatch(WatchId id, int descriptor, Closing closing) {
  if (watches_.erase(id) == 0 || closing == Closing::Yes) return;
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
}

}  // namespace wfc::host

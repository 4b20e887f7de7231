#include "driver/wfc_run/simulate.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "backend-runtime/host/posix_host.h"
#include "backend-runtime/plan/verifier.h"
#include "backend-runtime/simulate/simulation.h"
#include "driver/wfc_run/environment.h"
#include "driver/wfc_run/inputs.h"
#include "driver/wfc_run/modes.h"
#include "driver/wfc_run/simulate_report.h"
#include "driver/wfc_run/simulate_trace.h"
#include "driver/wfc_run/terminal.h"
#include "ir/base/standard_streams.h"

namespace wfc::driver {
namespace {

/// The length of a turn: between two turns the reactor handles interrupts.
constexpr int64_t kTurn = 50 * kNsPerMs;
constexpr int64_t kBetweenRedraws = 100 * kNsPerMs;
/// The limit for all runs together; when it is reached, the report covers the runs so far.
constexpr int64_t kLongestMinutes = 10;

ExitCode ReportRefusal(const std::string& message) {
  PrintError(message);
  return ExitCode::Usage;
}

/// Completes a generated input with the given one. A given key replaces the generated one; an input
/// that is given as a whole replaces all of it.
std::function<Result<Value>(const Value&)> InputCompleter(const plan::PlanView& plan,
                                                          GivenInput given) {
  if (given.is_empty()) return {};
  return [&plan, given = std::move(given)](const Value& drawn) {
    if (!given.whole.is_null()) return FitInput(plan, given);
    return FitInput(plan, {.whole = drawn, .typed = given.typed});
  };
}

/// Shows the progress as one line that is redrawn in place; nothing if there is no terminal.
class Ticker {
 public:
  Ticker(const host::Clock& clock, uint64_t most_runs)
      : clock_(clock), most_runs_(most_runs), is_shown_(IsLiveTerminal()) {}

  void Show(const simulate::SimulationReport& report) {
    if (!is_shown_ || clock_.Now() < next_at_) return;
    next_at_ = clock_.Now() + kBetweenRedraws;
    const auto reached = std::ranges::count(report.reached, true);
    PrintMessage(stderr,
                 fmt::format("\r\x1b[Krun {} of {}: {} of {} reached, {}", report.run_count,
                             most_runs_, reached, report.reached.size(), CountSurprises(report)));
  }
  void Clear() const {
    if (is_shown_) PrintMessage(stderr, "\r\x1b[K");
  }

 private:
  const host::Clock& clock_;
  uint64_t most_runs_;
  bool is_shown_;
  int64_t next_at_ = 0;
};

/// Simulates runs until there are enough. It works in turns on the reactor, so that interrupts are
/// handled.
class SimulationLoop {
 public:
  SimulationLoop(const SimulateOptions& options, const plan::PlanView& plan,
                 simulate::Simulation& simulation, host::Reactor& reactor)
      : options_(options),
        plan_(plan),
        simulation_(simulation),
        reactor_(reactor),
        most_runs_(options.shown_run.value_or(options.runs)),
        due_(reactor.clock().Now() + kLongestMinutes * 60 * kNsPerSecond),
        ticker_(reactor.clock(), most_runs_) {}

  ExitCode Run() {
    reactor_.OnInterrupt([this](int) { is_interrupted_ = true; });
    reactor_.Post([this] { TakeTurn(); });
    reactor_.Run();
    ticker_.Clear();
    if (refusal_) return ReportRefusal(*refusal_);
    if (is_out_of_time_) {
      PrintError(
          fmt::format("stopped after {} minutes, with {} of {} runs; ask for fewer (`--runs`)",
                      kLongestMinutes, simulation_.report().run_count, most_runs_));
    }
    if (is_interrupted_ || is_out_of_time_ || !options_.shown_run) return Report();
    return shown_code_;
  }

 private:
  void TakeTurn() {
    const int64_t end = reactor_.clock().Now() + kTurn;
    while (!IsOver() && reactor_.clock().Now() < end) RunOne();
    is_out_of_time_ = !IsOver() && reactor_.clock().Now() >= due_;
    ticker_.Show(simulation_.report());
    if (IsOver()) return reactor_.Stop();
    reactor_.Post([this] { TakeTurn(); });
  }

  [[nodiscard]] bool IsOver() const {
    const simulate::SimulationReport& report = simulation_.report();
    const bool has_enough = options_.stops_when_covered && report.has_reached_all;
    return refusal_ || is_interrupted_ || is_out_of_time_ || has_enough ||
           report.run_count >= most_runs_;
  }

  void RunOne() {
    const uint64_t number = simulation_.report().run_count + 1;
    if (options_.shown_run == number) return ShowRun(number);
    const Result<simulate::SimulatedRun> run = simulation_.RunNext(nullptr);
    if (!run) refusal_ = run.error().message;
  }

  void ShowRun(uint64_t number) {
    ticker_.Clear();
    SimulationTrace trace(plan_, options_, number);
    const Result<simulate::SimulatedRun> run = simulation_.RunNext(&trace);
    if (!run) {
      refusal_ = run.error().message;
      return;
    }
    shown_code_ = trace.Finish(*run, simulation_.scenario());
  }

  ExitCode Report() {
    const simulate::SimulationReport& report = simulation_.report();
    const bool is_printed = PrintSimulation({.options = options_,
                                             .plan = plan_,
                                             .targets = simulation_.targets(),
                                             .report = report,
                                             .is_interrupted = is_interrupted_ || is_out_of_time_});
    if (!is_printed) return ExitCode::Usage;
    if (is_interrupted_) return ExitCode::Cancelled;
    if (is_out_of_time_) return ExitCode::Failed;
    const bool is_covered = report.has_reached_all || !options_.requires_coverage;
    return report.findings.empty() && is_covered ? ExitCode::Completed : ExitCode::Failed;
  }

  const SimulateOptions& options_;
  const plan::PlanView& plan_;
  simulate::Simulation& simulation_;
  host::Reactor& reactor_;
  uint64_t most_runs_;
  int64_t due_;
  Ticker ticker_;
  bool is_interrupted_ = false;
  bool is_out_of_time_ = false;
  std::optional<std::string> refusal_;
  ExitCode shown_code_ = ExitCode::Completed;
};

}  // namespace

ExitCode SimulatePlan(const SimulateOptions& options) {
  const Result<plan::PlanView, plan::VerifyError> plan = plan::ReadPlanFile(options.plan);
  if (!plan) return ReportRefusal(fmt::format("{}: {}", options.plan, plan.error().message));
  simulate::SimulationOptions asked = {.seed = options.seed};
  if (!options.mode.empty()) {
    const Result<Mode> mode = FindMode(*plan, options.mode);
    if (!mode) return ReportRefusal(mode.error().message);
    asked.mode = *mode;
  }
  Result<GivenInput> given = ReadGivenInput(options.input);
  if (!given) return ReportRefusal(given.error().message);
  asked.complete_input = InputCompleter(*plan, *std::move(given));
  asked.environment = ReadProcessVariable;
  const Result<std::unique_ptr<host::PosixHost>> machine = host::MakePosixHost();
  if (!machine) return ReportRefusal(machine.error().message);
  asked.clock = &(*machine)->reactor().clock();
  simulate::Simulation simulation(*plan, std::move(asked));
  return SimulationLoop(options, *plan, simulation, (*machine)->reactor()).Run();
}

}  // namespace wfc::driver

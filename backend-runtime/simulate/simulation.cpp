#include "backend-runtime/simulate/simulation.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "backend-runtime/simulate/vocabulary.h"

namespace wfc::simulate {
namespace {

/// The most findings for one stage and code; further ones are counted with the first of them.
constexpr std::ptrdiff_t kMostAlike = 3;

bool AreAlike(const Surprise& left, const Surprise& right) {
  return left.node == right.node && left.code == right.code;
}

/// The message without numbers and quoted texts, which differ from run to run.
std::string WordsOf(const std::string& message) {
  std::string words;
  bool is_quoted = false;
  for (size_t i = 0; i < message.size(); ++i) {
    const char c = message[i];
    if (is_quoted && c == '\\') ++i;
    if (c == '"') is_quoted = !is_quoted;
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_quoted && !is_digit) words += c;
  }
  return words;
}

/// Whether two surprises seem to have the same cause: for schema failures, the same place in the
/// schema; otherwise, the same words.
bool AreTheSame(const Surprise& left, const Surprise& right) {
  if (!AreAlike(left, right) || left.place != right.place) return false;
  if (!left.place.empty()) return true;
  return WordsOf(left.message) == WordsOf(right.message);
}

}  // namespace

Simulation::Simulation(const plan::PlanView& plan, SimulationOptions options)
    : upstream_(plan),
      targets_(plan, upstream_),
      drawer_(plan.validator(), CollectVocabulary(plan)),
      world_{.plan = plan,
             .targets = targets_,
             .drawer = drawer_,
             .complete_input = std::move(options.complete_input),
             .environment = std::move(options.environment),
             .clock = options.clock},
      explorer_(plan, targets_, upstream_, options.seed, options.mode) {
  report_.reached = explorer_.reached();
  report_.has_reached_all = explorer_.has_reached_all();
}

Result<SimulatedRun> Simulation::RunNext(runtime::Recorder* watcher) {
  scenario_ = explorer_.Next();
  Result<SimulatedRun> run = RunScenario(world_, scenario_, watcher);
  if (!run) return run;
  ++report_.run_count;
  explorer_.Learn(scenario_, run->observation);
  Collect(*run);
  return run;
}

void Simulation::Collect(const SimulatedRun& run) {
  report_.reached = explorer_.reached();
  report_.has_reached_all = explorer_.has_reached_all();
  if (run.was_cut_short) ++report_.cut_short_count;
  for (const NodeId node : run.observation.undrawn) {
    const auto place = std::ranges::lower_bound(report_.undrawn, node);
    if (place == report_.undrawn.end() || *place != node) report_.undrawn.insert(place, node);
  }
  for (const Surprise& surprise : run.observation.surprises) AddSurprise(surprise);
  AddUses(run.observation.uses);
  report_.findings = failures_;
  std::ranges::move(FindDenied(), std::back_inserter(report_.findings));
}

void Simulation::AddUses(const std::vector<Use>& uses) {
  for (const Use& use : uses) {
    UsesOfNode& known = uses_[{use.node, use.kind}];
    if (known.run_count == 0) {
      known.first = use;
      known.first_run = report_.run_count;
    }
    known.varies |= known.first.subject != use.subject;
    if (known.last_run != report_.run_count) ++known.run_count;
    known.last_run = report_.run_count;
  }
}

/// A subject that is always the same comes from the plan, so its denial is a finding. A subject
/// that is drawn for each run is checked at its use, as the compiler says.
std::vector<Finding> Simulation::FindDenied() const {
  std::vector<Finding> found;
  for (const auto& [place, uses] : uses_) {
    if (uses.first.denial.empty() || uses.varies || uses.run_count < 2) continue;
    found.push_back({.example = {.node = place.first,
                                 .attempt = uses.first.attempt,
                                 .code = FailureCode::Denied,
                                 .message = uses.first.denial,
                                 .place = ""},
                     .first_run = uses.first_run,
                     .last_run = uses.last_run,
                     .run_count = uses.run_count});
  }
  return found;
}

void Simulation::AddSurprise(const Surprise& surprise) {
  const auto is_alike = [&](const Finding& each) { return AreAlike(each.example, surprise); };
  auto found = std::ranges::find_if(
      failures_, [&](const Finding& each) { return AreTheSame(each.example, surprise); });
  if (found == failures_.end() && std::ranges::count_if(failures_, is_alike) >= kMostAlike) {
    found = std::ranges::find_if(failures_, is_alike);
  }
  if (found == failures_.end()) {
    failures_.push_back({.example = surprise, .first_run = report_.run_count});
    found = failures_.end() - 1;
  }
  if (found->last_run != report_.run_count) ++found->run_count;
  found->last_run = report_.run_count;
}

}  // namespace wfc::simulate

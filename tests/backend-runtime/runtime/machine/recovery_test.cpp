// A machine to which the reports of a run are made again has the state of the machine that ran, and
// can take its place, at any moment of random runs of random plans.
#include <algorithm>
#include <queue>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "backend-runtime/runtime/machine/state_machine.h"
#include "ir/base/random.h"
#include "tests/backend-runtime/runtime/machine/tiny_graph.h"

namespace wfc::runtime {
namespace {

using plan::fb::EdgeKind;
using plan::fb::Join;
using plan::fb::OnError;
using plan::fb::RegionKind;

/// What names a slot whatever machine it is in.
struct Position {
  BodyId body;
  NodeId node;

  friend auto operator<=>(const Position&, const Position&) = default;
};

/// A call of the machine, as a record could hold it.
struct Report {
  enum class Kind : uint8_t {
    Begin,
    Succeed,
    SucceedWithoutOutput,
    Skip,
    Fail,
    FailForGood,
    Recover,
    FailFinally,
    Choose,
    Enter,
    TimeOut,
    Cancel,
    Kill
  };
  Kind kind;
  Position at = {};
  uint32_t argument = 0;  ///< Enter: the region; Choose: the target
  int64_t now = 0;
};

struct RandomPlan {
  TinyGraph graph;
  plan::PlanTables tables;
  /// By node.
  std::vector<std::vector<uint32_t>> routes;   // regions of bodies
  std::vector<std::vector<uint32_t>> targets;  // nodes to which control edges lead
  std::vector<uint32_t> fallbacks;
};

class PlanMaker {
 public:
  explicit PlanMaker(uint64_t seed) : random_(seed) {}

  RandomPlan Make() {
    open_.push({plan::kNone, 0});
    MakeNodes(2 + random_.Below(4));
    open_.pop();
    while (!open_.empty()) {
      const Body body = open_.front();
      open_.pop();
      const uint64_t count = random_.Below(8) == 0 ? 0 : 1 + random_.Below(3);
      plan_.graph.AddRegion(body.owner, body.kind, count == 1 && random_.Below(2) == 0);
      depth_ = body.depth;
      MakeNodes(count);
      AddOuterReads(body.owner, count);
    }
    plan_.tables = plan_.graph.Finish(edges_);
    return std::move(plan_);
  }

 private:
  struct Body {
    uint32_t owner;
    uint32_t depth;
    RegionKind kind = RegionKind::Route;
  };

  void MakeNodes(uint64_t count) {
    const auto first = static_cast<uint32_t>(plan_.routes.size());
    for (uint32_t node = first; node < first + count; ++node) {
      plan_.routes.emplace_back();
      plan_.targets.emplace_back();
      plan_.fallbacks.push_back(plan::kNone);
      const uint64_t join = random_.Below(6);
      const auto id = plan_.graph.AddNode(join == 0   ? Join::Settled
                                          : join == 1 ? Join::Any
                                                      : Join::All,
                                          MakePolicy(node));
      EXPECT_EQ(id, node);
      if (random_.Below(4) == 0 && depth_ < 2 && region_count_ < 6) {
        plan_.routes[node].push_back(AddBody(node, RegionKind::Route));
      }
      for (uint32_t from = first; from < node; ++from) AddEdge(from, node);
    }
  }

  uint32_t MakePolicy(uint32_t node) {
    constexpr uint32_t kAllCodes = kAllBits<FailureCode>;
    const uint64_t retries = random_.Below(4);
    const uint32_t retry =
        retries == 0 ? plan::kNone
                     : plan_.graph.AddRetry(static_cast<uint32_t>(retries) - 1, kAllCodes);
    switch (random_.Below(5)) {
      case 0:
        return plan_.graph.AddPolicy(OnError::Continue, retry);
      case 1:
        return plan_.graph.AddPolicy(OnError::Value, retry);
      case 2:
        if (depth_ < 2 && region_count_ < 6) {
          plan_.fallbacks[node] = AddBody(node, RegionKind::Fallback);
          return plan_.graph.AddPolicy(OnError::Fallback, retry, plan_.fallbacks[node]);
        }
        [[fallthrough]];
      default:
        return plan_.graph.AddPolicy(OnError::Fail, retry);
    }
  }

  uint32_t AddBody(uint32_t owner, RegionKind kind) {
    open_.push({owner, depth_ + 1, kind});
    return ++region_count_;
  }

  void AddEdge(uint32_t from, uint32_t to) {
    constexpr EdgeKind kKinds[] = {EdgeKind::HardOutput, EdgeKind::HardRan, EdgeKind::HardAfter,
                                   EdgeKind::Soft, EdgeKind::Control};
    const uint64_t choice = random_.Below(9);
    if (choice >= std::size(kKinds)) return;
    const bool owns_bodies = !plan_.routes[from].empty();
    if (kKinds[choice] == EdgeKind::Control && owns_bodies) return;
    if (kKinds[choice] == EdgeKind::Control) plan_.targets[from].push_back(to);
    edges_.push_back({from, to, kKinds[choice]});
  }

  /// Some nodes of the body read the node before the owner, for which the owner then waits.
  void AddOuterReads(uint32_t owner, uint64_t count) {
    if (count == 0 || random_.Below(2) == 0) return;
    const auto is_incoming = [owner](const TinyEdge& edge) { return edge.to == owner; };
    const auto edge = std::ranges::find_if(edges_, is_incoming);
    if (edge == edges_.end()) return;
    const auto last = static_cast<uint32_t>(plan_.routes.size() - 1);
    plan_.graph.AddOuterRead(last, edge->from,
                             random_.Below(2) == 0 ? EdgeKind::HardOutput : EdgeKind::HardAfter);
  }

  Random random_;
  RandomPlan plan_;
  std::queue<Body> open_;
  std::vector<TinyEdge> edges_;
  uint32_t depth_ = 0;
  uint32_t region_count_ = 0;
};

SlotId FindSlot(const StateMachine& machine, const Position& at) {
  for (const InstanceId id : machine.instances().ids()) {
    const Instance& instance = machine.instances()[id];
    if (instance.is_open() && instance.body == at.body)
      return machine.instances().FindSlot(id, at.node);
  }
  ADD_FAILURE() << "no such body";
  return {};
}

Position PositionOf(const StateMachine& machine, SlotId slot) {
  const Instances& instances = machine.instances();
  return {.body = instances[instances.instance_of(slot)].body, .node = instances.node_of(slot)};
}

/// Returns what follows from a failure.
FailureAction Apply(StateMachine& machine, const Report& report) {
  machine.AdvanceTo(report.now);
  if (report.kind == Report::Kind::Cancel) machine.CancelRun();
  if (report.kind == Report::Kind::Kill) machine.KillRun();
  if (report.kind >= Report::Kind::Cancel) return {};
  const SlotId slot = FindSlot(machine, report.at);
  switch (report.kind) {
    case Report::Kind::Begin:
      machine.BeginAttempt(slot);
      break;
    case Report::Kind::Succeed:
      machine.Succeed(slot, HasOutput::Yes);
      break;
    case Report::Kind::SucceedWithoutOutput:
      machine.Succeed(slot, HasOutput::No);
      break;
    case Report::Kind::Skip:
      machine.Skip(slot, SkipReason::Condition);
      break;
    case Report::Kind::Fail:
      return machine.FailAttempt(slot, FailureCode::Exit, MayRetry::Yes);
    case Report::Kind::FailForGood:
      return machine.FailAttempt(slot, FailureCode::Expression, MayRetry::No);
    case Report::Kind::Recover:
      machine.Recover(slot);
      break;
    case Report::Kind::FailFinally:
      machine.FailFinally(slot, FailureCode::Exit);
      break;
    case Report::Kind::Choose: {
      const uint32_t target[] = {report.argument};
      machine.Choose(slot, IdSpan<NodeId>(target));
      break;
    }
    case Report::Kind::Enter:
      machine.EnterBody(slot, RegionId(report.argument));
      break;
    case Report::Kind::TimeOut:
      machine.TimeOut(machine.instances().instance_of(slot));
      break;
    case Report::Kind::Cancel:
    case Report::Kind::Kill:
      break;
  }
  return {};
}

/// Takes the steps that need no answer, as somebody does who makes the reports of a run again.
void DrainQueued(StateMachine& machine) {
  for (Step step = machine.NextQueued(); step.kind != Step::Kind::None;
       step = machine.NextQueued()) {
    const bool is_over = step.kind == Step::Kind::BodyReported ||
                         (step.kind == Step::Kind::BodyEnded &&
                          machine.instances()[step.instance()].outcome != BodyOutcome::NeedsOutput);
    if (is_over) machine.Close(step.instance());
  }
}

/// Runs a plan with whatever may happen, and after each report compares with a machine to which all
/// reports are made again.
class RandomRun {
 public:
  RandomRun(const RandomPlan& plan, uint64_t seed)
      : random_(seed),
        plan_(plan),
        options_{.concurrency = 1 + static_cast<uint32_t>(random_.Below(3)),
                 .drains_on_failure = random_.Below(3) == 0,
                 .seed = seed},
        machine_(plan.tables, options_) {
    machine_.Start();
  }

  void ToTheEnd() {
    for (int i = 0; !has_ended_ && !testing::Test::HasFailure(); ++i) {
      ASSERT_LT(i, 10'000) << "the run does not end";
      Go();
    }
  }
  [[nodiscard]] size_t report_count() const { return reports_.size(); }

 private:
  void Go() {
    now_ += static_cast<int64_t>(random_.Below(300'000));
    switch (random_.Below(40)) {
      case 0:
        return random_.Below(4) == 0 ? Make(Report::Kind::Cancel, {}) : void();
      case 1:
        return random_.Below(8) == 0 ? Make(Report::Kind::Kill, {}) : void();
      case 2:
        return TimeOutSomeBody();
      case 3:
        return TakeItsPlace();
      default:
        break;
    }
    if (!open_.empty() && random_.Below(4) == 0) return Answer(random_.Below(open_.size()));
    machine_.AdvanceTo(now_);
    const Step step = machine_.Next();
    if (step.kind != Step::Kind::None) return Handle(step);
    if (!claimed_.empty()) return Begin(TakeFrom(claimed_));
    if (!open_.empty()) return Answer(random_.Below(open_.size()));
    ASSERT_TRUE(machine_.next_due().has_value()) << "the run is stuck";
    now_ = std::max(now_, *machine_.next_due());
  }

  void Handle(const Step& step) {
    switch (step.kind) {
      case Step::Kind::Begin:
        claimed_.push_back(PositionOf(machine_, step.slot()));
        if (random_.Below(4) != 0) Begin(TakeFrom(claimed_));
        return;
      case Step::Kind::Cancelled:
        std::erase(claimed_, PositionOf(machine_, step.slot()));
        return;
      case Step::Kind::BodyEnded:
        return EndBody(step.instance());
      case Step::Kind::BodyReported:
        return machine_.Close(step.instance());
      case Step::Kind::RunEnded:
        has_ended_ = true;
        return;
      case Step::Kind::Skipped:
      case Step::Kind::CancelAttempt:
      case Step::Kind::None:
        return;
    }
  }

  void Begin(const Position& at) {
    const std::vector<uint32_t>& routes = plan_.routes[at.node.index()];
    if (!routes.empty() && random_.Below(4) != 0) {
      return Make(Report::Kind::Enter, at, routes.front());
    }
    switch (random_.Below(6)) {
      case 0:
        if (machine_.status(FindSlot(machine_, at)) == NodeStatus::Waiting) {
          return Make(Report::Kind::Skip, at);
        }
        [[fallthrough]];
      case 1:
      case 2:
        Make(Report::Kind::Begin, at);
        open_.push_back({at, Question::Attempt});
        return;
      default:
        return End(at);
    }
  }

  /// What a slot waits for.
  enum class Question : uint8_t { Attempt, Output, Value, Fallback };
  struct Open {
    Position at;
    Question question;
  };

  void Answer(size_t index) {
    const Open open = open_[index];
    open_.erase(open_.begin() + static_cast<ptrdiff_t>(index));
    const bool is_good = random_.Below(3) != 0;
    switch (open.question) {
      case Question::Attempt:
      case Question::Output:
        return End(open.at);
      case Question::Value:
        return Make(is_good ? Report::Kind::Recover : Report::Kind::FailFinally, open.at);
      case Question::Fallback:
        return Make(Report::Kind::Enter, open.at, plan_.fallbacks[open.at.node.index()]);
    }
  }

  void End(const Position& at) {
    const std::vector<uint32_t>& targets = plan_.targets[at.node.index()];
    switch (random_.Below(8)) {
      case 0:
        return Make(Report::Kind::SucceedWithoutOutput, at);
      case 1:
        return Make(Report::Kind::FailForGood, at);
      case 2:
      case 3:
        return Make(Report::Kind::Fail, at);
      default:
        if (!targets.empty() && random_.Below(4) != 0) {
          Make(Report::Kind::Choose, at,
               targets[static_cast<size_t>(random_.Below(targets.size()))]);
        }
        return Make(Report::Kind::Succeed, at);
    }
  }

  void EndBody(InstanceId id) {
    const Instance body = machine_.instances()[id];
    if (body.outcome == BodyOutcome::NeedsOutput) {
      const bool recovers = plan_.tables.regions[body.region].kind() == RegionKind::Fallback;
      open_.push_back(
          {PositionOf(machine_, body.owner), recovers ? Question::Value : Question::Output});
      return;
    }
    if (body.outcome == BodyOutcome::Failed) {
      Follow(PositionOf(machine_, body.owner), body.action);
    }
    machine_.Close(id);
  }

  void Follow(const Position& at, const FailureAction& action) {
    if (action.kind == FailureAction::Kind::Value) open_.push_back({at, Question::Value});
    if (action.kind == FailureAction::Kind::Fallback) open_.push_back({at, Question::Fallback});
  }

  void TimeOutSomeBody() {
    for (const InstanceId id : machine_.instances().ids()) {
      const Instance& body = machine_.instances()[id];
      if (id == kWorkflowInstance || !body.is_running || random_.Below(2) == 0) continue;
      if (body.slots.empty()) continue;
      return Make(Report::Kind::TimeOut, PositionOf(machine_, body.slots.front()));
    }
  }

  Position TakeFrom(std::vector<Position>& positions) {
    const Position at = positions.back();
    positions.pop_back();
    return at;
  }

  void Make(Report::Kind kind, const Position& at, uint32_t argument = 0) {
    reports_.push_back({.kind = kind, .at = at, .argument = argument, .now = now_});
    Follow(at, Apply(machine_, reports_.back()));
    ASSERT_EQ(Recover().Digest(), machine_.Digest()) << "after report " << reports_.size();
  }

  /// A machine to which all reports are made again.
  [[nodiscard]] StateMachine Recover() const {
    StateMachine machine(plan_.tables, options_);
    machine.Start();
    DrainQueued(machine);
    for (const Report& report : reports_) {
      static_cast<void>(Apply(machine, report));
      DrainQueued(machine);
    }
    return machine;
  }

  /// The machine is lost, and with it what it has only claimed; what it has told is done first.
  void TakeItsPlace() {
    for (Step step = machine_.NextQueued(); step.kind != Step::Kind::None;
         step = machine_.NextQueued()) {
      Handle(step);
    }
    if (has_ended_) return;
    claimed_.clear();
    machine_ = Recover();
  }

  Random random_;
  const RandomPlan& plan_;
  MachineOptions options_;
  StateMachine machine_;
  std::vector<Report> reports_;
  std::vector<Position> claimed_;
  std::vector<Open> open_;
  int64_t now_ = 0;
  bool has_ended_ = false;
};

TEST(Recovery, TheReportsGiveTheStateAgain) {
  size_t report_count = 0;
  for (uint64_t seed = 0; seed < 30'000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const RandomPlan plan = PlanMaker(seed).Make();
    RandomRun run(plan, seed);
    run.ToTheEnd();
    report_count += run.report_count();
  }
  EXPECT_GT(report_count, 150'000U);
}

}  // namespace
}  // namespace wfc::runtime

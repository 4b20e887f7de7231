// A machine that is told the facts of a run again has the state of the machine that ran, and can
// take its place, at any moment of random runs of random plans.
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

struct RandomPlan {
  TinyGraph graph;
  plan::PlanTables tables;
  /// By node.
  std::vector<std::vector<uint32_t>> bodies;  // regions
  std::vector<std::vector<uint32_t>> routes;  // each to a node to which a control edge leads
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
    const auto first = static_cast<uint32_t>(plan_.bodies.size());
    for (uint32_t node = first; node < first + count; ++node) {
      plan_.bodies.emplace_back();
      plan_.routes.emplace_back();
      plan_.fallbacks.push_back(plan::kNone);
      const uint64_t join = random_.Below(6);
      const auto id = plan_.graph.AddNode(join == 0   ? Join::Settled
                                          : join == 1 ? Join::Any
                                                      : Join::All,
                                          MakePolicy(node));
      EXPECT_EQ(id, node);
      if (random_.Below(4) == 0 && depth_ < 2 && region_count_ < 6) {
        plan_.bodies[node].push_back(AddBody(node, RegionKind::Route));
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
    const bool owns_bodies = !plan_.bodies[from].empty();
    if (kKinds[choice] == EdgeKind::Control && owns_bodies) return;
    if (kKinds[choice] == EdgeKind::Control) plan_.routes[from].push_back(plan_.graph.AddRoute(to));
    edges_.push_back({from, to, kKinds[choice]});
  }

  /// Some nodes of the body read the node before the owner, for which the owner then waits.
  void AddOuterReads(uint32_t owner, uint64_t count) {
    if (count == 0 || random_.Below(2) == 0) return;
    const auto is_incoming = [owner](const TinyEdge& edge) { return edge.to == owner; };
    const auto edge = std::ranges::find_if(edges_, is_incoming);
    if (edge == edges_.end()) return;
    const auto last = static_cast<uint32_t>(plan_.bodies.size() - 1);
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

/// "skipped 3@0 (dependency)": a note, without the numbers of slots and instances.
std::string Describe(const StateMachine& machine, const Note& note) {
  const bool is_of_body = note.kind >= Note::Kind::BodyEnded;
  const SlotId slot = is_of_body ? machine.instances()[note.instance()].owner : note.slot();
  const SlotName name = machine.NameOf(slot);
  return std::to_string(static_cast<int>(note.kind)) + " " + std::to_string(name.node.index()) +
         "@" + std::to_string(name.body.sequence) + " (" + std::string(Spell(note.reason)) + ")";
}

/// Applies a fact, and returns the notes.
std::vector<std::string> Apply(StateMachine& machine, const Fact& fact) {
  EXPECT_EQ(machine.Apply(fact), Contradiction::None) << RowOf(fact.type).word;
  std::vector<std::string> notes;
  for (const Note& note : machine.notes()) notes.push_back(Describe(machine, note));
  machine.ForgetNotes();
  return notes;
}

/// Runs a plan with whatever may happen, and after each fact compares with a machine that is told
/// the same facts but never asked.
class RandomRun {
 public:
  RandomRun(const RandomPlan& plan, uint64_t seed)
      : random_(seed),
        plan_(plan),
        options_{.concurrency = 1 + static_cast<uint32_t>(random_.Below(3)),
                 .drains_on_failure = random_.Below(3) == 0,
                 .seed = seed},
        machine_(plan.tables, options_),
        follower_(plan.tables, options_) {
    Tell({.type = FactType::RunStarted});
    Tell({.type = FactType::EpochBegan});
  }

  void ToTheEnd() {
    for (int i = 0; !has_ended_ && !testing::Test::HasFailure(); ++i) {
      ASSERT_LT(i, 10'000) << "the run does not end";
      Go();
    }
  }
  [[nodiscard]] size_t fact_count() const { return facts_.size(); }

 private:
  /// What a slot waits for.
  enum class Question : uint8_t { Attempt, Output, Recourse };
  struct Open {
    SlotName slot;
    Question question;
  };

  void Go() {
    now_ += static_cast<int64_t>(random_.Below(300'000));
    switch (random_.Below(40)) {
      case 0:
        return random_.Below(4) == 0 ? Tell({.type = FactType::CancelAsked}) : void();
      case 1:
        return random_.Below(8) == 0 ? Tell({.type = FactType::KillAsked}) : void();
      case 2:
        return TimeOutSomeBody();
      case 3:
        return TakeItsPlace();
      case 4:
        return TellNonsense();
      default:
        break;
    }
    if (!open_.empty() && random_.Below(4) == 0) return Answer(random_.Below(open_.size()));
    const Command command = machine_.Next(now_);
    if (command.kind != Command::Kind::None) return Perform(command);
    if (!claimed_.empty()) return Begin(TakeFrom(claimed_));
    if (!open_.empty()) return Answer(random_.Below(open_.size()));
    if (machine_.in_doubt_count() != 0) {
      if (random_.Below(4) == 0) Tell({.type = FactType::RunParked});
      return ResolveSomeCall();
    }
    ASSERT_TRUE(machine_.next_due().has_value()) << "the run is stuck";
    now_ = std::max(now_, *machine_.next_due());
  }

  void Perform(const Command& command) {
    switch (command.kind) {
      case Command::Kind::Begin:
        claimed_.push_back(machine_.NameOf(command.slot()));
        if (random_.Below(4) != 0) Begin(TakeFrom(claimed_));
        return;
      case Command::Kind::FormOutput: {
        const Instance& body = machine_.instances()[command.instance()];
        open_.push_back({machine_.NameOf(body.owner), Question::Output});
        return;
      }
      case Command::Kind::TakeRecourse:
        open_.push_back({machine_.NameOf(command.slot()), Question::Recourse});
        return;
      case Command::Kind::EndRun:
        Tell({.type = FactType::RunEnded});
        has_ended_ = true;
        return;
      case Command::Kind::CancelAttempt:
      case Command::Kind::None:
        return;
    }
  }

  void Begin(const SlotName& slot) {
    const SlotId id = machine_.FindSlot(slot);
    const bool is_cancelled =
        !id.has_value() || machine_.status(id) == NodeStatus::Cancelled;  // since it was claimed
    if (is_cancelled) return;
    const std::vector<uint32_t>& bodies = plan_.bodies[slot.node.index()];
    if (!bodies.empty() && random_.Below(4) != 0) return Enter(slot, bodies.front());
    switch (random_.Below(6)) {
      case 0:
        if (machine_.status(id) == NodeStatus::Waiting) {
          return Tell({.type = FactType::SkippedByIf, .slot = slot});
        }
        [[fallthrough]];
      case 1:
      case 2:
        Tell({.type = FactType::Began,
              .call_class = random_.Below(3) == 0 ? CallClass::Unkeyed : CallClass::Keyed,
              .slot = slot});
        open_.push_back({slot, Question::Attempt});
        return;
      default:
        return End(slot);
    }
  }

  void Enter(const SlotName& slot, uint32_t region) {
    Tell({.type = FactType::BodyEntered, .slot = slot, .region = RegionId(region)});
  }

  void Answer(size_t index) {
    const Open open = open_[index];
    open_.erase(open_.begin() + static_cast<ptrdiff_t>(index));
    if (open.question == Question::Attempt) return End(open.slot);
    const bool is_recovery = open.question == Question::Recourse || HasFallenBack(open.slot);
    if (!is_recovery) return End(open.slot);
    const uint32_t fallback = plan_.fallbacks[open.slot.node.index()];
    if (open.question == Question::Recourse && fallback != plan::kNone) {
      return Enter(open.slot, fallback);
    }
    if (random_.Below(3) == 0) {
      return Tell({.type = FactType::FailedFinally, .code = FailureCode::Exit, .slot = open.slot});
    }
    Tell({.type = FactType::Succeeded, .is_recovery = true, .slot = open.slot});
  }

  /// Whether the body whose output the slot waits for is its fallback.
  [[nodiscard]] bool HasFallenBack(const SlotName& slot) const {
    for (const InstanceId id : machine_.instances().ids()) {
      const Instance& body = machine_.instances()[id];
      if (body.outcome != BodyOutcome::NeedsOutput) continue;
      if (machine_.NameOf(body.owner) != slot) continue;
      return plan_.tables.regions[body.region].kind() == RegionKind::Fallback;
    }
    return false;
  }

  void End(const SlotName& slot) {
    const std::vector<uint32_t>& routes = plan_.routes[slot.node.index()];
    Fact fact{.type = FactType::Succeeded, .slot = slot};
    switch (random_.Below(8)) {
      case 0:
        fact.has_output = HasOutput::No;
        return Tell(fact);
      case 1:
        return Tell({.type = FactType::AttemptFailed,
                     .may_retry = MayRetry::No,
                     .code = FailureCode::Expression,
                     .slot = slot});
      case 2:
      case 3:
        return Tell({.type = FactType::AttemptFailed, .code = FailureCode::Exit, .slot = slot});
      default:
        if (!routes.empty() && random_.Below(4) != 0) {
          fact.route = RouteId(routes[static_cast<size_t>(random_.Below(routes.size()))]);
        }
        return Tell(fact);
    }
  }

  void TimeOutSomeBody() {
    for (const InstanceId id : machine_.instances().ids()) {
      const Instance& body = machine_.instances()[id];
      if (id == kWorkflowInstance || !body.is_running || random_.Below(2) == 0) continue;
      return Tell({.type = FactType::BodyTimedOut, .slot = machine_.NameOf(body.owner)});
    }
  }

  void ResolveSomeCall() {
    for (const InstanceId id : machine_.instances().ids()) {
      if (!machine_.instances()[id].is_running) continue;
      for (const SlotId slot : machine_.instances()[id].slots) {
        const bool is_in_doubt =
            machine_.status(slot) == NodeStatus::Running && machine_.is_in_doubt(slot);
        if (!is_in_doubt) continue;
        const SlotName name = machine_.NameOf(slot);
        if (random_.Below(2) == 0) return End(name);
        return Tell({.type = FactType::CallRepeated, .slot = name});
      }
    }
    FAIL() << "no call is in doubt";
  }

  SlotName TakeFrom(std::vector<SlotName>& slots) {
    const SlotName slot = slots.back();
    slots.pop_back();
    return slot;
  }

  void Tell(Fact fact) {
    fact.sequence = machine_.sequence() + 1 + random_.Below(3);
    fact.time = now_;
    facts_.push_back(fact);
    const std::vector<std::string> notes = Apply(machine_, fact);
    ASSERT_EQ(notes, Apply(follower_, fact)) << "of fact " << facts_.size();
    ASSERT_EQ(machine_.Digest(now_), follower_.Digest(now_)) << "after fact " << facts_.size();
  }

  /// A fact that hardly anybody could have told is refused and changes nothing, or happens to be
  /// possible; whichever it is, nothing breaks.
  void TellNonsense() {
    StateMachine copy = machine_;
    const Fact fact{
        .type = *FactOfNumber(1 + static_cast<uint32_t>(random_.Below(14))),
        .call_class = CallClass::Unkeyed,
        .has_output = random_.Below(2) == 0 ? HasOutput::No : HasOutput::Yes,
        .is_recovery = random_.Below(2) == 0,
        .slot = {.body = {.sequence =
                              random_.Below(2) == 0 ? 0 : random_.Below(machine_.sequence() + 2)},
                 .node = NodeId(static_cast<uint32_t>(random_.Below(plan_.bodies.size() + 2)))},
        .region = RegionId(static_cast<uint32_t>(random_.Below(plan_.tables.regions.size() + 2))),
        .route =
            random_.Below(2) == 0
                ? RouteId()
                : RouteId(static_cast<uint32_t>(random_.Below(plan_.tables.routes.size() + 2))),
        .sequence = machine_.sequence() + (random_.Below(4) == 0 ? 0 : 1),
        .time = now_ - static_cast<int64_t>(random_.Below(4) == 0)};
    const bool is_refused = copy.Apply(fact) != Contradiction::None;
    if (is_refused) {
      ASSERT_EQ(copy.Digest(now_), machine_.Digest(now_)) << RowOf(fact.type).word;
    }
    copy.ForgetNotes();
    while (copy.Next(now_).kind != Command::Kind::None) {
    }
  }

  /// The machine is lost, and with it what it has only claimed and the calls that ran.
  void TakeItsPlace() {
    machine_ = StateMachine(plan_.tables, options_);
    for (const Fact& fact : facts_) Apply(machine_, fact);
    ASSERT_EQ(machine_.Digest(now_), follower_.Digest(now_));
    claimed_.clear();
    open_.clear();
    Tell({.type = FactType::EpochBegan});
  }

  Random random_;
  const RandomPlan& plan_;
  MachineOptions options_;
  StateMachine machine_;
  StateMachine follower_;
  std::vector<Fact> facts_;
  std::vector<SlotName> claimed_;
  std::vector<Open> open_;
  int64_t now_ = 0;
  bool has_ended_ = false;
};

TEST(Recovery, TheFactsGiveTheStateAgain) {
  size_t fact_count = 0;
  for (uint64_t seed = 0; seed < 30'000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const RandomPlan plan = PlanMaker(seed).Make();
    RandomRun run(plan, seed);
    run.ToTheEnd();
    fact_count += run.fact_count();
  }
  EXPECT_GT(fact_count, 150'000U);
}

}  // namespace
}  // namespace wfc::runtime

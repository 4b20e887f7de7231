// The state machine and the interpreter against the reference model of "When a stage runs".
#include "tests/backend-runtime/runtime/drive/reference.h"

#include <functional>

#include <gtest/gtest.h>

#include "backend-runtime/runtime/machine/state_machine.h"
#include "tests/backend-runtime/runtime/drive/test_plan.h"
#include "tests/backend-runtime/runtime/drive/test_run.h"
#include "tests/backend-runtime/runtime/machine/tiny_graph.h"
#include "tests/backend-runtime/runtime/machine/told_machine.h"

namespace wfc::runtime {
namespace {

using plan::fb::EdgeKind;
using plan::fb::OnError;
using plan::fb::Verb;
using reference::Behaviour;
using reference::Case;
using reference::Link;
using reference::Outcome;
using reference::Status;

EdgeKind KindOf(Link link) {
  switch (link) {
    case Link::After:
      return EdgeKind::HardAfter;
    case Link::Plain:
      return EdgeKind::HardOutput;
    case Link::Soft:
      return EdgeKind::Soft;
    case Link::Route:
      return EdgeKind::Control;
    case Link::Ran:
      return EdgeKind::HardRan;
    case Link::None:
      break;
  }
  return EdgeKind::Wait;
}

plan::fb::Join JoinOf(const Case& workflow, int stage) {
  return static_cast<plan::fb::Join>(workflow.join[stage]);
}

Status StatusOf(const StateMachine& machine, SlotId slot) {
  switch (machine.status(slot)) {
    case NodeStatus::Succeeded:
      return Status::Succeeded;
    case NodeStatus::Recovered:
      return Status::Recovered;
    case NodeStatus::Tolerated:
      return Status::Tolerated;
    case NodeStatus::Failed:
      return Status::Failed;
    case NodeStatus::Cancelled:
      return Status::Cancelled;
    case NodeStatus::Skipped:
      break;
    case NodeStatus::Waiting:
    case NodeStatus::Running:
    case NodeStatus::BackingOff:
      return Status::Unsettled;
  }
  switch (machine.reason(slot)) {
    case SkipReason::NotChosen:
      return Status::SkippedNotChosen;
    case SkipReason::Dependency:
      return Status::SkippedDependency;
    case SkipReason::Condition:
      return Status::SkippedCondition;
    case SkipReason::None:
    case SkipReason::NotNeeded:
      break;
  }
  return Status::Unsettled;
}

/// The fields are left to those who know them.
Outcome OutcomeOf(const Case& workflow, const StateMachine& machine, RunStatus run) {
  Outcome outcome;
  for (int stage = 0; stage < workflow.count; ++stage) {
    outcome.status[stage] = StatusOf(machine, SlotId(static_cast<uint32_t>(stage)));
  }
  outcome.run = run == RunStatus::Failed    ? reference::RunOutcome::Failed
                : run == RunStatus::Partial ? reference::RunOutcome::Partial
                                            : reference::RunOutcome::Completed;
  return outcome;
}

std::string Show(const reference::Fields& fields) {
  return std::string(fields.output ? "output " : "") + (fields.error ? "error " : "") +
         (fields.attempts ? "attempts " : "") + (fields.chosen ? "chosen" : "");
}

std::string Difference(const Case& workflow, const Outcome& expected, const Outcome& found) {
  std::string text = reference::Describe(workflow) + "\nexpected, found:";
  for (int stage = 0; stage < workflow.count; ++stage) {
    text += std::string("\n  ") + reference::GetName(expected.status[stage]) + ", " +
            reference::GetName(found.status[stage]) + "; " + Show(expected.fields[stage]) + ", " +
            Show(found.fields[stage]);
  }
  return text + "\n  run " + reference::GetName(expected.run) + ", " +
         reference::GetName(found.run);
}

std::vector<uint32_t> RoutesOf(const Case& workflow, int stage) {
  std::vector<uint32_t> targets;
  for (int to = stage + 1; to < workflow.count; ++to) {
    if (workflow.link[stage][to] == Link::Route) targets.push_back(static_cast<uint32_t>(to));
  }
  return targets;
}

// The state machine alone, driven by hand.

Outcome RunMachine(const Case& workflow) {
  TinyGraph graph;
  const uint32_t tolerates = graph.AddPolicy(OnError::Continue);
  const uint32_t recovers = graph.AddPolicy(OnError::Value);
  std::vector<TinyEdge> edges;
  for (int to = 0; to < workflow.count; ++to) {
    const Behaviour behaviour = workflow.behaviour[to];
    graph.AddNode(JoinOf(workflow, to), behaviour == Behaviour::Tolerated   ? tolerates
                                        : behaviour == Behaviour::Recovered ? recovers
                                                                            : 0);
    for (int from = 0; from < to; ++from) {
      const Link link = workflow.link[from][to];
      if (link == Link::None) continue;
      edges.push_back({static_cast<uint32_t>(from), static_cast<uint32_t>(to), KindOf(link)});
    }
  }
  std::vector<RouteId> first_routes;  // of each stage; none if it has none
  for (int stage = 0; stage < workflow.count; ++stage) {
    const std::vector<uint32_t> targets = RoutesOf(workflow, stage);
    first_routes.push_back(targets.empty() ? RouteId() : RouteId(graph.AddRoute(targets.front())));
  }
  const plan::PlanTables plan = graph.Finish(edges);
  ToldMachine machine(plan, {.concurrency = 1, .drains_on_failure = false, .seed = 0});
  machine.Start();
  for (Command next = machine.Next(); next.kind != Command::Kind::None; next = machine.Next()) {
    if (next.kind != Command::Kind::Begin) continue;
    const SlotId slot = next.slot();
    switch (workflow.behaviour[slot.index()]) {
      case Behaviour::FalseIf:
        machine.Skip(slot);
        break;
      case Behaviour::Deciding:
        machine.Succeed(slot, HasOutput::Yes, first_routes[slot.index()]);
        break;
      case Behaviour::Undecided:
      case Behaviour::Plain:
        machine.Succeed(slot, HasOutput::Yes);
        break;
      case Behaviour::Asserting:
        machine.Succeed(slot, HasOutput::No);
        break;
      case Behaviour::Failing:
      case Behaviour::Tolerated:
      case Behaviour::Recovered: {
        const FailureAction action = machine.FailAttempt(slot, FailureCode::Exit, MayRetry::Yes);
        if (action.kind == FailureAction::Kind::Value) machine.Recover(slot);
        break;
      }
    }
  }
  return OutcomeOf(workflow, machine, machine.outcome());
}

// The interpreter, on the simulated host.

enum class Stages : uint8_t { InPlace, Commands };

class PlanOfCase {
 public:
  PlanOfCase(const Case& workflow, Stages stages) : workflow_(workflow), stages_(stages) {
    policies_ = {0, plan_.Policy({.on_error = OnError::Continue}),
                 plan_.Policy({.on_error = OnError::Value,
                               .value = plan_.Constant(Value::String("recovered"))})};
    for (int stage = 0; stage < workflow.count; ++stage) AddStage(stage);
    for (int to = 0; to < workflow.count; ++to) {
      for (int from = 0; from < to; ++from) {
        const Link link = workflow.link[from][to];
        if (link == Link::None) continue;
        plan_.Edge(static_cast<uint32_t>(from), static_cast<uint32_t>(to), KindOf(link));
      }
    }
  }

  [[nodiscard]] plan::PlanView Build() { return plan_.Build(); }

 private:
  void AddStage(int stage) {
    static constexpr std::string_view kNames[] = {"a", "b", "c", "d", "e"};
    TestStage draft{.name = kNames[stage], .join = JoinOf(workflow_, stage)};
    const Behaviour behaviour = workflow_.behaviour[stage];
    switch (behaviour) {
      case Behaviour::Deciding:
      case Behaviour::Undecided:
        AddDecide(stage, draft);
        break;
      case Behaviour::FalseIf:
        draft.condition = plan_.Constant(Value::Bool(false));
        AddWork(draft, true);
        break;
      case Behaviour::Asserting:
        draft.verb = Verb::Assert;
        draft.payload = plan_.Assert(plan_.Constant(Value::Bool(true)));
        break;
      case Behaviour::Plain:
        AddWork(draft, true);
        break;
      case Behaviour::Failing:
        AddWork(draft, false);
        break;
      case Behaviour::Tolerated:
        draft.policy = policies_[1];
        AddWork(draft, false);
        break;
      case Behaviour::Recovered:
        draft.policy = policies_[2];
        AddWork(draft, false);
        break;
    }
    plan_.Add(draft);
  }

  void AddWork(TestStage& draft, bool succeeds) {
    if (stages_ == Stages::Commands) {
      draft.verb = Verb::Run;
      draft.payload = plan_.Command(succeeds ? "true" : "false");
      return;
    }
    draft.verb = succeeds ? Verb::Transform : Verb::Fail;
    draft.payload = plan_.Constant(Value::String("output"));
  }

  void AddDecide(int stage, TestStage& draft) {
    std::vector<TestPlan::Route> routes;
    for (const uint32_t target : RoutesOf(workflow_, stage)) {
      routes.push_back({.key = Value::Int(static_cast<int64_t>(routes.size())), .nodes = {target}});
    }
    routes.push_back({.key = Value::Int(9), .nodes = {}});
    const bool decides = workflow_.behaviour[stage] == Behaviour::Deciding && routes.size() > 1;
    draft.verb = Verb::Decide;
    draft.payload = plan_.Decide(plan_.Constant(Value::Int(decides ? 0 : 9)), routes);
  }

  const Case& workflow_;
  Stages stages_;
  TestPlan plan_;
  std::array<uint32_t, 3> policies_{};
};

/// What an expression would find.
reference::Fields FieldsOf(const Case& workflow, const Driver& driver, int stage) {
  const auto index = static_cast<uint32_t>(stage);
  const auto has = [&](StageField field) {
    return !driver.state().LoadStageField(kWorkflowInstance, NodeId(index), field).is_absent();
  };
  const bool decides = workflow.behaviour[stage] == Behaviour::Deciding ||
                       workflow.behaviour[stage] == Behaviour::Undecided;
  return {.output = driver.machine().has_output(SlotId(index)),
          .error = has(StageField::Error),
          .attempts = has(StageField::Attempts),
          .chosen = decides && has(StageField::Chosen)};
}

Outcome RunDriver(const Case& workflow, Stages stages, uint64_t seed) {
  const plan::PlanView plan = PlanOfCase(workflow, stages).Build();
  TestRun run(plan, seed);
  run.options.concurrency = 1;
  run.executor.script = [&](std::string_view, uint32_t) {
    const bool succeeds = run.executor.commands.back().argv[0] == "true";
    return succeeds ? Answer(Value::String("output")) : Break(FailureCode::Exit);
  };
  const Driver& driver = run.Prepare();
  run.Run();
  Outcome outcome = OutcomeOf(workflow, driver.machine(), run.result.status);
  for (int stage = 0; stage < workflow.count; ++stage) {
    outcome.fields[stage] = FieldsOf(workflow, driver, stage);
  }
  return outcome;
}

void ExpectMachineAgrees(const Case& workflow) {
  Outcome expected = reference::Run(workflow);
  expected.fields = {};  // the machine knows statuses alone
  const Outcome found = RunMachine(workflow);
  ASSERT_TRUE(found == expected) << Difference(workflow, expected, found);
}

void ExpectDriverAgrees(const Case& workflow, Stages stages, uint64_t seed) {
  const Outcome expected = reference::Run(workflow);
  const Outcome found = RunDriver(workflow, stages, seed);
  ASSERT_TRUE(found == expected) << Difference(workflow, expected, found);
}

// Of the four million graphs of three stages one in so many, which is prime to all that they are
// made of. The machine decides what happens in them and is cheap to ask; the interpreter follows
// it.
constexpr uint64_t kMachineStride = 7;
constexpr uint64_t kInterpreterStride = 41;

/// Calls `visit` with a graph and its number: all of up to two stages, and every `stride`th of
/// three.
void ForEachSmallCase(uint64_t stride, const std::function<void(const Case&, uint64_t)>& visit) {
  uint64_t number = 0;
  for (int count = 1; count <= 3; ++count) {
    reference::ForEachCase(count, [&](const Case& workflow) {
      ++number;
      if (testing::Test::HasFatalFailure()) return;
      if (count < 3 || number % stride == 0) visit(workflow, number / stride);
    });
  }
}

TEST(Reference, TheMachineAgreesOnSmallGraphs) {
  ForEachSmallCase(kMachineStride,
                   [](const Case& workflow, uint64_t) { ExpectMachineAgrees(workflow); });
}

TEST(Reference, TheMachineAgreesOnASampleOfLargerGraphs) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 200'000 && !HasFatalFailure(); ++i) {
    ExpectMachineAgrees(reference::DrawCase(4 + i % 2, random));
  }
}

TEST(Reference, TheDriverAgreesOnSmallGraphs) {
  ForEachSmallCase(kInterpreterStride, [](const Case& workflow, uint64_t number) {
    ExpectDriverAgrees(workflow, number % 2 == 0 ? Stages::InPlace : Stages::Commands, number);
  });
}

TEST(Reference, TheDriverAgreesOnASampleOfLargerGraphs) {
  std::mt19937_64 random(1);
  for (uint64_t i = 0; i < 40'000 && !HasFatalFailure(); ++i) {
    ExpectDriverAgrees(reference::DrawCase(4 + static_cast<int>(i % 2), random),
                       i % 4 < 2 ? Stages::InPlace : Stages::Commands, i);
  }
}

}  // namespace
}  // namespace wfc::runtime


#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/runtime/machine/backoff.h"
#include "ir/base/random.h"
#include "tests/backend-runtime/runtime/drive/reference.h"
#include "tests/backend-runtime/runtime/machine/tiny_graph.h"
#include "tests/backend-runtime/runtime/machine/told_machine.h"

namespace wfc::runtime {
namespace {

using plan::fb::EdgeKind;
using plan::fb::Join;
using plan::fb::OnError;
using plan::fb::RegionKind;
using ::testing::ElementsAre;

constexpr SlotId operator""_slot(unsigned long long number) {
  return SlotId(static_cast<uint32_t>(number));
}
constexpr InstanceId operator""_instance(unsigned long long number) {
  return InstanceId(static_cast<uint32_t>(number));
}

constexpr int64_t kMs = 1'000'000;
constexpr uint32_t kAllCodes = kAllBits<FailureCode>;

/// Takes all notes, and asks for all commands that can be had now: "begin 1", "cancel 2"…
std::vector<std::string> Steps(ToldMachine& machine, int64_t now = 0) {
  if (now != 0) machine.AdvanceTo(now);
  std::vector<std::string> steps = machine.TakeNotes();
  for (Command next = machine.Next(); next.kind != Command::Kind::None; next = machine.Next()) {
    const std::string id = std::to_string(next.index);
    switch (next.kind) {
      case Command::Kind::Begin:
        steps.push_back((next.is_retry ? "retry " : "begin ") + id);
        machine.Begin(next.slot());
        break;
      case Command::Kind::CancelAttempt:
        steps.push_back("cancel " + id);
        break;
      case Command::Kind::EndRun:
        steps.push_back("ended");
        break;
      case Command::Kind::FormOutput:
      case Command::Kind::TakeRecourse:
      case Command::Kind::None:
        break;
    }
  }
  return steps;
}

MachineOptions Wide() {
  return {.concurrency = 100, .drains_on_failure = false, .seed = 1};
}

void Fail(ToldMachine& machine, SlotId slot) {
  EXPECT_EQ(machine.FailAttempt(slot, FailureCode::Exit, MayRetry::Yes).kind,
            FailureAction::Kind::Settled);
}

TEST(StateMachine, ReadyNodesStartInOrderUpToTheBound) {
  TinyGraph graph;
  for (int i = 0; i < 4; ++i) graph.AddNode();
  const plan::PlanTables plan = graph.Finish({});
  ToldMachine machine(plan, {.concurrency = 2, .drains_on_failure = false, .seed = 1});
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0", "begin 1"));
  machine.Succeed(1_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 2"));
  EXPECT_EQ(machine.running_count(), 2U);
}

TEST(StateMachine, AFailureCancelsAllButCleanup) {
  TinyGraph graph;
  graph.AddNode();               // 0 fails
  graph.AddNode();               // 1 runs
  graph.AddNode(Join::Settled);  // 2 cleans up after 1
  graph.AddNode();               // 3 waits for 1
  const plan::PlanTables plan =
      graph.Finish({{1, 2, EdgeKind::HardAfter}, {1, 3, EdgeKind::HardOutput}});
  ToldMachine machine(plan, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0", "begin 1"));
  Fail(machine, 0_slot);
  EXPECT_EQ(machine.run_status(), RunStatus::Failed);
  EXPECT_THAT(Steps(machine), ElementsAre("cancelled 3", "cancel 1"));
  Fail(machine, 1_slot);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 2"));
  machine.Succeed(2_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended"));
  EXPECT_EQ(machine.outcome(), RunStatus::Failed);
  EXPECT_EQ(machine.instances().workflow().failed_slot, 0_slot);
}

TEST(StateMachine, DrainingLetsWhatRunsFinish) {
  TinyGraph graph;
  const uint32_t often = graph.AddPolicy(OnError::Continue, graph.AddRetry(3, kAllCodes));
  graph.AddNode();
  graph.AddNode(Join::All, often);
  graph.AddNode();
  const plan::PlanTables plan = graph.Finish({});
  ToldMachine machine(plan, {.concurrency = 2, .drains_on_failure = true, .seed = 1});
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0", "begin 1"));
  Fail(machine, 0_slot);
  EXPECT_THAT(Steps(machine), ElementsAre("cancelled 2"));
  Fail(machine, 1_slot);  // not tried again: nothing new starts
  EXPECT_EQ(machine.status(1_slot), NodeStatus::Tolerated);
  EXPECT_THAT(Steps(machine), ElementsAre("ended"));
}

TEST(StateMachine, DrainingLetsABodyFinishWhatRunsInIt) {
  TinyGraph graph;
  graph.AddNode();
  graph.AddRegion(0, RegionKind::Route);
  for (int i = 0; i < 3; ++i) graph.AddNode();
  const plan::PlanTables plan = graph.Finish({{1, 3, EdgeKind::HardAfter}});
  ToldMachine machine(plan, {.concurrency = 100, .drains_on_failure = true, .seed = 1});
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  machine.EnterBody(0_slot, 1_region);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 1", "begin 2"));
  Fail(machine, 2_slot);
  EXPECT_THAT(Steps(machine), ElementsAre("cancelled 3"));
  machine.Succeed(1_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended 1 (failed)", "ended"));
}

TEST(StateMachine, CleanupIsTriedAgainWhileTheRunFails) {
  TinyGraph graph;
  const uint32_t again = graph.AddPolicy(OnError::Fail, graph.AddRetry(1, kAllCodes));
  graph.AddNode();
  graph.AddNode(Join::Settled, again);
  const plan::PlanTables plan = graph.Finish({});
  ToldMachine machine(plan, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0", "begin 1"));
  Fail(machine, 0_slot);
  EXPECT_EQ(machine.FailAttempt(1_slot, FailureCode::Exit, MayRetry::Yes).kind,
            FailureAction::Kind::Retry);
  EXPECT_THAT(Steps(machine, 10 * kMs), ElementsAre("retry 1"));
}

TEST(StateMachine, ASkippedNodeGivesItsPlaceBackAndHasNoAttempt) {
  TinyGraph graph;
  graph.AddNode();
  graph.AddNode();
  const plan::PlanTables plan = graph.Finish({});
  ToldMachine machine(plan, {.concurrency = 1, .drains_on_failure = false, .seed = 1});
  machine.Start();
  const Command step = machine.Next();
  EXPECT_EQ(step.kind, Command::Kind::Begin);
  EXPECT_EQ(step.slot(), 0_slot);
  EXPECT_EQ(machine.Next().kind, Command::Kind::None);
  machine.Skip(0_slot);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 1"));
  EXPECT_EQ(machine.attempts(0_slot), 0U);
  EXPECT_EQ(machine.status(0_slot), NodeStatus::Skipped);
}

TEST(StateMachine, ADeadNodeIsSkippedWithoutAPlace) {
  TinyGraph graph;
  const uint32_t tolerant = graph.AddPolicy(OnError::Continue);
  graph.AddNode(Join::All, tolerant);
  for (int i = 0; i < 3; ++i) graph.AddNode();
  const plan::PlanTables plan =
      graph.Finish({{0, 2, EdgeKind::HardOutput}, {2, 3, EdgeKind::HardAfter}});
  ToldMachine machine(plan, {.concurrency = 2, .drains_on_failure = false, .seed = 1});
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0", "begin 1"));
  Fail(machine, 0_slot);
  EXPECT_THAT(Steps(machine), ElementsAre("skipped 2 (dependency)", "skipped 3 (dependency)"));
  machine.Succeed(1_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended"));
}

TEST(StateMachine, ADeadNodeIsSkippedBeforeAFailureCanCancelIt) {
  TinyGraph graph;
  const uint32_t tolerant = graph.AddPolicy(OnError::Continue);
  graph.AddNode(Join::All, tolerant);
  for (int i = 0; i < 3; ++i) graph.AddNode();
  const plan::PlanTables plan = graph.Finish({{0, 2, EdgeKind::HardOutput}});
  ToldMachine machine(plan, {.concurrency = 2, .drains_on_failure = false, .seed = 1});
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0", "begin 1"));
  Fail(machine, 0_slot);
  Fail(machine, 1_slot);
  EXPECT_THAT(Steps(machine), ElementsAre("skipped 2 (dependency)", "cancelled 3", "ended"));
}

TEST(StateMachine, AChainOfDeadNodesMayBeLong) {
  constexpr uint32_t kCount = 200'000;
  TinyGraph graph;
  const uint32_t tolerant = graph.AddPolicy(OnError::Continue);
  std::vector<TinyEdge> edges;
  graph.AddNode(Join::All, tolerant);
  for (uint32_t node = 1; node < kCount; ++node) {
    graph.AddNode();
    edges.push_back({node - 1, node, EdgeKind::HardOutput});
  }
  const plan::PlanTables plan = graph.Finish(edges);
  ToldMachine machine(plan, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  Fail(machine, 0_slot);
  EXPECT_EQ(Steps(machine).size(), kCount);  // all but the first, and the end
  EXPECT_EQ(machine.status(SlotId(kCount - 1)), NodeStatus::Skipped);
}

TEST(StateMachine, AnInterruptedCallBeginsAgainUnlessItMayHaveChangedSomething) {
  TinyGraph graph;
  for (int i = 0; i < 2; ++i) graph.AddNode();
  const plan::PlanTables plan = graph.Finish({});
  ToldMachine machine(plan, Wide());
  machine.Start();
  for (int i = 0; i < 2; ++i) static_cast<void>(machine.Next());
  machine.Begin(0_slot, CallClass::Keyed);
  machine.Begin(1_slot, CallClass::Unkeyed);
  machine.BeginEpoch();
  EXPECT_EQ(machine.attempts(0_slot), 0U);
  EXPECT_TRUE(machine.is_in_doubt(1_slot));
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  machine.Succeed(0_slot, HasOutput::Yes);
  EXPECT_EQ(machine.Next().kind, Command::Kind::None);
  EXPECT_EQ(machine.in_doubt_count(), 1U);
  machine.Succeed(1_slot, HasOutput::Yes);
  EXPECT_EQ(machine.in_doubt_count(), 0U);
  EXPECT_THAT(Steps(machine), ElementsAre("ended"));
}

TEST(StateMachine, ABodyWithACallInDoubtIsNotTriedAgain) {
  TinyGraph graph;
  const uint32_t often = graph.AddPolicy(OnError::Fail, graph.AddRetry(3, kAllCodes));
  graph.AddNode(Join::All, often);
  graph.AddRegion(0, RegionKind::Route);
  for (int i = 0; i < 2; ++i) graph.AddNode();
  const plan::PlanTables plan = graph.Finish({});
  for (const CallClass call_class : {CallClass::Keyed, CallClass::Unkeyed}) {
    ToldMachine machine(plan, Wide());
    machine.Start();
    static_cast<void>(machine.Next());
    machine.EnterBody(0_slot, 1_region);
    for (int i = 0; i < 2; ++i) static_cast<void>(machine.Next());
    machine.Begin(1_slot, call_class);
    machine.Begin(2_slot, CallClass::Keyed);
    machine.BeginEpoch();
    machine.Begin(2_slot, CallClass::Keyed);
    static_cast<void>(machine.TakeNotes());
    Fail(machine, 2_slot);
    const bool may_repeat = call_class == CallClass::Keyed;
    EXPECT_THAT(machine.TakeNotes(),
                ElementsAre("cancelled 1", may_repeat ? "ended 1 (retry)" : "ended 1 (failed)"));
  }
}

TEST(StateMachine, KillingAtOnceCancelsTheRun) {
  TinyGraph graph;
  graph.AddNode();
  graph.AddNode(Join::Settled);
  const plan::PlanTables plan = graph.Finish({{0, 1, EdgeKind::HardAfter}});
  ToldMachine machine(plan, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  machine.KillRun();
  EXPECT_THAT(Steps(machine), ElementsAre("cancelled 1", "cancel 0"));
  Fail(machine, 0_slot);
  EXPECT_THAT(Steps(machine), ElementsAre("ended"));
  EXPECT_EQ(machine.outcome(), RunStatus::Cancelled);
}

TEST(StateMachine, CleanupFailsARunThatHadNotFailed) {
  TinyGraph graph;
  graph.AddNode(Join::Settled);
  const plan::PlanTables plan = graph.Finish({});
  ToldMachine machine(plan, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  Fail(machine, 0_slot);
  EXPECT_THAT(Steps(machine), ElementsAre("ended"));
  EXPECT_EQ(machine.outcome(), RunStatus::Failed);
}

TEST(StateMachine, RetriesUntilThePolicyIsExhausted) {
  TinyGraph graph;
  const uint32_t twice = graph.AddPolicy(OnError::Value, graph.AddRetry(2, Bit(FailureCode::Exit)));
  graph.AddNode(Join::All, twice);
  const plan::PlanTables plan = graph.Finish({});
  ToldMachine machine(plan, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  EXPECT_EQ(machine.next_due(), std::nullopt);
  machine.AdvanceTo(100);
  FailureAction action = machine.FailAttempt(0_slot, FailureCode::Exit, MayRetry::Yes);
  EXPECT_EQ(action.kind, FailureAction::Kind::Retry);
  EXPECT_EQ(action.delay_ns, kMs);
  EXPECT_EQ(machine.running_count(), 0U);
  EXPECT_EQ(machine.next_due(), 100 + kMs);
  EXPECT_THAT(Steps(machine, 99 + kMs), ElementsAre());
  EXPECT_THAT(Steps(machine, 100 + kMs), ElementsAre("retry 0"));
  machine.AdvanceTo(2 * kMs);
  action = machine.FailAttempt(0_slot, FailureCode::Exit, MayRetry::Yes);
  EXPECT_EQ(action.delay_ns, 2 * kMs);
  EXPECT_THAT(Steps(machine, 4 * kMs), ElementsAre("retry 0"));
  EXPECT_EQ(machine.next_due(), std::nullopt);
  EXPECT_EQ(machine.FailAttempt(0_slot, FailureCode::Exit, MayRetry::Yes).kind,
            FailureAction::Kind::Value);
  EXPECT_EQ(machine.running_count(), 0U);
  EXPECT_EQ(machine.attempts(0_slot), 3U);
  machine.Recover(0_slot);
  EXPECT_THAT(Steps(machine, 4 * kMs), ElementsAre("ended"));
  EXPECT_EQ(machine.outcome(), RunStatus::Completed);
}

TEST(StateMachine, RetriesThatAreDueBeginInOrderOfPosition) {
  TinyGraph graph;
  const uint32_t again = graph.AddPolicy(OnError::Fail, graph.AddRetry(1, kAllCodes));
  for (int i = 0; i < 3; ++i) graph.AddNode(Join::All, again);
  const plan::PlanTables plan = graph.Finish({});
  ToldMachine machine(plan, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0", "begin 1", "begin 2"));
  for (const uint32_t node : {2U, 1U, 0U}) {
    machine.AdvanceTo(10 * (3 - node));
    EXPECT_EQ(machine.FailAttempt(SlotId(node), FailureCode::Exit, MayRetry::Yes).kind,
              FailureAction::Kind::Retry);
  }
  EXPECT_EQ(machine.next_due(), 10 + kMs);
  EXPECT_THAT(Steps(machine, 20 + kMs), ElementsAre("retry 1", "retry 2"));
  EXPECT_THAT(Steps(machine, 30 + kMs), ElementsAre("retry 0"));
}

TEST(StateMachine, ARetryOfABodyThatHasEndedIsForgotten) {
  TinyGraph graph;
  const uint32_t often = graph.AddPolicy(OnError::Fail, graph.AddRetry(5, kAllCodes));
  graph.AddNode(Join::All, often);
  graph.AddRegion(0, RegionKind::Route);
  graph.AddNode(Join::All, often);
  const plan::PlanTables plan = graph.Finish({});
  ToldMachine machine(plan, Wide());
  const auto fail = [&](SlotId slot, int64_t now) {
    machine.AdvanceTo(now);
    EXPECT_EQ(machine.FailAttempt(slot, FailureCode::Exit, MayRetry::Yes).kind,
              FailureAction::Kind::Retry);
  };
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  machine.EnterBody(0_slot, 1_region);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 1"));
  fail(1_slot, 0);
  EXPECT_THAT(Steps(machine, kMs), ElementsAre("retry 1"));
  fail(1_slot, kMs);
  EXPECT_THAT(Steps(machine, 3 * kMs), ElementsAre("retry 1"));
  fail(1_slot, 3 * kMs);
  EXPECT_EQ(machine.next_due(), 7 * kMs);
  machine.TimeOut(1_instance);
  EXPECT_THAT(Steps(machine, 3 * kMs), ElementsAre("cancelled 1", "ended 1 (retry)"));
  EXPECT_EQ(machine.next_due(), 4 * kMs);
  // The slot is used again, and its next attempt is due later than that of the body before.
  EXPECT_THAT(Steps(machine, 4 * kMs), ElementsAre("retry 0"));
  EXPECT_EQ(machine.EnterBody(0_slot, 1_region), 1_instance);
  EXPECT_THAT(Steps(machine, 4 * kMs), ElementsAre("begin 1"));
  fail(1_slot, 8 * kMs);
  EXPECT_THAT(Steps(machine, 8 * kMs), ElementsAre());
  EXPECT_EQ(machine.next_due(), 9 * kMs);
}

TEST(StateMachine, OtherCodesAreNotTriedAgain) {
  TinyGraph graph;
  const uint32_t retry = graph.AddRetry(2, Bit(FailureCode::Timeout));
  graph.AddNode(Join::All, graph.AddPolicy(OnError::Fail, retry));
  const plan::PlanTables plan = graph.Finish({});
  ToldMachine machine(plan, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  Fail(machine, 0_slot);
}

TEST(StateMachine, ABackedOffNodeIsCancelledWithTheRun) {
  TinyGraph graph;
  graph.AddNode(Join::All, graph.AddPolicy(OnError::Fail, graph.AddRetry(1, kAllCodes)));
  const plan::PlanTables plan = graph.Finish({});
  ToldMachine machine(plan, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  EXPECT_EQ(machine.FailAttempt(0_slot, FailureCode::Exit, MayRetry::Yes).kind,
            FailureAction::Kind::Retry);
  machine.CancelRun();
  EXPECT_THAT(Steps(machine), ElementsAre("cancelled 0", "ended"));
  EXPECT_THAT(Steps(machine, 10 * kMs), ElementsAre());
  EXPECT_EQ(machine.outcome(), RunStatus::Cancelled);
}

/// Node 0 owns a route body of two nodes, 2 after 1 with a cleanup 3, and a fallback of one, 4.
class Bodies : public ::testing::Test {
 protected:
  explicit Bodies(uint32_t further_attempts = 1) {
    const uint32_t retry = graph_.AddRetry(further_attempts, kAllCodes);
    const uint32_t policy = graph_.AddPolicy(OnError::Fallback, retry, 2);
    graph_.AddNode(Join::All, policy);
    graph_.AddRegion(0, RegionKind::Route);
    graph_.AddNode();
    graph_.AddNode();
    graph_.AddNode(Join::Settled);
    graph_.AddRegion(0, RegionKind::Fallback);
    graph_.AddNode();
    plan_ = graph_.Finish({{1, 2, EdgeKind::HardAfter}, {2, 3, EdgeKind::HardAfter}});
  }

  TinyGraph graph_;
  plan::PlanTables plan_;
};

TEST_F(Bodies, AFailureInsideIsTheOwners) {
  ToldMachine machine(plan_, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  machine.EnterBody(0_slot, 1_region);
  EXPECT_EQ(machine.running_count(), 0U);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 1"));
  Fail(machine, 1_slot);
  EXPECT_THAT(Steps(machine), ElementsAre("cancelled 2", "begin 3"));
  machine.Succeed(3_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended 1 (retry)"));
  EXPECT_EQ(machine.instances()[1_instance].end, InstanceEnd::Failed);
  EXPECT_EQ(machine.instances()[1_instance].failed_slot, 1_slot);
  const BodyId first_body = machine.instances()[1_instance].body;
  // The retry runs the body again: another body, in the slots that the first gave back.
  EXPECT_THAT(Steps(machine, 10 * kMs), ElementsAre("retry 0"));
  EXPECT_EQ(machine.EnterBody(0_slot, 1_region), 1_instance);
  EXPECT_GT(machine.instances()[1_instance].body, first_body);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 1"));
  EXPECT_EQ(machine.attempts(1_slot), 1U);
  machine.Succeed(1_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 2"));
  machine.Succeed(2_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 3"));
  machine.Succeed(3_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended 1 (needs output)"));
  machine.Succeed(0_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended"));
  EXPECT_EQ(machine.outcome(), RunStatus::Completed);
  EXPECT_EQ(machine.running_count(), 0U);
}

TEST_F(Bodies, ABodyThatFailedAndWasReplacedDoesNotFailTheRun) {
  ToldMachine machine(plan_, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  machine.EnterBody(0_slot, 1_region);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 1"));
  Fail(machine, 1_slot);
  EXPECT_THAT(Steps(machine), ElementsAre("cancelled 2", "begin 3"));
  machine.Succeed(3_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended 1 (retry)"));
  EXPECT_THAT(Steps(machine, 10 * kMs), ElementsAre("retry 0"));
  EXPECT_EQ(machine.FailAttempt(0_slot, FailureCode::Exit, MayRetry::No).kind,
            FailureAction::Kind::Fallback);
  machine.EnterBody(0_slot, 2_region);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 4"));
  machine.Succeed(4_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended 2 (needs output)"));
  machine.Recover(0_slot);
  EXPECT_THAT(Steps(machine), ElementsAre("ended"));
  EXPECT_EQ(machine.run_status(), RunStatus::Running);
  EXPECT_EQ(machine.outcome(), RunStatus::Completed);
}

TEST_F(Bodies, WhatHasEndedRunsOutOfNoTime) {
  ToldMachine machine(plan_, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  machine.EnterBody(0_slot, 1_region);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 1"));
  machine.Succeed(1_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 2"));
  machine.Succeed(2_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 3"));
  machine.Succeed(3_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended 1 (needs output)"));
  EXPECT_EQ(machine.Apply({.type = FactType::BodyTimedOut,
                           .slot = machine.NameOf(0_slot),
                           .sequence = machine.sequence() + 1}),
            Contradiction::IsNotRunning);
  EXPECT_EQ(machine.instances()[1_instance].end, InstanceEnd::Completed);
  machine.Succeed(0_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended"));
  machine.CancelRun();
  EXPECT_EQ(machine.outcome(), RunStatus::Completed);
}

TEST_F(Bodies, ABodyThatBeginsWhenAllIsCancelledRunsItsCleanupAlone) {
  ToldMachine machine(plan_, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  machine.CancelRun();
  EXPECT_THAT(Steps(machine), ElementsAre("cancel 0"));
  machine.EnterBody(0_slot, 1_region);
  EXPECT_THAT(Steps(machine), ElementsAre("cancelled 1", "cancelled 2", "begin 3"));
  machine.Succeed(3_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended 1 (settled)", "ended"));
  EXPECT_EQ(machine.instances()[1_instance].end, InstanceEnd::Cancelled);
}

TEST_F(Bodies, NoFallbackBeginsWhileTheRunFails) {
  ToldMachine machine(plan_, {.concurrency = 100, .drains_on_failure = true, .seed = 1});
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  machine.CancelRun();  // what runs may finish
  EXPECT_THAT(Steps(machine), ElementsAre());
  Fail(machine, 0_slot);
  EXPECT_EQ(machine.status(0_slot), NodeStatus::Failed);
}

TEST_F(Bodies, TheFallbackComesAfterTheLastAttempt) {
  ToldMachine machine(plan_, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  EXPECT_EQ(machine.FailAttempt(0_slot, FailureCode::Exit, MayRetry::No).kind,
            FailureAction::Kind::Fallback);
  machine.EnterBody(0_slot, 2_region);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 1"));
  machine.Succeed(1_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended 1 (needs output)"));
  machine.Recover(0_slot);
  EXPECT_EQ(machine.status(0_slot), NodeStatus::Recovered);
  EXPECT_THAT(Steps(machine), ElementsAre("ended"));
}

TEST_F(Bodies, ATimeoutCancelsTheBodyAndLeavesTheOwner) {
  ToldMachine machine(plan_, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  machine.EnterBody(0_slot, 1_region);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 1"));
  machine.TimeOut(1_instance);
  EXPECT_THAT(Steps(machine), ElementsAre("cancelled 2", "cancel 1", "begin 3"));
  machine.Succeed(3_slot, HasOutput::Yes);
  Fail(machine, 1_slot);
  EXPECT_THAT(Steps(machine), ElementsAre("ended 1 (retry)"));
  EXPECT_EQ(machine.instances()[1_instance].end, InstanceEnd::TimedOut);
  EXPECT_EQ(machine.status(0_slot), NodeStatus::BackingOff);
}

TEST_F(Bodies, CancellingTheRunReachesIntoBodies) {
  ToldMachine machine(plan_, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  machine.EnterBody(0_slot, 1_region);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 1"));
  machine.CancelRun();
  EXPECT_THAT(Steps(machine), ElementsAre("cancelled 2", "cancel 1", "begin 3"));
  machine.KillRun();
  EXPECT_THAT(Steps(machine), ElementsAre("cancel 3"));
  Fail(machine, 1_slot);
  Fail(machine, 3_slot);
  EXPECT_THAT(Steps(machine), ElementsAre("ended 1 (settled)", "ended"));
  EXPECT_EQ(machine.instances()[1_instance].end, InstanceEnd::Cancelled);
  EXPECT_EQ(machine.status(0_slot), NodeStatus::Cancelled);
  EXPECT_EQ(machine.running_count(), 0U);
}

TEST_F(Bodies, ABodyThatRunsOutOfTimeIsCancelledThoughFailuresDrain) {
  ToldMachine machine(plan_, {.concurrency = 100, .drains_on_failure = true, .seed = 1});
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  machine.EnterBody(0_slot, 1_region);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 1"));
  machine.TimeOut(1_instance);
  EXPECT_THAT(Steps(machine), ElementsAre("cancelled 2", "cancel 1", "begin 3"));
}

TEST(StateMachine, CancellingARunThatDrainsLetsWhatRunsFinishAndKillingDoesNot) {
  TinyGraph graph;
  graph.AddNode();
  graph.AddNode(Join::Settled);  // runs
  graph.AddNode(Join::Settled);  // waits for 0
  const plan::PlanTables plan = graph.Finish({{0, 2, EdgeKind::HardAfter}});
  ToldMachine machine(plan, {.concurrency = 100, .drains_on_failure = true, .seed = 1});
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0", "begin 1"));
  machine.CancelRun();
  EXPECT_THAT(Steps(machine), ElementsAre());
  machine.KillRun();
  EXPECT_THAT(Steps(machine), ElementsAre("cancelled 2", "cancel 0", "cancel 1"));
  Fail(machine, 0_slot);
  Fail(machine, 1_slot);
  EXPECT_THAT(Steps(machine), ElementsAre("ended"));
}

TEST(StateMachine, ABodyThatRunsAgainFindsTheBodiesInItAsNew) {
  TinyGraph graph;
  graph.AddNode(Join::All, graph.AddPolicy(OnError::Fail, graph.AddRetry(1, kAllCodes)));
  for (uint32_t owner : {0u, 1u, 2u}) {
    graph.AddRegion(owner, RegionKind::Route);
    graph.AddNode();
  }
  const plan::PlanTables plan = graph.Finish({});
  ToldMachine machine(plan, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  for (uint32_t owner : {0u, 1u, 2u}) {
    machine.EnterBody(SlotId(owner), RegionId(owner + 1));
    EXPECT_THAT(Steps(machine), ElementsAre("begin " + std::to_string(owner + 1)));
  }
  Fail(machine, 3_slot);
  EXPECT_THAT(Steps(machine),
              ElementsAre("ended 3 (failed)", "ended 2 (failed)", "ended 1 (retry)"));
  EXPECT_THAT(Steps(machine, 10 * kMs), ElementsAre("retry 0"));
  machine.EnterBody(0_slot, 1_region);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 1"));
  machine.EnterBody(1_slot, 2_region);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 2"));
  EXPECT_EQ(machine.attempts(2_slot), 1U);
  machine.Succeed(2_slot, HasOutput::Yes);  // without the innermost body, this time
  EXPECT_THAT(Steps(machine), ElementsAre("ended 2 (needs output)"));
  machine.Succeed(1_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended 1 (needs output)"));
  EXPECT_EQ(machine.instances().slot_count(), 4U);
  EXPECT_EQ(machine.running_count(), 0U);
}

TEST(StateMachine, WhatWasBegunIsFinishedBeforeMoreBegins) {
  TinyGraph graph;
  for (int i = 0; i < 3; ++i) graph.AddNode();
  graph.AddRegion(0, RegionKind::Route);
  graph.AddNode();  // 3
  graph.AddNode();  // 4, after 3
  graph.AddRegion(1, RegionKind::Route);
  graph.AddNode();  // 5
  const plan::PlanTables plan =
      graph.Finish({{1, 2, EdgeKind::HardAfter}, {3, 4, EdgeKind::HardAfter}});
  ToldMachine machine(plan, {.concurrency = 1, .drains_on_failure = false, .seed = 1});
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  machine.EnterBody(0_slot, 1_region);  // the body stands where its owner does, before 1
  EXPECT_THAT(Steps(machine), ElementsAre("begin 3"));
  machine.Succeed(3_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 4"));
  machine.Succeed(4_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended 1 (needs output)", "begin 1"));
  machine.EnterBody(1_slot, 2_region);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 5"));
  machine.Succeed(0_slot, HasOutput::Yes);
  machine.Succeed(5_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended 2 (needs output)"));
  machine.Succeed(1_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 2"));
}

TEST(StateMachine, ABodyThatWaitsLeavesItsTurnToTheNext) {
  TinyGraph graph;
  for (int i = 0; i < 2; ++i) graph.AddNode();
  graph.AddRegion(0, RegionKind::Route);
  graph.AddNode();  // 2
  graph.AddNode();  // 3, after 2
  graph.AddRegion(2, RegionKind::Route);
  graph.AddNode();  // 4
  const plan::PlanTables plan = graph.Finish({{2, 3, EdgeKind::HardAfter}});
  ToldMachine machine(plan, {.concurrency = 2, .drains_on_failure = false, .seed = 1});
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0", "begin 1"));
  machine.EnterBody(0_slot, 1_region);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 2"));
  machine.EnterBody(2_slot, 2_region);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 4"));  // two levels down
  machine.Succeed(4_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("ended 2 (needs output)"));
  machine.Succeed(2_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 3"));
}

TEST(StateMachine, ABodyJudgesWhatItReadsOutside) {
  TinyGraph graph;
  const uint32_t tolerant = graph.AddPolicy(OnError::Continue);
  graph.AddNode(Join::All, tolerant);
  graph.AddNode();
  graph.AddRegion(1, RegionKind::Route);
  graph.AddNode();
  graph.AddNode();
  graph.AddNode();  // 4, after 3
  graph.AddOuterRead(2, 0, EdgeKind::HardOutput);
  graph.AddOuterRead(3, 0, EdgeKind::HardRan);
  graph.AddOuterRead(4, 0, EdgeKind::HardRan);
  const plan::PlanTables plan = graph.Finish({{0, 1, EdgeKind::Wait}, {3, 4, EdgeKind::HardAfter}});
  ToldMachine machine(plan, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  Fail(machine, 0_slot);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 1"));
  machine.EnterBody(1_slot, 1_region);
  EXPECT_THAT(Steps(machine), ElementsAre("skipped 2 (dependency)", "begin 3"));
  machine.Succeed(3_slot, HasOutput::Yes);
  EXPECT_THAT(Steps(machine), ElementsAre("begin 4"));
}

TEST(StateMachine, ADecideWithoutOutputHasNoReaders) {
  TinyGraph graph;
  for (int i = 0; i < 3; ++i) graph.AddNode();
  const plan::PlanTables plan =
      graph.Finish({{0, 1, EdgeKind::HardOutput}, {0, 2, EdgeKind::HardAfter}});
  ToldMachine machine(plan, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("begin 0"));
  machine.Succeed(0_slot, HasOutput::No);
  EXPECT_THAT(Steps(machine), ElementsAre("skipped 1 (dependency)", "begin 2"));
}

TEST(StateMachine, AnEmptyWorkflowEndsAtOnce) {
  TinyGraph graph;
  const plan::PlanTables plan = graph.Finish({});
  ToldMachine machine(plan, Wide());
  machine.Start();
  EXPECT_THAT(Steps(machine), ElementsAre("ended"));
}

TEST(StateMachine, KeepsLittleForEachNode) {
  EXPECT_LE(StateMachine::kBytesPerNode + sizeof(Value), 32U);
}

TEST(BackoffDelay, GrowsToItsMaximumAndJittersBySeed) {
  const plan::fb::Retry plain(1000, 5000, 2.0, 9, 0, false);
  EXPECT_EQ(BackoffDelay(plain, 1, {.node = 0_node, .attempt = 1}), 1000);
  EXPECT_EQ(BackoffDelay(plain, 1, {.node = 0_node, .attempt = 3}), 4000);
  EXPECT_EQ(BackoffDelay(plain, 1, {.node = 0_node, .attempt = 1'000'000}), 5000);
  const plan::fb::Retry jittered(1000, 5000, 2.0, 9, 0, true);
  const FailedAttempt failed{.body = {.sequence = 2}, .node = 3_node, .attempt = 1};
  EXPECT_EQ(BackoffDelay(jittered, 7, failed), BackoffDelay(jittered, 7, failed));
  // Each part of what names an attempt gives another delay.
  EXPECT_NE(BackoffDelay(jittered, 7, failed), BackoffDelay(jittered, 8, failed));
  for (const FailedAttempt& other : {FailedAttempt{.body = {.sequence = 3}, .node = 3_node},
                                     FailedAttempt{.body = {.sequence = 2}, .node = 4_node},
                                     FailedAttempt{.body = {.sequence = 4}, .node = 3_node}}) {
    EXPECT_NE(BackoffDelay(jittered, 7, failed), BackoffDelay(jittered, 7, other));
  }
  std::set<int64_t> delays;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const int64_t delay = BackoffDelay(jittered, seed, failed);
    EXPECT_GE(delay, 500);
    EXPECT_LE(delay, 1000);
    delays.insert(delay);
  }
  EXPECT_GT(delays.size(), 50U);
}

TEST(ReadySet, GivesTheLowestWhateverTheOrder) {
  Random random(7);
  ReadySet set(IdRange<SlotId>(1000, 300'000));
  std::set<SlotId> expected;
  for (int i = 0; i < 200'000; ++i) {
    const SlotId slot(1000 + static_cast<uint32_t>(random.Below(300'000)));
    const uint64_t choice = random.Below(4);
    if (choice == 0 && !expected.empty()) {
      ASSERT_EQ(set.First(), *expected.begin());
      set.Erase(*expected.begin());
      expected.erase(expected.begin());
    } else if (choice == 1 && expected.contains(slot)) {
      set.Erase(slot);
      expected.erase(slot);
    } else if (expected.insert(slot).second) {
      set.Insert(slot);
    }
    ASSERT_EQ(set.empty(), expected.empty());
  }
}

}  // namespace
}  // namespace wfc::runtime

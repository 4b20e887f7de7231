// Follows the rules of docs/language/workflows.md, "When a stage runs"; what is quoted below is
// from that page.
#include "tests/backend-runtime/runtime/drive/reference_model.h"

namespace wfc::runtime::reference {

Outcome Model::Run() {
  for (int ready = FirstReady(); ready >= 0; ready = FirstReady()) Settle(ready);
  return outcome();
}

Outcome Model::outcome() const {
  Outcome outcome = outcome_;
  outcome.run = has_failed_      ? RunOutcome::Failed
                : is_cancelled_  ? RunOutcome::Cancelled
                : has_tolerated_ ? RunOutcome::Partial
                                 : RunOutcome::Completed;
  for (int stage = 0; stage < workflow_.count; ++stage) outcome.fields[stage] = FieldsOf(stage);
  return outcome;
}

void Model::Settle(int stage) {
  outcome_.status[stage] = EndingOf(stage);
  has_tolerated_ |= outcome_.status[stage] == Status::Tolerated;
  if (outcome_.status[stage] != Status::Failed) return;
  has_failed_ = true;
  EndEarly();
}

void Model::Cancel() {
  is_cancelled_ = true;
  EndEarly();
}

void Model::SetBehaviour(int stage, Behaviour behaviour, int choice) {
  workflow_.behaviour[stage] = behaviour;
  workflow_.choice[stage] = static_cast<uint8_t>(choice);
}

uint64_t Model::Key() const {
  uint64_t key = (has_failed_ ? 1U : 0U) | (is_cancelled_ ? 2U : 0U) | (has_tolerated_ ? 4U : 0U);
  for (int stage = 0; stage < workflow_.count; ++stage) {
    key = key << 10 | static_cast<uint64_t>(outcome_.status[stage]) << 6 |
          static_cast<uint64_t>(workflow_.behaviour[stage]) << 3 | workflow_.choice[stage];
  }
  return key;
}

// "Then, in this order": a stage that is skipped by rule 1 or 2 needs no turn to begin.
int Model::FirstReady() const {
  for (int stage = 0; stage < workflow_.count; ++stage) {
    if (MaySettle(stage) && IsSkippedByRule(stage)) return stage;
  }
  for (int stage = 0; stage < workflow_.count; ++stage) {
    if (MaySettle(stage)) return stage;
  }
  return -1;
}

// "A failure that nothing tolerates ends the run: what has not started is cancelled, […] stages
// with `join: settled` still run."
void Model::EndEarly() {
  for (int stage = 0; stage < workflow_.count; ++stage) {
    if (!IsSettled(stage) && workflow_.join[stage] != Join::Settled) {
      outcome_.status[stage] = Status::Cancelled;
    }
  }
}

// "A stage waits until everything it depends on has settled."
bool Model::IsReady(int stage) const {
  for (int from = 0; from < stage; ++from) {
    if (workflow_.link[from][stage] != Link::None && !IsSettled(from)) return false;
  }
  return true;
}

bool Model::IsSkippedByRule(int stage) const {
  const Status ending = EndingOf(stage);
  return ending == Status::SkippedNotChosen || ending == Status::SkippedDependency;
}

Status Model::EndingOf(int stage) const {
  // Rule 1: "If decides can route to it and none of them chose it, it is skipped."
  if (IsRoutedTo(stage) && !IsChosen(stage)) return Status::SkippedNotChosen;
  // Rule 2: "If its `join` does not hold, it is skipped"
  if (!JoinHolds(stage)) return Status::SkippedDependency;
  // Rule 3: "If its `if` is false, it is skipped."
  switch (workflow_.behaviour[stage]) {
    case Behaviour::FalseIf:
      return Status::SkippedCondition;
    case Behaviour::Failing:
      return Status::Failed;
    case Behaviour::Tolerated:
      return Status::Tolerated;
    case Behaviour::Recovered:
      return Status::Recovered;
    case Behaviour::Plain:
    case Behaviour::Deciding:
    case Behaviour::Undecided:
    case Behaviour::Asserting:
      return Status::Succeeded;
  }
  return Status::Unsettled;
}

bool Model::IsRoutedTo(int stage) const {
  for (int from = 0; from < stage; ++from) {
    if (workflow_.link[from][stage] == Link::Route) return true;
  }
  return false;
}

bool Model::IsChosen(int stage) const {
  for (int from = 0; from < stage; ++from) {
    if (workflow_.link[from][stage] == Link::Route && ChoiceOf(from) == stage) return true;
  }
  return false;
}

/// The stage that the decide chose; -1 for none. A decide with an output chooses by it; one without
/// chooses nothing.
int Model::ChoiceOf(int decide) const {
  if (workflow_.behaviour[decide] != Behaviour::Deciding || !HasOutput(decide)) return -1;
  int left = workflow_.choice[decide];
  for (int to = decide + 1; to < workflow_.count; ++to) {
    if (workflow_.link[decide][to] == Link::Route && left-- == 0) return to;
  }
  return -1;
}

// "An `assert` that holds has no output".
bool Model::HasOutput(int stage) const {
  if (outcome_.status[stage] == Status::Recovered) return true;
  return outcome_.status[stage] == Status::Succeeded &&
         workflow_.behaviour[stage] != Behaviour::Asserting;
}

bool Model::HasRun(int stage) const {
  const Status status = outcome_.status[stage];
  return status == Status::Succeeded || status == Status::Recovered || status == Status::Tolerated;
}

// An error is there if "it failed, was tolerated or was recovered", the attempts if "it ran: it was
// neither skipped nor cancelled", and what was chosen if "it ran, and there was a route": what is
// recovered here is no decide.
Fields Model::FieldsOf(int stage) const {
  const Status status = outcome_.status[stage];
  const bool decides = workflow_.behaviour[stage] == Behaviour::Deciding ||
                       workflow_.behaviour[stage] == Behaviour::Undecided;
  return {.output = HasOutput(stage),
          .error = status == Status::Failed || status == Status::Tolerated ||
                   status == Status::Recovered,
          .attempts = HasRun(stage) || status == Status::Failed,
          .chosen = decides && status == Status::Succeeded};
}

// Rule 2: "A read of an output holds if there is one; a read of what any finished stage has […]
// also if it was tolerated; `after` also if the stage was tolerated or skipped by its own `if`."
bool Model::Holds(int from, Link link) const {
  if (link == Link::Plain) return HasOutput(from);
  if (HasRun(from)) return true;
  return link == Link::After && outcome_.status[from] == Status::SkippedCondition;
}

// Rule 2: "`all` wants every hard dependency to hold, `any` at least one, `settled` none." Without
// hard dependencies every join holds.
bool Model::JoinHolds(int stage) const {
  int hard_count = 0;
  int holding_count = 0;
  for (int from = 0; from < stage; ++from) {
    const Link link = workflow_.link[from][stage];
    if (link != Link::After && link != Link::Plain && link != Link::Ran) continue;
    ++hard_count;
    if (Holds(from, link)) ++holding_count;
  }
  if (hard_count == 0 || workflow_.join[stage] == Join::Settled) return true;
  return workflow_.join[stage] == Join::All ? holding_count == hard_count : holding_count > 0;
}

}  // namespace wfc::runtime::reference

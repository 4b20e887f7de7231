// Sentence by sentence after "When a stage runs".
#include "tests/backend-runtime/runtime/reference_model.h"

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

// "A failure that is not tolerated or recovered fails the run: nothing new starts but `join:
// settled` stages; […] what never started is `cancelled`."
void Model::EndEarly() {
  for (int stage = 0; stage < workflow_.count; ++stage) {
    if (!IsSettled(stage) && workflow_.join[stage] != Join::Settled) {
      outcome_.status[stage] = Status::Cancelled;
    }
  }
}

// "It becomes ready when all have settled."
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
  // "1. it is routed to, and no decide chose it: skipped. Several decides are or-ed."
  if (IsRoutedTo(stage) && !IsChosen(stage)) return Status::SkippedNotChosen;
  // "2. `join` fails: skipped."
  if (!JoinHolds(stage)) return Status::SkippedDependency;
  // "3. `if` is false: skipped."
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

/// The stage that the decide chose; -1 for none. "A decide with an output chooses by it […]; one
/// without chooses nothing."
int Model::ChoiceOf(int decide) const {
  if (workflow_.behaviour[decide] != Behaviour::Deciding || !HasOutput(decide)) return -1;
  int left = workflow_.choice[decide];
  for (int to = decide + 1; to < workflow_.count; ++to) {
    if (workflow_.link[decide][to] == Link::Route && left-- == 0) return to;
  }
  return -1;
}

// "An `assert` and a `fail` have no output."
bool Model::HasOutput(int stage) const {
  if (outcome_.status[stage] == Status::Recovered) return true;
  return outcome_.status[stage] == Status::Succeeded &&
         workflow_.behaviour[stage] != Behaviour::Asserting;
}

bool Model::HasRun(int stage) const {
  const Status status = outcome_.status[stage];
  return status == Status::Succeeded || status == Status::Recovered || status == Status::Tolerated;
}

// "`.error` if the stage failed, was tolerated or recovered." "`.chosen` holds if the stage ran":
// what is recovered here is no decide.
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

// "A read of `.output` holds if there is an output; of `.attempts` if the stage ran to an end (also
// tolerated); `after` also if it was tolerated, or skipped by its own `if`."
bool Model::Holds(int from, Link link) const {
  if (link == Link::Plain) return HasOutput(from);
  if (HasRun(from)) return true;
  return link == Link::After && outcome_.status[from] == Status::SkippedCondition;
}

// "`all`: every hard dependency holds; `any`: at least one; `settled`: none need to; without hard
// dependencies every join holds."
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

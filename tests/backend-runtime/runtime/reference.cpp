// Sentence by sentence after "When a stage runs".
#include "tests/backend-runtime/runtime/reference.h"

namespace wfc::runtime::reference {
namespace {

bool Decides(Behaviour behaviour) {
  return behaviour == Behaviour::Deciding || behaviour == Behaviour::Undecided;
}

class Model {
 public:
  explicit Model(const Case& workflow) : workflow_(workflow) {}

  Outcome Run() {
    while (Step()) {
    }
    outcome_.run = has_failed_      ? RunOutcome::Failed
                   : has_tolerated_ ? RunOutcome::Partial
                                    : RunOutcome::Completed;
    return outcome_;
  }

 private:
  /// Settles one stage; false when all are.
  bool Step() {
    if (has_failed_) {
      // "A failure that is not tolerated or recovered fails the run: nothing new starts but `join:
      // settled` stages; […] what never started is cancelled."
      for (int stage = 0; stage < workflow_.count; ++stage) {
        if (!IsSettled(stage) && workflow_.join[stage] != Join::Settled) {
          outcome_.status[stage] = Status::Cancelled;
          return true;
        }
      }
    }
    for (int stage = 0; stage < workflow_.count; ++stage) {
      if (IsSettled(stage) || !IsReady(stage)) continue;
      outcome_.status[stage] = Settle(stage);
      return true;
    }
    return false;
  }

  bool IsSettled(int stage) const { return outcome_.status[stage] != Status::Unsettled; }

  // "It becomes ready when all have settled."
  bool IsReady(int stage) const {
    for (int from = 0; from < stage; ++from) {
      if (workflow_.link[from][stage] != Link::None && !IsSettled(from)) return false;
    }
    return true;
  }

  Status Settle(int stage) {
    // "1. it is routed to, and no decide chose it: skipped. Several decides are or-ed."
    if (IsRoutedTo(stage) && !IsChosen(stage)) return Status::SkippedNotChosen;
    // "2. `join` fails: skipped."
    if (!JoinHolds(stage)) return Status::SkippedDependency;
    // "3. `if` is false: skipped."
    if (workflow_.behaviour[stage] == Behaviour::FalseIf) return Status::SkippedCondition;
    switch (workflow_.behaviour[stage]) {
      case Behaviour::Failing:
        has_failed_ = true;
        return Status::Failed;
      case Behaviour::Tolerated:
        has_tolerated_ = true;
        return Status::Tolerated;
      case Behaviour::Recovered:
        return Status::Recovered;
      case Behaviour::Plain:
      case Behaviour::Deciding:
      case Behaviour::Undecided:
      case Behaviour::FalseIf:
        return Status::Succeeded;
    }
    return Status::Unsettled;
  }

  bool IsRoutedTo(int stage) const {
    for (int from = 0; from < stage; ++from) {
      if (workflow_.link[from][stage] == Link::Route) return true;
    }
    return false;
  }

  bool IsChosen(int stage) const {
    for (int from = 0; from < stage; ++from) {
      if (workflow_.link[from][stage] == Link::Route && ChoiceOf(from) == stage) return true;
    }
    return false;
  }

  /// The stage that the decide chose; -1 for none. "A decide with an output chooses by it […]; one
  /// without chooses nothing."
  int ChoiceOf(int decide) const {
    if (workflow_.behaviour[decide] != Behaviour::Deciding || !HasOutput(decide)) return -1;
    for (int to = decide + 1; to < workflow_.count; ++to) {
      if (workflow_.link[decide][to] == Link::Route) return to;
    }
    return -1;
  }

  bool HasOutput(int stage) const {
    return outcome_.status[stage] == Status::Succeeded ||
           outcome_.status[stage] == Status::Recovered;
  }

  // "A read of `.output` holds if there is an output; `after` also if it was tolerated, or skipped
  // by its own `if`."
  bool Holds(int from, Link link) const {
    if (HasOutput(from)) return true;
    if (link == Link::Plain) return false;
    return outcome_.status[from] == Status::Tolerated ||
           outcome_.status[from] == Status::SkippedCondition;
  }

  // "`all`: every hard dependency holds; `any`: at least one; `settled`: none need to; without hard
  // dependencies every join holds."
  bool JoinHolds(int stage) const {
    int hard_count = 0;
    int holding_count = 0;
    for (int from = 0; from < stage; ++from) {
      const Link link = workflow_.link[from][stage];
      if (link != Link::After && link != Link::Plain) continue;
      ++hard_count;
      if (Holds(from, link)) ++holding_count;
    }
    if (hard_count == 0 || workflow_.join[stage] == Join::Settled) return true;
    return workflow_.join[stage] == Join::All ? holding_count == hard_count : holding_count > 0;
  }

  const Case& workflow_;
  Outcome outcome_;
  bool has_failed_ = false;
  bool has_tolerated_ = false;
};

constexpr const char* kBehaviourNames[] = {"plain",    "failing",   "tolerated", "recovered",
                                           "deciding", "undecided", "if false"};
constexpr const char* kLinkNames[] = {"none", "after", "reads", "reads softly", "routed by"};
constexpr const char* kJoinNames[] = {"all", "any", "settled"};

/// Sets the links of `workflow` from the digits of `number`; false when a stage that does not
/// decide would route.
bool SetLinks(uint64_t number, Case& workflow) {
  for (int to = 1; to < workflow.count; ++to) {
    for (int from = 0; from < to; ++from) {
      const auto link = static_cast<Link>(number % kLinkCount);
      number /= kLinkCount;
      if (link == Link::Route && !Decides(workflow.behaviour[from])) return false;
      workflow.link[from][to] = link;
    }
  }
  return true;
}

void SetStages(uint64_t number, Case& workflow) {
  for (int stage = 0; stage < workflow.count; ++stage) {
    workflow.behaviour[stage] = static_cast<Behaviour>(number % kBehaviourCount);
    number /= kBehaviourCount;
    workflow.join[stage] = static_cast<Join>(number % kJoinCount);
    number /= kJoinCount;
  }
}

uint64_t Power(uint64_t base, int exponent) {
  uint64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= base;
  return power;
}

}  // namespace

Outcome Run(const Case& workflow) {
  return Model(workflow).Run();
}

void ForEachCase(int count, const std::function<void(const Case&)>& visit) {
  const uint64_t stage_count = Power(kBehaviourCount * kJoinCount, count);
  const uint64_t link_count = Power(kLinkCount, count * (count - 1) / 2);
  for (uint64_t stages = 0; stages < stage_count; ++stages) {
    Case workflow{.count = count};
    SetStages(stages, workflow);
    for (uint64_t links = 0; links < link_count; ++links) {
      if (SetLinks(links, workflow)) visit(workflow);
    }
  }
}

Case DrawCase(int count, std::mt19937_64& random) {
  while (true) {
    Case workflow{.count = count};
    SetStages(random() % Power(kBehaviourCount * kJoinCount, count), workflow);
    if (SetLinks(random() % Power(kLinkCount, count * (count - 1) / 2), workflow)) return workflow;
  }
}

std::string Describe(const Case& workflow) {
  std::string text;
  for (int stage = 0; stage < workflow.count; ++stage) {
    text += (stage == 0 ? "" : "; ") + std::to_string(stage) + " " +
            kBehaviourNames[static_cast<int>(workflow.behaviour[stage])] + ", join " +
            kJoinNames[static_cast<int>(workflow.join[stage])];
    for (int from = 0; from < stage; ++from) {
      const Link link = workflow.link[from][stage];
      if (link != Link::None)
        text += std::string(", ") + kLinkNames[static_cast<int>(link)] + " " + std::to_string(from);
    }
  }
  return text;
}

const char* GetName(Status status) {
  static constexpr const char* kNames[] = {"unsettled",
                                           "succeeded",
                                           "recovered",
                                           "tolerated",
                                           "failed",
                                           "skipped (not_chosen)",
                                           "skipped (dependency)",
                                           "skipped (condition)",
                                           "cancelled"};
  return kNames[static_cast<int>(status)];
}

const char* GetName(RunOutcome outcome) {
  static constexpr const char* kNames[] = {"completed", "partial", "failed"};
  return kNames[static_cast<int>(outcome)];
}

}  // namespace wfc::runtime::reference

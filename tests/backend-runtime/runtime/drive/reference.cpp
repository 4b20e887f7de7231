#include "tests/backend-runtime/runtime/drive/reference.h"

#include "tests/backend-runtime/runtime/drive/reference_graphs.h"
#include "tests/backend-runtime/runtime/drive/reference_model.h"

namespace wfc::runtime::reference {
namespace {

constexpr const char* kBehaviourNames[] = {"plain",    "failing",   "tolerated", "recovered",
                                           "deciding", "undecided", "if false",  "asserting"};

GraphsOf CasesOf(int count) {
  const auto decides = [](int kind) {
    const auto behaviour = static_cast<Behaviour>(kind);
    return behaviour == Behaviour::Deciding || behaviour == Behaviour::Undecided;
  };
  return {.count = count, .kind_count = kBehaviourCount, .decides = decides};
}

Case CaseOf(const Kinds& kinds, const Case& graph) {
  Case workflow = graph;
  for (int stage = 0; stage < graph.count; ++stage) {
    workflow.behaviour[stage] = static_cast<Behaviour>(kinds[stage]);
  }
  return workflow;
}

}  // namespace

Outcome Run(const Case& workflow) {
  return Model(workflow).Run();
}

void ForEachCase(int count, const std::function<void(const Case&)>& visit) {
  ForEachGraph(CasesOf(count),
               [&](const Kinds& kinds, const Case& graph) { visit(CaseOf(kinds, graph)); });
}

Case DrawCase(int count, std::mt19937_64& random) {
  Case drawn;
  DrawGraph(CasesOf(count), random,
            [&](const Kinds& kinds, const Case& graph) { drawn = CaseOf(kinds, graph); });
  return drawn;
}

std::string Describe(const Case& workflow) {
  return Describe(workflow, [&](int stage) {
    return kBehaviourNames[static_cast<int>(workflow.behaviour[stage])];
  });
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
  static constexpr const char* kNames[] = {"completed", "partial", "failed", "cancelled"};
  return kNames[static_cast<int>(outcome)];
}

}  // namespace wfc::runtime::reference

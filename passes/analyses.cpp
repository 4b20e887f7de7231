#include "passes/analyses.h"

#include <chrono>

namespace wfc::passes {

#define WFC_PASS(name, file, summary) void Check##name(PassContext& context);
#include "passes/passes.def"

const ir::Graph& Analyses::graph() {
  if (!graph_) graph_.emplace(project);
  return *graph_;
}

const ExpressionTypes& Analyses::types() {
  if (types_ != nullptr) return *types_;
  // Presence is asked about all stages here, not about the one for which types are first needed.
  const diag::StageScope scope(sink, {});
  types_ = std::make_unique<ExpressionTypes>(project, sources, graph());
  // What is never reached is found from types, and leaving it out narrows the types in turn.
  constexpr int kMaxRounds = 3;
  NeverReached before;
  for (int round = 0; round < kMaxRounds; ++round) {
    NeverReached never = FindNeverReached(*this);
    if (never == before) break;
    presence_.reset();
    types_ = std::make_unique<ExpressionTypes>(project, sources, graph(), never);
    before = std::move(never);
  }
  return *types_;
}

Presence& Analyses::presence() {
  if (presence_ == nullptr) {
    presence_ = std::make_unique<Presence>(project, types(), graph().topological_order(), sink);
  }
  return *presence_;
}

NeverEvaluated& Analyses::never_evaluated() {
  if (!never_evaluated_) {
    const diag::StageScope scope(sink, {});
    never_evaluated_.emplace(*this);
  }
  return *never_evaluated_;
}

bool Analyses::MayEvaluate(Span span) {
  return !never_evaluated().Contains(span);
}

bool Analyses::MayMiss(Span span) {
  return !never_evaluated().NeverMisses(span);
}

std::vector<PassTime> RunPasses(PassContext& context) {
  struct Pass {
    std::string_view name;
    void (*run)(PassContext&);
  };
  static constexpr Pass kPasses[] = {
#define WFC_PASS(name, file, summary) {#file, &Check##name},
#include "passes/passes.def"
  };
  std::vector<PassTime> times;
  for (const Pass& pass : kPasses) {
    auto begin = std::chrono::steady_clock::now();
    pass.run(context);
    auto end = std::chrono::steady_clock::now();
    times.push_back({pass.name, std::chrono::nanoseconds(end - begin).count()});
    if (context.options.after_pass) context.options.after_pass(pass.name, context.project);
  }
  return times;
}

}  // namespace wfc::passes

// Runs the passes in the order of passes.def, and keeps what they share.
#include <chrono>

#include "passes/expression_types.h"
#include "passes/never_evaluated.h"
#include "passes/pass.h"
#include "passes/presence_graph.h"

namespace wfc::passes {

PassContext::PassContext(const ir::Project& project_in, const SourceMap& sources_in,
                         diag::Sink& sink_in, PassOptions options_in)
    : project(project_in), sources(sources_in), sink(sink_in), options(std::move(options_in)) {}

PassContext::~PassContext() = default;

const ir::Graph& PassContext::graph() {
  if (!graph_) graph_.emplace(project);
  return *graph_;
}

const ExpressionTypes& PassContext::types() {
  if (types_ != nullptr) return *types_;
  types_ = std::make_unique<ExpressionTypes>(project, sources, graph());
  // What is never reached is known from types, and types are of fewer values without it.
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

Presence& PassContext::presence() {
  if (presence_ == nullptr) {
    presence_ = std::make_unique<Presence>(project, types(), graph().topological_order());
  }
  return *presence_;
}

std::vector<PassTime> RunPasses(PassContext& context) {
  struct Pass {
    std::string_view name;
    void (*run)(PassContext&);
  };
  static constexpr Pass kPasses[] = {
#define WFC_PASS(name, file, kind, summary) {#file, &kind##name},
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

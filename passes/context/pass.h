// The input and the options of every pass. A pass is a free function in a file of its own, without
// state of its own.
#pragma once

#include <functional>
#include <set>
#include <string_view>
#include <utility>

#include "ir/base/day.h"
#include "ir/diag/sink.h"
#include "ir/graph.h"
#include "ir/project.h"
#include "ir/support/source_map.h"

namespace wfc::passes {

class ExpressionTypes;
class Presence;

/// What the driver asks of the passes.
struct PassOptions {
  Day today = 0;
  bool is_pedantic = false;  ///< also report what could not be decided
  bool is_debug = false;     ///< the driver verifies the IR after lowering
  /// Called with the name of a pass's file after the pass has run, for `--print-after`.
  std::function<void(std::string_view pass, const ir::Project& project)> after_pass;
};

/// What a pass works on. Analyses that several passes share are computed once, when they are first
/// asked for (passes/analyses.h).
class PassContext {
 public:
  PassContext(const ir::Project& project_in, const SourceMap& sources_in, diag::Sink& sink_in,
              PassOptions options_in)
      : project(project_in), sources(sources_in), sink(sink_in), options(std::move(options_in)) {}
  virtual ~PassContext() = default;

  const ir::Project& project;
  const SourceMap& sources;
  diag::Sink& sink;
  const PassOptions options;

  /// Calls `visit` with every stage; findings that are reported meanwhile are attributed to that
  /// stage.
  template <class Visit>
  void ForEachStage(Visit visit) {
    for (const ir::StageId id : project.stages.ids()) {
      const diag::StageScope scope(sink, id);
      visit(id);
    }
  }

  /// All dependencies of all stages, as compressed rows.
  [[nodiscard]] virtual const ir::Graph& graph() = 0;
  /// The types of all expressions (passes/flow/expression_types.h).
  [[nodiscard]] virtual const ExpressionTypes& types() = 0;
  /// When stages run and have outputs (passes/conditions/presence_graph.h).
  [[nodiscard]] virtual Presence& presence() = 0;
  /// Whether a run may evaluate the part of an expression at `span`, by `presence`.
  [[nodiscard]] virtual bool MayEvaluate(Span span) = 0;
  /// Whether a run may evaluate the part at `span`, which may be missing by its type, and miss it.
  [[nodiscard]] virtual bool MayMiss(Span span) = 0;

  /// Whether a cycle was reported in `workflow` (set by Cycles).
  [[nodiscard]] bool has_cycle(ir::WorkflowId workflow) const {
    return cyclic_workflows_.contains(workflow);
  }
  void MarkCycle(ir::WorkflowId workflow) { cyclic_workflows_.insert(workflow); }

 private:
  std::set<ir::WorkflowId> cyclic_workflows_;
};

}  // namespace wfc::passes

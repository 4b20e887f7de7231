// What every pass gets, and the manager that runs them. A pass is a free function in a file of its
// own; it keeps nothing.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/diag/sink.h"
#include "ir/graph.h"
#include "ir/project.h"
#include "ir/support/source_map.h"

namespace wfc::passes {

class ExpressionTypes;
class Presence;

/// A calendar day in UTC, days since 1970-01-01; the only time that a check may know.
using Day = int32_t;

struct PassOptions {
  Day today = 0;
  bool is_pedantic = false;  ///< say also what could not be decided
  bool is_debug = false;     ///< verify the IR after lowering and every transform
  /// Called with the file of each pass after it has run, for `--print-after`.
  std::function<void(std::string_view pass, const ir::Project& project)> after_pass;
};

/// Analyses are computed once, on demand, and shared by all passes of a run.
class PassContext {
 public:
  PassContext(const ir::Project& project_in, const SourceMap& sources_in, diag::Sink& sink_in,
              PassOptions options_in);
  ~PassContext();

  const ir::Project& project;
  const SourceMap& sources;
  diag::Sink& sink;
  const PassOptions options;

  /// Visits all stages; what is reported meanwhile belongs to the visited one.
  template <class Visit>
  void ForEachStage(Visit visit) {
    for (const ir::StageId id : project.stages.ids()) {
      const diag::StageScope scope(sink, id);
      visit(id);
    }
  }

  /// Compressed rows over all dependencies of all stages.
  [[nodiscard]] const ir::Graph& graph();
  /// The types of all expressions (passes/expression_types.h).
  [[nodiscard]] const ExpressionTypes& types();
  /// When stages run and have outputs (passes/presence_graph.h).
  [[nodiscard]] Presence& presence();
  /// Whether a cycle was reported in `workflow` (set by Cycles).
  [[nodiscard]] bool has_cycle(ir::WorkflowId workflow) const {
    return cyclic_workflows_.contains(workflow);
  }
  void MarkCycle(ir::WorkflowId workflow) { cyclic_workflows_.insert(workflow); }

 private:
  std::optional<ir::Graph> graph_;
  std::unique_ptr<ExpressionTypes> types_;
  std::unique_ptr<Presence> presence_;
  std::set<ir::WorkflowId> cyclic_workflows_;
};

#define WFC_PASS(name, file, kind, summary) void kind##name(PassContext& context);
#include "passes/passes.def"

/// How long a pass took, for `--time-passes`.
struct PassTime {
  std::string_view name;
  int64_t nanoseconds = 0;
};

/// Runs all passes in the order of passes.def.
std::vector<PassTime> RunPasses(PassContext& context);

}  // namespace wfc::passes

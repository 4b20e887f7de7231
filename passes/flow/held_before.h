// Finds what is certain whenever a stage runs, because the stages that it waits for would otherwise
// have kept it from running: asserts that held, an `if` that was true, a route that was chosen. The
// types of what the stage reads are narrowed by it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "llvm/ADT/SmallVector.h"

#include "ir/base/id_range.h"
#include "ir/graph.h"
#include "ir/project.h"

namespace wfc::passes {

/// A fact about an earlier stage: that a condition held, or how a decide chose.
struct Certainty {
  ir::ExprId condition;  ///< of an assert, or an `if`; none: the fact is a choice
  ir::StageId chosen;    ///< the stage that the decide which routes to it chose
  friend bool operator==(const Certainty&, const Certainty&) = default;
};

/// How many facts are kept for each stage, the latest ones: more would cost more than they tell.
inline constexpr size_t kMaxCertainties = 8;

/// The facts for all stages and bodies of a project, computed at construction.
class HeldBefore {
 public:
  HeldBefore(const ir::Project& project, const ir::Graph& graph);

  /// What is certain where the stage's own fields are evaluated, in the order in which it came
  /// about. What holds for the enclosing body as a whole is kept with the body's owner, where
  /// callers have to look it up.
  [[nodiscard]] std::span<const Certainty> of(ir::StageId stage) const { return before_[stage]; }
  /// What is certain where the output of the body is formed.
  [[nodiscard]] std::span<const Certainty> at_end_of(ir::BodyId body) const {
    return at_end_[body];
  }

 private:
  using Certainties = llvm::SmallVector<Certainty, kMaxCertainties>;

  void Visit(ir::StageId id);
  void AddSettled(ir::StageId id);
  void AddStarted(ir::StageId id, Certainties& all) const;
  void AddRun(const ir::Dependency& edge, Certainties& all) const;
  [[nodiscard]] const ir::Dependency* FindChooser(const ir::Stage& stage) const;
  [[nodiscard]] bool RunsAlways(const ir::Stage& stage) const;
  [[nodiscard]] bool HoldsAlways(const ir::Dependency& edge) const;
  [[nodiscard]] bool IsInCleanup(ir::BodyId body) const { return is_in_cleanup_[body]; }

  const ir::Project& project_;
  IdVector<ir::BodyId, bool> is_in_cleanup_;    // an owner around it is cleanup
  IdVector<ir::StageId, bool> runs_always_;     // once its body is entered and it has settled
  IdVector<ir::StageId, Certainties> settled_;  // asserts that have held when it has settled
  IdVector<ir::StageId, Certainties> before_;
  IdVector<ir::BodyId, Certainties> at_end_;
};

}  // namespace wfc::passes

// The facts that decide which stages of a workflow run. passes/conditions/presence_graph.h derives
// them from the IR; tests write them directly.
#pragma once

#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

#include "ir/base/stage_fields.h"
#include "ir/stage.h"
#include "ir/support/store.h"

namespace wfc::presence {

struct SubjectTag;
struct ConditionTag;
using SubjectId = Id<SubjectTag>;
using ConditionId = Id<ConditionTag>;

/// A value that only a run knows and that conditions ask for. It is in exactly one of `class_count`
/// classes, each of which is possible.
struct Subject {
  uint32_t class_count = 2;
};

/// How a stage can end.
enum class Ending : uint8_t {
  Succeeded,         ///< with an output, as those below where they do not say otherwise
  SucceededWithout,  ///< without an output
  Recovered,
  RecoveredWithout,
  Tolerated,
  Failed,
  NotChosen,           ///< skipped: no decide chose it
  JoinFailed,          ///< skipped: its `join` did not hold
  SkippedByCondition,  ///< skipped by its `if`
  Cancelled,
};
inline constexpr size_t kEndingCount = static_cast<size_t>(Ending::Cancelled) + 1;

using EndingSet = uint16_t;
template <class... Endings>
[[nodiscard]] constexpr EndingSet SetOf(Endings... endings) {
  return static_cast<EndingSet>(((1U << static_cast<unsigned>(endings)) | ... | 0U));
}
inline constexpr EndingSet kWithOutput = SetOf(Ending::Succeeded, Ending::Recovered);
inline constexpr EndingSet kRanToEnd =
    kWithOutput | SetOf(Ending::SucceededWithout, Ending::RecoveredWithout, Ending::Tolerated);
inline constexpr EndingSet kSkipped =
    SetOf(Ending::NotChosen, Ending::JoinFailed, Ending::SkippedByCondition);

/// The endings that readers see as one of these statuses.
[[nodiscard]] constexpr EndingSet EndingsOf(StatusSet statuses) {
  constexpr EndingSet kBy[] = {
      SetOf(Ending::Succeeded, Ending::SucceededWithout),
      SetOf(Ending::Recovered, Ending::RecoveredWithout),
      SetOf(Ending::Tolerated),
      SetOf(Ending::Failed),
      kSkipped,
      SetOf(Ending::Cancelled),
  };
  static_assert(std::size(kBy) == kCountOf<StageStatus>);
  EndingSet endings = 0;
  for (size_t status = 0; status < std::size(kBy); ++status) {
    if ((statuses >> status & 1) != 0) endings |= kBy[status];
  }
  return endings;
}

/// The endings by which a hard dependency holds (docs/language/workflows.md).
[[nodiscard]] constexpr EndingSet EndingsThatMeet(ir::Need need) {
  switch (need) {
    case ir::Need::Output:
      return kWithOutput;
    case ir::Need::RanToEnd:
      return kRanToEnd;
    case ir::Need::After:
      return kRanToEnd | SetOf(Ending::SkippedByCondition);
    case ir::Need::Settled:
      break;
  }
  return static_cast<EndingSet>((1U << kEndingCount) - 1);
}

/// A claim about a run. The conditions that it consists of have lower ids.
struct Condition {
  enum class Kind : uint8_t {
    False,
    True,
    Not,           ///< of condition a
    And,           ///< of conditions a and b
    Or,            ///< of conditions a and b
    Among,         ///< the value of subject a is in one of the `count` classes from b
    EndedAs,       ///< stage a ended in one of the EndingSet b
    HasField,      ///< stage a has left its StageField b behind
    RunIsRunning,  ///< when stage a is looked at, nothing has begun to end the run
  };
  Kind kind = Kind::True;
  uint32_t a = 0;
  uint32_t b = 0;
  uint32_t count = 0;
};

/// A route of a decide.
struct Route {
  ir::Route::Kind kind = ir::Route::Kind::None;
  /// The route is the one that is taken, provided the decide gets as far as choosing. At most one
  /// route of a decide is.
  ConditionId is_taken;
  /// The same for a choice by the output that `on_error` substitutes.
  ConditionId is_taken_instead;
  Range stages;  ///< Ids: in Graph::stage_lists
  ir::BodyId body;
};

/// What a stage does once it has started, as far as presence depends on it.
enum class Work : uint8_t { Plain, Fails, Asserts, Decides };

/// A stage, reduced to what decides whether it runs and how it ends.
struct Stage {
  ir::BodyId body;
  Work work = Work::Plain;
  ir::Join join = ir::Join::All;
  ir::OnError on_error = ir::OnError::Fail;
  bool may_fail = false;             ///< for a reason that no condition tells
  bool condition_may_fail = false;   ///< evaluating `if`
  bool substitute_may_fail = false;  ///< evaluating `on_error`'s value
  ConditionId condition;             ///< none: it has no `if`
  ConditionId assertion;             ///< Asserts
  Range dependencies;                ///< incoming, in Graph::dependencies
  Range routes;                      ///< Decides: in Graph::routes
  ir::BodyId fallback;
};

/// A body, reduced to what decides how it ends.
struct Body {
  ir::Body::Kind kind = ir::Body::Kind::Workflow;
  bool is_single = false;
  bool has_output = false;       ///< there is an `output`
  bool output_may_fail = false;  ///< evaluating it, for a reason that is not absence
  ir::StageId owner;
  Range stages;  ///< in Graph::stage_lists, each after all that it depends on
};

/// All workflows of a project. Ranges index the vectors of this struct.
struct Graph {
  Store<ir::StageId, Stage> stages;
  Store<ir::BodyId, Body> bodies;
  Store<SubjectId, Subject> subjects;
  Store<ConditionId, Condition> conditions;
  std::vector<ir::Dependency> dependencies;
  std::vector<Route> routes;
  std::vector<ir::StageId> stage_lists;

  template <class T>
  [[nodiscard]] static std::span<const T> View(const std::vector<T>& pool, Range range) {
    return std::span<const T>(pool).subspan(range.first, range.count);
  }
  [[nodiscard]] std::span<const ir::Dependency> dependencies_of(const Stage& stage) const {
    return View(dependencies, stage.dependencies);
  }
  [[nodiscard]] std::span<const Route> routes_of(const Stage& stage) const {
    return View(routes, stage.routes);
  }
  [[nodiscard]] std::span<const ir::StageId> stages_of(const Body& body) const {
    return View(stage_lists, body.stages);
  }
};

/// Whether the decide chooses stages by their ids, so that the choice depends on its output;
/// otherwise it chooses bodies.
[[nodiscard]] bool ChoosesByIds(const Graph& graph, const Stage& stage);

}  // namespace wfc::presence

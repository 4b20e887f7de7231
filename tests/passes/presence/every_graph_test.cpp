// What the analysis says is possible against what the reference model of "When a stage runs" does
// in all runs of every small graph. The interpreter is compared with the same model
// (tests/backend-runtime/runtime/drive/reference_test.cpp).
#include <algorithm>

#include <gtest/gtest.h>

#include "passes/presence/analysis.h"
#include "tests/passes/presence/shapes.h"

namespace wfc::presence {
namespace {

using runtime::reference::kMaxStages;
using runtime::reference::Link;
using runtime::reference::Outcome;
using runtime::reference::RunOutcome;
using runtime::reference::Status;

/// What can happen in one way or another: of each stage, and of each pair of one and another
/// before it.
struct Possible {
  std::array<uint16_t, kMaxStages> statuses{};  // a bit for each
  std::array<bool, kMaxStages> starts{};
  /// [reader][read], of those that are linked, a bit a field: the one starts, the other has not
  /// left it behind, or has.
  std::array<std::array<uint8_t, kMaxStages>, kMaxStages> runs_without{};
  std::array<std::array<uint8_t, kMaxStages>, kMaxStages> runs_with{};
  /// The run completes, and this one has not left it behind.
  std::array<uint8_t, kMaxStages> completes_without{};
  friend bool operator==(const Possible&, const Possible&) = default;
};

bool HasStarted(Status status) {
  return status == Status::Succeeded || status == Status::Recovered ||
         status == Status::Tolerated || status == Status::Failed;
}

constexpr std::array kFields = {StageField::Output, StageField::Error, StageField::Attempts,
                                StageField::Chosen};
constexpr uint8_t kAllFields = (1U << kFields.size()) - 1;

/// A bit for each of kFields; of what does not decide, nothing is asked of `chosen`.
uint8_t FieldsOf(const Outcome& outcome, int stage) {
  const runtime::reference::Fields& fields = outcome.fields[stage];
  return static_cast<uint8_t>((fields.output ? 1U : 0U) | (fields.error ? 2U : 0U) |
                              (fields.attempts ? 4U : 0U) | (fields.chosen ? 8U : 0U));
}

uint8_t AskedOf(const Shape& shape, int stage) {
  return shape.chance[stage] == Chance::Decides ? kAllFields : kAllFields & ~8U;
}

Possible WhatHappens(const Shape& shape) {
  Possible possible;
  ForEachOutcome(shape, [&](const Outcome& outcome) {
    const bool completes =
        outcome.run == RunOutcome::Completed || outcome.run == RunOutcome::Partial;
    for (int stage = 0; stage < shape.plain.count; ++stage) {
      const Status status = outcome.status[stage];
      possible.statuses[stage] |= static_cast<uint16_t>(1U << static_cast<int>(status));
      possible.starts[stage] |= HasStarted(status);
      const auto missing = [&](int of) {
        return static_cast<uint8_t>(AskedOf(shape, of) & ~FieldsOf(outcome, of));
      };
      if (completes) possible.completes_without[stage] |= missing(stage);
      for (int from = 0; from < stage && HasStarted(status); ++from) {
        if (shape.plain.link[from][stage] == Link::None) continue;
        possible.runs_without[stage][from] |= missing(from);
        possible.runs_with[stage][from] |= FieldsOf(outcome, from);
      }
    }
  });
  return possible;
}

// The analysis.

constexpr std::array<std::pair<Ending, Status>, 9> kStatusOf = {{
    {Ending::Succeeded, Status::Succeeded},
    {Ending::SucceededWithout, Status::Succeeded},
    {Ending::Recovered, Status::Recovered},
    {Ending::Tolerated, Status::Tolerated},
    {Ending::Failed, Status::Failed},
    {Ending::NotChosen, Status::SkippedNotChosen},
    {Ending::JoinFailed, Status::SkippedDependency},
    {Ending::SkippedByCondition, Status::SkippedCondition},
    {Ending::Cancelled, Status::Cancelled},
}};

class GraphOfShape {
 public:
  explicit GraphOfShape(const Shape& shape) : shape_(shape) {
    graph_.subjects.Add({});  // what the shared conditions ask for
    for (int stage = 0; stage < shape.plain.count; ++stage) AddStage(stage);
    const auto count = static_cast<uint32_t>(shape.plain.count);
    graph_.bodies.Add({.stages = {static_cast<uint32_t>(graph_.stage_lists.size()), count}});
    for (uint32_t stage = 0; stage < count; ++stage) graph_.stage_lists.emplace_back(stage);
  }

  Graph Take() { return std::move(graph_); }

 private:
  void AddStage(int stage) {
    Stage facts{.body = ir::BodyId(0),
                .join = static_cast<ir::Join>(shape_.plain.join[stage]),
                .dependencies = AddDependencies(stage)};
    switch (shape_.chance[stage]) {
      case Chance::Plain:
        break;
      case Chance::Fails:
        facts.work = Work::Fails;
        break;
      case Chance::MayRecover:
        facts.on_error = ir::OnError::Value;
        facts.may_fail = true;
        break;
      case Chance::MayTolerate:
        facts.on_error = ir::OnError::Continue;
        facts.may_fail = true;
        break;
      case Chance::MayFail:
        facts.may_fail = true;
        break;
      case Chance::Decides:
        facts.work = Work::Decides;
        facts.routes = AddRoutes(stage);
        break;
      case Chance::OwnIf:
        facts.condition = Among(graph_.subjects.Add({}), 1);
        break;
      case Chance::SharedIf:
        facts.condition = Among(SubjectId(0), 1);
        break;
      case Chance::SharedIfNot:
        facts.condition = graph_.conditions.Add(
            {.kind = Condition::Kind::Not, .a = Among(SubjectId(0), 1).index()});
        break;
      case Chance::Asserts:
        facts.work = Work::Asserts;
        facts.assertion = Among(SubjectId(0), 1);
        break;
    }
    graph_.stages.Add(facts);
  }

  Range AddDependencies(int stage) {
    const Range none = {static_cast<uint32_t>(graph_.dependencies.size()), 0};
    for (int from = 0; from < stage; ++from) {
      ir::Dependency edge{.from = ir::StageId(static_cast<uint32_t>(from)),
                          .to = ir::StageId(static_cast<uint32_t>(stage))};
      switch (shape_.plain.link[from][stage]) {
        case Link::None:
          continue;
        case Link::After:
          edge.need = ir::Need::After;
          break;
        case Link::Plain:
          edge.need = ir::Need::Output;
          break;
        case Link::Ran:
          edge.need = ir::Need::RanToEnd;
          break;
        case Link::Soft:
          edge.kind = ir::DependencyKind::Soft;
          break;
        case Link::Route:
          edge.kind = ir::DependencyKind::Control;
          break;
      }
      graph_.dependencies.push_back(edge);
    }
    return {none.first, static_cast<uint32_t>(graph_.dependencies.size()) - none.first};
  }

  /// A route to each stage that it links to, and one to none.
  Range AddRoutes(int stage) {
    const auto first = static_cast<uint32_t>(graph_.routes.size());
    for (int to = stage + 1; to < shape_.plain.count; ++to) {
      if (shape_.plain.link[stage][to] != Link::Route) continue;
      graph_.routes.push_back({.kind = ir::Route::Kind::Ids,
                               .stages = {static_cast<uint32_t>(graph_.stage_lists.size()), 1}});
      graph_.stage_lists.emplace_back(static_cast<uint32_t>(to));
    }
    graph_.routes.push_back({.kind = ir::Route::Kind::None});
    const Range routes = {first, static_cast<uint32_t>(graph_.routes.size()) - first};
    const SubjectId subject = graph_.subjects.Add({.class_count = routes.count});
    for (uint32_t i = 0; i < routes.count; ++i) {
      graph_.routes[first + i].is_taken = Among(subject, i);
      graph_.routes[first + i].is_taken_instead = graph_.routes[first + i].is_taken;
    }
    return routes;
  }

  ConditionId Among(SubjectId subject, uint32_t index) {
    return graph_.conditions.Add(
        {.kind = Condition::Kind::Among, .a = subject.index(), .b = index, .count = 1});
  }

  const Shape& shape_;
  Graph graph_;
};

/// Asks the analysis; a question without an answer ends the test.
class Asker {
 public:
  Asker(const Shape& shape, const Graph& graph) : shape_(shape), analysis_(graph) {}

  /// `has_cleanup`: all runs are looked at, so that every status can be compared.
  Possible Ask(bool has_cleanup) {
    Possible possible;
    for (int stage = 0; stage < shape_.plain.count; ++stage) {
      const ir::StageId id(static_cast<uint32_t>(stage));
      const World world = analysis_.world_of(id);
      possible.starts[stage] = CanHold(analysis_.of(id).starts);
      for (int from = 0; from < stage; ++from) {
        if (shape_.plain.link[from][stage] == Link::None) continue;
        const Formula starts = analysis_.of(id).starts;
        possible.runs_without[stage][from] = FieldsThatCanBe(starts, from, world, false);
        possible.runs_with[stage][from] = FieldsThatCanBe(starts, from, world, true);
      }
      possible.completes_without[stage] = FieldsThatCanBe(
          analysis_.of(ir::BodyId(0), World::Going).completes, stage, World::Going, false);
      possible.statuses[stage] = Statuses(id, has_cleanup ? World::Any : World::Going);
    }
    return possible;
  }

  /// Whether of the suggestions in which a stage can end, one happens and no two do.
  bool EndsInOneWay(World world) {
    Formulas& formulas = analysis_.formulas();
    for (uint32_t stage = 0; stage < static_cast<uint32_t>(shape_.plain.count); ++stage) {
      Formula any = kNever;
      for (const Formula ending : analysis_.of(ir::StageId(stage), world).endings) {
        if (CanHold(formulas.And(any, ending))) return false;
        any = formulas.Or(any, ending);
      }
      if (CanHold(Formulas::Not(any))) return false;
    }
    return true;
  }

 private:
  bool CanHold(Formula formula) {
    const Answer answer = analysis_.formulas().CanHold(formula);
    EXPECT_NE(answer, Answer::Unknown);
    return answer == Answer::Yes;
  }
  /// Of kFields, those which the stage can have left behind, or not, where `when` holds.
  uint8_t FieldsThatCanBe(Formula when, int stage, World world, bool is_there) {
    uint8_t fields = 0;
    for (size_t i = 0; i < kFields.size(); ++i) {
      if ((AskedOf(shape_, stage) >> i & 1) == 0) continue;
      const Formula has =
          analysis_.HasField(ir::StageId(static_cast<uint32_t>(stage)), kFields[i], world);
      const Formula wanted = is_there ? has : Formulas::Not(has);
      if (CanHold(analysis_.formulas().And(when, wanted))) fields |= static_cast<uint8_t>(1U << i);
    }
    return fields;
  }
  uint16_t Statuses(ir::StageId stage, World world) {
    uint16_t statuses = 0;
    for (const auto& [ending, status] : kStatusOf) {
      if (!CanHold(analysis_.of(stage, world).ended(ending))) continue;
      statuses |= static_cast<uint16_t>(1U << static_cast<int>(status));
    }
    return statuses;
  }

  const Shape& shape_;
  Analysis analysis_;
};

bool HasCleanup(const Shape& shape) {
  return std::ranges::find(shape.plain.join, runtime::reference::Join::Settled) !=
         shape.plain.join.end();
}

/// Where nothing is cleanup, runs that fail or are cancelled are not looked at.
void ForgetEndedRuns(const Shape& shape, Possible& possible) {
  for (int stage = 0; stage < shape.plain.count; ++stage) {
    possible.statuses[stage] &= ~static_cast<uint16_t>(1U << static_cast<int>(Status::Failed) |
                                                       1U << static_cast<int>(Status::Cancelled));
  }
}

std::string Show(const Shape& shape, const Possible& possible) {
  std::string text;
  for (int stage = 0; stage < shape.plain.count; ++stage) {
    text +=
        "\n  " + std::to_string(stage) + (possible.starts[stage] ? " starts;" : " never starts;");
    for (int status = 0; status <= static_cast<int>(Status::Cancelled); ++status) {
      if ((possible.statuses[stage] >> status & 1) == 0) continue;
      text += std::string(" ") + GetName(static_cast<Status>(status));
    }
    for (int from = 0; from < stage; ++from) {
      text += "; of " + std::to_string(from) + " without " +
              std::to_string(possible.runs_without[stage][from]) + " with " +
              std::to_string(possible.runs_with[stage][from]);
    }
    text += "; the output can be without " + std::to_string(possible.completes_without[stage]);
  }
  return text;
}

void ExpectAgreement(const Shape& shape) {
  const Graph graph = GraphOfShape(shape).Take();
  Asker asker(shape, graph);
  const bool has_cleanup = HasCleanup(shape);
  Possible happens = WhatHappens(shape);
  Possible said = asker.Ask(has_cleanup);
  if (!has_cleanup) ForgetEndedRuns(shape, happens);
  if (!has_cleanup) ForgetEndedRuns(shape, said);
  ASSERT_TRUE(said == happens) << Describe(shape) << "\nhappens:" << Show(shape, happens)
                               << "\nsaid:" << Show(shape, said);
  ASSERT_TRUE(asker.EndsInOneWay(World::Going)) << Describe(shape);
  if (has_cleanup) ASSERT_TRUE(asker.EndsInOneWay(World::Any)) << Describe(shape);
}

TEST(EveryGraph, OfUpToThreeStagesIsJudgedAsItRuns) {
  for (int count = 1; count <= 3; ++count) {
    ForEachShape(count, [](const Shape& shape) {
      if (!HasFatalFailure()) ExpectAgreement(shape);
    });
  }
}

TEST(EveryGraph, ASampleOfLargerOnesIsJudgedAsItRuns) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 50'000 && !HasFatalFailure(); ++i) {
    ExpectAgreement(DrawShape(4 + i % 2, random));
  }
}

}  // namespace
}  // namespace wfc::presence

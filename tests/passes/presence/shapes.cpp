#include "tests/passes/presence/shapes.h"

#include <algorithm>
#include <unordered_set>

#include "tests/backend-runtime/runtime/drive/reference_graphs.h"
#include "tests/backend-runtime/runtime/drive/reference_model.h"

namespace wfc::presence {
namespace {

using runtime::reference::Behaviour;
using runtime::reference::Case;
using runtime::reference::GraphsOf;
using runtime::reference::Join;
using runtime::reference::Kinds;
using runtime::reference::Link;
using runtime::reference::Model;
using runtime::reference::Outcome;

constexpr const char* kChanceNames[] = {
    "plain",   "fails",  "may fail",  "may tolerate",  "may recover",
    "decides", "if own", "if shared", "if not shared", "asserts shared"};

/// Goes through all that can happen, once for each state that it can come to.
class Explorer {
 public:
  Explorer(const Shape& shape, bool shared, const std::function<void(const Outcome&)>& visit)
      : shape_(shape), shared_(shared), visit_(visit) {}

  void Explore(const Model& model) {
    if (!seen_.insert(model.Key()).second) return;
    bool is_over = true;
    for (int stage = 0; stage < shape_.plain.count; ++stage) {
      if (!model.MaySettle(stage)) continue;
      is_over = false;
      TryAll(model, stage);
    }
    if (is_over) return visit_(model.outcome());
    if (model.HasEndedEarly()) return;
    Model cancelled = model;
    cancelled.Cancel();
    Explore(cancelled);
  }

 private:
  void Try(const Model& model, int stage, Behaviour behaviour, int choice = 0) {
    Model next = model;
    next.SetBehaviour(stage, behaviour, choice);
    next.Settle(stage);
    Explore(next);
  }

  void TryEither(const Model& model, int stage, Behaviour behaviour) {
    Try(model, stage, behaviour);
    Try(model, stage, Behaviour::Plain);
  }

  void TryIf(const Model& model, int stage, bool holds) {
    Try(model, stage, holds ? Behaviour::Plain : Behaviour::FalseIf);
  }

  void TryRoutes(const Model& model, int stage) {
    const auto routes = std::ranges::count(shape_.plain.link[stage], Link::Route);
    for (int choice = 0; choice < routes; ++choice) {
      Try(model, stage, Behaviour::Deciding, choice);
    }
    Try(model, stage, Behaviour::Undecided);
  }

  void TryAll(const Model& model, int stage) {
    switch (shape_.chance[stage]) {
      case Chance::Plain:
        return Try(model, stage, Behaviour::Plain);
      case Chance::Fails:
        return Try(model, stage, Behaviour::Failing);
      case Chance::MayFail:
        return TryEither(model, stage, Behaviour::Failing);
      case Chance::MayTolerate:
        return TryEither(model, stage, Behaviour::Tolerated);
      case Chance::MayRecover:
        return TryEither(model, stage, Behaviour::Recovered);
      case Chance::Decides:
        return TryRoutes(model, stage);
      case Chance::OwnIf:
        return TryEither(model, stage, Behaviour::FalseIf);
      case Chance::SharedIf:
        return TryIf(model, stage, shared_);
      case Chance::SharedIfNot:
        return TryIf(model, stage, !shared_);
      case Chance::Asserts:
        return Try(model, stage, shared_ ? Behaviour::Asserting : Behaviour::Failing);
    }
  }

  const Shape& shape_;
  bool shared_;
  const std::function<void(const Outcome&)>& visit_;
  std::unordered_set<uint64_t> seen_;
};

GraphsOf ShapesOf(int count) {
  const auto decides = [](int kind) { return static_cast<Chance>(kind) == Chance::Decides; };
  return {.count = count, .kind_count = kChanceCount, .decides = decides};
}

Shape ShapeOf(const Kinds& kinds, const Case& graph) {
  Shape shape{.plain = graph};
  for (int stage = 0; stage < graph.count; ++stage) {
    shape.chance[stage] = static_cast<Chance>(kinds[stage]);
  }
  return shape;
}

bool SaysAnyForNothing(const Shape& shape) {
  for (int to = 0; to < shape.plain.count; ++to) {
    if (shape.plain.join[to] != Join::Any) continue;
    bool has_hard = false;
    for (int from = 0; from < to; ++from) {
      const Link link = shape.plain.link[from][to];
      has_hard |= link == Link::After || link == Link::Plain;
    }
    if (!has_hard) return true;
  }
  return false;
}

/// A shared `if` that one stage alone has is its own, and which of the two comes first says
/// nothing.
bool SharesForNothing(const Shape& shape) {
  const auto is_shared = [](Chance chance) {
    return chance == Chance::SharedIf || chance == Chance::SharedIfNot || chance == Chance::Asserts;
  };
  const auto count = std::ranges::count_if(shape.chance, is_shared);
  return count == 1 ||
         (count > 1 && *std::ranges::find_if(shape.chance, is_shared) == Chance::SharedIfNot);
}

}  // namespace

void ForEachOutcome(const Shape& shape, const std::function<void(const Outcome&)>& visit) {
  for (const bool shared : {false, true}) {
    Explorer(shape, shared, visit).Explore(Model(shape.plain));
  }
}

void ForEachShape(int count, const std::function<void(const Shape&)>& visit) {
  ForEachGraph(ShapesOf(count), [&](const Kinds& kinds, const Case& graph) {
    const Shape shape = ShapeOf(kinds, graph);
    if (!SaysAnyForNothing(shape) && !SharesForNothing(shape)) visit(shape);
  });
}

Shape DrawShape(int count, std::mt19937_64& random) {
  Shape drawn;
  DrawGraph(ShapesOf(count), random,
            [&](const Kinds& kinds, const Case& graph) { drawn = ShapeOf(kinds, graph); });
  return drawn;
}

std::string Describe(const Shape& shape) {
  return Describe(shape.plain,
                  [&](int stage) { return kChanceNames[static_cast<int>(shape.chance[stage])]; });
}

}  // namespace wfc::presence

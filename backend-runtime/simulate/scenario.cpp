#include "backend-runtime/simulate/scenario.h"

#include <algorithm>

#include "ir/base/random.h"

namespace wfc::simulate {
namespace {

template <class List, class Key, class IdT>
auto* FindIn(List& list, Key key, IdT wanted) {
  const auto found = std::ranges::find(list, wanted, key);
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

Redraw* Scenario::FindRedraw(DrawSite place) {
  return FindIn(redraws, &Redraw::place, place);
}
const Redraw* Scenario::FindRedraw(DrawSite place) const {
  return FindIn(redraws, &Redraw::place, place);
}
Fault* Scenario::FindFault(NodeId node) {
  return FindIn(faults, &Fault::node, node);
}
const Fault* Scenario::FindFault(NodeId node) const {
  return FindIn(faults, &Fault::node, node);
}

uint64_t Mix(uint64_t seed, uint64_t number) {
  return Random(seed ^ Random(number).Next()).Next();
}

types::Choices ChoicesAt(const Scenario& scenario, DrawSite place, uint32_t attempt) {
  const Redraw* redraw = scenario.FindRedraw(place);
  if (redraw == nullptr && scenario.is_smallest) return types::Choices::Smallest();
  const uint64_t ordinal = redraw == nullptr ? 0 : redraw->ordinal;
  const uint64_t seed = Mix(Mix(Mix(scenario.seed, place.index()), ordinal), attempt);
  return types::Choices(seed, ordinal);
}

}  // namespace wfc::simulate

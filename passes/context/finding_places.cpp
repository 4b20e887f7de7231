#include "passes/context/finding_places.h"

#include <algorithm>
#include <tuple>

namespace wfc::passes {

namespace {
constexpr uint32_t kNone = 0xFFFFFFFF;

/// The span from the stage's name to the end of its entry.
Span WholeSpan(const ir::Stage& stage) {
  Span span = stage.span;
  bool has_name = stage.name.span.file == span.file && stage.name.span.begin < span.begin;
  if (has_name) span.begin = stage.name.span.begin;
  return span;
}

}  // namespace

void FindingPlaces::Collect() {
  places_.reserve(project_.stages.size());
  for (ir::StageId stage : project_.stages.ids()) {
    places_.push_back({WholeSpan(project_.stages[stage]), stage, kNone});
  }
  std::ranges::sort(places_, {}, [](const Place& place) {
    return std::tuple(place.span.file, place.span.begin, ~place.span.end);
  });
  std::vector<uint32_t> open;
  for (uint32_t i = 0; i < places_.size(); ++i) {
    Place& place = places_[i];
    auto is_around = [&](uint32_t outer) {
      return places_[outer].span.file == place.span.file &&
             places_[outer].span.end >= place.span.end;
    };
    while (!open.empty() && !is_around(open.back())) open.pop_back();
    if (!open.empty()) place.outer = open.back();
    open.push_back(i);
  }
}

ir::StageId FindingPlaces::FindStage(Span span) {
  if (places_.empty()) Collect();
  auto after = std::ranges::upper_bound(
      places_, std::tuple(span.file, span.begin), {},
      [](const Place& place) { return std::tuple(place.span.file, place.span.begin); });
  auto index =
      after == places_.begin() ? kNone : static_cast<uint32_t>(after - places_.begin()) - 1;
  while (index != kNone) {
    const Place& place = places_[index];
    if (place.span.file != span.file) return {};
    if (span.begin < place.span.end) return place.stage;
    index = place.outer;
  }
  return {};
}

}  // namespace wfc::passes

#include "passes/never_evaluated.h"

#include <algorithm>
#include <tuple>

#include "passes/presence_graph.h"

namespace wfc::passes {

NeverEvaluated::NeverEvaluated(PassContext& context) {
  const ir::Project& project = context.project;
  std::vector<Span> all;
  for (const ir::StageId id : project.stages.ids()) {
    const ir::Stage& stage = project.stages[id];
    const bool has_substitute = stage.on_error_value.has_value() || stage.fallback.has_value();
    if (!has_substitute) continue;
    Presence& presence = context.presence();
    if (!presence.Never(presence.analysis().of(id).fails)) continue;
    if (stage.on_error_value.has_value()) all.push_back(project.exprs[stage.on_error_value].span);
    if (!stage.fallback.has_value()) continue;
    const ir::Body& body = project.bodies[stage.fallback];
    if (body.output.has_value()) all.push_back(project.exprs[body.output].span);
    for (const ir::StageId inner : project.stages_of(body)) {
      all.push_back(project.stages[inner].span);
    }
  }
  std::ranges::sort(all, {},
                    [](Span span) { return std::tuple(span.file, span.begin, ~span.end); });
  for (const Span span : all) {
    const bool is_inside =
        !spans_.empty() && spans_.back().file == span.file && span.begin < spans_.back().end;
    if (!is_inside) spans_.push_back(span);
  }
}

bool NeverEvaluated::Contains(Span span) const {
  const auto after =
      std::ranges::upper_bound(spans_, std::tuple(span.file, span.begin), {},
                               [](Span each) { return std::tuple(each.file, each.begin); });
  if (after == spans_.begin()) return false;
  const Span& before = *(after - 1);
  return before.file == span.file && span.begin < before.end;
}

}  // namespace wfc::passes

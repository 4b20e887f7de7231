#include "passes/flow/route_keys.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "ir/graph.h"
#include "ir/value/json.h"
#include "passes/flow/expression_types.h"

namespace wfc::passes {
namespace {

bool HasJsonKeys(const ir::Project& project) {
  return std::ranges::any_of(project.routes,
                             [](const ir::Route& route) { return route.has_json_key; });
}

/// Whether a value of the decided type can be `value`.
bool CanBe(const ir::Project& project, const expr::Type& type, const Value& value) {
  const expr::KindSet kinds = value.is_number() ? expr::kNumberKinds : expr::KindsOf(value.kind());
  if (!type.CanBe(kinds)) return false;
  return !type.schema.has_value() || project.schemas.Validate(type.schema, value).empty();
}

/// The scalar that `text` is in JSON; none if the decided value can be a text.
std::optional<Value> ReadKey(const ir::Project& project, const expr::Type& type,
                             const Value& text) {
  if (CanBe(project, type, text)) return std::nullopt;
  const Result<Value> scalar = ReadJson(text.AsString());
  const bool is_scalar =
      scalar.ok() && (scalar->is_number() || scalar->kind() == Kind::Bool || scalar->is_null());
  if (!is_scalar || !CanBe(project, type, *scalar)) return std::nullopt;
  return *scalar;
}

}  // namespace

void ReadRouteKeys(ir::Project& project, const SourceMap& sources) {
  if (!HasJsonKeys(project)) return;
  struct Read {
    uint32_t route;
    Value key;
  };
  std::vector<Read> read;
  const ir::Graph graph(project);
  const ExpressionTypes types(project, sources, graph);
  for (const ir::Stage& stage : project.stages) {
    const ir::Decide* decide = project.FindDecide(stage);
    if (decide == nullptr || !decide->subject.has_value()) continue;
    const expr::Type& type = types.of(decide->subject);
    if (type.IsDyn()) continue;
    for (uint32_t i = decide->routes.first; i < decide->routes.end(); ++i) {
      const ir::Route& route = project.routes[i];
      if (!route.has_json_key) continue;
      std::optional<Value> key = ReadKey(project, type, route.key);
      if (key) read.push_back({.route = i, .key = *std::move(key)});
    }
  }
  for (Read& entry : read) project.routes[entry.route].key = std::move(entry.key);
}

}  // namespace wfc::passes

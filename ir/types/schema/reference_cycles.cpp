#include "ir/types/schema/reference_cycles.h"

#include <algorithm>
#include <limits>

namespace wfc::types {
namespace {

/// The schemas that `schema` applies to the same value as itself.
std::vector<SchemaId> InPlace(const Schema& schema) {
  std::vector<SchemaId> schemas = schema.any_of;
  for (const auto* more : {&schema.all_of, &schema.one_of}) {
    schemas.insert(schemas.end(), more->begin(), more->end());
  }
  for (const auto& [name, dependent] : schema.dependent_schemas) schemas.push_back(dependent);
  for (const SchemaId one : {schema.reference, schema.dynamic_reference, schema.negated}) {
    if (one.has_value()) schemas.push_back(one);
  }
  if (!schema.condition.has_value()) return schemas;
  schemas.push_back(schema.condition);
  for (const SchemaId one : {schema.consequence, schema.alternative}) {
    if (one.has_value()) schemas.push_back(one);
  }
  return schemas;
}

/// Tarjan's strongly connected components (1972), without recursion because chains of references
/// may be long.
class Components {
 public:
  explicit Components(const SchemaStore& schemas)
      : schemas_(schemas), order_(schemas.size(), kUnseen), low_(schemas.size(), kUnseen) {}

  void Visit(SchemaId root) {
    if (order_[root.index()] != kUnseen) return;
    Enter(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      if (frame.next < frame.edges.size()) {
        Follow(frame);
      } else {
        Leave(frame.schema);
      }
    }
  }

  std::vector<std::vector<SchemaId>> cycles;

 private:
  static constexpr uint32_t kUnseen = std::numeric_limits<uint32_t>::max();
  static constexpr uint32_t kDone = kUnseen - 1;  // in `low_`: the component is complete
  struct Frame {
    SchemaId schema;
    std::vector<SchemaId> edges;
    size_t next = 0;
  };

  void Enter(SchemaId id) {
    order_[id.index()] = low_[id.index()] = next_++;
    stack_.push_back(id);
    frames_.push_back({id, InPlace(schemas_[id])});
  }

  void Follow(Frame& frame) {
    const SchemaId from = frame.schema;
    const SchemaId to = frame.edges[frame.next++];
    if (order_[to.index()] == kUnseen) {
      Enter(to);
    } else if (low_[to.index()] != kDone) {
      low_[from.index()] = std::min(low_[from.index()], order_[to.index()]);
    }
  }

  void Leave(SchemaId id) {
    frames_.pop_back();
    const uint32_t low = low_[id.index()];
    if (!frames_.empty()) {
      uint32_t& above = low_[frames_.back().schema.index()];
      above = std::min(above, low);
    }
    if (low != order_[id.index()]) return;
    std::vector<SchemaId> component;
    do {
      component.push_back(stack_.back());
      stack_.pop_back();
    } while (component.back() != id);
    for (const SchemaId member : component) low_[member.index()] = kDone;
    if (component.size() == 1 && !RefersToItself(id)) return;
    std::ranges::sort(component);
    cycles.push_back(std::move(component));
  }

  [[nodiscard]] bool RefersToItself(SchemaId id) const {
    const std::vector<SchemaId> edges = InPlace(schemas_[id]);
    return std::ranges::find(edges, id) != edges.end();
  }

  const SchemaStore& schemas_;
  std::vector<uint32_t> order_;
  std::vector<uint32_t> low_;
  std::vector<SchemaId> stack_;
  std::vector<Frame> frames_;
  uint32_t next_ = 0;
};

}  // namespace

std::vector<std::vector<SchemaId>> FindReferenceCycles(const SchemaStore& schemas,
                                                       const std::vector<SchemaId>& from) {
  Components components(schemas);
  for (const SchemaId id : from) components.Visit(id);
  return std::move(components.cycles);
}

}  // namespace wfc::types

#include "ir/types/filled_schema.h"

#include <algorithm>

namespace wfc::types {
namespace {

constexpr uint32_t kMaxDepth = 16;
constexpr uint32_t kMaxVisits = 1024;

/// Before, a property with a default may be left out; after, it is there.
enum class Moment : uint8_t { Before, After };

class Filling {
 public:
  Filling(const SchemaRegistry& registry, Moment moment) : registry_(registry), moment_(moment) {}

  SchemaId Fill(SchemaId id, uint32_t depth) {
    if (!id.has_value() || depth > kMaxDepth || ++visits_ > kMaxVisits) return id;
    if (!HasParts(registry_.schema(id))) return id;
    const Schema original = registry_.schema(id);
    Schema filled = original;
    filled.reference = Fill(original.reference, depth + 1);
    filled.items = Fill(original.items, depth + 1);
    for (SchemaId& item : filled.prefix_items) item = Fill(item, depth + 1);
    for (auto& [name, property] : filled.properties) {
      if (HasDefault(property))
        moment_ == Moment::After ? Require(filled, name) : Release(filled, name);
      property = Fill(property, depth + 1);
    }
    const bool is_same = filled.reference == original.reference && filled.items == original.items &&
                         filled.prefix_items == original.prefix_items &&
                         filled.properties == original.properties &&
                         filled.required == original.required;
    return is_same ? id : registry_.Derive(std::move(filled));
  }

 private:
  static bool HasParts(const Schema& schema) {
    return schema.reference.has_value() || schema.items.has_value() || !schema.properties.empty() ||
           !schema.prefix_items.empty();
  }

  static void Require(Schema& schema, const std::string& name) {
    const auto at = std::ranges::lower_bound(schema.required, name);
    if (at == schema.required.end() || *at != name) schema.required.insert(at, name);
  }

  static void Release(Schema& schema, const std::string& name) {
    std::erase(schema.required, name);
  }

  /// Its own, or that of what it refers to.
  bool HasDefault(SchemaId id) const {
    for (uint32_t hops = 0; id.has_value() && hops < kMaxDepth; ++hops) {
      const Schema& schema = registry_.schema(id);
      if (schema.default_value) return true;
      id = schema.reference;
    }
    return false;
  }

  const SchemaRegistry& registry_;
  Moment moment_;
  uint32_t visits_ = 0;
};

}  // namespace

SchemaId FindFilledSchema(const SchemaRegistry& registry, SchemaId schema) {
  return Filling(registry, Moment::After).Fill(schema, 0);
}

SchemaId FindGivenSchema(const SchemaRegistry& registry, SchemaId schema) {
  return Filling(registry, Moment::Before).Fill(schema, 0);
}

}  // namespace wfc::types

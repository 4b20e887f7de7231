#include "ir/types/plain_schema.h"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

namespace wfc::types {
namespace {

constexpr uint32_t kMaxPlainDepth = 64;
constexpr uint32_t kMaxPlainVisits = 4096;

class Stripping {
 public:
  explicit Stripping(const SchemaRegistry& registry) : registry_(registry) {}

  SchemaId Strip(SchemaId id, uint32_t depth) {
    if (!id.has_value() || depth > kMaxPlainDepth) return id;
    const auto [known, is_new] = plain_.try_emplace(id.index(), id);
    if (!is_new || ++visits_ > kMaxPlainVisits) return known->second;
    Schema schema = registry_.schema(id);
    // The target of a dynamic reference depends on the documents around it, which derived schemas
    // are not in.
    has_dynamic_references_ |= schema.dynamic_reference.has_value();
    StripParts(schema, depth + 1);
    schema.default_value.reset();
    const SchemaId plain = registry_.Derive(schema);
    plain_[id.index()] = plain;
    return plain;
  }

  [[nodiscard]] bool has_dynamic_references() const { return has_dynamic_references_; }

 private:
  void StripParts(Schema& schema, uint32_t depth) {
    for (SchemaId Schema::* part :
         {&Schema::items, &Schema::other_properties, &Schema::negated, &Schema::condition,
          &Schema::consequence, &Schema::alternative, &Schema::contains, &Schema::property_names,
          &Schema::unevaluated_items, &Schema::unevaluated_properties, &Schema::reference}) {
      schema.*part = Strip(schema.*part, depth);
    }
    for (std::vector<SchemaId> Schema::* parts :
         {&Schema::prefix_items, &Schema::any_of, &Schema::all_of, &Schema::one_of}) {
      for (SchemaId& part : schema.*parts) part = Strip(part, depth);
    }
    for (auto& [name, part] : schema.properties) part = Strip(part, depth);
    for (auto& [pattern, part] : schema.pattern_properties) part = Strip(part, depth);
    for (auto& [name, part] : schema.dependent_schemas) part = Strip(part, depth);
  }

  const SchemaRegistry& registry_;
  std::unordered_map<uint32_t, SchemaId> plain_;
  uint32_t visits_ = 0;
  bool has_dynamic_references_ = false;
};

}  // namespace

SchemaId FindPlainSchema(const SchemaRegistry& registry, SchemaId schema) {
  Stripping stripping(registry);
  const SchemaId plain = stripping.Strip(schema, 0);
  return stripping.has_dynamic_references() ? schema : plain;
}

}  // namespace wfc::types

#include "ir/types/filled_schema.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "ir/types/schema/schema_chain.h"

namespace wfc::types {
namespace {

constexpr uint32_t kMaxDepth = 16;
constexpr uint32_t kMaxVisits = 1024;

/// Before defaults are filled in, a property with a default may be missing; after, it is present.
enum class Moment : uint8_t { Before, After };

/// Derives the schema for one moment. Limits on depth and visits keep it finite for recursive
/// schemas.
class Filling {
 public:
  Filling(const SchemaRegistry& registry, Moment moment) : registry_(registry), moment_(moment) {}

  SchemaId Fill(SchemaId id) { return FillWhole(id, 0); }

 private:
  using Names = std::vector<std::string>;

  /// Fills a schema that applies to a value on its own.
  SchemaId FillWhole(SchemaId id, uint32_t depth) {
    Names defaulted;
    if (moment_ == Moment::Before) FindDefaulted(id, depth, defaulted);
    return FillPart(id, depth, defaulted);
  }

  /// Fills a schema that applies to an object together with others. The properties in `defaulted`
  /// may be missing from that object.
  SchemaId FillPart(SchemaId id, uint32_t depth, const Names& defaulted) {
    if (!id.has_value() || depth > kMaxDepth || ++visits_ > kMaxVisits) return id;
    const Schema& schema = registry_.schema(id);
    if (!HasParts(schema) && (schema.required.empty() || defaulted.empty())) return id;
    Schema filled = schema;
    for (const std::string& name : defaulted) std::erase(filled.required, name);
    bool is_same = filled.required.size() == registry_.schema(id).required.size();
    const auto set = [&](SchemaId& part, SchemaId other) {
      is_same &= part == other;
      part = other;
    };
    set(filled.reference, FillPart(filled.reference, depth + 1, defaulted));
    for (SchemaId& part : filled.all_of) set(part, FillPart(part, depth + 1, defaulted));
    set(filled.items, FillWhole(filled.items, depth + 1));
    for (SchemaId& item : filled.prefix_items) set(item, FillWhole(item, depth + 1));
    set(filled.other_properties, FillWhole(filled.other_properties, depth + 1));
    for (auto& [pattern, part] : filled.pattern_properties) {
      set(part, FillWhole(part, depth + 1));
    }
    for (auto& [name, property] : filled.properties) {
      if (moment_ == Moment::After && HasDefault(property)) is_same &= !Require(filled, name);
      set(property, FillWhole(property, depth + 1));
    }
    return is_same ? id : registry_.Derive(filled);
  }

  static bool HasParts(const Schema& schema) {
    return schema.reference.has_value() || schema.items.has_value() || !schema.properties.empty() ||
           !schema.prefix_items.empty() || !schema.all_of.empty() ||
           schema.other_properties.has_value() || !schema.pattern_properties.empty();
  }

  /// Makes `name` required; returns whether it was not.
  static bool Require(Schema& schema, const std::string& name) {
    const auto at = std::ranges::lower_bound(schema.required, name);
    if (at != schema.required.end() && *at == name) return false;
    schema.required.insert(at, name);
    return true;
  }

  /// Collects the properties with a default in the schema, in what it refers to and in its `allOf`.
  void FindDefaulted(SchemaId id, uint32_t depth, Names& names) {
    if (!id.has_value() || depth > kMaxDepth || ++visits_ > kMaxVisits) return;
    const Schema& schema = registry_.schema(id);
    for (const auto& [name, property] : schema.properties) {
      if (HasDefault(property)) names.push_back(name);
    }
    FindDefaulted(schema.reference, depth + 1, names);
    for (const SchemaId part : schema.all_of) FindDefaulted(part, depth + 1, names);
  }

  [[nodiscard]] bool HasDefault(SchemaId id) const { return FindDefault(registry_, id) != nullptr; }

  const SchemaRegistry& registry_;
  Moment moment_;
  uint32_t visits_ = 0;
};

/// Visits a schema and all schemas that are filled in with it or in its parts, until `visit`
/// returns true. Returns whether it did.
template <class Visit>
bool AnyFilled(const SchemaRegistry& registry, SchemaId root, Visit visit) {
  std::vector<SchemaId> todo = {root};
  std::unordered_set<SchemaId> seen;
  while (!todo.empty()) {
    const SchemaId id = todo.back();
    todo.pop_back();
    if (!id.has_value() || !seen.insert(id).second) continue;
    if (visit(id)) return true;
    const Schema& schema = registry.schema(id);
    todo.push_back(schema.reference);
    todo.push_back(schema.items);
    todo.push_back(schema.other_properties);
    todo.insert(todo.end(), schema.all_of.begin(), schema.all_of.end());
    todo.insert(todo.end(), schema.prefix_items.begin(), schema.prefix_items.end());
    for (const auto& [name, part] : schema.properties) todo.push_back(part);
    for (const auto& [pattern, part] : schema.pattern_properties) todo.push_back(part);
  }
  return false;
}

/// Whether the schema says nothing that relates one part of a value to another.
bool JudgesPartsAlone(const SchemaRegistry& registry, SchemaId id) {
  Schema rest = registry.schema(id);
  const bool refers = rest.reference.has_value();
  rest.types = kAllTypes;
  rest.default_value.reset();
  rest.is_estimate = false;
  if (refers) {
    rest.reference = {};
  } else {
    rest.properties.clear();
    rest.required.clear();
    rest.other_properties = rest.items = {};
    rest.prefix_items.clear();
    rest.min_items = 0;
    rest.max_items.reset();
  }
  return registry.Derive(rest) == registry.Derive({});
}

/// Whether the schema itself has properties with defaults.
bool FillsProperties(const SchemaRegistry& registry, SchemaId schema) {
  return std::ranges::any_of(registry.schema(schema).properties, [&](const auto& property) {
    return FindDefault(registry, property.second) != nullptr;
  });
}

}  // namespace

SchemaId FindFilledSchema(const SchemaRegistry& registry, SchemaId schema) {
  return Filling(registry, Moment::After).Fill(schema);
}

SchemaId FindGivenSchema(const SchemaRegistry& registry, SchemaId schema) {
  return Filling(registry, Moment::Before).Fill(schema);
}

bool HasDefaults(const SchemaRegistry& registry, SchemaId schema) {
  std::optional<bool>& known = registry.KnownToHaveDefaults(schema);
  if (!known) {
    known = AnyFilled(registry, schema, [&](SchemaId id) { return FillsProperties(registry, id); });
  }
  return *known;
}

const Value* FindDefault(const SchemaRegistry& registry, SchemaId schema) {
  for (uint32_t hops = 0; schema.has_value() && hops < kMaxHops; ++hops) {
    const Schema& each = registry.schema(schema);
    if (each.default_value) return &*each.default_value;
    schema = each.reference;
  }
  return nullptr;
}

bool DefaultsAlwaysFit(const SchemaRegistry& registry, SchemaId schema) {
  return !AnyFilled(registry, schema, [&](SchemaId id) {
    return HasDefaults(registry, id) && !JudgesPartsAlone(registry, id);
  });
}

}  // namespace wfc::types

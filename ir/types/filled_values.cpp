#include "ir/types/filled_values.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "ir/types/filled_schema.h"
#include "ir/types/schema/schema_chain.h"

namespace wfc::types {
namespace {

// These limits keep the result finite where both schemas are recursive.
constexpr uint32_t kMaxFillDepth = 24;
constexpr uint32_t kMaxFillVisits = 2000;
constexpr size_t kMaxListed = 256;  // values of an `enum` that are filled one by one
constexpr uint32_t kMaxRounds = 16;

using SchemaIds = std::vector<SchemaId>;

class ValueFilling {
 public:
  explicit ValueFilling(const SchemaRegistry& registry) : registry_(registry) {}

  /// What the values become when the defaults of all schemas of `by` are filled in. The id of
  /// `values` says that filling changes none of them.
  SchemaId Fill(SchemaId values, const SchemaIds& by, uint32_t depth) {
    const SchemaIds all = Together(by);
    if (!values.has_value() || !FillsAny(all)) return values;
    if (depth > kMaxFillDepth || ++visits_ > kMaxFillVisits) return Unknown();
    const Schema schema = registry_.schema(values);
    if (schema.is_false || (schema.types & kContainers) == 0) return values;
    if (schema.constant || schema.enumeration) return FillListed(values, schema, all);
    return FillParts(values, schema, all, depth);
  }

  /// The schemas that fill a property of what `by` fills.
  [[nodiscard]] SchemaIds FillersOf(SchemaId by, const std::string& name) const {
    return TargetsOf(Together({by}), name);
  }

 private:
  static constexpr TypeMask kContainers = Bit(TypeBit::Object) | Bit(TypeBit::Array);

  [[nodiscard]] SchemaId Anything() const { return registry_.Derive({}); }
  [[nodiscard]] SchemaId Unknown() const {
    Schema unknown;
    unknown.is_estimate = true;
    return registry_.Derive(unknown);
  }
  [[nodiscard]] SchemaId OfValue(const Value& value) const {
    Schema only;
    only.constant = value;
    return registry_.Derive(only);
  }
  [[nodiscard]] SchemaId AnyOf(SchemaIds arms) const {
    Schema any;
    any.any_of = std::move(arms);
    return registry_.Derive(any);
  }
  [[nodiscard]] SchemaId Join(SchemaId left, SchemaId right) const {
    if (left == right || left == Anything() || registry_.schema(right).is_false) return left;
    return registry_.schema(left).is_false ? right : AnyOf({left, right});
  }

  bool Fills(SchemaId id) {
    const auto [known, is_new] = fills_.try_emplace(id, false);
    if (is_new) known->second = HasDefaults(registry_, id);
    return known->second;
  }
  bool FillsAny(const SchemaIds& by) {
    return std::ranges::any_of(by, [this](SchemaId id) { return Fills(id); });
  }

  /// The schemas, with those that fill the same value by `$ref` and `allOf`, each once.
  [[nodiscard]] SchemaIds Together(const SchemaIds& by) const {
    SchemaIds all;
    const auto add = [&](SchemaId id) {
      const bool is_new = id.has_value() && std::ranges::find(all, id) == all.end();
      if (is_new && all.size() < kMaxHops) all.push_back(id);
    };
    for (const SchemaId id : by) add(id);
    for (size_t i = 0; i < all.size(); ++i) {
      const Schema& schema = registry_.schema(all[i]);
      add(schema.reference);
      for (const SchemaId part : schema.all_of) add(part);
    }
    return all;
  }

  [[nodiscard]] Value FillValue(Value value, const SchemaIds& by) const {
    for (uint32_t round = 0; round < kMaxRounds; ++round) {
      Value filled = value;
      for (const SchemaId id : by) filled = registry_.ApplyDefaults(id, filled);
      if (filled == value) break;
      value = std::move(filled);
    }
    return value;
  }

  [[nodiscard]] SchemaId FillListed(SchemaId values, const Schema& schema,
                                    const SchemaIds& by) const {
    std::vector<Value> listed;
    if (schema.enumeration) listed = *schema.enumeration;
    if (schema.constant) listed = {*schema.constant};
    if (listed.size() > kMaxListed) return Unknown();
    bool is_same = true;
    SchemaIds filled;
    for (const Value& value : listed) {
      const Value after = FillValue(value, by);
      is_same &= after == value;
      if (registry_.Validate(values, value).empty()) filled.push_back(OfValue(after));
    }
    if (is_same) return values;
    return filled.size() == 1 ? filled.front() : AnyOf(std::move(filled));
  }

  /// Filling maps each value to one, so what the values of each part become holds of what the
  /// values of all parts together become.
  SchemaId FillParts(SchemaId values, const Schema& schema, const SchemaIds& by, uint32_t depth) {
    SchemaIds parts;
    bool is_same = false;
    const auto add = [&](SchemaId before, SchemaId after) {
      is_same |= before == after;
      parts.push_back(after);
    };
    if (schema.reference.has_value()) {
      add(schema.reference, Fill(schema.reference, by, depth + 1));
    }
    for (const SchemaId part : schema.all_of) add(part, Fill(part, by, depth + 1));
    for (const SchemaIds& arms : {schema.any_of, schema.one_of}) {
      if (!arms.empty()) add(AnyOf(arms), FillArms(arms, by, depth));
    }
    const Schema own = WithoutCombinators(schema);
    const SchemaId before = registry_.Derive(own);
    if (parts.empty() || before != Anything()) add(before, FillOwn(own, by, depth));
    if (is_same) return values;
    const bool is_weaker =
        parts.size() > 1 || !schema.one_of.empty() || schema.dynamic_reference.has_value() ||
        schema.negated.has_value() || schema.condition.has_value() ||
        !schema.dependent_required.empty() || !schema.dependent_schemas.empty() ||
        schema.unevaluated_items.has_value() || schema.unevaluated_properties.has_value();
    if (!is_weaker && !schema.is_estimate) return parts.front();
    Schema all;
    all.types = schema.types;
    all.all_of = std::move(parts);
    all.is_estimate = true;
    return registry_.Derive(all);
  }

  SchemaId FillArms(SchemaIds arms, const SchemaIds& by, uint32_t depth) {
    for (SchemaId& arm : arms) arm = Fill(arm, by, depth + 1);
    return AnyOf(std::move(arms));
  }

  /// The schema with only those keywords that speak of types, texts, numbers, and the properties
  /// and items themselves.
  [[nodiscard]] static Schema WithoutCombinators(Schema schema) {
    schema.reference = schema.dynamic_reference = {};
    schema.dynamic_anchor.clear();
    schema.all_of.clear();
    schema.any_of.clear();
    schema.one_of.clear();
    schema.negated = schema.condition = schema.consequence = schema.alternative = {};
    schema.dependent_required.clear();
    schema.dependent_schemas.clear();
    schema.unevaluated_items = schema.unevaluated_properties = {};
    schema.default_value.reset();
    schema.is_estimate = false;
    return schema;
  }

  SchemaId FillOwn(Schema own, const SchemaIds& by, uint32_t depth) {
    if ((own.types & Bit(TypeBit::Object)) != 0) FillProperties(own, by, depth);
    if ((own.types & Bit(TypeBit::Array)) != 0) FillItems(own, by, depth);
    return registry_.Derive(own);
  }

  /// The schemas of `by` that fill the property's value.
  [[nodiscard]] SchemaIds TargetsOf(const SchemaIds& by, const std::string& name) const {
    SchemaIds targets;
    for (const SchemaId id : by) {
      const Schema& schema = registry_.schema(id);
      const size_t before = targets.size();
      if (const SchemaId* property = schema.FindProperty(name)) targets.push_back(*property);
      const SchemaId other = schema.other_properties;
      const auto patterns = schema.pattern_properties;  // Matches may derive a schema
      for (const auto& [pattern, part] : patterns) {
        if (Matches(pattern, name)) targets.push_back(part);
      }
      if (targets.size() == before && other.has_value()) targets.push_back(other);
    }
    return targets;
  }

  [[nodiscard]] bool Matches(const SchemaPattern& pattern, const std::string& name) const {
    Schema nothing;
    nothing.is_false = true;
    Schema without;
    without.pattern_properties = {{pattern, registry_.Derive(nothing)}};
    const Value one = Value::Map({{Value::String(name), Value::Null()}});
    return !registry_.Validate(registry_.Derive(without), one).empty();
  }

  /// What a missing property becomes; no value when it stays missing.
  [[nodiscard]] SchemaId DefaultOf(const SchemaIds& by, const std::string& name,
                                   const SchemaIds& targets) const {
    SchemaIds filled;
    for (const SchemaId id : by) {
      const SchemaId* property = registry_.schema(id).FindProperty(name);
      const Value* given = property != nullptr ? FindDefault(registry_, *property) : nullptr;
      if (given != nullptr) filled.push_back(OfValue(FillValue(*given, targets)));
    }
    if (filled.empty()) return {};
    const bool is_one = std::ranges::count(filled, filled.front()) == std::ssize(filled);
    return is_one ? filled.front() : Unknown();
  }

  /// Whether `by` fills the values of properties that it does not name.
  bool FillsOthers(const SchemaIds& by) {
    return std::ranges::any_of(by, [this](SchemaId id) {
      const Schema& schema = registry_.schema(id);
      const bool by_pattern = std::ranges::any_of(
          schema.pattern_properties, [this](const auto& part) { return Fills(part.second); });
      return by_pattern || (schema.other_properties.has_value() && Fills(schema.other_properties));
    });
  }

  void FillProperties(Schema& own, const SchemaIds& by, uint32_t depth) {
    std::set<std::string> names;
    for (const auto& [name, property] : own.properties) names.insert(name);
    for (const SchemaId id : by) {
      for (const auto& [name, property] : registry_.schema(id).properties) names.insert(name);
    }
    const bool has_patterns = !own.pattern_properties.empty();
    SchemaId others = own.other_properties.has_value() ? own.other_properties : Anything();
    if (has_patterns) others = Unknown();
    const bool fills_others = FillsOthers(by) && !registry_.schema(others).is_false;
    Schema filled = own;
    filled.properties.clear();
    bool grows = false;
    bool is_same = !fills_others;
    for (const std::string& name : names) {
      const SchemaId* named = own.FindProperty(name);
      const SchemaId given = named != nullptr ? *named : others;
      const SchemaIds targets = TargetsOf(by, name);
      SchemaId after = Fill(given, targets, depth + 1);
      const SchemaId by_default = DefaultOf(by, name, targets);
      if (by_default.has_value() && !own.Requires(name)) {
        grows = true;
        after = Join(after, by_default);
        filled.required.insert(std::ranges::upper_bound(filled.required, name), name);
      }
      is_same &= after == given;
      if (named != nullptr || after != given || fills_others) {
        filled.properties.emplace_back(name, after);
      }
    }
    if (is_same && !grows) return;
    filled.pattern_properties.clear();
    if (fills_others) others = Unknown();
    if (fills_others || has_patterns) filled.other_properties = others;
    if (grows) KeepCountsTrue(filled);
    filled.is_estimate |= has_patterns;
    own = std::move(filled);
  }

  /// Drops what need not hold any more once properties were added.
  static void KeepCountsTrue(Schema& filled) {
    filled.is_estimate |= filled.min_properties > 0 || filled.max_properties.has_value() ||
                          filled.property_names.has_value();
    filled.max_properties.reset();
    filled.property_names = {};
  }

  void FillItems(Schema& own, const SchemaIds& by, uint32_t depth) {
    size_t count = own.prefix_items.size();
    for (const SchemaId id : by) count = std::max(count, registry_.schema(id).prefix_items.size());
    const auto find = [](const Schema& schema, size_t at) {
      return at < schema.prefix_items.size() ? schema.prefix_items[at] : schema.items;
    };
    bool is_same = true;
    SchemaIds filled;
    for (size_t i = 0; i <= count; ++i) {
      SchemaIds targets;
      for (const SchemaId id : by) {
        const SchemaId target = find(registry_.schema(id), i);
        if (target.has_value()) targets.push_back(target);
      }
      const SchemaId given = find(own, i).has_value() ? find(own, i) : Anything();
      filled.push_back(Fill(given, targets, depth + 1));
      is_same &= filled.back() == given;
    }
    if (is_same) return;
    own.items = filled.back();
    filled.pop_back();
    own.prefix_items = std::move(filled);
    own.is_estimate |= own.has_unique_items || own.contains.has_value();
    own.has_unique_items = false;
    own.contains = {};
  }

  const SchemaRegistry& registry_;
  std::unordered_map<SchemaId, bool> fills_;
  uint32_t visits_ = 0;
};

}  // namespace

SchemaId FindFilledValues(const SchemaRegistry& registry, SchemaId values, SchemaId by) {
  return ValueFilling(registry).Fill(values, {by}, 0);
}

SchemaId FindPropertyFiller(const SchemaRegistry& registry, SchemaId by, std::string_view name) {
  if (!by.has_value()) return {};
  const SchemaIds fillers = ValueFilling(registry).FillersOf(by, std::string(name));
  if (fillers.size() <= 1) return fillers.empty() ? SchemaId() : fillers.front();
  Schema all;
  all.all_of = fillers;
  return registry.Derive(all);
}

}  // namespace wfc::types

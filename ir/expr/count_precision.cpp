#include "ir/expr/count_precision.h"

#include <algorithm>

#include "ir/expr/schema_parts.h"

namespace wfc::expr {
namespace {

using types::Bit;
using types::Schema;
using types::TypeBit;

constexpr uint32_t kMaxDepth = 8;  // of references and alternatives

bool IsInfiniteFrom(const types::SchemaRegistry& registry, SchemaId id, uint32_t depth) {
  if (!id.has_value()) return true;
  const Schema& schema = registry.schema(id);
  const bool has_parts = schema.reference.has_value() || !schema.all_of.empty() ||
                         !schema.any_of.empty() || !schema.one_of.empty() ||
                         schema.negated.has_value() || schema.condition.has_value();
  if (depth > kMaxDepth || schema.is_estimate || has_parts || schema.constant ||
      schema.enumeration) {
    return false;
  }
  if (schema.types == Bit(TypeBit::String)) {
    return !schema.max_length && !schema.pattern && !schema.format;
  }
  return schema.types == Bit(TypeBit::Object) &&
         std::ranges::any_of(schema.properties, [&](const auto& property) {
           return schema.Requires(property.first) &&
                  IsInfiniteFrom(registry, property.second, depth + 1);
         });
}

CountBounds CountOf(SchemaSets& sets, SchemaId id, Kind kind) {
  if (kind == Kind::List) return CountItems(sets, id);
  return kind == Kind::Map ? CountFields(sets, id) : CountCharacters(sets, id);
}

/// Whether a keyword of the schema itself may exclude some of the numbers.
bool MayExclude(const types::SchemaRegistry& registry, const Schema& schema, Kind kind) {
  const bool may_exclude_any = schema.negated.has_value() || schema.condition.has_value() ||
                               !schema.one_of.empty() || schema.dynamic_reference.has_value() ||
                               schema.unevaluated_items.has_value() ||
                               schema.unevaluated_properties.has_value();
  if (may_exclude_any) return true;
  if (kind == Kind::String) return schema.pattern.has_value() || schema.format.has_value();
  if (kind == Kind::Map) {
    return schema.property_names.has_value() || !schema.pattern_properties.empty() ||
           !schema.dependent_required.empty() || !schema.dependent_schemas.empty();
  }
  const bool is_closed = schema.items.has_value() && registry.schema(schema.items).is_false &&
                         (!schema.max_items || *schema.max_items > schema.prefix_items.size());
  return is_closed || schema.contains.has_value() ||
         (schema.has_unique_items && !IsInfiniteFrom(registry, schema.items, 0));
}

/// Whether the intervals, joined, leave no number out.
bool AreContiguous(std::vector<CountBounds> intervals) {
  std::ranges::sort(intervals, {}, &CountBounds::least);
  std::optional<uint64_t> reached = 0;
  for (const CountBounds& each : intervals) {
    const bool is_first = &each == &intervals.front();
    if (!reached) return true;
    if (!is_first && each.least > *reached + 1) return false;
    reached = each.most ? std::optional(std::max(*reached, *each.most)) : std::nullopt;
  }
  return true;
}

class CountSearch {
 public:
  CountSearch(SchemaSets& sets, Kind kind) : sets_(sets), kind_(kind) {}

  Precision Find(SchemaId id, uint32_t depth) {
    const Schema& schema = sets_.Get(id);
    if (depth > kMaxDepth) return Precision::Loose;
    if (schema.is_estimate) return schema.is_loose ? Precision::Loose : Precision::Estimate;
    if (MayExclude(sets_.registry(), schema, kind_)) return Precision::Loose;
    SchemaIds parts(schema.all_of.begin(), schema.all_of.end());
    if (schema.reference.has_value()) parts.push_back(schema.reference);
    const SchemaIds arms(schema.any_of.begin(), schema.any_of.end());
    const bool is_listed = schema.constant || schema.enumeration;
    const bool is_bounded = schema.max_length || schema.max_items || schema.max_properties;
    if (is_listed) return parts.empty() && arms.empty() ? Precision::Estimate : Precision::Loose;
    Precision worst = OfArms(arms, depth);
    for (const SchemaId part : parts) worst = std::max(worst, Find(part, depth + 1));
    // What one part reaches may be beyond a bound of another.
    const bool is_alone = parts.size() + (arms.empty() ? 0 : 1) <= 1 && !is_bounded;
    return worst == Precision::Exact || is_alone ? worst : Precision::Loose;
  }

 private:
  Precision OfArms(const SchemaIds& arms, uint32_t depth) {
    Precision worst = Precision::Exact;
    std::vector<CountBounds> intervals;
    for (const SchemaId arm : arms) {
      if ((sets_.kinds().Find(arm) & KindsOf(kind_)) == 0) continue;
      intervals.push_back(CountOf(sets_, arm, kind_));
      worst = std::max(worst, Find(arm, depth + 1));
    }
    if (AreContiguous(std::move(intervals))) return worst;
    return std::max(worst, Precision::Estimate);
  }

  SchemaSets& sets_;
  Kind kind_;
};

}  // namespace

Precision FindCountPrecision(SchemaSets& sets, SchemaId schema, Kind kind) {
  return CountSearch(sets, kind).Find(schema, 0);
}

bool IsInfinite(const types::SchemaRegistry& registry, SchemaId schema) {
  return IsInfiniteFrom(registry, schema, 0);
}

}  // namespace wfc::expr

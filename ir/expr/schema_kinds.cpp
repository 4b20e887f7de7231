#include "ir/expr/schema_kinds.h"

#include <algorithm>
#include <utility>

#include "ir/types/schema/derive.h"

namespace wfc::expr {
namespace {

using types::Bit;
using types::Schema;
using types::TypeBit;

constexpr size_t kMaxConjuncts = 64;
/// Limit on the depth of nested alternatives.
constexpr uint32_t kMaxKindDepth = 32;
/// The same limit for schemas under `not`.
constexpr uint32_t kMaxWholeDepth = 4;
/// Marks schemas in SchemaKinds::known_ that have not been computed. No set has this bit.
constexpr KindSet kNotAsked = 0x8000;

KindSet KindsOfMask(types::TypeMask mask) {
  if (mask == types::kAllTypes) return kJsonKinds;
  constexpr std::pair<TypeBit, Kind> kKinds[] = {
      {TypeBit::Null, Kind::Null},   {TypeBit::Boolean, Kind::Bool},
      {TypeBit::Integer, Kind::Int}, {TypeBit::String, Kind::String},
      {TypeBit::Array, Kind::List},  {TypeBit::Object, Kind::Map},
  };
  KindSet kinds = 0;
  for (const auto& [bit, kind] : kKinds) {
    if ((mask & Bit(bit)) != 0) kinds |= KindsOf(kind);
  }
  if ((mask & Bit(TypeBit::Fraction)) == 0) return kinds;
  return (kinds & ~KindsOf(Kind::Int)) | KindsOf(Kind::Double);
}

KindSet KindsOfValues(const Schema& schema) {
  if (schema.constant) return KindOfValue(*schema.constant);
  if (!schema.enumeration) return kJsonKinds;
  KindSet kinds = 0;
  for (const Value& value : *schema.enumeration) kinds |= KindOfValue(value);
  return kinds;
}

types::TypeMask FindWholeTypes(const types::SchemaRegistry& registry, SchemaId id, uint32_t depth) {
  if (depth > kMaxWholeDepth) return 0;
  const Schema& schema = registry.schema(id);
  const bool is_long = !schema.properties.empty() || schema.enumeration.has_value();
  if (schema.is_false || is_long) return 0;
  Schema rest = schema;
  types::TypeMask mask = std::exchange(rest.types, types::kAllTypes);
  const std::vector<SchemaId> arms = std::exchange(rest.any_of, {});
  std::vector<SchemaId> parts = std::exchange(rest.all_of, {});
  if (rest.reference.has_value()) parts.push_back(std::exchange(rest.reference, {}));
  const SchemaId negated = std::exchange(rest.negated, {});
  rest.default_value.reset();
  if (!types::IsBlank(rest)) return 0;
  // A `not` that excludes other types leaves these types whole.
  if (negated.has_value()) mask &= ~registry.schema(negated).types;
  for (const SchemaId part : parts) mask &= FindWholeTypes(registry, part, depth + 1);
  if (arms.empty()) return mask;
  types::TypeMask of_arms = 0;
  for (const SchemaId arm : arms) of_arms |= FindWholeTypes(registry, arm, depth + 1);
  return mask & of_arms;
}

}  // namespace

KindSet MeetKinds(KindSet left, KindSet right) {
  if (left == kJsonKinds) return right;
  if (right == kJsonKinds) return left;
  const KindSet same = left & right & ~kNumberKinds;
  KindSet numbers = left & right & kNumberKinds;
  const KindSet integers = (left | right) & KindsOf(Kind::Int, Kind::Uint);
  if ((left & kNumberKinds) != 0 && (right & kNumberKinds) != 0) numbers |= integers;
  return same | numbers;
}

KindSet KindsOfKeywords(const Schema& schema) {
  return MeetKinds(KindsOfMask(schema.types), KindsOfValues(schema));
}

KindSet FindWholeKinds(const types::SchemaRegistry& registry, SchemaId id) {
  const types::TypeMask whole = FindWholeTypes(registry, id, 0);
  // If `not` excludes the integers, the remaining numbers have a fraction.
  const types::TypeMask integer = whole & Bit(TypeBit::Integer);
  const bool are_all = (whole & types::kNumberTypes) == types::kNumberTypes;
  const KindSet numbers = are_all ? kNumberKinds : KindSet{0};
  const auto others = static_cast<types::TypeMask>(whole & ~types::kNumberTypes);
  return static_cast<KindSet>((KindsOfMask(others) & ~kNumberKinds) |
                              (integer != 0 ? KindsOf(Kind::Int, Kind::Uint) : KindSet{0}) |
                              numbers);
}

SchemaIds FindConjuncts(const types::SchemaRegistry& registry, SchemaId id) {
  SchemaIds found = {id};
  const auto add = [&](SchemaId other) {
    if (!other.has_value() || found.size() >= kMaxConjuncts) return;
    if (std::ranges::find(found, other) == found.end()) found.push_back(other);
  };
  for (size_t i = 0; i < found.size() && found.size() < kMaxConjuncts; ++i) {
    const Schema& schema = registry.schema(found[i]);
    add(schema.reference);
    for (const SchemaId part : schema.all_of) add(part);
  }
  return found;
}

KindSet SchemaKinds::Find(SchemaId id) {
  return Find(id, 0);
}

KindSet SchemaKinds::Find(SchemaId id, uint32_t depth) {
  if (depth > kMaxKindDepth) return kJsonKinds;
  if (known_.size() <= id.index()) known_.resize(registry_.size(), kNotAsked);
  if (known_[id.index()] != kNotAsked) return known_[id.index()];
  known_[id.index()] = kJsonKinds;  // the answer for recursive references to this schema
  const KindSet kinds = WorkOut(id, depth);
  known_[id.index()] = kinds;
  return kinds;
}

KindSet SchemaKinds::WorkOut(SchemaId id, uint32_t depth) {
  KindSet kinds = kJsonKinds;
  KindSet excluded = 0;
  for (const SchemaId each : FindConjuncts(registry_, id)) {
    const Schema& schema = registry_.schema(each);
    if (schema.is_false) return 0;
    kinds = MeetKinds(kinds, KindsOfKeywords(schema));
    const SchemaIds any_of(schema.any_of.begin(), schema.any_of.end());
    const SchemaIds one_of(schema.one_of.begin(), schema.one_of.end());
    const bool has_condition = schema.condition.has_value();
    const SchemaId negated = schema.negated;
    // FindWholeKinds may derive schemas, which moves all others: `schema` must not be used after
    // it.
    if (!any_of.empty()) kinds = MeetKinds(kinds, FindOfArms(any_of, depth));
    if (!one_of.empty()) kinds = MeetKinds(kinds, FindOfArms(one_of, depth));
    if (has_condition) kinds = MeetKinds(kinds, FindOfCondition(each, depth));
    if (negated.has_value()) excluded |= FindWholeKinds(registry_, negated);
  }
  return kinds & ~excluded;
}

/// The kinds of values that fit the `if` and the `then`, or the `else`.
KindSet SchemaKinds::FindOfCondition(SchemaId id, uint32_t depth) {
  const Schema& schema = registry_.schema(id);
  const SchemaId condition = schema.condition;
  const SchemaId consequence = schema.consequence;
  const SchemaId alternative = schema.alternative;
  KindSet kinds = Find(condition, depth + 1);
  if (consequence.has_value()) kinds = MeetKinds(kinds, Find(consequence, depth + 1));
  return kinds | (alternative.has_value() ? Find(alternative, depth + 1) : kJsonKinds);
}

KindSet SchemaKinds::FindOfArms(const SchemaIds& arms, uint32_t depth) {
  KindSet kinds = 0;
  for (const SchemaId arm : arms) kinds |= Find(arm, depth + 1);
  return kinds;
}

}  // namespace wfc::expr

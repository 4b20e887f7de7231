#include "ir/expr/sure_kinds.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace wfc::expr {
namespace {

using types::Bit;
using types::Schema;
using types::TypeBit;

/// Limit on the depth of nested alternatives.
constexpr uint32_t kMaxSureDepth = 16;
/// Limit on the schemas visited for one answer; beyond it nothing is certain.
constexpr uint32_t kMaxSureVisits = 1 << 16;
/// Marks schemas in SureKinds::known_ that have not been computed. No set has this bit.
constexpr KindSet kNotComputed = 0x8000;

/// Whether the schema has keywords, other than types, listed values and bounds, that can exclude a
/// kind.
bool HasExceptions(const Schema& schema) {
  return !schema.one_of.empty() || !schema.all_of.empty() || schema.negated.has_value() ||
         schema.condition.has_value() || !schema.dependent_schemas.empty() ||
         schema.dynamic_reference.has_value();
}

}  // namespace

types::TypeMask FindTypes(KindSet kinds) {
  constexpr std::pair<Kind, types::TypeMask> kTypes[] = {
      {Kind::Null, Bit(TypeBit::Null)},    {Kind::Bool, Bit(TypeBit::Boolean)},
      {Kind::Int, Bit(TypeBit::Integer)},  {Kind::Uint, Bit(TypeBit::Integer)},
      {Kind::Double, types::kNumberTypes}, {Kind::String, Bit(TypeBit::String)},
      {Kind::List, Bit(TypeBit::Array)},   {Kind::Map, Bit(TypeBit::Object)},
  };
  types::TypeMask mask = 0;
  for (const auto& [kind, types] : kTypes) {
    if ((kinds & KindsOf(kind)) != 0) mask |= types;
  }
  return mask;
}

KindSet SureKinds::Find(SchemaId id) {
  if (known_.size() <= id.index()) known_.resize(registry_.size(), kNotComputed);
  if (known_[id.index()] != kNotComputed) return known_[id.index()];
  visits_left_ = kMaxSureVisits;
  KindSet kinds = FindSaid(id, 0);
  if (std::popcount(kinds) > 1 && !IsPlain(id, 0)) {
    for (int kind = 0; kind < static_cast<int>(Kind::Error); ++kind) {
      const KindSet bit = KindsOf(static_cast<Kind>(kind));
      if ((kinds & bit) != 0 && !Occurs(id, static_cast<Kind>(kind))) kinds &= ~bit;
    }
  }
  // The prover derives schemas, so the registry may have grown.
  if (known_.size() <= id.index()) known_.resize(registry_.size(), kNotComputed);
  known_[id.index()] = kinds;
  return kinds;
}

KindSet SureKinds::FindSaid(SchemaId id, uint32_t depth) {
  if (depth > kMaxSureDepth || visits_left_ == 0) return kUnsaid;
  --visits_left_;
  KindSet kinds = kJsonKinds;
  KindSet excluded = 0;
  bool is_said = false;
  const auto meet = [&](KindSet said) {
    if (said == kUnsaid) return;
    kinds = is_said ? MeetKinds(kinds, said) : said;
    is_said = true;
  };
  for (const SchemaId each : FindConjuncts(registry_, id)) {
    const Schema& schema = registry_.schema(each);
    if (schema.is_false) return kUnsaid;
    const KindSet own = KindsOfKeywords(schema);
    if (own != kJsonKinds) meet(own);
    const SchemaIds any_of(schema.any_of.begin(), schema.any_of.end());
    const SchemaIds one_of(schema.one_of.begin(), schema.one_of.end());
    const bool has_condition = schema.condition.has_value();
    const SchemaId negated = schema.negated;
    // FindWholeKinds may derive schemas, which moves all others: `schema` must not be used after
    // it.
    meet(FindOfArms(any_of, depth));
    meet(FindOfArms(one_of, depth));
    if (has_condition) meet(FindOfCondition(each, depth));
    // A `not` that excludes only some values says nothing about kinds.
    if (negated.has_value()) excluded |= FindWholeKinds(registry_, negated);
  }
  return is_said || excluded != 0 ? static_cast<KindSet>(kinds & ~excluded) : kUnsaid;
}

/// The certain kinds of values that fit the `if` and the `then`, or the `else`.
KindSet SureKinds::FindOfCondition(SchemaId id, uint32_t depth) {
  const Schema& schema = registry_.schema(id);
  const SchemaId condition = schema.condition;
  const SchemaId consequence = schema.consequence;
  const SchemaId alternative = schema.alternative;
  if (!alternative.has_value()) return kUnsaid;
  KindSet kinds = FindSaid(condition, depth + 1);
  const KindSet then = consequence.has_value() ? FindSaid(consequence, depth + 1) : kUnsaid;
  if (kinds == kUnsaid) {
    kinds = then;
  } else if (then != kUnsaid) {
    kinds = MeetKinds(kinds, then);
  }
  const KindSet otherwise = FindSaid(alternative, depth + 1);
  return kinds == kUnsaid || otherwise == kUnsaid ? kUnsaid
                                                  : static_cast<KindSet>(kinds | otherwise);
}

KindSet SureKinds::FindOfArms(const SchemaIds& arms, uint32_t depth) {
  KindSet kinds = kUnsaid;
  for (const SchemaId arm : arms) {
    if (registry_.schema(arm).is_false) continue;
    const KindSet of_arm = FindSaid(arm, depth + 1);
    if (of_arm == kUnsaid) return kUnsaid;
    kinds |= of_arm;
  }
  return kinds;
}

bool SureKinds::IsPlain(SchemaId id, uint32_t depth) const {
  if (depth > kMaxSureDepth) return false;
  const Schema& schema = registry_.schema(id);
  if (HasExceptions(schema)) return false;
  if (schema.reference.has_value() && !IsPlain(schema.reference, depth + 1)) return false;
  return std::ranges::all_of(schema.any_of, [&](SchemaId arm) { return IsPlain(arm, depth + 1); });
}

bool SureKinds::Occurs(SchemaId id, Kind kind) const {
  Schema others;
  // The prover might offer an integer as an example of a number, which proves nothing about
  // fractions.
  const types::TypeMask fraction = Bit(TypeBit::Fraction);
  others.types = types::kAllTypes & ~(kind == Kind::Double ? fraction : FindTypes(KindsOf(kind)));
  const SchemaId without = registry_.Derive(others);
  return registry_.FindContainment(id, without).verdict == types::Containment::No;
}

}  // namespace wfc::expr

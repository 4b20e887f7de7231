#include "ir/expr/schema_kinds.h"

#include <algorithm>
#include <utility>

namespace wfc::expr {
namespace {

using types::Bit;
using types::Schema;
using types::TypeBit;

constexpr size_t kMaxConjuncts = 64;
/// Alternatives inside each other that are looked through.
constexpr uint32_t kMaxDepth = 32;
/// In SchemaKinds::known_; no set has this bit.
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
  if (depth > kMaxDepth) return kJsonKinds;
  if (known_.size() <= id.index()) known_.resize(registry_.size(), kNotAsked);
  if (known_[id.index()] != kNotAsked) return known_[id.index()];
  known_[id.index()] = kJsonKinds;  // where it stands in itself
  const KindSet kinds = WorkOut(id, depth);
  known_[id.index()] = kinds;
  return kinds;
}

KindSet SchemaKinds::WorkOut(SchemaId id, uint32_t depth) {
  KindSet kinds = kJsonKinds;
  for (const SchemaId each : FindConjuncts(registry_, id)) {
    const Schema& schema = registry_.schema(each);
    if (schema.is_false) return 0;
    kinds = MeetKinds(kinds, KindsOfKeywords(schema));
    if (!schema.any_of.empty()) kinds = MeetKinds(kinds, FindOfArms(schema.any_of, depth));
    if (!schema.one_of.empty()) kinds = MeetKinds(kinds, FindOfArms(schema.one_of, depth));
  }
  return kinds;
}

KindSet SchemaKinds::FindOfArms(const std::vector<SchemaId>& arms, uint32_t depth) {
  KindSet kinds = 0;
  for (const SchemaId arm : arms) kinds |= Find(arm, depth + 1);
  return kinds;
}

}  // namespace wfc::expr

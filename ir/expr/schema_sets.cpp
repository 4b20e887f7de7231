#include "ir/expr/schema_sets.h"

#include <algorithm>
#include <utility>

#include "llvm/ADT/DenseSet.h"

namespace wfc::expr {
namespace {

using types::Bit;
using types::Schema;
using types::TypeBit;

constexpr size_t kMaxArms = 16;
constexpr size_t kMaxListed = 64;
constexpr uint32_t kMaxValueDepth = 64;
constexpr uint64_t kMaxValueWeight = 1 << 16;

types::TypeMask MaskOf(Kind kind) {
  switch (kind) {
    case Kind::Null:
      return Bit(TypeBit::Null);
    case Kind::Bool:
      return Bit(TypeBit::Boolean);
    case Kind::Int:
    case Kind::Uint:
    case Kind::BigInt:
      return Bit(TypeBit::Integer);
    case Kind::Double:
      return types::kNumberTypes;
    case Kind::String:
      return Bit(TypeBit::String);
    case Kind::List:
      return Bit(TypeBit::Array);
    case Kind::Map:
      return Bit(TypeBit::Object);
    case Kind::Bytes:
    case Kind::Timestamp:
    case Kind::Duration:
    case Kind::Type:
    case Kind::Optional:
    case Kind::Error:
      return 0;
  }
  return 0;
}

/// Schemas that restrict only the type are estimates: most often only some of their values occur.
/// Null and the bools are so few that all are taken to occur.
Schema OfMask(types::TypeMask mask) {
  Schema schema;
  schema.types = mask;
  schema.is_estimate = (mask & ~(Bit(TypeBit::Null) | Bit(TypeBit::Boolean))) != 0;
  return schema;
}

std::span<const Value> ListedValues(const Schema& schema) {
  if (schema.constant) return {&*schema.constant, 1};
  if (schema.enumeration) return *schema.enumeration;
  return {};
}

/// The values in order, without repetitions.
std::vector<Value> WithoutRepeats(std::vector<Value> values) {
  std::vector<Value> kept;
  for (Value& value : values) {
    const auto is_same = [&](const Value& earlier) { return Identical(earlier, value); };
    if (std::ranges::none_of(kept, is_same)) kept.push_back(std::move(value));
  }
  return kept;
}

}  // namespace

SchemaSets::SchemaSets(const types::SchemaRegistry& registry)
    : registry_(registry), kinds_(registry), any_(registry.Derive(OfMask(types::kAllTypes))) {
  Schema nothing;
  nothing.is_false = true;
  nothing_ = registry.Derive(nothing);
}

SchemaId SchemaSets::OfKinds(KindSet kinds) {
  const auto found = of_kinds_.find(kinds);
  if (found != of_kinds_.end()) return found->second;
  SchemaIds arms;
  for (int kind = 0; kind < static_cast<int>(Kind::Error); ++kind) {
    if ((kinds & KindsOf(static_cast<Kind>(kind))) == 0) continue;
    arms.push_back(registry_.Derive(OfMask(MaskOf(static_cast<Kind>(kind)))));
  }
  const SchemaId id = kinds == kJsonKinds ? any_ : Join(arms);
  of_kinds_[kinds] = id;
  return id;
}

SchemaId SchemaSets::Only(const Value& value) {
  if (value.depth() > kMaxValueDepth || value.weight() > kMaxValueWeight) {
    return OfKinds(KindOfValue(value));
  }
  SchemaId& only = only_[value];
  if (only.has_value()) return only;
  Schema schema;
  schema.constant = value;
  only = registry_.Derive(schema);
  return only;
}

SchemaIds SchemaSets::FindArms(std::span<const SchemaId> parts) const {
  SchemaIds arms;
  llvm::SmallDenseSet<uint32_t, kMaxArms> known;
  const auto add = [&](SchemaId arm) {
    if (arm != nothing_ && known.insert(arm.index()).second) arms.push_back(arm);
  };
  for (const SchemaId part : parts) {
    const auto made = unions_.find(part.index());
    if (made == unions_.end()) {
      add(part);
    } else {
      std::ranges::for_each(made->second, add);
    }
  }
  return arms;
}

SchemaId SchemaSets::Join(SchemaId left, SchemaId right) {
  if (left == right) return left;
  const auto [known, is_new] = pairs_.try_emplace({left.index(), right.index()});
  if (!is_new) return known->second;
  const SchemaId parts[] = {left, right};
  const SchemaId made = Join(parts);
  pairs_[{left.index(), right.index()}] = made;
  return made;
}

SchemaId SchemaSets::Join(std::span<const SchemaId> parts) {
  if (std::ranges::find(parts, any_) != parts.end()) return any_;
  const SchemaIds all = FindArms(parts);
  if (all.empty()) return nothing_;
  if (all.size() == 1) return all.front();
  SchemaIds arms = JoinListed(all);
  if (arms.size() > kMaxArms) return Widen(arms);
  if (arms.size() == 1) return arms.front();
  Schema schema;
  schema.any_of.assign(arms.begin(), arms.end());
  const SchemaId made = registry_.Derive(schema);
  unions_[made.index()] = std::move(arms);
  return made;
}

SchemaIds SchemaSets::JoinListed(const SchemaIds& arms) {
  std::vector<Value> values;
  SchemaIds others;
  for (const SchemaId arm : arms) {
    const std::span<const Value> listed = ListedValues(Get(arm));
    const bool joins = !listed.empty() && values.size() + listed.size() <= kMaxListed;
    if (joins) {
      values.insert(values.end(), listed.begin(), listed.end());
    } else {
      others.push_back(arm);
    }
  }
  if (!values.empty()) others.push_back(OfValues(WithoutRepeats(std::move(values))));
  return others;
}

SchemaId SchemaSets::OfValues(std::vector<Value> values) {
  if (values.empty()) return nothing_;
  Schema schema;
  if (values.size() == 1) {
    schema.constant = std::move(values.front());
  } else {
    schema.enumeration = std::move(values);
  }
  return registry_.Derive(schema);
}

SchemaId SchemaSets::Widen(const SchemaIds& arms) {
  KindSet kinds = 0;
  for (const SchemaId arm : arms) kinds |= kinds_.Find(arm);
  types::Schema widened = Get(OfKinds(kinds));
  widened.is_estimate = true;
  return registry_.Derive(widened);
}

SchemaId SchemaSets::Meet(SchemaId left, SchemaId right) {
  if (left == right || right == any_) return left;
  if (left == any_) return right;
  if (left == nothing_ || right == nothing_) return nothing_;
  Schema schema;
  schema.all_of = {left, right};
  return registry_.Derive(schema);
}

}  // namespace wfc::expr

// Schemas made of schemas: one value, unions, intersections. Each is interned (Derive), so that the
// same question has the same id. Used where types are made and joined.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "llvm/ADT/DenseMap.h"

#include "ir/expr/schema_kinds.h"

namespace wfc::expr {

class SchemaSets {
 public:
  explicit SchemaSets(const types::SchemaRegistry& registry);

  [[nodiscard]] const types::SchemaRegistry& registry() const { return registry_; }
  [[nodiscard]] SchemaKinds& kinds() { return kinds_; }
  [[nodiscard]] const types::Schema& Get(SchemaId id) const { return registry_.schema(id); }

  /// Of what nothing is known.
  [[nodiscard]] SchemaId any() const { return any_; }
  [[nodiscard]] SchemaId nothing() const { return nothing_; }
  /// What has one of the kinds, which JSON must have: an estimate.
  [[nodiscard]] SchemaId OfKinds(KindSet kinds);
  /// One value, which JSON must have. A value that is very deep or large is known by its kind only.
  [[nodiscard]] SchemaId Only(const Value& value);
  /// One of a few such values.
  [[nodiscard]] SchemaId OfValues(std::vector<Value> values);
  /// What fits one of them. Listed values become one list; past a number of alternatives only the
  /// kinds are kept.
  [[nodiscard]] SchemaId Join(std::span<const SchemaId> parts);
  [[nodiscard]] SchemaId Join(SchemaId left, SchemaId right);
  /// What fits both.
  [[nodiscard]] SchemaId Meet(SchemaId left, SchemaId right);

 private:
  /// Each once; what was made by Join is taken apart.
  [[nodiscard]] SchemaIds FindArms(std::span<const SchemaId> parts) const;
  SchemaIds JoinListed(const SchemaIds& arms);
  SchemaId Widen(const SchemaIds& arms);

  const types::SchemaRegistry& registry_;
  SchemaKinds kinds_;
  SchemaId any_;
  SchemaId nothing_;
  SchemaId null_;  ///< none: not asked for yet
  llvm::DenseMap<uint32_t, SchemaId> of_kinds_;
  llvm::DenseMap<uint32_t, SchemaIds> unions_;  ///< made by Join: their alternatives
  llvm::DenseMap<std::pair<uint32_t, uint32_t>, SchemaId> pairs_;  ///< united before
};

}  // namespace wfc::expr

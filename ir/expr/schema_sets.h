// Schemas derived from others: single values, unions and intersections. Each is interned
// (SchemaRegistry::Derive), so that equal schemas have equal ids. TypeTable makes and joins types
// with it.
#pragma once

#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "llvm/ADT/DenseMap.h"

#include "ir/expr/schema_kinds.h"
#include "ir/value/value.h"

namespace wfc::expr {

/// The derived schemas of one registry, which must outlive the object.
class SchemaSets {
 public:
  explicit SchemaSets(const types::SchemaRegistry& registry);

  [[nodiscard]] const types::SchemaRegistry& registry() const { return registry_; }
  [[nodiscard]] SchemaKinds& kinds() { return kinds_; }
  /// The schema of an id. The reference is valid until the next schema is derived.
  [[nodiscard]] const types::Schema& Get(SchemaId id) const { return registry_.schema(id); }

  /// The schema of a value of which nothing is known: any JSON value, as an estimate.
  [[nodiscard]] SchemaId any() const { return any_; }
  /// The schema that no value fits.
  [[nodiscard]] SchemaId nothing() const { return nothing_; }
  /// The values of the given kinds, as an estimate. The kinds must be within kSchemaKinds.
  [[nodiscard]] SchemaId OfKinds(KindSet kinds);
  /// The single given value, which must be JSON. For a very deep or large value, all values of its
  /// kind.
  [[nodiscard]] SchemaId Only(const Value& value);
  /// The given values, which must be JSON. No value yields nothing().
  [[nodiscard]] SchemaId OfValues(std::vector<Value> values);
  /// The values that fit one of the schemas. Listed values are merged into one list; beyond a
  /// number of alternatives only their kinds are kept, as an estimate.
  [[nodiscard]] SchemaId Join(std::span<const SchemaId> parts);
  [[nodiscard]] SchemaId Join(SchemaId left, SchemaId right);
  /// The values that fit both schemas.
  [[nodiscard]] SchemaId Meet(SchemaId left, SchemaId right);

 private:
  /// The alternatives without repetitions; unions that Join has made are expanded.
  [[nodiscard]] SchemaIds FindArms(std::span<const SchemaId> parts) const;
  SchemaIds JoinListed(const SchemaIds& arms);
  SchemaId Widen(const SchemaIds& arms);

  const types::SchemaRegistry& registry_;
  SchemaKinds kinds_;
  SchemaId any_;
  SchemaId nothing_;
  struct HashOfIdentical {
    size_t operator()(const Value& value) const { return HashIdentical(value); }
  };
  struct AreIdentical {
    bool operator()(const Value& left, const Value& right) const { return Identical(left, right); }
  };
  std::unordered_map<Value, SchemaId, HashOfIdentical, AreIdentical> only_;
  llvm::DenseMap<uint32_t, SchemaId> of_kinds_;
  /// By the id of a union that Join has made: its alternatives.
  llvm::DenseMap<uint32_t, SchemaIds> unions_;
  /// Results of Join for two schemas.
  llvm::DenseMap<std::pair<uint32_t, uint32_t>, SchemaId> pairs_;
};

}  // namespace wfc::expr

// Which kinds of values a schema allows. Used where types are made of schemas (type_table.h).
#pragma once

#include <cstdint>
#include <vector>

#include "llvm/ADT/SmallVector.h"

#include "ir/expr/type.h"
#include "ir/types/registry.h"

namespace wfc::expr {

using SchemaIds = llvm::SmallVector<SchemaId, 4>;

/// All that must hold where `id` does: itself, what it refers to, what stands in its `allOf`. Past
/// a bound the rest is left out, which allows more.
[[nodiscard]] SchemaIds FindConjuncts(const types::SchemaRegistry& registry, SchemaId id);

/// Of values that must be of both sets. An int is a double as well: `integer` within `number` is
/// int.
[[nodiscard]] KindSet MeetKinds(KindSet left, KindSet right);
/// By `type`, `const` and `enum` alone; kJsonKinds: they say nothing.
[[nodiscard]] KindSet KindsOfKeywords(const types::Schema& schema);
/// Kinds of which every value fits by its JSON type: what `not` of the schema takes away
/// altogether.
[[nodiscard]] KindSet FindWholeKinds(const types::SchemaRegistry& registry, SchemaId id);

/// `number` is double, `integer` int, a listed value of its own kind; where nothing is said of
/// types, anything that is read from JSON.
class SchemaKinds {
 public:
  explicit SchemaKinds(const types::SchemaRegistry& registry) : registry_(registry) {}

  [[nodiscard]] KindSet Find(SchemaId id);

 private:
  KindSet Find(SchemaId id, uint32_t depth);
  KindSet WorkOut(SchemaId id, uint32_t depth);
  KindSet FindOfArms(const SchemaIds& arms, uint32_t depth);
  KindSet FindOfCondition(SchemaId id, uint32_t depth);

  const types::SchemaRegistry& registry_;
  std::vector<KindSet> known_;  ///< by schema
};

}  // namespace wfc::expr

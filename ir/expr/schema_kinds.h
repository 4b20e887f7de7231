// The kinds of values that a schema allows. TypeTable makes types of schemas with it.
#pragma once

#include <cstdint>
#include <vector>

#include "llvm/ADT/SmallVector.h"

#include "ir/expr/type.h"
#include "ir/types/registry.h"

namespace wfc::expr {

/// Schemas, most often a few.
using SchemaIds = llvm::SmallVector<SchemaId, 4>;

/// All schemas that a value of `id` must fit: `id` itself, what it refers to, and the members of
/// `allOf`, transitively. Beyond a limit the rest is left out, so the result may allow more than
/// the schema.
[[nodiscard]] SchemaIds FindConjuncts(const types::SchemaRegistry& registry, SchemaId id);

/// The kinds of values that are of both sets. An int counts as a double as well, so `integer`
/// within `number` is int. kJsonKinds means "no restriction" and yields the other set.
[[nodiscard]] KindSet MeetKinds(KindSet left, KindSet right);
/// The kinds that `type`, `const` and `enum` of the schema alone allow; kJsonKinds if they do not
/// restrict it.
[[nodiscard]] KindSet KindsOfKeywords(const types::Schema& schema);
/// The kinds of which every value fits the schema by its JSON type alone. These are the kinds that
/// `not` of the schema excludes completely.
[[nodiscard]] KindSet FindWholeKinds(const types::SchemaRegistry& registry, SchemaId id);

/// The kinds that schemas allow, remembered per schema. `number` is double, `integer` is int, and a
/// listed value has its own kind. A schema that does not restrict types allows kJsonKinds.
class SchemaKinds {
 public:
  explicit SchemaKinds(const types::SchemaRegistry& registry) : registry_(registry) {}

  /// The kinds of values that may fit the schema; a superset of those that do.
  [[nodiscard]] KindSet Find(SchemaId id);

 private:
  KindSet Find(SchemaId id, uint32_t depth);
  KindSet WorkOut(SchemaId id, uint32_t depth);
  KindSet FindOfArms(const SchemaIds& arms, uint32_t depth);
  KindSet FindOfCondition(SchemaId id, uint32_t depth);

  const types::SchemaRegistry& registry_;
  std::vector<KindSet> known_;  ///< by schema index
};

}  // namespace wfc::expr

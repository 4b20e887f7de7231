// Which kinds of values a schema not only allows but has. Used where an operation is judged by each
// kind that its operand can be of.
#pragma once

#include <vector>

#include "ir/expr/schema_kinds.h"

namespace wfc::expr {

/// Of what a schema does not speak of nothing is sure: `{}` is any JSON value, and none for
/// certain.
class SureKinds {
 public:
  explicit SureKinds(const types::SchemaRegistry& registry) : registry_(registry) {}

  /// Kinds of which some value fits. Of a schema with keywords that take values away (`not`, `if`,
  /// `oneOf`, `allOf`) only those are sure for which the prover finds a value.
  [[nodiscard]] KindSet Find(SchemaId id);

 private:
  /// Nothing is said of kinds.
  static constexpr KindSet kUnsaid = 0;

  KindSet FindSaid(SchemaId id, uint32_t depth);
  KindSet FindOfArms(const SchemaIds& arms, uint32_t depth);
  KindSet FindOfCondition(SchemaId id, uint32_t depth);
  [[nodiscard]] bool IsPlain(SchemaId id, uint32_t depth) const;
  [[nodiscard]] bool Occurs(SchemaId id, Kind kind) const;

  const types::SchemaRegistry& registry_;
  std::vector<KindSet> known_;  ///< by schema
  uint32_t visits_left_ = 0;
};

/// The JSON types that a kind's values are written as; 0: JSON has none.
[[nodiscard]] types::TypeMask FindTypes(KindSet kinds);

}  // namespace wfc::expr

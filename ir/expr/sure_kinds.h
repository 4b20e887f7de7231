// The kinds of values that certainly occur among the values of a schema. Inference checks an
// operation against each of these kinds of its operand.
#pragma once

#include <vector>

#include "ir/expr/schema_kinds.h"

namespace wfc::expr {

/// Certain kinds, remembered per schema. Where a schema says nothing, nothing is certain: `{}`
/// allows every JSON value and guarantees none.
class SureKinds {
 public:
  explicit SureKinds(const types::SchemaRegistry& registry) : registry_(registry) {}

  /// The kinds of which some value fits. If the schema has keywords that exclude values (`not`,
  /// `if`, `oneOf`, `allOf`), a kind counts only if the prover finds a value of it.
  [[nodiscard]] KindSet Find(SchemaId id);

 private:
  /// The schema says nothing about kinds.
  static constexpr KindSet kUnsaid = 0;

  KindSet FindSaid(SchemaId id, uint32_t depth);
  KindSet FindOfArms(const SchemaIds& arms, uint32_t depth);
  KindSet FindOfCondition(SchemaId id, uint32_t depth);
  [[nodiscard]] bool IsPlain(SchemaId id, uint32_t depth) const;
  [[nodiscard]] bool Occurs(SchemaId id, Kind kind) const;

  const types::SchemaRegistry& registry_;
  std::vector<KindSet> known_;  ///< by schema index
  uint32_t visits_left_ = 0;
};

/// The JSON types that values of these kinds are written as; 0 if JSON has none.
[[nodiscard]] types::TypeMask FindTypes(KindSet kinds);

}  // namespace wfc::expr

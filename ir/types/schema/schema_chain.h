// A schema and all that must hold with it.
#pragma once

#include "llvm/ADT/SmallVector.h"

#include "ir/types/schema/schema.h"

namespace wfc::types {

/// Chains of references that are followed; longer ones count as unknown.
inline constexpr uint32_t kMaxHops = 1000;

/// Calls `visit` with `id` and with all that must hold with it (`$ref`, `allOf`), until it says
/// true; whether it did.
template <class Visit>
bool AnyOfChain(const SchemaStore& schemas, SchemaId id, Visit visit) {
  llvm::SmallVector<SchemaId, 8> chain = {id};
  for (size_t hops = 0; hops < chain.size() && hops < kMaxHops; ++hops) {
    if (!chain[hops].has_value()) continue;
    const Schema& schema = schemas[chain[hops]];
    if (visit(schema)) return true;
    chain.push_back(schema.reference);
    chain.append(schema.all_of.begin(), schema.all_of.end());
  }
  return false;
}

/// The types that all of them allow.
[[nodiscard]] inline TypeMask TypesOfChain(const SchemaStore& schemas, SchemaId id) {
  TypeMask types = kAllTypes;
  AnyOfChain(schemas, id, [&](const Schema& each) {
    types &= each.types;
    return false;
  });
  return types;
}

}  // namespace wfc::types

// Walks a schema and all schemas that must hold together with it.
#pragma once

#include "llvm/ADT/SmallVector.h"

#include "ir/types/schema/schema.h"

namespace wfc::types {

/// The most references that one walk follows; whatever lies beyond counts as unknown.
inline constexpr uint32_t kMaxHops = 1000;

/// Calls `visit` with the schema `id` and with every schema that must hold with it (`$ref`,
/// `allOf`), until a call returns true. Returns whether one did.
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

/// The types that all schemas of the chain allow.
[[nodiscard]] inline TypeMask TypesOfChain(const SchemaStore& schemas, SchemaId id) {
  TypeMask types = kAllTypes;
  AnyOfChain(schemas, id, [&](const Schema& each) {
    types &= each.types;
    return false;
  });
  return types;
}

}  // namespace wfc::types

// Small changes to schemas that keep what else they state: parts are replaced, fields added.
// Narrowing makes its results with them.
#pragma once

#include <string>

#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/expr/schema_sets.h"

namespace wfc::expr {

/// Whether the schema has a reference, alternatives or conjuncts.
[[nodiscard]] bool HasParts(const types::Schema& schema);
/// Removes them.
void ClearParts(types::Schema& schema);
/// Whether the schema states nothing but what `clear` removes. `clear` never removes properties.
[[nodiscard]] bool StatesOnly(const types::Schema& schema, void (*clear)(types::Schema&));

/// Applies `replace` to the schema's reference and to the members of its `allOf`, `anyOf` and
/// `oneOf`; the result is `nothing` if no value is left. For each alternative of `oneOf`, `replace`
/// must keep all of the values that it keeps of any, so that a value that is kept fits exactly one
/// alternative before and after.
[[nodiscard]] SchemaId ReplaceParts(SchemaSets& sets, SchemaId id,
                                    llvm::function_ref<SchemaId(SchemaId)> replace);
/// The schema, or a simpler one with the same values: the part of which it consists, or the union
/// of its `anyOf`.
[[nodiscard]] SchemaId Simplify(SchemaSets& sets, const types::Schema& schema);

/// A schema with the values of `id` that more can be added to.
[[nodiscard]] types::Schema MakeExtensible(const SchemaSets& sets, SchemaId id);
/// Sets the schema of a field in `properties`, which are sorted by name.
void SetProperty(types::Schema& schema, const std::string& name, SchemaId part);
/// Adds the field to `required`, which is sorted, unless it is in it.
void Require(types::Schema& schema, const std::string& name);

}  // namespace wfc::expr

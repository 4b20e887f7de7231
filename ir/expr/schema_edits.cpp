#include "ir/expr/schema_edits.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "ir/types/schema/derive.h"

namespace wfc::expr {

using types::Schema;

namespace {

/// Up to this many alternatives are joined anew, which merges their listed values; more stay
/// separate.
constexpr size_t kMaxUnited = 16;
/// A schema with more properties is not copied to add to one of them. Two conditions about one of
/// its fields are then kept side by side instead of being merged.
constexpr size_t kMaxCopied = 512;

}  // namespace

bool HasParts(const Schema& schema) {
  return !schema.all_of.empty() || !schema.any_of.empty() || !schema.one_of.empty() ||
         schema.reference.has_value();
}

void ClearParts(Schema& schema) {
  for (std::vector<SchemaId> Schema::* parts :
       {&Schema::all_of, &Schema::any_of, &Schema::one_of}) {
    (schema.*parts).clear();
  }
  schema.reference = {};
}

bool StatesOnly(const Schema& schema, void (*clear)(Schema&)) {
  if (!schema.properties.empty()) return false;  // there may be many of them, so no copy is made
  Schema cleared = schema;
  clear(cleared);
  cleared.default_value.reset();
  return types::IsBlank(cleared);
}

SchemaId ReplaceParts(SchemaSets& sets, SchemaId id,
                      llvm::function_ref<SchemaId(SchemaId)> replace) {
  if (!HasParts(sets.Get(id))) return id;
  Schema schema = sets.Get(id);
  bool is_same = true;
  const auto apply = [&](SchemaId& part) {
    const SchemaId left = replace(part);
    is_same &= left == part;
    part = left;
  };
  const auto is_nothing = [&](SchemaId part) { return part == sets.nothing(); };
  std::ranges::for_each(schema.all_of, apply);
  if (schema.reference.has_value()) apply(schema.reference);
  bool is_empty = std::ranges::any_of(schema.all_of, is_nothing) || is_nothing(schema.reference);
  for (std::vector<SchemaId>* arms : {&schema.any_of, &schema.one_of}) {
    if (arms->empty()) continue;
    std::ranges::for_each(*arms, apply);
    std::erase_if(*arms, is_nothing);
    is_empty |= arms->empty();
  }
  if (is_empty) return sets.nothing();
  return is_same ? id : Simplify(sets, schema);
}

SchemaId Simplify(SchemaSets& sets, const Schema& schema) {
  const size_t count =
      schema.all_of.size() + schema.one_of.size() + (schema.reference.has_value() ? 1 : 0);
  const bool is_union = count == 0 && !schema.any_of.empty();
  const bool is_one = count == 1 && schema.any_of.empty();
  if ((!is_union && !is_one) || !StatesOnly(schema, ClearParts)) {
    return sets.registry().Derive(schema);
  }
  if (is_union && schema.any_of.size() <= kMaxUnited) return sets.Join(schema.any_of);
  if (is_union) return sets.registry().Derive(schema);
  if (schema.reference.has_value()) return schema.reference;
  return schema.all_of.empty() ? schema.one_of.front() : schema.all_of.front();
}

Schema MakeExtensible(const SchemaSets& sets, SchemaId id) {
  if (sets.Get(id).properties.size() <= kMaxCopied) return sets.Get(id);
  Schema schema;
  schema.all_of = {id};
  schema.is_estimate = sets.Get(id).is_estimate;
  schema.is_loose = sets.Get(id).is_loose;
  return schema;
}

void SetProperty(Schema& schema, const std::string& name, SchemaId part) {
  const auto at = std::ranges::lower_bound(schema.properties, name, {},
                                           &std::pair<std::string, SchemaId>::first);
  if (at != schema.properties.end() && at->first == name) {
    at->second = part;
  } else {
    schema.properties.insert(at, {name, part});
  }
}

void Require(Schema& schema, const std::string& name) {
  if (schema.Requires(name)) return;
  schema.required.insert(std::ranges::lower_bound(schema.required, name), name);
}

}  // namespace wfc::expr

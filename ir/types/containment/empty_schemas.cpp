#include "ir/types/containment/empty_schemas.h"

#include <algorithm>
#include <utility>

#include "ir/types/schema/satisfiable.h"
#include "ir/types/vm/describe.h"

namespace wfc::types {
namespace {

/// The deepest nesting of references and parts that is examined; deeper schemas count as not empty.
constexpr uint32_t kMaxDepth = 2000;

/// Whether the schema has keywords besides `$ref` and `anyOf`.
bool HasOwnWords(const Schema& schema) {
  return schema.types != kAllTypes || schema.constant || schema.enumeration || schema.minimum ||
         schema.maximum || schema.exclusive_minimum || schema.exclusive_maximum ||
         schema.min_length > 0 || schema.max_length || schema.pattern || schema.format ||
         schema.min_items > 0 || schema.max_items || !schema.prefix_items.empty() ||
         schema.items.has_value() || schema.min_properties > 0 || schema.max_properties ||
         !schema.required.empty() || !schema.properties.empty() ||
         schema.other_properties.has_value();
}

bool LimitsTexts(const Schema& schema) {
  return schema.min_length > 0 || schema.max_length || schema.format || schema.enumeration ||
         schema.constant;
}

/// Whether the keywords can contradict each other in ways that FindContradiction does not detect.
bool NeedsProof(const Schema& schema) {
  const bool combines =
      !schema.all_of.empty() || !schema.one_of.empty() || schema.negated.has_value() ||
      schema.condition.has_value() || schema.contains.has_value() ||
      schema.property_names.has_value() || !schema.dependent_required.empty() ||
      !schema.dependent_schemas.empty() || !schema.pattern_properties.empty() ||
      schema.unevaluated_items.has_value() || schema.unevaluated_properties.has_value() ||
      schema.multiple_of || schema.has_unique_items || schema.dynamic_reference.has_value();
  const bool has_listed_parts = (schema.enumeration || schema.constant) &&
                                (!schema.properties.empty() || !schema.required.empty() ||
                                 schema.items.has_value() || !schema.prefix_items.empty());
  const bool meets_others = schema.reference.has_value() || !schema.any_of.empty();
  const bool meets_twice = schema.reference.has_value() && !schema.any_of.empty();
  return combines || has_listed_parts || meets_twice || (meets_others && HasOwnWords(schema)) ||
         (schema.pattern && LimitsTexts(schema)) || schema.format;
}

/// The end, exclusive, of the sibling before the part at `at`: everything between is part of that
/// part.
size_t PartBefore(std::span<const WrittenSchema> parts, size_t at) {
  return parts[at].first;
}

}  // namespace

bool EmptySchemas::IsProvedEmpty(SchemaId id) {
  return prover_.FindContainment(id, nothing_).verdict == Containment::Yes;
}

bool EmptySchemas::IsEmpty(SchemaId id, uint32_t depth) {
  if (answers_.size() < schemas_.size()) answers_.resize(schemas_.size(), Answer::Unknown);
  if (answers_[id.index()] == Answer::Open) return IsProvedEmpty(id);
  if (depth > kMaxDepth) return false;
  if (answers_[id.index()] == Answer::Unknown) {
    answers_[id.index()] = Answer::Open;
    const bool is_empty = AreNeededPartsEmpty(id, depth);
    answers_[id.index()] = is_empty ? Answer::Empty : Answer::NotEmpty;
  }
  return answers_[id.index()] == Answer::Empty;
}

bool EmptySchemas::AreNeededPartsEmpty(SchemaId id, uint32_t depth) {
  const Schema& schema = schemas_[id];
  if (schema.is_false || FindContradiction(schemas_, schema)) return true;
  if (NeedsProof(schema)) return IsProvedEmpty(id);
  const auto is_empty = [&](SchemaId part) { return part.has_value() && IsEmpty(part, depth + 1); };
  if (is_empty(schema.reference)) return true;
  if (!schema.any_of.empty()) return std::ranges::all_of(schema.any_of, is_empty);
  if (schema.types == Bit(TypeBit::Object)) {
    return std::ranges::any_of(schema.required, [&](const std::string& name) {
      const SchemaId* property = schema.FindProperty(name);
      return is_empty(property != nullptr ? *property : schema.OfOtherProperties());
    });
  }
  if (schema.types != Bit(TypeBit::Array)) return false;
  const size_t needed = std::min<size_t>(schema.min_items, schema.prefix_items.size());
  return std::any_of(schema.prefix_items.begin(),
                     schema.prefix_items.begin() + static_cast<ptrdiff_t>(needed), is_empty) ||
         (schema.min_items > schema.prefix_items.size() && is_empty(schema.items));
}

bool EmptySchemas::IsMeant(SchemaId id) const {
  const Schema& schema = schemas_[id];
  if (schema.is_false) return true;
  const bool is_negation =
      schema.expanded.kind() == Kind::Map && schema.expanded.entries().size() == 1;
  return is_negation && schema.negated.has_value() && SaysNothing(schemas_[schema.negated]);
}

/// Whether the schema is only another name of an empty schema, or refers to an empty schema that
/// has a name.
bool EmptySchemas::IsEmptyElsewhere(SchemaId id) {
  const auto is_named_and_empty = [&](SchemaId part) {
    return part.has_value() && part != root_ && !schemas_[part].name.empty() && IsEmpty(part);
  };
  const Schema& schema = schemas_[id];
  return is_named_and_empty(schema.reference) ||
         (schema.reference.has_value() && schema.reference != root_ && !HasOwnWords(schema) &&
          IsEmpty(schema.reference)) ||
         std::ranges::any_of(schema.all_of, is_named_and_empty);
}

void EmptySchemas::Report(std::span<const WrittenSchema> parts, size_t at, bool leaves_nothing,
                          std::vector<SchemaError>& errors) {
  const WrittenSchema& part = parts[at];
  const bool is_empty = IsEmpty(part.id);
  if (is_empty && IsMeant(part.id)) return;
  const bool hands_on = is_empty && leaves_nothing;
  bool has_empty_part = false;
  for (size_t end = at; end > part.first; end = PartBefore(parts, end - 1)) {
    const SchemaId inner = parts[end - 1].id;
    has_empty_part |= IsEmpty(inner) && !IsMeant(inner);
    Report(parts, end - 1, hands_on, errors);
  }
  if (!is_empty || has_empty_part || IsEmptyElsewhere(part.id)) return;
  const bool is_endless = schemas_[part.id].reference == root_ && !HasOwnWords(schemas_[part.id]);
  const Contradiction found =
      is_endless ? Contradiction{"",
                                 "nothing satisfies this: a value would have to hold another "
                                 "one like it, without end"}
                 : ExplainEmptiness(schemas_, part.id);
  std::string pointer = part.pointer;
  if (!part.is_short_form && !found.keyword.empty()) AppendPointer(pointer, found.keyword);
  errors.push_back({.kind = SchemaError::Kind::Empty,
                    .pointer = std::move(pointer),
                    .message = found.message,
                    .suggestion = "",
                    .severity = leaves_nothing ? diag::Severity::Error : diag::Severity::Warning});
}

std::vector<SchemaError> EmptySchemas::FindErrors(std::span<const WrittenSchema> parts) {
  std::vector<SchemaError> errors;
  if (!parts.empty()) root_ = parts.back().id;
  if (!parts.empty()) Report(parts, parts.size() - 1, true, errors);
  std::ranges::reverse(errors);
  return errors;
}

}  // namespace wfc::types

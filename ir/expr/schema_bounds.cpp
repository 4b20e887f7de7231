#include "ir/expr/schema_bounds.h"

#include <algorithm>

namespace wfc::expr {
namespace {

using types::Bit;
using types::Schema;
using types::TypeBit;

/// Whether no number lies within the bounds.
bool HasNoNumbers(const Schema& schema) {
  const auto excludes = [](const std::optional<Value>& lower, const std::optional<Value>& upper,
                           bool has_both_ends) {
    if (!lower || !upper) return false;
    const auto order = Compare(*lower, *upper);
    return order && (*order > 0 || (*order == 0 && !has_both_ends));
  };
  return excludes(schema.minimum, schema.maximum, true) ||
         excludes(schema.exclusive_minimum, schema.maximum, false) ||
         excludes(schema.minimum, schema.exclusive_maximum, false) ||
         excludes(schema.exclusive_minimum, schema.exclusive_maximum, false);
}

}  // namespace

void ClearBounds(Schema& schema) {
  schema.types = types::kAllTypes;
  for (std::optional<Value> Schema::* bound :
       {&Schema::minimum, &Schema::maximum, &Schema::exclusive_minimum,
        &Schema::exclusive_maximum}) {
    (schema.*bound).reset();
  }
  for (uint32_t Schema::* least :
       {&Schema::min_length, &Schema::min_items, &Schema::min_properties}) {
    schema.*least = 0;
  }
  for (std::optional<uint32_t> Schema::* most :
       {&Schema::max_length, &Schema::max_items, &Schema::max_properties}) {
    (schema.*most).reset();
  }
}

void AddBounds(const Schema& more, Schema& schema) {
  schema.types &= more.types;
  const auto tighten = [&](std::optional<Value> Schema::* bound, bool is_lower) {
    if (!(more.*bound)) return;
    const auto order = schema.*bound ? Compare(*(schema.*bound), *(more.*bound)) : std::nullopt;
    const bool is_kept = order && (is_lower ? *order >= 0 : *order <= 0);
    if (!is_kept) schema.*bound = more.*bound;
  };
  tighten(&Schema::minimum, true);
  tighten(&Schema::exclusive_minimum, true);
  tighten(&Schema::maximum, false);
  tighten(&Schema::exclusive_maximum, false);
  for (uint32_t Schema::* least :
       {&Schema::min_length, &Schema::min_items, &Schema::min_properties}) {
    schema.*least = std::max(schema.*least, more.*least);
  }
  for (std::optional<uint32_t> Schema::* most :
       {&Schema::max_length, &Schema::max_items, &Schema::max_properties}) {
    if (more.*most) schema.*most = std::min((schema.*most).value_or(*(more.*most)), *(more.*most));
  }
}

void DropEmptyTypes(Schema& schema) {
  const auto is_empty = [](uint32_t least, const std::optional<uint32_t>& most) {
    return most && *most < least;
  };
  if (HasNoNumbers(schema)) schema.types &= ~types::kNumberTypes;
  if (is_empty(schema.min_length, schema.max_length)) schema.types &= ~Bit(TypeBit::String);
  if (is_empty(schema.min_items, schema.max_items)) schema.types &= ~Bit(TypeBit::Array);
  if (is_empty(schema.min_properties, schema.max_properties)) {
    schema.types &= ~Bit(TypeBit::Object);
  }
}

}  // namespace wfc::expr

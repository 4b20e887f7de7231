#include "ir/types/schema/satisfiable.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "ir/base/utf8.h"
#include "ir/support/suggest.h"
#include "ir/types/vm/describe.h"

namespace wfc::types {
namespace {

using Found = std::optional<Contradiction>;

/// Whether no number lies between a lower and an upper bound.
bool ExcludesAll(const std::optional<Value>& low, const std::optional<Value>& high, bool is_open) {
  if (!low || !high) return false;
  const auto order = Compare(*low, *high);
  return order && (*order > 0 || (is_open && *order == 0));
}

Found InNumbers(const Schema& schema) {
  const auto make = [](std::string_view keyword, const Value& low, std::string_view other,
                       const Value& high) {
    return Contradiction{
        keyword, fmt::format("nothing satisfies this: `{}` {} leaves no number with `{}` {}",
                             keyword, DescribeValue(low), other, DescribeValue(high))};
  };
  if (ExcludesAll(schema.minimum, schema.maximum, false)) {
    return make("minimum", *schema.minimum, "maximum", *schema.maximum);
  }
  if (ExcludesAll(schema.exclusive_minimum, schema.maximum, true)) {
    return make("exclusiveMinimum", *schema.exclusive_minimum, "maximum", *schema.maximum);
  }
  if (ExcludesAll(schema.minimum, schema.exclusive_maximum, true)) {
    return make("exclusiveMaximum", *schema.exclusive_maximum, "minimum", *schema.minimum);
  }
  if (ExcludesAll(schema.exclusive_minimum, schema.exclusive_maximum, true)) {
    return make("exclusiveMinimum", *schema.exclusive_minimum, "exclusiveMaximum",
                *schema.exclusive_maximum);
  }
  return std::nullopt;
}

Found InCounts(std::string_view keyword, uint32_t least, std::string_view other,
               const std::optional<uint32_t>& most) {
  if (!most || least <= *most) return std::nullopt;
  return Contradiction{keyword, fmt::format("nothing satisfies this: `{}` {} is more than `{}` {}",
                                            keyword, least, other, *most)};
}

bool IsFalse(const SchemaStore& schemas, SchemaId id) {
  return id.has_value() && schemas[id].is_false;
}

Found InObjects(const SchemaStore& schemas, const Schema& schema) {
  if (Found counts = InCounts("minProperties", schema.min_properties, "maxProperties",
                              schema.max_properties)) {
    return counts;
  }
  if (schema.max_properties && schema.required.size() > *schema.max_properties) {
    return Contradiction{"required",
                         fmt::format("nothing satisfies this: {} are required, and "
                                     "`maxProperties` is {}",
                                     Count(schema.required.size(), "property", "properties"),
                                     *schema.max_properties)};
  }
  for (const std::string& name : schema.required) {
    const SchemaId* property = schema.FindProperty(name);
    if (!IsFalse(schemas, property != nullptr ? *property : schema.OfOtherProperties())) continue;
    Suggester suggester(name);
    for (const auto& [known, unused] : schema.properties) {
      const bool is_required = std::ranges::find(schema.required, known) != schema.required.end();
      if (!is_required) suggester.Consider(known);
    }
    return Contradiction{
        "required", fmt::format("nothing satisfies this: `{}` is required, and not allowed{}", name,
                                suggester.Phrase())};
  }
  const bool is_closed = IsFalse(schemas, schema.OfOtherProperties());
  if (is_closed && schema.min_properties > schema.properties.size()) {
    return Contradiction{
        "minProperties",
        fmt::format("nothing satisfies this: `minProperties` is {}, and only {} are allowed",
                    schema.min_properties, schema.properties.size())};
  }
  return std::nullopt;
}

Found InLists(const SchemaStore& schemas, const Schema& schema) {
  if (Found counts = InCounts("minItems", schema.min_items, "maxItems", schema.max_items)) {
    return counts;
  }
  for (size_t i = 0; i < schema.prefix_items.size() && i < schema.min_items; ++i) {
    if (!IsFalse(schemas, schema.prefix_items[i])) continue;
    return Contradiction{"minItems", fmt::format("nothing satisfies this: item {} must be there, "
                                                 "and is not allowed",
                                                 i)};
  }
  if (schema.min_items > schema.prefix_items.size() && IsFalse(schemas, schema.items)) {
    return Contradiction{
        "minItems", fmt::format("nothing satisfies this: `minItems` is {}, and only {} are allowed",
                                schema.min_items, schema.prefix_items.size())};
  }
  return std::nullopt;
}

bool IsWithin(const Value& number, const Schema& schema) {
  const auto holds = [&](const std::optional<Value>& bound, auto test) {
    if (!bound) return true;
    const auto order = Compare(number, *bound);
    return !order || test(*order);
  };
  return holds(schema.minimum, [](auto order) { return order >= 0; }) &&
         holds(schema.maximum, [](auto order) { return order <= 0; }) &&
         holds(schema.exclusive_minimum, [](auto order) { return order > 0; }) &&
         holds(schema.exclusive_maximum, [](auto order) { return order < 0; });
}

/// Whether the schema's own type, bounds and lengths certainly reject `value`.
bool Rejects(const Schema& schema, const Value& value) {
  const TypeMask type = TypeOf(value);
  if ((schema.types & type) == 0) return true;
  if ((type & kNumberTypes) != 0) return !IsWithin(value, schema);
  if (!value.is_string()) return false;
  const size_t length = CountCodePoints(value.AsString());
  return length < schema.min_length || (schema.max_length && length > *schema.max_length);
}

Found InListedValues(const Schema& schema) {
  if (schema.constant && Rejects(schema, *schema.constant)) {
    return Contradiction{"const", fmt::format("nothing satisfies this: the rest of the schema "
                                              "rejects {}",
                                              DescribeValue(*schema.constant))};
  }
  if (!schema.enumeration) return std::nullopt;
  if (schema.enumeration->empty()) {
    return Contradiction{"enum", "nothing satisfies this: `enum` lists no value"};
  }
  const auto is_rejected = [&](const Value& value) {
    return Rejects(schema, value) || (schema.constant && *schema.constant != value);
  };
  if (!std::ranges::all_of(*schema.enumeration, is_rejected)) return std::nullopt;
  return Contradiction{"enum",
                       "nothing satisfies this: the rest of the schema rejects every "
                       "value of `enum`"};
}

}  // namespace

Found FindContradiction(const SchemaStore& schemas, const Schema& schema) {
  if (schema.is_false) return std::nullopt;
  if (Found listed = InListedValues(schema)) return listed;
  const std::pair<TypeMask, Found> judged[] = {
      {kNumberTypes, InNumbers(schema)},
      {Bit(TypeBit::String),
       InCounts("minLength", schema.min_length, "maxLength", schema.max_length)},
      {Bit(TypeBit::Array), InLists(schemas, schema)},
      {Bit(TypeBit::Object), InObjects(schemas, schema)},
  };
  TypeMask possible = schema.types;
  Found first;
  for (const auto& [types, found] : judged) {
    if (!found || (possible & types) == 0) continue;
    possible &= static_cast<TypeMask>(~types);
    if (!first) first = found;
  }
  return possible == 0 ? first : std::nullopt;
}

}  // namespace wfc::types

// A schema, parsed: one node a schema or subschema. What the registry holds, and what the compiler
// of validator programs and the search for instances read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/support/store.h"
#include "ir/types/schema/ids.h"
#include "ir/types/vm/formats.h"
#include "ir/types/vm/schema_code.h"
#include "ir/value/value.h"

namespace wfc::types {

/// A pattern as it was written, and as RE2 reads it.
struct SchemaPattern {
  std::string source;
  std::string re2;
};

/// `false` when `is_false`; else the keywords that stand in it, all of which must hold. An empty
/// one is `true`.
struct Schema {
  bool is_false = false;
  TypeMask types = kAllTypes;
  std::optional<Value> constant;
  std::optional<std::vector<Value>> enumeration;
  std::optional<Value> minimum;
  std::optional<Value> maximum;
  std::optional<Value> exclusive_minimum;
  std::optional<Value> exclusive_maximum;
  std::optional<Value> multiple_of;
  uint32_t min_length = 0;
  std::optional<uint32_t> max_length;
  std::optional<SchemaPattern> pattern;
  std::optional<Format> format;  ///< where formats are asserted
  uint32_t min_items = 0;
  std::optional<uint32_t> max_items;
  bool has_unique_items = false;
  std::vector<SchemaId> prefix_items;
  SchemaId items;
  uint32_t min_properties = 0;
  std::optional<uint32_t> max_properties;
  std::vector<std::string> required;                         ///< sorted
  std::vector<std::pair<std::string, SchemaId>> properties;  ///< sorted by name
  SchemaId other_properties;                                 ///< `additionalProperties`
  std::vector<SchemaId> any_of;
  std::vector<SchemaId> all_of;
  std::vector<SchemaId> one_of;
  SchemaId negated;      ///< `not`
  SchemaId condition;    ///< `if`; none: `then` and `else` say nothing
  SchemaId consequence;  ///< `then`
  SchemaId alternative;  ///< `else`
  SchemaId contains;
  uint32_t min_contains = 1;  ///< speaks with `contains` alone, as `max_contains` does
  std::optional<uint32_t> max_contains;
  std::vector<std::pair<SchemaPattern, SchemaId>> pattern_properties;  ///< sorted by source
  SchemaId property_names;
  std::vector<std::pair<std::string, std::vector<std::string>>> dependent_required;  ///< sorted
  std::vector<std::pair<std::string, SchemaId>> dependent_schemas;  ///< sorted by name
  SchemaId unevaluated_items;
  SchemaId unevaluated_properties;
  SchemaId reference;
  SchemaId dynamic_reference;  ///< where `$dynamicRef` leads when nothing else is in scope
  std::string
      dynamic_anchor;  ///< of it, looked for in the dynamic scope; "": no other can be meant
  std::optional<Value> default_value;
  /// Derived, an upper bound: that a value fits does not mean that it can occur. Its types,
  /// `maxLength` and `maxItems` can be met all the same; nothing else follows from what it leaves
  /// out.
  bool is_estimate = false;

  std::string name;               ///< of a declared schema; else ""
  Value expanded;                 ///< in full form
  SchemaId document;              ///< the schema that it was written in
  uint32_t resource = 0;          ///< in SchemaTables::resources
  std::string reference_pointer;  ///< where `$ref` stands in the source

  [[nodiscard]] const SchemaId* FindProperty(std::string_view property) const;
  /// Of every property that `properties` does not name; none also where patterns may speak of it.
  [[nodiscard]] SchemaId OfOtherProperties() const {
    return pattern_properties.empty() ? other_properties : SchemaId();
  }
  [[nodiscard]] bool Requires(std::string_view property) const;
};

using SchemaStore = Store<SchemaId, Schema>;

/// A document, or a part of one with an `$id` of its own.
struct SchemaResource {
  std::vector<std::pair<std::string, SchemaId>> dynamic_anchors;  ///< sorted by name
};

}  // namespace wfc::types

// A parsed schema: one node per schema or subschema. The registry holds them; the compiler of
// validator programs, the containment search and the search for instances read them.
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

/// A regular expression as written in the schema, and its equivalent in RE2's syntax.
struct SchemaPattern {
  std::string source;
  std::string re2;
};

/// A schema: it rejects everything if `is_false`; otherwise all of its keywords must hold. A schema
/// without keywords is `true`.
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
  std::optional<Format> format;  ///< only where the project asserts formats
  uint32_t min_items = 0;
  std::optional<uint32_t> max_items;
  bool has_unique_items = false;
  std::vector<SchemaId> prefix_items;
  SchemaId items;
  uint32_t min_properties = 0;
  std::optional<uint32_t> max_properties;
  std::vector<std::string> required;                         ///< sorted
  std::vector<std::pair<std::string, SchemaId>> properties;  ///< sorted by name
  /// The schema of `additionalProperties`.
  SchemaId other_properties;
  std::vector<SchemaId> any_of;
  std::vector<SchemaId> all_of;
  std::vector<SchemaId> one_of;
  SchemaId negated;      ///< `not`
  SchemaId condition;    ///< `if`; without it, `then` and `else` have no effect
  SchemaId consequence;  ///< `then`
  SchemaId alternative;  ///< `else`
  SchemaId contains;
  /// `min_contains` and `max_contains` have an effect only together with `contains`.
  uint32_t min_contains = 1;
  std::optional<uint32_t> max_contains;
  std::vector<std::pair<SchemaPattern, SchemaId>> pattern_properties;  ///< sorted by source
  SchemaId property_names;
  std::vector<std::pair<std::string, std::vector<std::string>>> dependent_required;  ///< sorted
  std::vector<std::pair<std::string, SchemaId>> dependent_schemas;  ///< sorted by name
  SchemaId unevaluated_items;
  SchemaId unevaluated_properties;
  SchemaId reference;
  SchemaId dynamic_reference;  ///< the target of `$dynamicRef` when the dynamic scope has no other
  /// The anchor of `$dynamicRef` that is looked up in the dynamic scope; "" means that it is not.
  std::string dynamic_anchor;
  std::optional<Value> default_value;
  /// Whether the schema is a derived upper bound: every value that can occur fits it, but a value
  /// that fits need not be able to occur. Only its types, `maxLength` and `maxItems` are known to
  /// be tight, so no error may be derived from any other value that it admits.
  bool is_estimate = false;
  /// Of an estimate: whether not even those are tight, as after a condition that inference does
  /// not understand.
  bool is_loose = false;

  std::string name;  ///< the name of a declared schema; otherwise ""
  /// Whether the schema was put together by the compiler; no manifest writes it.
  bool is_derived = false;
  /// The full form, without short forms; null when it has not been written yet.
  Value expanded;
  SchemaId document;              ///< the root schema of the document that it was written in
  uint32_t resource = 0;          ///< index into SchemaTables::resources
  std::string reference_pointer;  ///< JSON pointer to `$ref` in the source

  /// The schema of a property that `properties` names; null when it names no such property.
  [[nodiscard]] const SchemaId* FindProperty(std::string_view property) const;
  /// The schema of every property that `properties` does not name. An id without a value when there
  /// is none, or when `patternProperties` may apply.
  [[nodiscard]] SchemaId OfOtherProperties() const {
    return pattern_properties.empty() ? other_properties : SchemaId();
  }
  /// Whether `required` lists the property.
  [[nodiscard]] bool Requires(std::string_view property) const;
};

/// All schemas of a project, including subschemas and derived ones.
using SchemaStore = Store<SchemaId, Schema>;

/// A schema document, or a part of one that has its own `$id`.
struct SchemaResource {
  std::vector<std::pair<std::string, SchemaId>> dynamic_anchors;  ///< sorted by name
};

}  // namespace wfc::types

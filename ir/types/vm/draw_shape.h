// Shape: what several schemas together ask of one value, as far as a draw heeds it. Private to the
// drawer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ir/types/vm/choices.h"
#include "ir/types/vm/schema_code.h"
#include "ir/types/vm/validator.h"

namespace wfc::types {

/// Targets and constants are as schema_code.h has them.
struct Shape {
  /// Properties or PatternProperties of one schema.
  struct PropertyRule {
    uint32_t other = kNoTarget;
    std::span<const uint32_t> patterns;  ///< (pattern, target)…
    std::span<const uint32_t> named;     ///< (name, target)…
  };
  struct Containment {
    uint32_t target = 0;
    uint32_t least = 0;
  };
  struct ItemRule {
    uint32_t first = 0;
    uint32_t target = 0;
  };

  TypeMask types = kAllTypes;
  std::optional<std::span<const uint32_t>> constants;  ///< of the shortest `enum` or `const`
  std::vector<uint32_t> bounds;                        ///< constants that bound numbers
  std::vector<uint32_t> divisors;
  uint32_t min_length = 0;
  uint32_t max_length = kNoCount;
  std::vector<uint32_t> patterns;
  uint32_t min_items = 0;
  uint32_t max_items = kNoCount;
  bool is_unique = false;
  std::vector<std::span<const uint32_t>> prefixes;
  std::vector<ItemRule> items;
  std::vector<Containment> contained;
  uint32_t min_properties = 0;
  uint32_t max_properties = kNoCount;
  std::vector<uint32_t> required;  ///< names
  std::vector<PropertyRule> properties;
  std::vector<uint32_t> property_names;
  std::vector<std::span<const uint32_t>> dependent;  ///< DependentRequired's operands
  /// Something was passed over: a value must be tried against the schemas.
  bool needs_trial = false;
};

/// The shape of `targets` together; which alternatives of theirs are taken is chosen.
[[nodiscard]] Shape CollectShape(const SchemaCode& code, std::span<const uint32_t> targets,
                                 Choices& choices);

}  // namespace wfc::types

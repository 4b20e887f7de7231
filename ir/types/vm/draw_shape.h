// Shape: the combined constraints of several schemas on one value, as far as a draw respects them.
// Private to the drawer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ir/types/vm/choices.h"
#include "ir/types/vm/formats.h"
#include "ir/types/vm/schema_code.h"
#include "ir/types/vm/validator.h"

namespace wfc::types {

/// The combined constraints. Targets and constants are indices as in schema_code.h.
struct Shape {
  /// The operands of Properties or PatternProperties of one schema.
  struct PropertyRule {
    uint32_t other = kNoTarget;
    std::span<const uint32_t> patterns;  ///< (pattern, target) pairs
    std::span<const uint32_t> named;     ///< (name, target) pairs
  };
  /// At least `least` items must fit `target`.
  struct Containment {
    uint32_t target = 0;
    uint32_t least = 0;
  };
  /// The items from index `first` on must fit `target`.
  struct ItemRule {
    uint32_t first = 0;
    uint32_t target = 0;
  };

  TypeMask types = kAllTypes;
  std::optional<std::span<const uint32_t>> constants;  ///< the shortest list of `enum` or `const`
  std::vector<uint32_t> bounds;                        ///< constants that bound the number
  std::vector<uint32_t> divisors;
  uint32_t min_length = 0;
  uint32_t max_length = kNoCount;
  std::vector<uint32_t> patterns;
  std::optional<Format> format;  ///< the last one met
  uint32_t min_items = 0;
  uint32_t max_items = kNoCount;
  bool is_unique = false;
  std::vector<std::span<const uint32_t>> prefixes;
  std::vector<ItemRule> items;
  std::vector<Containment> contained;
  uint32_t min_properties = 0;
  uint32_t max_properties = kNoCount;
  std::vector<uint32_t> required;  ///< constants that are names
  std::vector<PropertyRule> properties;
  std::vector<uint32_t> property_names;
  std::vector<std::span<const uint32_t>> dependent;  ///< operands of DependentRequired
  /// Whether a constraint was not represented, so that a value must be checked against the schemas.
  bool needs_trial = false;
};

/// The shape of all `targets` together. Which alternative of `anyOf`, `oneOf` and `if` is taken is
/// decided by `choices`.
[[nodiscard]] Shape CollectShape(const SchemaCode& code, std::span<const uint32_t> targets,
                                 Choices& choices);

}  // namespace wfc::types

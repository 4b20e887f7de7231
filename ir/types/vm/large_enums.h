// Enums that list many values, prepared so that a value is found without going through them.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>

#include "ir/types/vm/validator.h"
#include "ir/value/value.h"

namespace wfc::types {

/// Shorter enums are gone through.
inline constexpr size_t kLargeEnum = 16;

class LargeEnums {
 public:
  using Values = std::unordered_set<Value, EqualHash>;

  LargeEnums() = default;
  /// `code` is verified, and outlives this.
  explicit LargeEnums(const SchemaCode& code);

  /// Of an Enum by its operands, which stand in the code; null: it is a short one.
  [[nodiscard]] const Values* Find(std::span<const uint32_t> operands) const;

 private:
  std::unordered_map<const uint32_t*, Values> by_operands_;
};

}  // namespace wfc::types

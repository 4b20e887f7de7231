// Prepares enums of many values, so that a value is looked up instead of compared with each.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>

#include "ir/types/vm/validator.h"
#include "ir/value/value.h"

namespace wfc::types {

/// The most values of an enum that are compared one by one.
inline constexpr size_t kLargeEnum = 16;

/// The large enums of a program, each as a hash set.
class LargeEnums {
 public:
  using Values = std::unordered_set<Value, EqualHash>;

  LargeEnums() = default;
  /// `code` must be verified and must outlive this object.
  explicit LargeEnums(const SchemaCode& code);

  /// The values of an Enum instruction, given its operands in the code; null when the enum is not
  /// large.
  [[nodiscard]] const Values* Find(std::span<const uint32_t> operands) const;

 private:
  std::unordered_map<const uint32_t*, Values> by_operands_;
};

}  // namespace wfc::types

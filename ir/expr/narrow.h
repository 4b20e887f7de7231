// Narrowing: the values of a type that remain when a condition holds. Inference derives facts from
// it.
#pragma once

#include <span>
#include <string_view>

#include "ir/expr/type_table.h"

namespace wfc::expr {

/// What a condition states about the value at a path.
struct Filter {
  /// The form of the condition, which determines the members that it uses.
  enum class What : uint8_t {
    Present,  ///< the value is present
    Absent,   ///< the value is absent
    OneOf,    ///< the value equals one of `values`
    NoneOf,   ///< the value equals none of `values`
    Kinds,    ///< the value's kind is one of `kinds`
    Fits,     ///< the value's kind is one of `kinds`, and values that JSON has fit `schema`
    Some,     ///< a condition that types cannot express: some of the values may not remain
  };
  What what = What::Present;
  std::span<const Value> values = {};
  KindSet kinds = 0;
  SchemaId schema = {};
};

/// The values of `type` for which the part at `path`, a sequence of field names, passes the filter.
/// The result may contain further values, but lacks none that passes; kNever means that no value
/// passes.
[[nodiscard]] Type Narrow(TypeTable& table, const Type& type,
                          std::span<const std::string_view> path, const Filter& filter);

}  // namespace wfc::expr

// Narrowing: the values of a type that a condition leaves. Facts are made of it.
#pragma once

#include <span>
#include <string_view>

#include "ir/expr/type_table.h"

namespace wfc::expr {

/// What is known of the value at a path.
struct Filter {
  enum class What : uint8_t {
    Present,  ///< it is there
    Absent,   ///< it is not there
    OneOf,    ///< it equals one of `values`
    NoneOf,   ///< it equals none of them
    Kinds,    ///< its kind is one of `kinds`
    Fits,     ///< its kind is one of `kinds`, and what JSON has of them fits `schema`
    Some,     ///< something that types cannot say: not all of its values need be left
  };
  What what = What::Present;
  std::span<const Value> values = {};
  KindSet kinds = 0;
  SchemaId schema = {};
};

/// The values of `type` of which the part that the fields of `path` lead to passes the filter, or
/// more of them. Never: none passes.
[[nodiscard]] Type Narrow(TypeTable& table, const Type& type,
                          std::span<const std::string_view> path, const Filter& filter);

}  // namespace wfc::expr

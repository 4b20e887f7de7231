// Type: which values an expression can yield. Made by a TypeTable, inferred by infer.h.
//
// A type is a set of the language's kinds and, for what JSON has, a schema: `integer` is int,
// `number` is double, an object is a map with strings as keys. Unions are sets of several kinds, an
// enum is a string with a schema that lists its values. A type says too much rather than too
// little, so that what it leaves out never happens.
#pragma once

#include <cstdint>

#include "ir/base/id.h"
#include "ir/types/schema/ids.h"
#include "ir/value/value.h"

namespace wfc::expr {

using types::SchemaId;

/// A set of kinds of values, one bit each.
using KindSet = uint16_t;

template <class... Kinds>
[[nodiscard]] constexpr KindSet KindsOf(Kinds... kinds) {
  return static_cast<KindSet>(((1U << static_cast<unsigned>(kinds)) | ... | 0U));
}

/// Of a value: an integer is an int whatever its size.
[[nodiscard]] inline KindSet KindOfValue(const Value& value) {
  return KindsOf(value.kind() == Kind::BigInt ? Kind::Int : value.kind());
}

/// All that a value can be: an error is none, and a BigInt is an int.
inline constexpr KindSet kEveryKind = KindsOf(Kind::Error) - 1;
inline constexpr KindSet kNumberKinds = KindsOf(Kind::Int, Kind::Uint, Kind::Double);
/// What is read from JSON.
inline constexpr KindSet kJsonKinds =
    KindsOf(Kind::Null, Kind::Bool, Kind::Int, Kind::Double, Kind::String, Kind::List, Kind::Map);

/// What JSON has.
inline constexpr KindSet kSchemaKinds = kJsonKinds | KindsOf(Kind::Uint);

struct ConstantTag;
using ConstantId = Id<ConstantTag>;
struct ContentTag;
using ContentId = Id<ContentTag>;

/// A default one is `dyn`: nothing is known, and nothing is reported.
struct Type {
  KindSet kinds = kEveryKind;  ///< 0: never a value, every evaluation fails
  /// Evaluation can meet a field that is described and not required, and then has no value.
  bool may_be_absent = false;
  SchemaId schema;      ///< what those values fit that JSON has; none: not known
  ConstantId constant;  ///< its one value, when that is known; `schema` is then made when asked for
  ContentId content;    ///< what its lists, maps and optionals hold, where no schema can say it

  [[nodiscard]] constexpr bool IsDyn() const {
    return kinds == kEveryKind && !schema.has_value() && !content.has_value();
  }
  [[nodiscard]] constexpr bool IsNever() const { return kinds == 0; }
  [[nodiscard]] constexpr bool CanBe(KindSet set) const { return (kinds & set) != 0; }
  /// Whether all values are of these kinds.
  [[nodiscard]] constexpr bool IsOnly(KindSet set) const { return (kinds & ~set) == 0; }
  friend constexpr bool operator==(const Type&, const Type&) = default;
};

/// Nothing is known.
inline constexpr Type kDyn;
/// There is no value: every evaluation fails.
inline constexpr Type kNever = {.kinds = 0};

}  // namespace wfc::expr

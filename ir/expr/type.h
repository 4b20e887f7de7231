// Type: the set of values that an expression can yield. A TypeTable makes types and inference
// (infer.h) finds them.
//
// A type is a set of the language's kinds and, for JSON values, a schema: `integer` is int,
// `number` is double, and an object is a map with strings as keys. A union is a set of several
// kinds; an enum is a string with a schema that lists its values. Types are conservative: values
// outside a type never occur, but not every value of a type need occur.
#pragma once

#include <cstdint>

#include "ir/base/id.h"
#include "ir/types/schema/ids.h"
#include "ir/value/value.h"

namespace wfc::expr {

using types::SchemaId;

/// A set of kinds, one bit per Kind.
using KindSet = uint16_t;

/// The set of the given kinds.
template <class... Kinds>
[[nodiscard]] constexpr KindSet KindsOf(Kinds... kinds) {
  return static_cast<KindSet>(((1U << static_cast<unsigned>(kinds)) | ... | 0U));
}

/// The kind of a value as a set. Integers are ints whatever their size, so a BigInt counts as an
/// int.
[[nodiscard]] inline KindSet KindOfValue(const Value& value) {
  return KindsOf(value.kind() == Kind::BigInt ? Kind::Int : value.kind());
}

/// Every kind that a value can have. Errors are not values, and a BigInt counts as an int.
inline constexpr KindSet kEveryKind = KindsOf(Kind::Error) - 1;
/// Sets of one kind.
inline constexpr KindSet kNull = KindsOf(Kind::Null);
inline constexpr KindSet kBool = KindsOf(Kind::Bool);
inline constexpr KindSet kInt = KindsOf(Kind::Int);
inline constexpr KindSet kDouble = KindsOf(Kind::Double);
inline constexpr KindSet kString = KindsOf(Kind::String);
inline constexpr KindSet kList = KindsOf(Kind::List);
inline constexpr KindSet kMap = KindsOf(Kind::Map);
inline constexpr KindSet kOptional = KindsOf(Kind::Optional);

/// The kinds of numbers.
inline constexpr KindSet kNumberKinds = KindsOf(Kind::Int, Kind::Uint, Kind::Double);
/// The kinds of values that may hold further values.
inline constexpr KindSet kStructures = KindsOf(Kind::List, Kind::Map, Kind::Optional);
/// The kinds that reading JSON yields. It never yields a uint.
inline constexpr KindSet kJsonKinds =
    KindsOf(Kind::Null, Kind::Bool, Kind::Int, Kind::Double, Kind::String, Kind::List, Kind::Map);

/// The kinds of which a schema can speak; a uint is written as an integer.
inline constexpr KindSet kSchemaKinds = kJsonKinds | KindsOf(Kind::Uint);

struct ConstantTag;
using ConstantId = Id<ConstantTag>;
struct ContentTag;
using ContentId = Id<ContentTag>;

/// A small value; its ids belong to the TypeTable that made it. The default is `dyn`: nothing is
/// known of the values, and nothing is reported about them.
struct Type {
  KindSet kinds = kEveryKind;  ///< 0 means that there is never a value: every evaluation fails
  /// Evaluation may read a field that is described but not required, in which case there is no
  /// value.
  bool may_be_absent = false;
  SchemaId schema;  ///< a schema that all JSON values among them fit; without a value if not known
  /// The only value, if there is a single one; `schema` is then made on demand.
  ConstantId constant;
  ContentId content;  ///< the contents of its lists, maps and optionals that no schema can describe

  [[nodiscard]] constexpr bool IsDyn() const {
    return kinds == kEveryKind && !schema.has_value() && !content.has_value();
  }
  [[nodiscard]] constexpr bool IsNever() const { return kinds == 0; }
  /// Whether some values may be of these kinds.
  [[nodiscard]] constexpr bool CanBe(KindSet set) const { return (kinds & set) != 0; }
  /// Whether all values are of these kinds.
  [[nodiscard]] constexpr bool IsOnly(KindSet set) const { return (kinds & ~set) == 0; }
  friend constexpr bool operator==(const Type&, const Type&) = default;
};

/// The type of a value of which nothing is known.
inline constexpr Type kDyn;
/// The type without values: every evaluation fails.
inline constexpr Type kNever = {.kinds = 0};

}  // namespace wfc::expr

// How large the values of a type can be by the bounds that the type states. The estimate of costs
// (cost.h) asks it for what operations walk over.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "llvm/ADT/DenseMap.h"

#include "ir/expr/type_table.h"

namespace wfc::expr {

/// The size of the largest value of a type. What has no bound counts as empty, a character as one
/// byte, and a number as one digit where nothing is known of it. So some value is at least as
/// large, unless its content is restricted in ways that no bound tells.
struct ValueSize {
  uint64_t weight = 0;      ///< Value::weight
  uint64_t text_bytes = 0;  ///< of the value as templates render it: a text as it is, or JSON
  /// The values in it: the items of lists, the keys and values of maps, and itself.
  uint64_t values = 1;
};

/// The weight of a value without parts (Value::weight).
inline constexpr uint64_t kScalarWeight = 16;

/// Sizes of the types of one table, which must outlive it. Answers are remembered.
class TypeSizes {
 public:
  explicit TypeSizes(TypeTable& table) : table_(table) {}

  [[nodiscard]] TypeTable& table() { return table_; }
  [[nodiscard]] ValueSize Find(const Type& type);
  /// The number of different values of the type; empty if it has no known bound.
  [[nodiscard]] std::optional<uint64_t> CountDifferent(const Type& type);

 private:
  /// What tells types apart as far as sizes go: the schema and the kinds, the only value and the
  /// contents.
  using Key = std::pair<uint64_t, uint64_t>;

  ValueSize WorkOut(const Type& type);
  ValueSize OfKind(const Type& type, Kind kind);
  ValueSize OfText(const Type& text);
  ValueSize OfList(const Type& list);
  ValueSize OfMap(const Type& map);

  TypeTable& table_;
  llvm::DenseMap<Key, ValueSize> known_;
  uint32_t depth_ = 0;
};

}  // namespace wfc::expr

// Verified code in a layout for speed: one record per schema, into which the most frequent keywords
// are merged. Validator makes the records once; ValueCheck uses them wherever no message is needed.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "ir/types/vm/schema_code.h"
#include "ir/types/vm/validator.h"

namespace wfc::types {

/// How values of one kind are checked against a schema.
enum class Check : uint8_t {
  Pass,  ///< every value of the kind fits
  Fail,  ///< no value of the kind fits
  /// Int to Object, except OneText: by the record's own limits for the kind.
  Int,
  Double,
  /// A String, by its length.
  Text,
  OneText,  ///< a String, by membership in the record's texts
  /// A String, by its length and pattern.
  String,
  List,
  Object,
  More,  ///< by everything that the record holds
  Code,  ///< by the code of the schema
};

struct SchemaRecord;

/// What `required` and `properties` say about one property name.
struct PropertySlot {
  /// What must still be compared when the heads of two keys are equal.
  enum class Rest : uint8_t { None, Tail, Text };

  TextKey key;  ///< the key of `name`
  const SchemaRecord* record = nullptr;
  bool is_required = false;
  Rest rest = Rest::None;
  bool is_end = false;  ///< whether this is the end marker of a record's slots, which has no name
  Value name;
};

/// A range of one of the vectors of SchemaRecords.
struct RecordRange {
  uint32_t first = 0;
  uint32_t count = 0;
};

/// The numbers that all bounds of a schema admit, as closed ranges of Ints and of Doubles. Both are
/// exact.
struct NumberRange {
  int64_t least_int = std::numeric_limits<int64_t>::min();
  int64_t most_int = std::numeric_limits<int64_t>::max();
  double least = std::numeric_limits<double>::lowest();
  double most = std::numeric_limits<double>::max();
};

/// One schema. A value fits if it satisfies all members.
struct SchemaRecord {
  std::array<Check, kKindCount> checks{};
  TypeMask types = kAllTypes;
  uint32_t entry = 0;  ///< offset of the schema's code
  uint32_t min_length = 0;
  uint32_t max_length = kNoCount;
  uint32_t pattern = kNoTarget;
  uint32_t min_items = 0;
  uint32_t max_items = kNoCount;
  /// Index of the first item that `items` applies to.
  uint32_t first_item = 0;
  const SchemaRecord* items = nullptr;             ///< null: any items
  const SchemaRecord* other_properties = nullptr;  ///< never null
  RecordRange slots;                               ///< sorted by name, followed by an end marker
  NumberRange numbers;
  RecordRange constants;        ///< the value must be one of them; empty: no such constraint
  RecordRange texts;            ///< the Strings among them, if all are short enough for TextKey
  bool has_long_texts = false;  ///< whether some of `texts` are longer than the head of a TextKey
  RecordRange all;              ///< records that the value must fit too
  /// Records of which the value must fit at least one; empty: no such constraint.
  RecordRange any;
  RecordRange code;  ///< instructions that must hold too
};

/// The records of a program and the vectors that their ranges refer to.
struct SchemaRecords {
  std::vector<SchemaRecord> records;  ///< the first accepts any value
  std::vector<PropertySlot> slots;
  std::vector<Value> constants;
  std::vector<TextKey> texts;
  std::vector<const SchemaRecord*> targets;
  std::vector<uint32_t> instructions;  ///< offsets into the code
  /// By offset: the record of the schema that begins there.
  std::vector<const SchemaRecord*> by_entry;
};

/// The elements of `parts` in `range`.
template <class Part>
[[nodiscard]] std::span<const Part> PartOf(const std::vector<Part>& parts, RecordRange range) {
  return {parts.data() + range.first, range.count};
}

/// Makes the records of a program. Precondition: `code` has passed VerifySchemaCode.
[[nodiscard]] SchemaRecords MakeRecords(const SchemaCode& code);

}  // namespace wfc::types

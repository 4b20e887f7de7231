// Verified code laid out for speed: one record a schema, with what most schemas say merged into it.
// Validator makes them once; ValueCheck judges by them wherever no words are wanted.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "ir/types/vm/schema_code.h"
#include "ir/types/vm/validator.h"

namespace wfc::types {

/// How values of one kind are held to a schema.
enum class Check : uint8_t {
  Pass,  ///< all fit
  Fail,  ///< none fits
  Int,   ///< Int to Object but OneText: the record's own limits of the kind
  Double,
  Text,     ///< a String's length
  OneText,  ///< a String that is one of the record's texts
  String,   ///< a String's length and pattern
  List,
  Object,
  More,  ///< all that the record says
  Code,  ///< what the code says
};

struct SchemaRecord;

/// What `required` and `properties` say of one name.
struct PropertySlot {
  /// What tells apart the texts that have the head of the key.
  enum class Rest : uint8_t { None, Tail, Text };

  TextKey key;  ///< of `name`
  const SchemaRecord* record = nullptr;
  bool is_required = false;
  Rest rest = Rest::None;
  bool is_end = false;  ///< names nothing: the end of a record's slots
  Value name;
};

/// A part of one of the vectors of SchemaRecords.
struct RecordRange {
  uint32_t first = 0;
  uint32_t count = 0;
};

/// Numbers between both ends, for Ints and for Doubles: what every bound admits of each, exactly.
struct NumberRange {
  int64_t least_int = std::numeric_limits<int64_t>::min();
  int64_t most_int = std::numeric_limits<int64_t>::max();
  double least = std::numeric_limits<double>::lowest();
  double most = std::numeric_limits<double>::max();
};

struct SchemaRecord {
  std::array<Check, kKindCount> checks{};
  TypeMask types = kAllTypes;
  uint32_t entry = 0;  ///< where its code begins
  uint32_t min_length = 0;
  uint32_t max_length = kNoCount;
  uint32_t pattern = kNoTarget;
  uint32_t min_items = 0;
  uint32_t max_items = kNoCount;
  uint32_t first_item = 0;                         ///< the first that `items` speaks of
  const SchemaRecord* items = nullptr;             ///< null: anything
  const SchemaRecord* other_properties = nullptr;  ///< never null
  RecordRange slots;                               ///< sorted by name
  NumberRange numbers;
  RecordRange constants;        ///< the value is one of them
  RecordRange texts;            ///< those that are Strings, where all of these are short
  bool has_long_texts = false;  ///< some are more than their head
  RecordRange all;              ///< targets that the value fits too
  RecordRange any;              ///< targets of which it fits one or more
  RecordRange code;             ///< instructions that hold too
};

struct SchemaRecords {
  std::vector<SchemaRecord> records;  ///< the first: anything fits
  std::vector<PropertySlot> slots;
  std::vector<Value> constants;
  std::vector<TextKey> texts;
  std::vector<const SchemaRecord*> targets;
  std::vector<uint32_t> instructions;         ///< offsets
  std::vector<const SchemaRecord*> by_entry;  ///< the record of the schema at an offset
};

template <class Part>
[[nodiscard]] std::span<const Part> PartOf(const std::vector<Part>& parts, RecordRange range) {
  return {parts.data() + range.first, range.count};
}

/// `code` has passed VerifySchemaCode.
[[nodiscard]] SchemaRecords MakeRecords(const SchemaCode& code);

}  // namespace wfc::types

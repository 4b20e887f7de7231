// TypeTable: makes types, joins them, and finds the types of their parts. One table serves a whole
// project; inference, narrowing and passes use it.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include "ir/expr/count_precision.h"
#include "ir/expr/schema_parts.h"
#include "ir/expr/sure_kinds.h"
#include "ir/expr/type.h"

namespace wfc::expr {

/// What a type says about a field of its objects.
struct FieldType {
  Presence presence = Presence::Unknown;
  Type type;
};

/// An entry of a map whose keys are known. The name must outlive the call that takes it.
struct NamedType {
  std::string_view name;
  Type type;
  Presence presence = Presence::Always;
};

/// Whether an optional can be empty.
enum class Fullness : uint8_t { MayBeEmpty, Full };

/// The alternatives of a long union by the values of a field, its tag.
struct TaggedArms {
  /// The alternatives whose objects can have the value in the field.
  std::unordered_map<Value, SchemaIds, EqualHash> of_value;
  SchemaIds others;  ///< alternatives that do not list the values of the field
};

/// Types refer to entries of the table that made them and are valid as long as it lives. The
/// registry must outlive the table.
class TypeTable {
 public:
  explicit TypeTable(const types::SchemaRegistry& registry) : sets_(registry), sure_(registry) {}

  [[nodiscard]] SchemaSets& sets() { return sets_; }

  // Makers.
  /// All values of the schema; dyn for an id without a value.
  [[nodiscard]] Type OfSchema(SchemaId schema);
  /// Values of these kinds, of which nothing else is known.
  [[nodiscard]] Type OfKinds(KindSet kinds);
  /// The single given value. A very deep value is known by its kind only.
  [[nodiscard]] Type OfValue(const Value& value);
  /// Ints of 64 bits within the bounds, as every calculation yields them.
  [[nodiscard]] Type Integer(const IntegerBounds& bounds, Precision precision);
  /// Any string: input from outside, such as secrets.
  [[nodiscard]] Type AnyText();
  /// Some of the strings whose length, in code points, is within the bounds. Unless `precision` is
  /// Loose, some are as long as the upper bound.
  [[nodiscard]] Type Text(const CountBounds& length, Precision precision);
  /// Lists of `count` items of type `item`. If `item` is kNever, the empty list.
  [[nodiscard]] Type ListOf(const Type& item, const CountBounds& count,
                            Precision precision = Precision::Exact);
  /// Lists of exactly these items, in this order.
  [[nodiscard]] Type TupleOf(std::span<const Type> items);
  /// Maps with these keys and no others; `fields` are sorted by name. Yields kNever if a field that
  /// is always present has no value.
  [[nodiscard]] Type RecordOf(std::span<const NamedType> fields);
  /// Maps with `count` entries. It is not known which keys and values occur, and which of them
  /// together.
  [[nodiscard]] Type MapOf(const Type& key, const Type& value, const CountBounds& count = {});
  /// Optionals that hold values of type `held`. If `held` is kNever, the empty optional.
  [[nodiscard]] Type OptionalOf(const Type& held, Fullness fullness = Fullness::MayBeEmpty);

  // Joining and taking apart.
  /// The values of both types, or more.
  [[nodiscard]] Type Join(const Type& left, const Type& right);

  // Parts. Each function speaks only of those values of the type that have such parts. If there are
  // none it returns kNever, or a count without bounds.
  /// The field `name` of the maps. Unknown and dyn if nothing is known of it.
  [[nodiscard]] FieldType FieldOf(const Type& map, std::string_view name);
  /// The names of the fields that the type mentions, sorted.
  [[nodiscard]] std::vector<std::string> FieldNames(const Type& map);
  /// The keys of the maps.
  [[nodiscard]] Type KeyOf(const Type& map);
  /// The values of the maps, at whichever key.
  [[nodiscard]] Type ValueOf(const Type& map);
  /// The item of the lists at `index`; without an index, any of their items.
  [[nodiscard]] Type ItemOf(const Type& list, std::optional<uint64_t> index = {});
  /// What the optionals among the values hold.
  [[nodiscard]] Type HeldBy(const Type& optional);
  /// Whether some of the values may be empty optionals. False for dyn.
  [[nodiscard]] bool CanBeEmpty(const Type& type);
  /// The number of items, entries or code points. Unbounded unless the type consists of lists, of
  /// maps or of strings alone.
  [[nodiscard]] CountBounds CountIn(const Type& type);
  /// Which of the numbers within CountIn can occur, as far as is known.
  [[nodiscard]] Precision CountPrecision(const Type& type);
  /// The bounds of the ints among the values.
  [[nodiscard]] IntegerBounds BoundsOf(const Type& integer);
  /// Whether the values are known by an estimate only, so that some may never occur.
  [[nodiscard]] bool IsEstimate(const Type& type);
  /// Some of the values of the type.
  [[nodiscard]] Type SomeOf(const Type& type);

  /// The kinds of values that certainly occur, as far as inference knows. For a type that may be
  /// any JSON value, none.
  [[nodiscard]] KindSet SureKindsOf(const Type& type);
  /// A JSON value of the type that is of one of `kinds`; empty if none is known.
  [[nodiscard]] std::optional<Value> FindWitness(const Type& type, KindSet kinds);
  /// The type of what ToData (ir/value/data.h) makes of the values when they leave an expression.
  /// It may be absent if a value may be an empty optional.
  [[nodiscard]] Type AsData(const Type& type);
  /// The type of a map among the values or inside of them that may have keys other than strings,
  /// which cannot leave an expression. Yields kNever if there is none.
  [[nodiscard]] Type FindNonStringKeyedMap(const Type& type);

  /// A schema that all values fit as far as they are JSON; non-JSON values inside lists and maps
  /// count as any value. Without a value if nothing is known or some of the values themselves are
  /// not JSON.
  [[nodiscard]] SchemaId SchemaOf(const Type& type);
  /// The only value of the type, or null if it is not known to be a single one. The pointer is
  /// valid as long as the table.
  [[nodiscard]] const Value* ConstantOf(const Type& type) const;

  /// For narrow.h: the alternatives of `anyOf` or, if there is none, `oneOf`, grouped by the values
  /// that they list for the field. Null if there are only a few alternatives, which are better
  /// searched directly.
  [[nodiscard]] const TaggedArms* FindTaggedArms(SchemaId schema, std::string_view field);

  /// For inference: the schema of the numbers that compare with the int as the operation `op` says
  /// (Op of expr.h). Without a value, and to be filled in, if it was not asked before.
  [[nodiscard]] SchemaId& Ordered(uint8_t op, int64_t bound) { return ordered_[{op, bound}]; }

  /// For narrow.h: the result of narrowing that was computed for `question`, a key that
  /// distinguishes it from all others. Empty, and to be filled in, if it was not asked before.
  [[nodiscard]] std::optional<Type>& Narrowed(std::string_view question) {
    return narrowed_[question];
  }

 private:
  /// The contents of a structure that no schema can describe. A part is kNever if there is no such
  /// structure or if the type's schema describes it.
  struct Content {
    /// Record: the fields that no schema can describe.
    std::vector<std::pair<std::string, Type>> fields;
    Type item = kNever;
    Type key = kNever;
    Type value = kNever;
    Type held = kNever;
    Fullness fullness = Fullness::MayBeEmpty;  ///< whether its optionals can be empty
  };
  struct Constant {
    Value value;
    SchemaId schema;  ///< without a value until it is first asked for
  };

  /// What the type's schema says about its JSON values, even if it has other values as well.
  [[nodiscard]] SchemaId JsonPart(const Type& type);
  /// Whether the type's schema says everything that is known of it.
  [[nodiscard]] bool IsPlain(const Type& type);
  [[nodiscard]] const Content* ContentOf(const Type& type) const;
  /// Which of the values that fit the schema can occur.
  [[nodiscard]] Precision PrecisionInside(SchemaId schema);
  /// The type of a part that the schema of the whole describes: if only some of the whole's values
  /// occur, so do only some of the part's.
  [[nodiscard]] Type PartOf(SchemaId whole, SchemaId part);
  /// The type of a field by the schema alone, without the kinds of a type.
  [[nodiscard]] FieldType FieldInside(SchemaId schema, std::string_view name);
  [[nodiscard]] CountBounds CountInside(SchemaId schema, Kind kind);
  [[nodiscard]] Type WithContent(Type type, Content content);
  [[nodiscard]] SchemaId SchemaInside(const Type& part);
  [[nodiscard]] Content JoinContents(const Type& left, const Type& right);
  [[nodiscard]] Type OfParts(const Value& value);
  [[nodiscard]] Type AsData(const Type& type, uint32_t depth);
  [[nodiscard]] Type ListAsData(const Type& list, uint32_t depth);
  [[nodiscard]] Type MapAsData(const Type& map, uint32_t depth);
  [[nodiscard]] Type RecordAsData(const Type& record, uint32_t depth);
  [[nodiscard]] Type TextAsData(KindSet kinds);
  [[nodiscard]] Type FindNonStringKeyedMap(const Type& type, uint32_t depth);

  SchemaSets sets_;
  SureKinds sure_;
  // Deques, because pointers to their entries are handed out.
  std::deque<Constant> constants_;
  std::deque<Content> contents_;
  // Answers that were given before: many stages ask the same questions about the same schemas.
  llvm::StringMap<llvm::DenseMap<uint32_t, FieldType>> fields_;        ///< by name, then by schema
  llvm::DenseMap<std::pair<uint32_t, uint32_t>, CountBounds> counts_;  ///< by schema and kind
  llvm::DenseMap<std::pair<uint32_t, uint32_t>, Precision> precisions_;   ///< of counts_
  llvm::DenseMap<uint32_t, IntegerBounds> bounds_;                        ///< by schema
  std::map<std::tuple<int64_t, int64_t, Precision>, SchemaId> integers_;  ///< by their bounds
  SchemaId any_text_;  ///< without a value until it is first asked for
  /// By the least and the greatest length.
  std::map<std::tuple<uint32_t, uint32_t, Precision>, SchemaId> texts_;
  llvm::StringMap<std::optional<Type>> narrowed_;
  std::map<std::pair<uint8_t, int64_t>, SchemaId> ordered_;  ///< by operation and bound
  /// By schema index and field name.
  std::map<std::pair<uint32_t, std::string>, TaggedArms> tagged_;
};

}  // namespace wfc::expr

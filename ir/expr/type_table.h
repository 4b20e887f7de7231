// TypeTable: makes types, joins them, takes them apart. One serves a whole project.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "llvm/ADT/StringMap.h"

#include "ir/expr/schema_parts.h"
#include "ir/expr/sure_kinds.h"
#include "ir/expr/type.h"

namespace wfc::expr {

/// A field of a type's objects.
struct FieldType {
  Presence presence = Presence::Unknown;
  Type type;
};

/// An entry of a map whose keys are known.
struct NamedType {
  std::string_view name;
  Type type;
  Presence presence = Presence::Always;
};

/// Whether an optional can be empty.
enum class Fullness : uint8_t { MayBeEmpty, Full };

/// Whether all values that fit can occur, as far as is known.
enum class Precision : uint8_t { Exact, Estimate };

/// Of a long list of alternatives: those whose objects can have such a value in a field.
struct TaggedArms {
  std::unordered_map<Value, SchemaIds, EqualHash> of_value;
  SchemaIds others;  ///< of which the values are not listed
};

class TypeTable {
 public:
  explicit TypeTable(const types::SchemaRegistry& registry) : sets_(registry), sure_(registry) {}

  [[nodiscard]] SchemaSets& sets() { return sets_; }

  // Making.
  [[nodiscard]] Type OfSchema(SchemaId schema);
  /// A value of one of these kinds, whatever it is.
  [[nodiscard]] Type OfKinds(KindSet kinds);
  [[nodiscard]] Type OfValue(const Value& value);
  /// Of 64 bits, as all that is calculated.
  [[nodiscard]] Type Integer(const IntegerBounds& bounds, Precision precision);
  /// Any string whatever, as what comes from outside.
  [[nodiscard]] Type AnyText();
  /// Some strings of such lengths, in code points.
  [[nodiscard]] Type Text(const CountBounds& length);
  [[nodiscard]] Type ListOf(const Type& item, const CountBounds& count,
                            Precision precision = Precision::Exact);
  /// A list of just these.
  [[nodiscard]] Type TupleOf(std::span<const Type> items);
  /// A map with these keys and no others, sorted by name. Never, where one that is always there has
  /// no value.
  [[nodiscard]] Type RecordOf(std::span<const NamedType> fields);
  [[nodiscard]] Type MapOf(const Type& key, const Type& value);
  [[nodiscard]] Type OptionalOf(const Type& held, Fullness fullness = Fullness::MayBeEmpty);

  // Joining.
  [[nodiscard]] Type Join(const Type& left, const Type& right);

  // Taking apart. Each speaks of those values of the type that have such parts.
  [[nodiscard]] FieldType FieldOf(const Type& map, std::string_view name);
  /// The names that are known of, sorted.
  [[nodiscard]] std::vector<std::string> FieldNames(const Type& map);
  [[nodiscard]] Type KeyOf(const Type& map);
  [[nodiscard]] Type ValueOf(const Type& map);
  [[nodiscard]] Type ItemOf(const Type& list, std::optional<uint64_t> index = {});
  [[nodiscard]] Type HeldBy(const Type& optional);
  /// Whether some of the values are optionals that are empty.
  [[nodiscard]] bool CanBeEmpty(const Type& type);
  /// Items, entries, or code points of strings.
  [[nodiscard]] CountBounds CountIn(const Type& type);
  /// Whether every such number can occur, as far as is known.
  [[nodiscard]] Precision CountPrecision(const Type& type);
  [[nodiscard]] IntegerBounds BoundsOf(const Type& integer);

  /// The kinds of which some values are, as far as inference knows: of what may be anything, none.
  [[nodiscard]] KindSet SureKindsOf(const Type& type);
  /// A value of one of the kinds that JSON has and the type can be; none: it is not known.
  [[nodiscard]] std::optional<Value> FindWitness(const Type& type, KindSet kinds);
  /// What is left of the values where they leave an expression (ir/value/data.h). May be absent,
  /// too, where a value can be an optional that is empty.
  [[nodiscard]] Type AsData(const Type& type);
  /// A map inside the values, or they themselves, that can have keys other than strings, which do
  /// not leave an expression; never when there is none.
  [[nodiscard]] Type FindStrangeMap(const Type& type);

  /// The schema that all values fit, as far as they are JSON: what else stands inside a list or a
  /// map counts as anything. None: nothing is known, or some are not JSON themselves.
  [[nodiscard]] SchemaId SchemaOf(const Type& type);
  [[nodiscard]] const Value* ConstantOf(const Type& type) const;

  /// For narrow.h: the alternatives of `anyOf`, else `oneOf`, by what they list for the field.
  /// Null: they are few.
  [[nodiscard]] const TaggedArms* FindTaggedArms(SchemaId schema, std::string_view field);

  /// For narrow.h: what was left of a type, by what tells the question from all others. None: not
  /// asked before.
  [[nodiscard]] std::optional<Type>& Narrowed(std::string_view question) {
    return narrowed_[question];
  }

 private:
  /// What a structure holds that no schema can say. Never: there is no such structure, or the
  /// type's schema says it.
  struct Content {
    std::vector<std::pair<std::string, Type>>
        fields;  ///< of a record: those that no schema can say
    Type item = kNever;
    Type key = kNever;
    Type value = kNever;
    Type held = kNever;
    Fullness fullness = Fullness::MayBeEmpty;  ///< of an optional
  };
  struct Constant {
    Value value;
    SchemaId schema;  ///< none: not asked for yet
  };

  /// What `schema` says of the type's JSON values, also where others are among them.
  [[nodiscard]] SchemaId JsonPart(const Type& type);
  /// Whether the type's schema says all that is known of it.
  [[nodiscard]] bool IsPlain(const Type& type);
  [[nodiscard]] const Content* ContentOf(const Type& type) const;
  [[nodiscard]] Type WithContent(Type type, Content content);
  [[nodiscard]] SchemaId SchemaInside(const Type& part);
  [[nodiscard]] Content JoinContents(const Type& left, const Type& right);
  [[nodiscard]] Type OfParts(const Value& value);
  [[nodiscard]] Type AsData(const Type& type, uint32_t depth);
  [[nodiscard]] Type ListAsData(const Type& list, uint32_t depth);
  [[nodiscard]] Type MapAsData(const Type& map, uint32_t depth);
  [[nodiscard]] Type RecordAsData(const Type& record, uint32_t depth);
  [[nodiscard]] Type TextAsData(KindSet kinds);
  [[nodiscard]] Type FindStrangeMap(const Type& type, uint32_t depth);

  SchemaSets sets_;
  SureKinds sure_;
  // Their entries stay where they are.
  std::deque<Constant> constants_;
  std::deque<Content> contents_;
  SchemaId any_text_;                                        ///< none: not asked for yet
  std::map<std::pair<uint32_t, uint32_t>, SchemaId> texts_;  ///< by their lengths
  llvm::StringMap<std::optional<Type>> narrowed_;
  std::map<std::pair<uint32_t, std::string>, TaggedArms> tagged_;  ///< by schema and field
};

}  // namespace wfc::expr

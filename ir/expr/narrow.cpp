#include "ir/expr/narrow.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_set>
#include <utility>

#include "llvm/ADT/SmallString.h"
#include <fmt/core.h>

#include "ir/expr/schema_bounds.h"
#include "ir/expr/schema_edits.h"
#include "ir/expr/sure_kinds.h"
#include "ir/value/json.h"
#include "ir/value/numbers.h"

namespace wfc::expr {
namespace {

using types::Bit;
using types::Schema;
using types::TypeBit;
using Path = std::span<const std::string_view>;

/// Limit on the depth of nested references and alternatives.
constexpr uint32_t kMaxNarrowedDepth = 16;
/// Limit on the schemas visited for one question; beyond it nothing is known of the remaining
/// values.
constexpr uint32_t kMaxNarrowedVisits = 1 << 16;
bool IsAmong(std::span<const Value> values, const Value& value) {
  return std::ranges::find(values, value) != values.end();
}

bool IsEmptyStructure(const Value& value) {
  return (value.kind() == Kind::List && value.items().empty()) ||
         (value.kind() == Kind::Map && value.entries().empty());
}

/// The integer part of a finite number; empty for infinities and NaN.
std::optional<Value> ToInteger(const Value& number) {
  if (number.kind() != Kind::Double) return ParseInteger(WriteJson(number));
  if (!std::isfinite(number.AsDouble())) return std::nullopt;
  return ParseInteger(fmt::format("{:.0f}", std::trunc(number.AsDouble())));
}

/// Adds to `found` the values of the given kinds that equal `value`: numbers are equal across
/// kinds.
void AddAs(const Value& value, KindSet kinds, std::vector<Value>& found) {
  if (!value.is_number()) {
    if ((kinds & KindOfValue(value)) != 0) found.push_back(value);
    return;
  }
  const auto add = [&](KindSet kind, const std::optional<Value>& same) {
    if ((kinds & kind) != 0 && same && *same == value) found.push_back(*same);
  };
  const std::optional<Value> integer = ToInteger(value);
  const bool is_positive = integer && integer->kind() == Kind::Int && integer->AsInt() >= 0;
  add(KindsOf(Kind::Int), integer);
  if (value.kind() == Kind::Uint) {
    add(KindsOf(Kind::Uint), value);
  } else if (is_positive) {
    add(KindsOf(Kind::Uint), Value::Uint(static_cast<uint64_t>(integer->AsInt())));
  }
  add(KindsOf(Kind::Double), Value::Double(ToDouble(value)));
}

/// One question to one type. A result `nothing` means that no value passes.
class Narrowing {
 public:
  Narrowing(TypeTable& table, const Filter& filter)
      : table_(table), sets_(table.sets()), filter_(filter) {
    if (filter.values.size() > kMaxScanned) {
      among_.insert(filter.values.begin(), filter.values.end());
    }
  }

  /// Whether a limit was exceeded. The result is then too wide to use.
  [[nodiscard]] bool is_spent() const { return is_spent_; }

  Type OfValue(const Type& type);
  /// The values of the schema for which the part at `path` passes.
  SchemaId OfField(SchemaId id, Path path, uint32_t depth, KindSet within = kEveryKind);

 private:
  /// Longer lists of values are searched by hash.
  static constexpr size_t kMaxScanned = 16;
  [[nodiscard]] bool IsListed(const Value& value) const {
    return among_.empty() ? IsAmong(filter_.values, value) : among_.contains(value);
  }
  /// Counts a visit. False if a limit is exceeded.
  bool Visit(uint32_t depth) {
    is_spent_ |= depth > kMaxNarrowedDepth || visits_++ >= kMaxNarrowedVisits;
    return !is_spent_;
  }
  [[nodiscard]] bool MayBe(const Type& type, const Value& value) const;
  Type OneOf(const Type& type);
  Type NoneOf(const Type& type);
  Type OfKinds(const Type& type);
  Type Fits(const Type& type);
  std::optional<Type> FindListedThatFit(const Type& type);
  SchemaId Exclude(SchemaId id);
  SchemaId NotEmpty(SchemaId id);
  SchemaId Exclude(SchemaId id, uint32_t depth);
  SchemaId OfKinds(SchemaId id, KindSet kinds, uint32_t depth);
  SchemaId WithListedKinds(SchemaId id, KindSet kinds);
  bool ExcludeListed(Schema& schema) const;
  SchemaId OfLeaf(SchemaId id);
  SchemaId WithTaggedArms(SchemaId id, std::string_view field);
  SchemaId WithField(SchemaId id, Path path, uint32_t depth);
  SchemaId WithoutField(SchemaId id, Path path, uint32_t depth, KindSet within);
  TypeTable& table_;
  SchemaSets& sets_;
  const Filter& filter_;
  std::unordered_set<Value, EqualHash> among_;  // the filter's values if there are many
  uint32_t visits_ = 0;
  bool is_spent_ = false;
};

Type Narrowing::OfValue(const Type& type) {
  switch (filter_.what) {
    case Filter::What::Present:
      return type;
    case Filter::What::Absent:
      return kNever;
    case Filter::What::OneOf:
      return OneOf(type);
    case Filter::What::NoneOf:
      return NoneOf(type);
    case Filter::What::Kinds:
      return OfKinds(type);
    case Filter::What::Fits:
      return Fits(type);
    case Filter::What::Some:
      return table_.SomeOf(type);
  }
  return type;
}

/// JSON may write an int as a double and the other way round. So if the filter asks for one of the
/// two and the type has only the other, the type's kind remains.
Type Narrowing::OfKinds(const Type& type) {
  constexpr KindSet kWritten = KindsOf(Kind::Int, Kind::Double);
  Type kept = type;
  kept.kinds &= filter_.kinds;
  if (kept.IsNever() && (filter_.kinds & kWritten) != 0) kept.kinds = type.kinds & kWritten;
  if (kept.IsNever()) return kNever;
  if (type.schema.has_value()) kept.schema = OfKinds(type.schema, kept.kinds, 0);
  return kept;
}

Type Narrowing::Fits(const Type& type) {
  if (const Value* constant = table_.ConstantOf(type)) {
    const bool fits = sets_.registry().Validate(filter_.schema, *constant).empty();
    return fits && type.CanBe(filter_.kinds) ? type : kNever;
  }
  Type kept = OfKinds(type);
  if (kept.IsNever() || !kept.schema.has_value() || kept.content.has_value()) return kept;
  if (std::optional<Type> listed = FindListedThatFit(kept)) return *listed;
  const Schema& constraint = sets_.Get(filter_.schema);
  // A bound of a filter must not make the maximum length of an estimate look as if it could occur.
  const bool has_lengths = constraint.max_length || constraint.max_items;
  const bool is_merged = !sets_.Get(kept.schema).is_estimate || !has_lengths;
  if (is_merged && StatesOnly(constraint, ClearBounds)) {
    // Merging the bounds keeps a single bound of each kind, however many conditions follow each
    // other.
    Schema bounded = sets_.Get(kept.schema);
    AddBounds(constraint, bounded);
    DropEmptyTypes(bounded);
    if (bounded.types == 0) return kNever;
    kept.schema = sets_.registry().Derive(bounded);
    return kept;
  }
  // SchemaSets::Meet drops a side of which nothing is known, but that side makes the result an
  // estimate.
  Schema both;
  both.all_of = {kept.schema, filter_.schema};
  kept.schema = sets_.registry().Derive(both);
  return kept;
}

/// For a type that lists its values: those that fit the filter's schema. Empty for any other type.
std::optional<Type> Narrowing::FindListedThatFit(const Type& type) {
  const types::SchemaRegistry& registry = sets_.registry();
  const bool is_estimate =
      std::ranges::any_of(FindConjuncts(registry, type.schema),
                          [&](SchemaId each) { return sets_.Get(each).is_estimate; });
  if (is_estimate || !type.IsOnly(kJsonKinds)) return std::nullopt;
  std::optional<std::vector<Value>> listed = registry.FiniteValues(type.schema);
  if (!listed) return std::nullopt;
  std::erase_if(*listed, [&](const Value& value) {
    return !registry.Validate(type.schema, value).empty() ||
           !registry.Validate(filter_.schema, value).empty();
  });
  return listed->empty() ? kNever : table_.OfSchema(sets_.OfValues(*std::move(listed)));
}

/// Whether a value of the type may equal the given list or map.
bool Narrowing::MayBe(const Type& type, const Value& value) const {
  const bool is_said = type.schema.has_value() && type.IsOnly(kJsonKinds) &&
                       !type.content.has_value() && !type.constant.has_value();
  return !is_said || types::TypeOf(value) == 0 ||
         sets_.registry().Validate(type.schema, value).empty();
}

Type Narrowing::OneOf(const Type& type) {
  // Equal lists can hold numbers of different kinds, which schemas do not distinguish.
  const bool has_structure = std::ranges::any_of(filter_.values, [&](const Value& value) {
    return value.depth() > 0 && !IsEmptyStructure(value) && MayBe(type, value);
  });
  if (has_structure) return type;
  std::vector<Value> found;
  for (const Value& value : filter_.values) AddAs(value, type.kinds, found);
  if (const Value* constant = table_.ConstantOf(type)) {
    return IsAmong(found, *constant) ? type : kNever;
  }
  if (type.schema.has_value()) {
    std::erase_if(found, [&](const Value& value) {
      return !sets_.registry().Validate(type.schema, value).empty();
    });
  }
  Type united = kNever;
  for (const Value& value : found) united = table_.Join(united, table_.OfValue(value));
  return united;
}

Type Narrowing::NoneOf(const Type& type) {
  if (const Value* constant = table_.ConstantOf(type)) {
    return IsListed(*constant) ? kNever : type;
  }
  Type kept = type;
  if (IsListed(Value::Null())) kept.kinds &= ~KindsOf(Kind::Null);
  if (type.schema.has_value()) {
    kept.schema = NotEmpty(Exclude(type.schema));
    kept.kinds &= sets_.kinds().Find(kept.schema) | (kEveryKind & ~kJsonKinds);
  }
  return kept;
}

/// If the filter excludes the empty list or object, at least one item or field remains; if objects
/// have a single possible field, it is that one.
SchemaId Narrowing::NotEmpty(SchemaId id) {
  const bool has_item = IsListed(Value::List({}));
  const bool has_field = IsListed(Value::Map({}));
  if ((!has_item && !has_field) || id == sets_.nothing()) return id;
  Schema counted = MakeExtensible(sets_, id);
  if (has_item) counted.min_items = std::max(counted.min_items, 1U);
  if (has_field) {
    counted.min_properties = std::max(counted.min_properties, 1U);
    const std::vector<std::string> names = FindFieldNames(sets_, id);
    const bool is_one = names.size() == 1 && CountFields(sets_, id).most == 1;
    if (is_one) Require(counted, names.front());
  }
  return sets_.registry().Derive(counted);
}

/// Removes the filter's values from what the schema lists. Returns whether anything was removed.
bool Narrowing::ExcludeListed(Schema& schema) const {
  const auto is_excluded = [&](const Value& value) { return IsListed(value); };
  bool has_less = false;
  if (schema.constant && is_excluded(*schema.constant)) has_less = schema.is_false = true;
  if (schema.enumeration) {
    has_less |= std::erase_if(*schema.enumeration, is_excluded) != 0;
    schema.is_false |= schema.enumeration->empty();
  }
  // A schema of any type must not become a list of all types but null.
  const bool has_null =
      schema.types != types::kAllTypes && (schema.types & Bit(TypeBit::Null)) != 0;
  if (has_null && is_excluded(Value::Null())) {
    schema.types &= ~Bit(TypeBit::Null);
    schema.is_false |= schema.types == 0;
    has_less = true;
  }
  if (schema.types != Bit(TypeBit::Boolean) || schema.constant || schema.enumeration) {
    return has_less;
  }
  for (const bool value : {false, true}) {
    if (!is_excluded(Value::Bool(!value))) continue;
    schema.constant = Value::Bool(value);
    has_less = true;
  }
  return has_less;
}

/// The schema without the filter's values: they are removed from lists of values and forbidden by
/// `not` elsewhere.
SchemaId Narrowing::Exclude(SchemaId id) {
  const SchemaId left = Exclude(id, 0);
  if (left == sets_.nothing() || sets_.registry().FiniteValues(left)) return left;
  std::vector<Value> forbidden;
  for (const Value& value : filter_.values) {
    const bool is_json = types::TypeOf(value) != 0;
    const KindSet kinds = value.is_number() ? kNumberKinds : KindsOf(value.kind());
    if (is_json && (sets_.kinds().Find(left) & kinds) != 0) forbidden.push_back(value);
  }
  if (forbidden.empty()) return left;
  Schema others;
  others.negated = sets_.OfValues(std::move(forbidden));
  Schema both;
  both.all_of = {left, sets_.registry().Derive(others)};
  return sets_.registry().Derive(both);
}

SchemaId Narrowing::Exclude(SchemaId id, uint32_t depth) {
  if (!Visit(depth)) return id;
  Schema schema = sets_.Get(id);
  if (ExcludeListed(schema)) {
    if (schema.is_false) return sets_.nothing();
    id = sets_.registry().Derive(schema);
  }
  return ReplaceParts(sets_, id, [&](SchemaId part) { return Exclude(part, depth + 1); });
}

/// The schema with those of its listed values that are of the kinds, numbers in the kind that is
/// asked for.
SchemaId Narrowing::WithListedKinds(SchemaId id, KindSet kinds) {
  if (!sets_.Get(id).enumeration) return id;
  Schema schema = sets_.Get(id);
  std::vector<Value> kept;
  for (const Value& value : *schema.enumeration) AddAs(value, kinds, kept);
  if (kept.empty()) return sets_.nothing();
  schema.enumeration = std::move(kept);
  return sets_.registry().Derive(schema);
}

/// Narrows the schema to the given kinds. A schema that allows everything stays as it is unless a
/// single kind is left, because listing several kinds would claim that each of them occurs.
SchemaId Narrowing::OfKinds(SchemaId id, KindSet kinds, uint32_t depth) {
  const KindSet all = sets_.kinds().Find(id);
  const KindSet left = all & kinds;
  if (left == all || !Visit(depth)) return id;
  if ((left & kJsonKinds) == 0) return sets_.nothing();
  if (all == kJsonKinds && !std::has_single_bit(left)) return id;
  const SchemaId narrowed =
      ReplaceParts(sets_, id, [&](SchemaId part) { return OfKinds(part, kinds, depth + 1); });
  if ((sets_.kinds().Find(narrowed) & ~kinds) == 0) return narrowed;
  id = WithListedKinds(narrowed, kinds);
  if (id == sets_.nothing() || (sets_.kinds().Find(id) & ~kinds) == 0) return id;
  Schema schema = sets_.Get(id);
  Schema of_types;
  of_types.types = FindTypes(left);
  const bool is_plain = schema.all_of.empty() && schema.any_of.empty() && schema.one_of.empty() &&
                        !schema.reference.has_value() && !schema.enumeration;
  if (!is_plain) return sets_.Meet(id, sets_.registry().Derive(of_types));
  schema.types &= of_types.types;
  return sets_.registry().Derive(schema);
}

SchemaId Narrowing::OfLeaf(SchemaId id) {
  const Type type = OfValue(table_.OfSchema(id));
  if (type.IsNever()) return sets_.nothing();
  return table_.SchemaOf(type);
}

/// Keeps those of many alternatives whose objects may have one of the filter's values in the field.
/// Examining every alternative for each route of a `decide` stage would take quadratic time.
SchemaId Narrowing::WithTaggedArms(SchemaId id, std::string_view field) {
  const TaggedArms* tagged = table_.FindTaggedArms(id, field);
  if (tagged == nullptr || filter_.values.size() > kMaxScanned) return id;
  SchemaIds arms = tagged->others;
  for (const Value& value : filter_.values) {
    const auto found = tagged->of_value.find(value);
    if (found != tagged->of_value.end()) arms.append(found->second.begin(), found->second.end());
  }
  if (arms.empty()) return sets_.nothing();
  std::ranges::sort(arms);
  const auto repeated = std::ranges::unique(arms);
  arms.erase(repeated.begin(), repeated.end());
  Schema schema = sets_.Get(id);
  (schema.any_of.empty() ? schema.one_of : schema.any_of).assign(arms.begin(), arms.end());
  return Simplify(sets_, schema);
}

/// `within` holds the kinds of the schema that this one is a part of.
SchemaId Narrowing::OfField(SchemaId id, Path path, uint32_t depth, KindSet within) {
  if (path.empty()) return OfLeaf(id);
  if (!Visit(depth)) return id;
  const bool is_absent = filter_.what == Filter::What::Absent;
  // A value without fields lacks this one, and a condition that inference does not understand need
  // not have read it.
  const bool may_lack = is_absent || filter_.what == Filter::What::Some;
  if ((sets_.kinds().Find(id) & KindsOf(Kind::Map)) == 0) return may_lack ? id : sets_.nothing();
  within &= sets_.kinds().Find(id);
  if (filter_.what == Filter::What::OneOf && path.size() == 1) {
    id = WithTaggedArms(id, path.front());
    if (id == sets_.nothing()) return id;
  }
  const SchemaId narrowed = ReplaceParts(
      sets_, id, [&](SchemaId part) { return OfField(part, path, depth + 1, within); });
  if (narrowed == sets_.nothing()) return narrowed;
  if (HasParts(sets_.Get(narrowed)) && StatesOnly(sets_.Get(narrowed), ClearParts)) return narrowed;
  return is_absent ? WithoutField(narrowed, path, depth, within) : WithField(narrowed, path, depth);
}

SchemaId Narrowing::WithField(SchemaId id, Path path, uint32_t depth) {
  const std::string name(path.front());
  const Field field = FindField(sets_, id, name);
  if (field.presence == Presence::Never) {
    return filter_.what == Filter::What::Some ? id : sets_.nothing();
  }
  const SchemaId part = OfField(field.schema, path.subspan(1), depth + 1);
  if (part == sets_.nothing()) return part;
  // Values other than objects do not have the field, so they are removed as well.
  const bool is_object = (sets_.kinds().Find(id) & ~KindsOf(Kind::Map)) == 0;
  const bool is_there =
      (field.presence == Presence::Always && is_object) || filter_.what == Filter::What::Some;
  if (part == field.schema && is_there) return id;
  Schema schema = MakeExtensible(sets_, id);
  if (filter_.what != Filter::What::Some) schema.types &= Bit(TypeBit::Object);
  SetProperty(schema, name, part);
  if (!is_there) Require(schema, name);
  return sets_.registry().Derive(schema);
}

/// The values that are not objects, do not have the field, or lack the part that the rest of the
/// path names.
SchemaId Narrowing::WithoutField(SchemaId id, Path path, uint32_t depth, KindSet within) {
  const std::string name(path.front());
  const Field field = FindField(sets_, id, name);
  if (field.presence == Presence::Never) return id;
  const SchemaId part = OfField(field.schema, path.subspan(1), depth + 1);
  if (part == field.schema) return id;
  if (part == sets_.nothing() && field.presence == Presence::Always) {
    if ((within & ~KindsOf(Kind::Map)) == 0) return part;
    return OfKinds(id, kJsonKinds & ~KindsOf(Kind::Map), depth + 1);
  }
  Schema schema = MakeExtensible(sets_, id);
  SetProperty(schema, name, part);
  return sets_.registry().Derive(schema);
}

/// The key of a question in TypeTable::Narrowed, for types that are known by their schema alone and
/// filters without values.
llvm::SmallString<64> MakeQuestion(const Type& type, Path path, const Filter& filter) {
  const uint32_t numbers[] = {
      type.schema.index(), filter.schema.has_value() ? filter.schema.index() + 1 : 0,
      uint32_t{type.kinds} << 16 | filter.kinds,
      static_cast<uint32_t>(filter.what) << 1 | (type.may_be_absent ? 1U : 0U)};
  llvm::SmallString<64> question;
  const auto append = [&](const void* bytes, size_t size) {
    const auto* first = static_cast<const char*>(bytes);
    question.append(first, first + size);
  };
  append(numbers, sizeof numbers);
  for (const std::string_view field : path) {
    const size_t length = field.size();
    append(&length, sizeof length);
    append(field.data(), length);
  }
  return question;
}

Type NarrowAnew(TypeTable& table, const Type& type, Path path, const Filter& filter) {
  Narrowing narrowing(table, filter);
  Type narrowed = type;
  const bool is_constant = type.constant.has_value();
  const SchemaId schema = is_constant ? table.SchemaOf(type) : type.schema;
  const bool has_fields = schema.has_value() && !type.content.has_value();
  if (filter.what == Filter::What::Some) {
    if (schema.has_value() && !is_constant && (path.empty() || has_fields)) {
      const SchemaId some = narrowing.OfField(schema, path, 0);
      if (some != table.sets().nothing()) narrowed.schema = some;
    }
  } else if (path.empty()) {
    narrowed = narrowing.OfValue(type);
  } else if (has_fields) {
    const SchemaId left = narrowing.OfField(schema, path, 0);
    // A constant that passes stays a constant.
    if (left != schema || !is_constant) narrowed = table.OfSchema(left);
  }
  if (narrowing.is_spent()) {
    narrowed.schema = table.sets().any();
    narrowed.constant = {};
  }
  return narrowed;
}

}  // namespace

/// Answers are remembered, because conditions ask the same questions about the same types over and
/// over: several stages read the same outputs, and what guards one stage also guards those after
/// it.
Type Narrow(TypeTable& table, const Type& type, std::span<const std::string_view> path,
            const Filter& filter) {
  const bool has_values = filter.what == Filter::What::OneOf || filter.what == Filter::What::NoneOf;
  const bool is_of_schema =
      type.schema.has_value() && !type.constant.has_value() && !type.content.has_value();
  if (has_values || !is_of_schema) return NarrowAnew(table, type, path, filter);
  const llvm::SmallString<64> question = MakeQuestion(type, path, filter);
  std::optional<Type> known = table.Narrowed(question.str());
  if (!known) {
    known = NarrowAnew(table, type, path, filter);
    table.Narrowed(question.str()) = known;
  }
  return *known;
}

}  // namespace wfc::expr

// Makes types, joins them, and finds their parts and their schemas. What becomes of the values when
// they leave an expression is in type_data.cpp.
#include "ir/expr/type_table.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "ir/base/utf8.h"

namespace wfc::expr {
namespace {

using types::Bit;
using types::Schema;
using types::TypeBit;

using NamedPart = std::pair<std::string, Type>;

constexpr size_t kMaxPrefix = 16;
constexpr uint32_t kMaxConstantDepth = 64;
Schema OfBit(TypeBit bit) {
  Schema schema;
  schema.types = Bit(bit);
  return schema;
}

void SetPrecision(Precision precision, Schema& schema) {
  schema.is_estimate = precision != Precision::Exact;
  schema.is_loose = precision == Precision::Loose;
}

uint32_t Clamp(uint64_t count) {
  return static_cast<uint32_t>(std::min<uint64_t>(count, UINT32_MAX));
}

std::optional<uint32_t> Clamp(const std::optional<uint64_t>& count) {
  // A bound that does not fit 32 bits is no restriction in practice.
  if (!count || *count >= UINT32_MAX) return std::nullopt;
  return static_cast<uint32_t>(*count);
}

bool IsJson(const Value& value) {
  switch (value.kind()) {
    case Kind::List:
      return std::ranges::all_of(value.items(), IsJson);
    case Kind::Map:
      return std::ranges::all_of(value.entries(), [](const MapEntry& entry) {
        return entry.key.is_string() && IsJson(entry.value);
      });
    default:
      return types::TypeOf(value) != 0;
  }
}

CountBounds Exactly(uint64_t count) {
  return {count, count};
}

CountBounds CountInValue(const Value& value) {
  if (value.kind() == Kind::List) return Exactly(value.items().size());
  if (value.kind() == Kind::Map) return Exactly(value.entries().size());
  if (value.is_string()) return Exactly(CountCodePoints(value.AsString()));
  return {};
}

}  // namespace

Type TypeTable::OfSchema(SchemaId schema) {
  if (!schema.has_value()) return kDyn;
  return {.kinds = sets_.kinds().Find(schema), .schema = schema};
}

Type TypeTable::OfKinds(KindSet kinds) {
  const auto json = static_cast<KindSet>(kinds & kSchemaKinds);
  return {.kinds = kinds, .schema = json != 0 ? sets_.OfKinds(json) : SchemaId()};
}

Type TypeTable::OfValue(const Value& value) {
  Type type = {.kinds = KindOfValue(value)};
  if (value.depth() > kMaxConstantDepth) return type;
  if (type.CanBe(kStructures) && !IsJson(value)) return OfParts(value);
  const bool is_finite = value.kind() != Kind::Double || types::TypeOf(value) != 0;
  if (!is_finite) return OfKinds(type.kinds);
  constants_.push_back({value, {}});
  type.constant = ConstantId(static_cast<uint32_t>(constants_.size() - 1));
  return type;
}

/// The type of a structure that contains values that are not JSON.
Type TypeTable::OfParts(const Value& value) {
  if (value.kind() == Kind::Optional) {
    const Value* held = value.optional_value();
    return held == nullptr ? OptionalOf(kNever) : OptionalOf(OfValue(*held), Fullness::Full);
  }
  if (value.kind() == Kind::List) {
    Type item = kNever;
    for (const Value& each : value.items()) item = Join(item, OfValue(each));
    return ListOf(item, {value.items().size(), value.items().size()});
  }
  Type key = kNever;
  Type held = kNever;
  for (const MapEntry& entry : value.entries()) {
    key = Join(key, OfValue(entry.key));
    held = Join(held, OfValue(entry.value));
  }
  return MapOf(key, held);
}

Type TypeTable::Integer(const IntegerBounds& bounds, Precision precision) {
  using Limits = std::numeric_limits<int64_t>;
  const int64_t least = bounds.least.value_or(Limits::min());
  const int64_t most = bounds.most.value_or(Limits::max());
  SchemaId& known = integers_[{least, most, precision}];
  if (!known.has_value()) {
    Schema schema = OfBit(TypeBit::Integer);
    schema.minimum = Value::Int(least);
    schema.maximum = Value::Int(most);
    SetPrecision(precision, schema);
    known = sets_.registry().Derive(schema);
  }
  return {.kinds = KindsOf(Kind::Int), .schema = known};
}

Type TypeTable::AnyText() {
  if (!any_text_.has_value()) any_text_ = sets_.registry().Derive(OfBit(TypeBit::String));
  return OfSchema(any_text_);
}

Type TypeTable::Text(const CountBounds& length, Precision precision) {
  const uint32_t least = Clamp(length.least);
  const std::optional<uint32_t> most = Clamp(length.most);
  SchemaId& known = texts_[{least, most.value_or(UINT32_MAX), precision}];
  if (!known.has_value()) {
    Schema schema = OfBit(TypeBit::String);
    schema.min_length = least;
    schema.max_length = most;
    SetPrecision(std::max(precision, Precision::Estimate), schema);
    known = sets_.registry().Derive(schema);
  }
  return {.kinds = KindsOf(Kind::String), .schema = known};
}

Type TypeTable::ListOf(const Type& item, const CountBounds& count, Precision precision) {
  Schema schema = OfBit(TypeBit::Array);
  SetPrecision(precision, schema);
  schema.items = SchemaInside(item);
  schema.min_items = Clamp(count.least);
  schema.max_items = item.IsNever() ? 0 : Clamp(count.most);
  const Type list = {.kinds = KindsOf(Kind::List), .schema = sets_.registry().Derive(schema)};
  return item.IsNever() || IsPlain(item) ? list : WithContent(list, {.item = item});
}

Type TypeTable::TupleOf(std::span<const Type> items) {
  const bool is_simple =
      items.size() <= kMaxPrefix &&
      std::ranges::all_of(items, [&](const Type& item) { return IsPlain(item); });
  if (!is_simple) {
    Type any_item = kNever;
    for (const Type& item : items) any_item = Join(any_item, item);
    return ListOf(any_item, {items.size(), items.size()});
  }
  Schema schema = OfBit(TypeBit::Array);
  schema.min_items = Clamp(items.size());
  schema.max_items = schema.min_items;
  for (const Type& item : items) schema.prefix_items.push_back(SchemaOf(item));
  return {.kinds = KindsOf(Kind::List), .schema = sets_.registry().Derive(schema)};
}

Type TypeTable::RecordOf(std::span<const NamedType> fields) {
  const bool is_never = std::ranges::any_of(fields, [](const NamedType& field) {
    return field.type.IsNever() && field.presence == Presence::Always;
  });
  if (is_never) return kNever;
  Schema schema = OfBit(TypeBit::Object);
  schema.other_properties = sets_.nothing();
  schema.properties.reserve(fields.size());
  schema.required.reserve(fields.size());
  Content content;
  for (const NamedType& field : fields) {
    schema.properties.emplace_back(field.name, SchemaInside(field.type));
    if (field.presence == Presence::Always) schema.required.emplace_back(field.name);
    if (!IsPlain(field.type)) content.fields.emplace_back(field.name, field.type);
  }
  const Type record = {.kinds = KindsOf(Kind::Map), .schema = sets_.registry().Derive(schema)};
  return content.fields.empty() ? record : WithContent(record, std::move(content));
}

Type TypeTable::MapOf(const Type& key, const Type& value, const CountBounds& count) {
  Type map = {.kinds = KindsOf(Kind::Map)};
  const bool has_names = key.IsOnly(KindsOf(Kind::String));
  if (has_names) {
    Schema schema = OfBit(TypeBit::Object);
    SetPrecision(Precision::Loose, schema);
    const SchemaId names = SchemaInside(key);
    if (names != sets_.OfKinds(KindsOf(Kind::String))) schema.property_names = names;
    schema.other_properties = SchemaInside(value);
    schema.min_properties = Clamp(count.least);
    schema.max_properties = Clamp(count.most);
    map.schema = sets_.registry().Derive(schema);
  }
  return has_names && IsPlain(value) ? map : WithContent(map, {.key = key, .value = value});
}

Type TypeTable::OptionalOf(const Type& held, Fullness fullness) {
  Type present = held;
  present.may_be_absent = false;
  return WithContent({.kinds = KindsOf(Kind::Optional)}, {.held = present, .fullness = fullness});
}

Type TypeTable::Join(const Type& left, const Type& right) {
  const bool may_be_absent = left.may_be_absent || right.may_be_absent;
  Type type = left;
  if (left.IsNever()) {
    type = right;
  } else if (!right.IsNever() && !(left == right)) {
    type = {.kinds = static_cast<KindSet>(left.kinds | right.kinds)};
    const SchemaId of_left = JsonPart(left);
    const SchemaId of_right = JsonPart(right);
    const bool is_known = of_left.has_value() && of_right.has_value();
    if (is_known) type.schema = sets_.Join(of_left, of_right);
    if (left.content.has_value() || right.content.has_value()) {
      type = WithContent(type, JoinContents(left, right));
    }
  }
  type.may_be_absent = may_be_absent;
  return type;
}

TypeTable::Content TypeTable::JoinContents(const Type& left, const Type& right) {
  Content content;
  const auto holds = [&](Type Content::* part) {
    const Content* of_left = ContentOf(left);
    const Content* of_right = ContentOf(right);
    return (of_left != nullptr && !(of_left->*part).IsNever()) ||
           (of_right != nullptr && !(of_right->*part).IsNever());
  };
  const auto has_fields = [&](const Type& type) {
    const Content* of_type = ContentOf(type);
    return of_type != nullptr && !of_type->fields.empty();
  };
  const bool has_item = holds(&Content::item);
  const bool has_value = holds(&Content::value) || has_fields(left) || has_fields(right);
  const bool has_held = left.CanBe(KindsOf(Kind::Optional)) || right.CanBe(KindsOf(Kind::Optional));
  if (has_item) content.item = Join(ItemOf(left), ItemOf(right));
  if (has_value) content.key = Join(KeyOf(left), KeyOf(right));
  if (has_value) content.value = Join(ValueOf(left), ValueOf(right));
  if (has_held) content.held = Join(HeldBy(left), HeldBy(right));
  const bool is_full = has_held && !CanBeEmpty(left) && !CanBeEmpty(right);
  content.fullness = is_full ? Fullness::Full : Fullness::MayBeEmpty;
  return content;
}

FieldType TypeTable::FieldOf(const Type& map, std::string_view name) {
  const Value* constant = ConstantOf(map);
  if (constant != nullptr && constant->kind() == Kind::Map) {
    const Value* found = constant->Find(name);
    if (found == nullptr) return {Presence::Never, kNever};
    return {Presence::Always, OfValue(*found)};
  }
  const SchemaId schema = JsonPart(map);
  FieldType field = {Presence::Unknown, kDyn};
  if (schema.has_value()) field = FieldInside(schema, name);
  const Content* content = ContentOf(map);
  if (content == nullptr || field.presence == Presence::Never) return field;
  const auto found = std::ranges::find(content->fields, name, &NamedPart::first);
  if (found != content->fields.end()) {
    field.type = found->second;
  } else if (!content->value.IsNever()) {
    field.type = content->value;
  }
  return field;
}

FieldType TypeTable::FieldInside(SchemaId schema, std::string_view name) {
  const auto [entry, is_new] = fields_[name].try_emplace(schema.index());
  if (is_new) {
    const Field found = FindField(sets_, schema, name);
    entry->second = {found.presence, PartOf(schema, found.schema)};
  }
  return entry->second;
}

std::vector<std::string> TypeTable::FieldNames(const Type& map) {
  const SchemaId schema = JsonPart(map);
  return schema.has_value() ? FindFieldNames(sets_, schema) : std::vector<std::string>();
}

Type TypeTable::KeyOf(const Type& map) {
  if (!map.CanBe(KindsOf(Kind::Map))) return kNever;
  const Content* content = ContentOf(map);
  if (content != nullptr && !content->key.IsNever()) return content->key;
  if (map.IsOnly(KindsOf(Kind::Map)) && CountIn(map).most == 0) return kNever;
  const SchemaId schema = JsonPart(map);
  if (!schema.has_value()) return kDyn;
  const SchemaId names = sets_.Get(schema).property_names;
  if (!map.IsOnly(KindsOf(Kind::Map)) || !names.has_value()) {
    return OfKinds(KindsOf(Kind::String));
  }
  const Type key = OfSchema(names);
  return key.IsOnly(KindsOf(Kind::String)) ? key : OfKinds(KindsOf(Kind::String));
}

Type TypeTable::ValueOf(const Type& map) {
  if (!map.CanBe(KindsOf(Kind::Map))) return kNever;
  const Content* content = ContentOf(map);
  if (content != nullptr && !content->value.IsNever()) return content->value;
  const SchemaId schema = JsonPart(map);
  if (!schema.has_value()) return kDyn;
  Type value = PartOf(schema, FindAnyField(sets_, schema));
  if (content == nullptr) return value;
  for (const auto& [name, field] : content->fields) value = Join(value, field);
  return value;
}

Type TypeTable::ItemOf(const Type& list, std::optional<uint64_t> index) {
  if (!list.CanBe(KindsOf(Kind::List))) return kNever;
  const Content* content = ContentOf(list);
  if (content != nullptr && !content->item.IsNever()) return content->item;
  const SchemaId schema = JsonPart(list);
  return schema.has_value() ? PartOf(schema, FindItem(sets_, schema, index)) : kDyn;
}

Type TypeTable::HeldBy(const Type& optional) {
  if (!optional.CanBe(KindsOf(Kind::Optional))) return kNever;
  const Content* content = ContentOf(optional);
  return content != nullptr ? content->held : kDyn;
}

bool TypeTable::CanBeEmpty(const Type& type) {
  if (!type.CanBe(KindsOf(Kind::Optional)) || type.IsDyn()) return false;
  const Content* content = ContentOf(type);
  return content == nullptr || content->fullness == Fullness::MayBeEmpty;
}

CountBounds TypeTable::CountIn(const Type& type) {
  if (const Value* constant = ConstantOf(type)) return CountInValue(*constant);
  const SchemaId schema = JsonPart(type);
  if (!schema.has_value()) return {};
  for (const Kind kind : {Kind::List, Kind::Map, Kind::String}) {
    if (type.IsOnly(KindsOf(kind))) return CountInside(schema, kind);
  }
  return {};
}

CountBounds TypeTable::CountInside(SchemaId schema, Kind kind) {
  const auto [entry, is_new] = counts_.try_emplace({schema.index(), static_cast<uint32_t>(kind)});
  if (!is_new) return entry->second;
  if (kind == Kind::List) entry->second = CountItems(sets_, schema);
  if (kind == Kind::Map) entry->second = CountFields(sets_, schema);
  if (kind == Kind::String) entry->second = CountCharacters(sets_, schema);
  return entry->second;
}

Precision TypeTable::CountPrecision(const Type& type) {
  if (ConstantOf(type) != nullptr) return Precision::Exact;
  const SchemaId schema = JsonPart(type);
  if (!schema.has_value()) return Precision::Loose;
  for (const Kind kind : {Kind::List, Kind::Map, Kind::String}) {
    if (!type.IsOnly(KindsOf(kind))) continue;
    const std::pair key(schema.index(), static_cast<uint32_t>(kind));
    const auto known = precisions_.find(key);
    if (known != precisions_.end()) return known->second;
    return precisions_[key] = FindCountPrecision(sets_, schema, kind);
  }
  // CountIn has no bounds then.
  const CountBounds items = CountInside(schema, Kind::List);
  const CountBounds fields = CountInside(schema, Kind::Map);
  const bool is_free = items.least == 0 && fields.least == 0 && !items.most && !fields.most;
  return is_free ? PrecisionInside(schema) : Precision::Loose;
}

bool TypeTable::IsEstimate(const Type& type) {
  if (ConstantOf(type) != nullptr) return false;
  const SchemaId schema = JsonPart(type);
  return !schema.has_value() || PrecisionInside(schema) != Precision::Exact;
}

Precision TypeTable::PrecisionInside(SchemaId schema) {
  Precision worst = Precision::Exact;
  const auto add = [&](SchemaId id) {
    const Schema& part = sets_.Get(id);
    if (part.is_estimate) {
      worst = std::max(worst, part.is_loose ? Precision::Loose : Precision::Estimate);
    }
  };
  for (const SchemaId each : FindConjuncts(sets_.registry(), schema)) {
    add(each);
    std::ranges::for_each(sets_.Get(each).any_of, add);
  }
  return worst;
}

Type TypeTable::PartOf(SchemaId whole, SchemaId part) {
  const Type type = OfSchema(part);
  return PrecisionInside(whole) == Precision::Loose ? SomeOf(type) : type;
}

Type TypeTable::SomeOf(const Type& type) {
  if (type.constant.has_value() || !type.schema.has_value()) return type;
  Schema schema = sets_.Get(type.schema);
  SetPrecision(Precision::Loose, schema);
  Type some = type;
  some.schema = sets_.registry().Derive(schema);
  return some;
}

KindSet TypeTable::SureKindsOf(const Type& type) {
  // A single kind occurs if there is any value at all.
  const bool is_one_kind = (type.kinds & (type.kinds - 1)) == 0;
  if (is_one_kind) return type.kinds;
  const KindSet others = type.kinds & ~kSchemaKinds;
  if (!type.CanBe(kSchemaKinds)) return others;
  const SchemaId schema = JsonPart(type);
  // Nothing is known of the JSON values, and they may be all that occurs.
  if (!schema.has_value()) return 0;
  return others | (sure_.Find(schema) & type.kinds);
}

std::optional<Value> TypeTable::FindWitness(const Type& type, KindSet kinds) {
  const SchemaId schema = JsonPart(type);
  if (!schema.has_value()) return std::nullopt;
  types::Schema others;
  others.types = types::kAllTypes & ~FindTypes(kinds & type.kinds);
  return sets_.registry().FindContainment(schema, sets_.registry().Derive(others)).witness;
}

IntegerBounds TypeTable::BoundsOf(const Type& integer) {
  const Value* constant = ConstantOf(integer);
  if (constant != nullptr && constant->kind() == Kind::Int) {
    return {constant->AsInt(), constant->AsInt()};
  }
  const SchemaId schema = JsonPart(integer);
  if (!schema.has_value()) return {};
  const auto [entry, is_new] = bounds_.try_emplace(schema.index());
  if (is_new) entry->second = FindIntegerBounds(sets_, schema);
  return entry->second;
}

Type TypeTable::WithContent(Type type, Content content) {
  contents_.push_back(std::move(content));
  type.content = ContentId(static_cast<uint32_t>(contents_.size() - 1));
  return type;
}

SchemaId TypeTable::JsonPart(const Type& type) {
  if (!type.CanBe(kSchemaKinds)) return sets_.nothing();
  if (!type.constant.has_value()) return type.schema;
  Constant& constant = constants_[type.constant.index()];
  if (!constant.schema.has_value()) constant.schema = sets_.Only(constant.value);
  return constant.schema;
}

SchemaId TypeTable::SchemaOf(const Type& type) {
  return type.IsOnly(kSchemaKinds) ? JsonPart(type) : SchemaId();
}

/// The schema of a part of a structure; a part that is not JSON counts as an unknown value.
SchemaId TypeTable::SchemaInside(const Type& part) {
  const SchemaId schema = SchemaOf(part);
  if (schema.has_value()) return schema;
  Schema unknown;
  unknown.is_estimate = true;
  return sets_.registry().Derive(unknown);
}

bool TypeTable::IsPlain(const Type& type) {
  const SchemaId schema = SchemaOf(type);
  if (!schema.has_value() || type.content.has_value()) return false;
  return sets_.kinds().Find(schema) == type.kinds;
}

const TypeTable::Content* TypeTable::ContentOf(const Type& type) const {
  return type.content.has_value() ? &contents_[type.content.index()] : nullptr;
}

const Value* TypeTable::ConstantOf(const Type& type) const {
  return type.constant.has_value() ? &constants_[type.constant.index()].value : nullptr;
}

const TaggedArms* TypeTable::FindTaggedArms(SchemaId schema, std::string_view field) {
  constexpr size_t kFew = 32;
  const types::Schema& whole = sets_.Get(schema);
  const std::vector<SchemaId>& written = whole.any_of.empty() ? whole.one_of : whole.any_of;
  if (written.size() <= kFew) return nullptr;
  const auto [entry, is_new] = tagged_.try_emplace({schema.index(), std::string(field)});
  TaggedArms& tagged = entry->second;
  if (!is_new) return &tagged;
  // FindField may derive schemas, which moves all others, so the ids are copied first.
  const std::vector<SchemaId> arms = written;
  for (const SchemaId arm : arms) {
    const SchemaId part = FindField(sets_, arm, field).schema;
    const std::optional<std::vector<Value>> listed = sets_.registry().FiniteValues(part);
    if (!listed) tagged.others.push_back(arm);
    for (const Value& value : listed.value_or(std::vector<Value>())) {
      SchemaIds& of_value = tagged.of_value[value];
      if (of_value.empty() || of_value.back() != arm) of_value.push_back(arm);
    }
  }
  return &tagged;
}

}  // namespace wfc::expr

// The parts of types: fields, keys, items, and what an optional holds. The other half of TypeTable.
#include <algorithm>
#include <bit>

#include "ir/base/utf8.h"
#include "ir/expr/type_table.h"

namespace wfc::expr {
namespace {

using NamedPart = std::pair<std::string, Type>;

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
    entry->second = {found.presence, OfSchema(found.schema)};
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
  return JsonPart(map).has_value() ? OfKinds(KindsOf(Kind::String)) : kDyn;
}

Type TypeTable::ValueOf(const Type& map) {
  if (!map.CanBe(KindsOf(Kind::Map))) return kNever;
  const Content* content = ContentOf(map);
  if (content != nullptr && !content->value.IsNever()) return content->value;
  const SchemaId schema = JsonPart(map);
  if (!schema.has_value()) return kDyn;
  Type value = OfSchema(FindAnyField(sets_, schema));
  if (content == nullptr) return value;
  for (const auto& [name, field] : content->fields) value = Join(value, field);
  return value;
}

Type TypeTable::ItemOf(const Type& list, std::optional<uint64_t> index) {
  if (!list.CanBe(KindsOf(Kind::List))) return kNever;
  const Content* content = ContentOf(list);
  if (content != nullptr && !content->item.IsNever()) return content->item;
  const SchemaId schema = JsonPart(list);
  return schema.has_value() ? OfSchema(FindItem(sets_, schema, index)) : kDyn;
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

KindSet TypeTable::SureKindsOf(const Type& type) {
  if (std::has_single_bit(type.kinds)) return type.kinds;
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

}  // namespace wfc::expr

// TypeTable, values that leave an expression: the types of what ToData (ir/value/data.h) makes of
// them, and the maps that cannot leave because their keys are not strings. Inference and the passes
// ask this where a value flows to an argument or an output.
#include <algorithm>

#include "ir/expr/type_table.h"

namespace wfc::expr {
namespace {

using types::Bit;
using types::Schema;
using types::TypeBit;

/// Limit on the depth of nested structures.
constexpr uint32_t kMaxDataDepth = 16;
constexpr KindSet kTexts = KindsOf(Kind::Timestamp, Kind::Duration, Kind::Bytes, Kind::Type);

constexpr std::string_view kTimestamp =
    "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    "([.]([0-9]{3}){1,3})?Z$";
constexpr std::string_view kDuration = "^-?[0-9]{1,10}([.][0-9]{1,9})?s$";
constexpr std::string_view kBase64 = "^[A-Za-z0-9+/]*={0,2}$";
constexpr std::string_view kTypeName = "^[a-zA-Z_.]{3,25}$";

/// Some of the strings that match the pattern, which means the same to RE2 and ECMA-262.
Schema SomeStrings(std::string_view pattern) {
  Schema schema;
  schema.types = Bit(TypeBit::String);
  schema.pattern = types::SchemaPattern{std::string(pattern), std::string(pattern)};
  schema.is_estimate = true;
  return schema;
}

}  // namespace

/// The data of the kinds that are written as strings.
Type TypeTable::TextAsData(KindSet kinds) {
  Type type = kNever;
  const auto add = [&](Kind kind, const Schema& schema) {
    if ((kinds & KindsOf(kind)) == 0) return;
    type = Join(type, OfSchema(sets_.registry().Derive(schema)));
  };
  Schema timestamp = SomeStrings(kTimestamp);
  timestamp.format = types::Format::DateTime;
  add(Kind::Timestamp, timestamp);
  add(Kind::Duration, SomeStrings(kDuration));
  add(Kind::Bytes, SomeStrings(kBase64));
  add(Kind::Type, SomeStrings(kTypeName));
  return type;
}

Type TypeTable::ListAsData(const Type& list, uint32_t depth) {
  const Type item = AsData(ItemOf(list), depth + 1);
  CountBounds count = CountIn({.kinds = KindsOf(Kind::List), .schema = list.schema});
  if (item.may_be_absent) count.least = 0;
  Type present = item;
  present.may_be_absent = false;
  return ListOf(present, count, Precision::Estimate);
}

/// A map whose fields are known and of which some are not JSON.
Type TypeTable::RecordAsData(const Type& record, uint32_t depth) {
  const std::vector<std::string> names = FieldNames(record);
  std::vector<NamedType> fields;
  for (const std::string& name : names) {
    const FieldType field = FieldOf(record, name);
    Type type = AsData(field.type, depth + 1);
    const bool is_left_out = type.may_be_absent;
    type.may_be_absent = false;
    if (is_left_out && type.IsNever()) continue;
    fields.push_back({.name = name,
                      .type = type,
                      .presence = is_left_out ? Presence::Optional : field.presence});
  }
  return RecordOf(fields);
}

Type TypeTable::MapAsData(const Type& map, uint32_t depth) {
  const Content* content = ContentOf(map);
  if (content != nullptr && !content->fields.empty()) return RecordAsData(map, depth);
  const Type key = KeyOf(map);
  if (!key.IsNever() && !key.CanBe(kString)) return kNever;
  Type value = AsData(ValueOf(map), depth + 1);
  value.may_be_absent = false;
  return MapOf(OfKinds(kString), value);
}

Type TypeTable::AsData(const Type& type, uint32_t depth) {
  if (type.IsDyn() || (type.IsOnly(kSchemaKinds) && !type.content.has_value())) return type;
  if (depth > kMaxDataDepth) return kDyn;
  const auto only = [&](KindSet kinds) {
    Type part = type;
    part.kinds &= kinds;
    return part;
  };
  const Content* content = ContentOf(type);
  const bool has_item = content != nullptr && !content->item.IsNever();
  const bool has_value =
      content != nullptr && (!content->value.IsNever() || !content->fields.empty());
  KindSet plain = kSchemaKinds;
  if (has_item) plain &= static_cast<KindSet>(~KindsOf(Kind::List));
  if (has_value) plain &= static_cast<KindSet>(~KindsOf(Kind::Map));
  Type data = only(plain);
  data.content = {};
  data.may_be_absent = false;
  const bool has_other_json = data.kinds != (type.kinds & kSchemaKinds);
  if (has_other_json && !data.IsNever()) data = OfKinds(data.kinds);
  if (data.IsNever()) data = kNever;
  if (has_item && type.CanBe(KindsOf(Kind::List))) data = Join(data, ListAsData(type, depth));
  if (has_value && type.CanBe(KindsOf(Kind::Map))) data = Join(data, MapAsData(type, depth));
  if (type.CanBe(kTexts)) data = Join(data, TextAsData(type.kinds));
  bool may_be_absent = type.may_be_absent;
  if (type.CanBe(kOptional)) {
    const Type held = AsData(HeldBy(type), depth + 1);
    data = Join(data, held);
    may_be_absent |= CanBeEmpty(type) || held.may_be_absent;
  }
  data.may_be_absent = may_be_absent;
  return data;
}

Type TypeTable::AsData(const Type& type) {
  return AsData(type, 0);
}

Type TypeTable::FindNonStringKeyedMap(const Type& type, uint32_t depth) {
  if (type.IsDyn() || !type.content.has_value() || depth > kMaxDataDepth) return kNever;
  const Content content = *ContentOf(type);
  const bool is_strange = type.CanBe(KindsOf(Kind::Map)) && !content.key.IsNever() &&
                          !content.key.IsDyn() && !content.key.IsOnly(kString);
  if (is_strange) return type;
  for (const Type& part : {content.item, content.value, content.held}) {
    const Type found = FindNonStringKeyedMap(part, depth + 1);
    if (!found.IsNever()) return found;
  }
  for (const auto& [name, field] : content.fields) {
    const Type found = FindNonStringKeyedMap(field, depth + 1);
    if (!found.IsNever()) return found;
  }
  return kNever;
}

Type TypeTable::FindNonStringKeyedMap(const Type& type) {
  return FindNonStringKeyedMap(type, 0);
}

}  // namespace wfc::expr

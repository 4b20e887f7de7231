// Parses the keywords that hold a schema, a list of schemas or a map of schemas.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "ir/types/schema/schema_parser.h"

namespace wfc::types {
namespace {

/// The last step of `place`, which is the keyword being parsed.
std::string_view KeyOf(const SchemaPlace& place) {
  return std::string_view(place.expanded).substr(place.expanded.rfind('/') + 1);
}

}  // namespace

std::vector<std::pair<std::string, SchemaId>> SchemaParser::ParseSchemaMap(
    const Value& value, const SchemaPlace& place, SchemaDraft& draft,
    std::string_view expanded_key) {
  std::vector<std::pair<std::string, SchemaId>> schemas;
  if (TypeOf(value) != Bit(TypeBit::Object)) {
    ReportNoSchemaMap(value, place);
    return schemas;
  }
  std::vector<MapEntry> expanded;
  for (const MapEntry& entry : value.entries()) {
    const std::string_view name = entry.key.AsString();
    if (expanded_key == "properties") WarnOfQuestionMark(name, place);
    ParsedSchema parsed = ParseInto(entry.value, place.Child(name), draft);
    schemas.emplace_back(name, parsed.id);
    expanded.push_back({entry.key, std::move(parsed.expanded)});
  }
  draft.expanded.push_back({Value::String(expanded_key), Value::Map(std::move(expanded))});
  return schemas;
}

void SchemaParser::ParseProperties(const Value& value, const SchemaPlace& place,
                                   SchemaDraft& draft) {
  draft.schema.properties = ParseSchemaMap(value, place, draft, "properties");
}

void SchemaParser::ParseDefinitions(const Value& value, const SchemaPlace& place,
                                    SchemaDraft& draft) {
  // Definitions have no effect by themselves; references find them by their pointers.
  static_cast<void>(ParseSchemaMap(value, place, draft, "$defs"));
}

void SchemaParser::ParseOldDefinitions(const Value& value, const SchemaPlace& place,
                                       SchemaDraft& draft) {
  static_cast<void>(ParseSchemaMap(value, place, draft, "definitions"));
}

std::vector<SchemaId> SchemaParser::ParseSchemaList(const Value& value, const SchemaPlace& place,
                                                    SchemaDraft& draft) {
  std::vector<SchemaId> schemas;
  if (value.kind() != Kind::List || value.items().empty()) {
    ReportShape(place,
                fmt::format("this is a list of at least one schema, not {}", DescribeValue(value)));
    return schemas;
  }
  std::vector<Value> expanded;
  for (size_t i = 0; i < value.items().size(); ++i) {
    ParsedSchema parsed = ParseInto(value.items()[i], place.Child(i), draft);
    schemas.push_back(parsed.id);
    expanded.push_back(std::move(parsed.expanded));
  }
  draft.expanded.push_back({Value::String(KeyOf(place)), Value::List(std::move(expanded))});
  return schemas;
}

SchemaId SchemaParser::ParseOneSchema(const Value& value, const SchemaPlace& place,
                                      SchemaDraft& draft) {
  if (value.kind() == Kind::List && KeyOf(place) == "items") {
    ReportShape(place, "`items` is one schema for all items; for one each write `prefixItems`");
    return {};
  }
  ParsedSchema parsed = ParseInto(value, place, draft);
  draft.expanded.push_back({Value::String(KeyOf(place)), std::move(parsed.expanded)});
  return parsed.id;
}

void SchemaParser::ParsePatternProperties(const Value& value, const SchemaPlace& place,
                                          SchemaDraft& draft) {
  for (const auto& [source, schema] : ParseSchemaMap(value, place, draft, "patternProperties")) {
    std::optional<SchemaPattern> pattern = ReadPattern(source, place.Child(source));
    if (pattern) draft.schema.pattern_properties.emplace_back(*std::move(pattern), schema);
  }
}

void SchemaParser::ParseDependentSchemas(const Value& value, const SchemaPlace& place,
                                         SchemaDraft& draft) {
  draft.schema.dependent_schemas = ParseSchemaMap(value, place, draft, "dependentSchemas");
}

void SchemaParser::ParseDependentRequired(const Value& value, const SchemaPlace& place,
                                          SchemaDraft& draft) {
  if (TypeOf(value) != Bit(TypeBit::Object)) {
    return ReportShape(place, fmt::format("this is a map of names to lists of names, not {}",
                                          DescribeValue(value)));
  }
  for (const MapEntry& entry : value.entries()) {
    const std::string_view name = entry.key.AsString();
    auto& [unused, names] = draft.schema.dependent_required.emplace_back(name, 0);
    ReadNames(entry.value, place.Child(name), names);
  }
}

}  // namespace wfc::types

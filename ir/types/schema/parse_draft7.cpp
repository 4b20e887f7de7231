// SchemaParser, the dialect of draft-07: the keywords that it spells differently from 2020-12.
// ParseMap and ParseKeyword ask here first. They are accepted where `$schema` names draft-07, which
// servers of tools still use; elsewhere they are reported together with their replacement.
#include <utility>

#include <fmt/core.h>

#include "ir/types/schema/schema_parser.h"

namespace wfc::types {
namespace {

struct OldWord {
  std::string_view name;
  std::string_view cure;
};

constexpr OldWord kOldWords[] = {
    {"$recursiveAnchor", "write `$dynamicAnchor`"},
    {"$recursiveRef", "write `$dynamicRef`"},
    {"additionalItems", "write `items`, and `prefixItems` for the first ones"},
    {"dependencies", "write `dependentRequired` for names and `dependentSchemas` for schemas"},
    {"divisibleBy", "write `multipleOf`"},
    {"id", "write `$id`"},
};

}  // namespace

std::string_view FindCure(std::string_view old_word) {
  for (const OldWord& word : kOldWords) {
    if (word.name == old_word) return word.cure;
  }
  return "";
}

bool SchemaParser::IsIgnored(std::string_view name, const Value& siblings,
                             const SchemaPlace& place) {
  if (!place.dialect.is_draft_7) return false;
  if (name == "additionalItems") {
    const Value* items = siblings.Find("items");
    return items == nullptr || items->kind() != Kind::List;
  }
  const bool is_structure = name.starts_with('$') || name == "definitions";
  return siblings.Find("$ref") != nullptr && !is_structure;
}

bool SchemaParser::ParseOldKeyword(std::string_view name, const Value& value,
                                   const SchemaPlace& place, SchemaDraft& draft) {
  if (!place.dialect.is_draft_7) return false;
  if (name == "additionalItems") {
    draft.schema.items = ParseOneSchema(value, place, draft);
  } else if (name == "items" && value.kind() == Kind::List && value.items().empty()) {
    draft.expanded.push_back({Value::String(name), value});
  } else if (name == "items" && value.kind() == Kind::List) {
    draft.schema.prefix_items = ParseSchemaList(value, place, draft);
  } else if (name == "dependencies") {
    ParseDependencies(value, place, draft);
  } else {
    return false;
  }
  return true;
}

/// Parses `dependencies`, which maps a property to a list of names or to a schema.
void SchemaParser::ParseDependencies(const Value& value, const SchemaPlace& place,
                                     SchemaDraft& draft) {
  if (TypeOf(value) != Bit(TypeBit::Object)) {
    return ReportShape(place, fmt::format("this is a map of names to names or schemas, not {}",
                                          DescribeValue(value)));
  }
  std::vector<MapEntry> expanded;
  for (const MapEntry& entry : value.entries()) {
    const std::string_view name = entry.key.AsString();
    if (entry.value.kind() == Kind::List) {
      auto& [unused, names] = draft.schema.dependent_required.emplace_back(name, 0);
      ReadNames(entry.value, place.Child(name), names);
      expanded.push_back(entry);
    } else {
      ParsedSchema parsed = ParseInto(entry.value, place.Child(name), draft);
      draft.schema.dependent_schemas.emplace_back(name, parsed.id);
      expanded.push_back({entry.key, std::move(parsed.expanded)});
    }
  }
  draft.expanded.push_back({Value::String("dependencies"), Value::Map(std::move(expanded))});
}

}  // namespace wfc::types

// Resolves identifiers: `$id`, anchors, and references within and between documents.
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "ir/types/schema/keywords.h"
#include "ir/types/schema/locations.h"
#include "ir/types/schema/schema_parser.h"
#include "ir/types/schema/uri.h"

namespace wfc::types {
namespace {

bool IsAnchor(std::string_view name) {
  const auto is_letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  const auto goes_on = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  };
  return !name.empty() && (is_letter(name[0]) || name[0] == '_') &&
         std::ranges::all_of(name, goes_on);
}

}  // namespace

std::optional<SchemaPlace> SchemaParser::EnterResource(const Value& source,
                                                       const SchemaPlace& outer) {
  if (source.kind() != Kind::Map) return std::nullopt;
  const Value* id = source.Find("$id");
  const Value* dialect = source.Find("$schema");
  if (id == nullptr && dialect == nullptr) return std::nullopt;
  SchemaPlace place = outer;
  if (dialect != nullptr) place.dialect = ReadDialect(*dialect, outer);
  // An invalid `$id` is reported where the keyword is parsed. In draft-07 an `$id` can be an
  // anchor.
  if (id == nullptr || !id->is_string() || id->AsString().starts_with('#')) return place;
  std::string uri = ResolveUri(outer.base, id->AsString());
  place.base = uri.substr(0, uri.find('#'));
  place.resource_begin = place.expanded.size();
  if (!place.expanded.empty()) {
    place.resource = static_cast<uint32_t>(tables_.resources.size());
    tables_.resources.emplace_back();
  }
  has_identifiers_ = true;
  return place;
}

SchemaDialect SchemaParser::ReadDialect(const Value& uri, const SchemaPlace& place) {
  if (!uri.is_string()) return place.dialect;  // ParseDialect reports it
  const std::string_view text = uri.AsString();
  if (text.find("json-schema.org/draft-07/") != std::string_view::npos ||
      text.find("json-schema.org/draft-06/") != std::string_view::npos) {
    return {.is_draft_7 = true};
  }
  const auto own = tables_.dialects.find(std::string(text));
  return {.validates = own == tables_.dialects.end() || own->second};
}

// A dialect that is not known is an error, because it may give keywords another meaning or none.
void SchemaParser::ParseDialect(const Value& value, const SchemaPlace& place, SchemaDraft&) {
  static constexpr std::string_view kKnown[] = {
      "json-schema.org/draft/2020-12/", "json-schema.org/draft/2019-09/",
      "json-schema.org/draft-07/", "json-schema.org/draft-06/"};
  const auto is_known = [&](std::string_view known) {
    return value.AsString().find(known) != std::string_view::npos;
  };
  if (value.is_string() && (std::ranges::any_of(kKnown, is_known) ||
                            tables_.dialects.contains(std::string(value.AsString())))) {
    return;
  }
  ReportShape(place, fmt::format("the dialect {} is not supported; leave `$schema` out, or write "
                                 "`https://json-schema.org/draft/2020-12/schema`",
                                 DescribeValue(value)));
}

/// A metaschema lists the vocabularies of its dialect. A vocabulary that it requires must be known.
void SchemaParser::ParseVocabulary(const Value& value, const SchemaPlace& place,
                                   SchemaDraft& draft) {
  static constexpr std::string_view kPrefix = "https://json-schema.org/draft/2020-12/vocab/";
  if (TypeOf(value) != Bit(TypeBit::Object)) {
    return ReportShape(place, fmt::format("this is a map of vocabularies to booleans, not {}",
                                          DescribeValue(value)));
  }
  draft.has_local_references = true;
  bool validates = false;
  for (const MapEntry& entry : value.entries()) {
    const std::string_view uri = entry.key.AsString();
    validates |= uri.starts_with(kPrefix) && uri.substr(kPrefix.size()) == "validation";
    if (uri.starts_with(kPrefix) || !entry.value.is_true()) continue;
    ReportShape(place.Child(uri),
                fmt::format("the vocabulary `{}` is required, and not known", uri));
  }
  tables_.dialects[place.base] = validates;
}

void SchemaParser::ParseId(const Value& value, const SchemaPlace& place, SchemaDraft& draft) {
  if (!value.is_string()) {
    return ReportShape(place, fmt::format("`$id` is a string, not {}", DescribeValue(value)));
  }
  const std::string_view text = value.AsString();
  const size_t hash = text.find('#');
  draft.has_local_references = true;
  if (hash == std::string_view::npos || hash + 1 == text.size()) return;
  if (place.dialect.is_draft_7 && hash == 0) {
    draft.anchors.push_back({std::string(text.substr(1))});
    return;
  }
  ReportShape(place,
              fmt::format("an `$id` has no fragment; write `$anchor: {}`", text.substr(hash + 1)));
}

void SchemaParser::ReadAnchor(const Value& value, const SchemaPlace& place, bool is_dynamic,
                              SchemaDraft& draft) {
  if (!value.is_string() || !IsAnchor(value.AsString())) {
    return ReportShape(place, fmt::format("an anchor is a name of letters, digits, `_`, `-` and "
                                          "`.`, not {}",
                                          DescribeValue(value)));
  }
  draft.anchors.push_back({std::string(value.AsString()), is_dynamic});
  draft.has_local_references = true;
  has_identifiers_ = true;
}

void SchemaParser::ParseAnchor(const Value& value, const SchemaPlace& place, SchemaDraft& draft) {
  ReadAnchor(value, place, false, draft);
}

void SchemaParser::ParseDynamicAnchor(const Value& value, const SchemaPlace& place,
                                      SchemaDraft& draft) {
  ReadAnchor(value, place, true, draft);
}

void SchemaParser::ReadReference(const Value& value, const SchemaPlace& place, bool is_dynamic,
                                 SchemaDraft& draft) {
  if (!value.is_string()) {
    return ReportShape(place,
                       fmt::format("`{}` is a string, not {}", is_dynamic ? "$dynamicRef" : "$ref",
                                   DescribeValue(value)));
  }
  const std::string text(value.AsString());
  draft.schema.reference_pointer = place.source;
  if (FindType(text)) {
    return ReportShape(place,
                       fmt::format("`{0}` is a type, not a schema's id; write `type: {0}`", text));
  }
  const auto named = tables_.names.find(text);
  if (named != tables_.names.end() && !is_dynamic) {
    draft.schema.reference = named->second;
    return;
  }
  draft.has_local_references = true;
  // A registered id takes precedence over a document that would have the same URI.
  const size_t hash = std::min(text.find('#'), text.size());
  const std::string base = tables_.names.contains(text.substr(0, hash)) ? "wfc:/" : place.base;
  draft.references.push_back({text, ResolveUri(base, text), place, is_dynamic});
}

void SchemaParser::ParseReference(const Value& value, const SchemaPlace& place,
                                  SchemaDraft& draft) {
  ReadReference(value, place, false, draft);
}

void SchemaParser::ParseDynamicReference(const Value& value, const SchemaPlace& place,
                                         SchemaDraft& draft) {
  ReadReference(value, place, true, draft);
}

/// Records the URIs that refer to the schema: pointers from the root of its resource and of its
/// document, and its anchors.
void SchemaParser::Locate(const SchemaDraft& draft, const SchemaPlace& place, SchemaId id) {
  locations_[root_base_ + "#" + place.expanded] = id;
  if (place.base != root_base_) {
    locations_[place.base + "#" + place.expanded.substr(place.resource_begin)] = id;
  }
  SchemaResource& resource = tables_.resources[place.resource];
  for (const SchemaDraft::Anchor& anchor : draft.anchors) {
    const auto [entry, is_new] = locations_.try_emplace(place.base + "#" + anchor.name, id);
    if (!is_new) {
      ReportShape(place, fmt::format("the anchor `{}` occurs twice in this document", anchor.name));
    }
    if (place.resource_begin == 0) locations_.try_emplace(root_base_ + "#" + anchor.name, id);
    if (anchor.is_dynamic) resource.dynamic_anchors.emplace_back(anchor.name, id);
  }
  std::ranges::sort(resource.dynamic_anchors);
}

SchemaId SchemaParser::FindLocation(const std::string& uri) const {
  const std::string key = LocationKey(uri);
  const auto found = locations_.find(key);
  return found != locations_.end() ? found->second : FindSharedLocation(tables_, key);
}

void SchemaParser::ResolveReferences() {
  for (auto& [from, reference] : references_) {
    const SchemaId found = FindLocation(reference.uri);
    if (found.has_value()) {
      SetReference(tables_, from, found, reference.uri, reference.is_dynamic);
    } else if (target_.has_value() && !reference.text.starts_with('#') &&
               reference.text.find_first_of("/#:.") != std::string::npos) {
      tables_.pending.push_back(
          {from, reference.uri, reference.place.source, reference.is_dynamic});
    } else {
      // So that no errors follow from a schema that is not known.
      tables_.schemas[from].is_estimate = true;
      ReportUnresolved(reference);
    }
  }
  if (!target_.has_value() && !has_identifiers_) return;
  for (auto& [key, id] : locations_) {
    if (!key.starts_with('#')) tables_.locations.insert_or_assign(key, id);
  }
}

void SchemaParser::ReportUnresolved(const SchemaDraft::Reference& reference) {
  const std::string& text = reference.text;
  if (text.find_first_of("/#:.") == std::string::npos) {
    FindNamed(text, reference.place);
  } else {
    ReportShape(reference.place, UnresolvedMessage(tables_, text));
  }
}

}  // namespace wfc::types

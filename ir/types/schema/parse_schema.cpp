// Parses documents, words and the short forms (`fields`, `list`), and finishes each schema: shares
// equal ones and lists their locations.
#include "ir/types/schema/parse_schema.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "ir/support/suggest.h"
#include "ir/types/schema/keywords.h"
#include "ir/types/schema/schema_parser.h"
#include "ir/value/json.h"

namespace wfc::types {
namespace {

/// Whether `wrong` can be a typing error for `word`: the first letters agree, or one of them was
/// omitted, inserted, replaced or swapped. Without this rule, `reject` would count as an error for
/// `object`.
bool IsSlipOf(std::string_view wrong, std::string_view word) {
  if (wrong.size() < 2 || word.size() < 2) return false;
  const bool is_swapped = wrong[0] == word[1] && wrong[1] == word[0];
  return wrong[0] == word[0] || is_swapped || wrong[0] == word[1] || wrong[1] == word[0] ||
         wrong.substr(1) == word.substr(1);
}

/// A word in place of a field's schema may be meant as the field's value.
std::string HintOfWord(std::string_view word, std::string_view pointer) {
  const std::string_view holder = pointer.substr(0, std::min(pointer.rfind('/'), pointer.size()));
  if (!holder.ends_with("/fields") && !holder.ends_with("/properties")) return "";
  const bool is_choice = pointer.find("/oneOf/") != std::string_view::npos ||
                         pointer.find("/anyOf/") != std::string_view::npos;
  return fmt::format(
      "; a field that is always this word is `{{const: {}}}`{}", word,
      is_choice ? "" : fmt::format(", and one of several words `{{enum: [{}, …]}}`", word));
}

/// A list in place of a schema may be meant as the types of a value, or as its possible values.
std::string HintOfList(const Value& source) {
  constexpr size_t kMostListed = 4;
  if (source.kind() != Kind::List || source.items().size() < 2) return "";
  std::string listed;
  size_t types = 0;
  for (size_t i = 0; i < source.items().size(); ++i) {
    const Value& item = source.items()[i];
    if (item.kind() == Kind::List || item.kind() == Kind::Map) return "";
    const bool is_type = item.is_null() || (item.is_string() && FindType(item.AsString()));
    types += is_type ? 1 : 0;
    if (i >= kMostListed) continue;
    listed += i == 0 ? "" : ", ";
    listed += item.is_null() ? "\"null\"" : DescribeValue(item);
  }
  if (source.items().size() > kMostListed) listed += ", …";
  const bool are_types = types == source.items().size();
  return are_types ? fmt::format("; of one of several types is `{{type: [{}]}}`", listed)
                   : fmt::format("; one of several values is `{{enum: [{}]}}`", listed);
}

}  // namespace

SchemaId SchemaParser::ParseDocument(const Value& source) {
  first_schema_ = tables_.schemas.size();
  if (target_.has_value()) root_base_ = "wfc:/" + tables_.schemas[target_].name;
  if (source.depth() > kMaxSchemaDepth) {
    ReportShape({}, fmt::format("the schema nests deeper than {} levels", kMaxSchemaDepth));
    return {};
  }
  SchemaPlace place;
  place.base = root_base_;
  place.resource = static_cast<uint32_t>(tables_.resources.size());
  tables_.resources.emplace_back();
  const ParsedSchema root = Parse(source, place);
  ResolveReferences();
  for (uint32_t i = first_schema_; i < tables_.schemas.size(); ++i) {
    tables_.schemas[SchemaId(i)].document = root.id;
  }
  if (!has_errors()) return root.id;
  if (target_.has_value()) {
    Schema admits_everything;
    admits_everything.name = tables_.schemas[target_].name;
    // So that no errors follow from a schema that is not known.
    admits_everything.is_estimate = true;
    admits_everything.expanded = Value::Bool(true);
    admits_everything.document = target_;
    tables_.schemas[target_] = std::move(admits_everything);
  }
  return {};
}

ParsedSchema SchemaParser::Parse(const Value& source, const SchemaPlace& outer) {
  SchemaDraft draft;
  const auto first_part = static_cast<uint32_t>(parts_.size());
  const std::optional<SchemaPlace> own = EnterResource(source, outer);
  const SchemaPlace& place = own ? *own : outer;
  if (source.is_string()) {
    draft = ParseWord(source.AsString(), place);
  } else if (source.is_null()) {
    draft = ParseWord("null", place);  // YAML reads the type word `null` as null
  } else if (source.kind() == Kind::Bool) {
    draft.schema.is_false = source.is_false();
  } else if (source.kind() == Kind::Map) {
    draft = ParseMap(source, place);
  } else {
    ReportShape(place, fmt::format("a schema is a type word, an id or a map, not {}{}",
                                   DescribeValue(source), HintOfList(source)));
  }
  const bool is_short_form = draft.is_short_form;
  ParsedSchema parsed = Finish(std::move(draft), place);
  parts_.push_back({parsed.id, place.source, first_part, is_short_form});
  return parsed;
}

SchemaDraft SchemaParser::ParseWord(std::string_view word, const SchemaPlace& place) {
  SchemaDraft draft;
  if (word == "any") return draft;
  if (const std::optional<TypeMask> types = FindType(word)) {
    draft.schema.types = *types;
    draft.expanded.push_back({Value::String("type"), Value::String(word)});
    return draft;
  }
  draft.schema.reference = FindNamed(word, place);
  draft.schema.reference_pointer = place.source;
  draft.expanded.push_back({Value::String("$ref"), Value::String(word)});
  return draft;
}

SchemaId SchemaParser::FindNamed(std::string_view id, const SchemaPlace& place) {
  const auto found = tables_.names.find(id);
  if (found != tables_.names.end()) return found->second;
  if (ReportForeignType(id, place)) return {};
  Suggester suggester(id);
  for (const auto& [name, unused] : tables_.names) suggester.Consider(name);
  for (const std::string_view word : TypeWords()) {
    if (IsSlipOf(id, word)) suggester.Consider(word);
  }
  std::string message = fmt::format("nothing registers the schema `{}`", id);
  const bool is_name = place.source.empty() && std::ranges::all_of(id, [](char c) {
                         return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                       });
  if (is_name && suggester.best().empty()) {
    message += fmt::format("; an object with such a field is `{{fields: {{{}: string}}}}`", id);
  }
  if (suggester.best().empty()) message += HintOfWord(id, place.source);
  Report(SchemaError::Kind::UnknownName, place, std::move(message), std::string(suggester.best()));
  return {};
}

SchemaDraft SchemaParser::ParseMap(const Value& source, const SchemaPlace& place) {
  if (!source.entries().empty() && !source.entries().front().key.is_string()) {
    ReportShape(place, "a schema's keys must be strings");
    return {};
  }
  if (source.Find("fields") != nullptr) return ParseFields(source, place);
  if (source.Find("list") != nullptr) return ParseList(source, place);
  SchemaDraft draft;
  if (IsMapOfFields(source, place)) return draft;
  for (const MapEntry& entry : source.entries()) {
    const std::string_view name = entry.key.AsString();
    if (IsIgnored(name, source, place)) continue;
    ParseKeyword(name, source, place.Child(name), draft);
  }
  WarnOfListed(draft, place);
  WarnOfRequired(draft, place);
  WarnOfForeignKeywords(source, draft, place);
  return draft;
}

void SchemaParser::ParseBesideShortForm(const Value& source, const SchemaPlace& place,
                                        std::span<const std::string_view> own, SchemaDraft& draft) {
  for (const MapEntry& entry : source.entries()) {
    const std::string_view name = entry.key.AsString();
    if (std::ranges::find(own, name) != own.end()) continue;
    const Keyword* keyword = FindKeyword(name);
    static constexpr std::string_view kBeside[] = {"default", "format", "$id", "$schema"};
    const bool is_beside = std::ranges::find(kBeside, name) != std::end(kBeside) ||
                           keyword == nullptr || keyword->use == KeywordUse::Annotation;
    if (is_beside) {
      ParseKeyword(name, source, place.Child(name), draft);
    } else {
      ReportBesideShortForm(name, own.front(), place.Child(name));
    }
  }
}

SchemaDraft SchemaParser::ParseFields(const Value& source, const SchemaPlace& place) {
  static constexpr std::array<std::string_view, 2> kOwn = {"fields", "optional"};
  SchemaDraft draft;
  draft.is_short_form = true;
  ParseBesideShortForm(source, place, kOwn, draft);
  Schema& schema = draft.schema;
  schema.types = Bit(TypeBit::Object);
  const SchemaPlace fields = place.Child("fields", "properties");
  schema.properties = ParseSchemaMap(*source.Find("fields"), fields, draft, "properties");
  std::vector<std::string> optional;
  if (const Value* names = source.Find("optional")) {
    ReadNames(*names, place.Child("optional"), optional);
  }
  for (size_t i = 0; i < optional.size(); ++i) {
    if (schema.FindProperty(optional[i]) != nullptr) continue;
    Suggester suggester(optional[i]);
    for (const auto& [name, unused] : schema.properties) suggester.Consider(name);
    ReportShape(place.Child("optional"),
                fmt::format("`fields` has no `{}`{}", optional[i], suggester.Phrase()));
  }
  std::vector<Value> required;
  for (const auto& [name, unused] : schema.properties) {
    if (std::ranges::find(optional, name) != optional.end()) continue;
    schema.required.push_back(name);
    required.push_back(Value::String(name));
  }
  SchemaDraft nothing;
  nothing.schema.is_false = true;
  schema.other_properties =
      Finish(std::move(nothing), place.Child("fields", "additionalProperties")).id;
  draft.expanded.push_back({Value::String("type"), Value::String("object")});
  draft.expanded.push_back({Value::String("additionalProperties"), Value::Bool(false)});
  if (!required.empty()) {
    draft.expanded.push_back({Value::String("required"), Value::List(std::move(required))});
  }
  return draft;
}

SchemaDraft SchemaParser::ParseList(const Value& source, const SchemaPlace& place) {
  static constexpr std::array<std::string_view, 2> kOwn = {"list", "max"};
  SchemaDraft draft;
  draft.is_short_form = true;
  ParseBesideShortForm(source, place, kOwn, draft);
  draft.schema.types = Bit(TypeBit::Array);
  draft.expanded.push_back({Value::String("type"), Value::String("array")});
  const ParsedSchema items = ParseInto(*source.Find("list"), place.Child("list", "items"), draft);
  draft.schema.items = items.id;
  draft.expanded.push_back({Value::String("items"), items.expanded});
  if (const Value* max = source.Find("max")) {
    draft.schema.max_items = ReadCount(*max, place.Child("max"));
    draft.expanded.push_back({Value::String("maxItems"), *max});
  }
  return draft;
}

/// Stores the draft and gives it its id. An equal schema that is already stored is used instead.
ParsedSchema SchemaParser::Finish(SchemaDraft draft, const SchemaPlace& place) {
  Schema& schema = draft.schema;
  const bool is_root = place.source.empty();
  schema.expanded = schema.is_false || draft.expanded.empty()
                        ? Value::Bool(!schema.is_false)
                        : Value::Map(std::move(draft.expanded));
  ParsedSchema parsed{
      .id = {}, .expanded = schema.expanded, .has_local_references = draft.has_local_references};
  if (is_root && target_.has_value()) {
    schema.name = tables_.schemas[target_].name;
    schema.document = target_;
    tables_.schemas[target_] = std::move(schema);
    parsed.id = target_;
  } else if (draft.has_local_references && !is_root) {
    parsed.id = tables_.schemas.Add(std::move(schema));
  } else {
    const auto [entry, is_new] = tables_.interned.try_emplace(WriteJson(schema.expanded));
    if (is_new) entry->second = tables_.schemas.Add(std::move(schema));
    parsed.id = entry->second;
  }
  tables_.schemas[parsed.id].resource = place.resource;
  Locate(draft, place, parsed.id);
  for (SchemaDraft::Reference& reference : draft.references) {
    references_.push_back({parsed.id, std::move(reference)});
  }
  return parsed;
}

ParsedSchema SchemaParser::ParseInto(const Value& source, const SchemaPlace& place,
                                     SchemaDraft& draft) {
  ParsedSchema parsed = Parse(source, place);
  draft.has_local_references |= parsed.has_local_references;
  return parsed;
}

SchemaId ParseSchemaDocument(SchemaTables& tables, const Value& source, SchemaId target,
                             std::vector<SchemaError>& errors, std::vector<WrittenSchema>& parts) {
  SchemaParser parser(tables, target, errors);
  const SchemaId id = parser.ParseDocument(source);
  parts = parser.TakeParts();
  return id;
}

}  // namespace wfc::types

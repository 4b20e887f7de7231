// SchemaParser, the keywords of JSON Schema: one function per keyword or shape of keywords, which
// parses the keyword's value into the draft. First those that constrain values, then those that
// hold schemas.
#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/core.h>

#include "ir/support/suggest.h"
#include "ir/types/regex/regex.h"
#include "ir/types/schema/keywords.h"
#include "ir/types/schema/schema_parser.h"
#include "ir/types/vm/patterns.h"
#include "ir/value/json.h"

namespace wfc::types {
namespace {

/// The last step of `place`, which is the keyword being parsed.
std::string_view KeyOf(const SchemaPlace& place) {
  return std::string_view(place.expanded).substr(place.expanded.rfind('/') + 1);
}

/// What a refused pattern counts as: RE2 finds out that one is too large when it has made as much
/// of it as fits its memory.
constexpr size_t kRefusedInstructions = 1 << 17;

}  // namespace

const SchemaParser::KeywordHandler SchemaParser::kHandlers[] = {
    {"$anchor", &SchemaParser::ParseAnchor},
    {"$defs", &SchemaParser::ParseDefinitions},
    {"$dynamicAnchor", &SchemaParser::ParseDynamicAnchor},
    {"$dynamicRef", &SchemaParser::ParseDynamicReference},
    {"$id", &SchemaParser::ParseId},
    {"$ref", &SchemaParser::ParseReference},
    {"$schema", &SchemaParser::ParseDialect},
    {"$vocabulary", &SchemaParser::ParseVocabulary},
    {"additionalProperties", &SchemaParser::ParseSubschema<&Schema::other_properties>},
    {"allOf", &SchemaParser::ParseSubschemas<&Schema::all_of>},
    {"anyOf", &SchemaParser::ParseSubschemas<&Schema::any_of>},
    {"const", &SchemaParser::ParseConst},
    {"contains", &SchemaParser::ParseSubschema<&Schema::contains>},
    {"default", &SchemaParser::ParseDefault},
    {"dependentRequired", &SchemaParser::ParseDependentRequired},
    {"definitions", &SchemaParser::ParseOldDefinitions},
    {"dependentSchemas", &SchemaParser::ParseDependentSchemas},
    {"else", &SchemaParser::ParseSubschema<&Schema::alternative>},
    {"enum", &SchemaParser::ParseEnum},
    {"exclusiveMaximum", &SchemaParser::ParseBound<&Schema::exclusive_maximum>},
    {"exclusiveMinimum", &SchemaParser::ParseBound<&Schema::exclusive_minimum>},
    {"format", &SchemaParser::ParseFormat},
    {"if", &SchemaParser::ParseSubschema<&Schema::condition>},
    {"items", &SchemaParser::ParseSubschema<&Schema::items>},
    {"maxContains", &SchemaParser::ParseCount<&Schema::max_contains>},
    {"maxItems", &SchemaParser::ParseCount<&Schema::max_items>},
    {"maxLength", &SchemaParser::ParseCount<&Schema::max_length>},
    {"maxProperties", &SchemaParser::ParseCount<&Schema::max_properties>},
    {"maximum", &SchemaParser::ParseBound<&Schema::maximum>},
    {"minContains", &SchemaParser::ParseCount<&Schema::min_contains>},
    {"minItems", &SchemaParser::ParseCount<&Schema::min_items>},
    {"minLength", &SchemaParser::ParseCount<&Schema::min_length>},
    {"minProperties", &SchemaParser::ParseCount<&Schema::min_properties>},
    {"minimum", &SchemaParser::ParseBound<&Schema::minimum>},
    {"multipleOf", &SchemaParser::ParseMultipleOf},
    {"not", &SchemaParser::ParseSubschema<&Schema::negated>},
    {"oneOf", &SchemaParser::ParseSubschemas<&Schema::one_of>},
    {"pattern", &SchemaParser::ParsePattern},
    {"patternProperties", &SchemaParser::ParsePatternProperties},
    {"prefixItems", &SchemaParser::ParseSubschemas<&Schema::prefix_items>},
    {"properties", &SchemaParser::ParseProperties},
    {"propertyNames", &SchemaParser::ParseSubschema<&Schema::property_names>},
    {"required", &SchemaParser::ParseRequired},
    {"then", &SchemaParser::ParseSubschema<&Schema::consequence>},
    {"type", &SchemaParser::ParseType},
    {"unevaluatedItems", &SchemaParser::ParseSubschema<&Schema::unevaluated_items>},
    {"unevaluatedProperties", &SchemaParser::ParseSubschema<&Schema::unevaluated_properties>},
    {"uniqueItems", &SchemaParser::ParseUniqueItems},
};

void SchemaParser::ParseKeyword(std::string_view name, const Value& siblings,
                                const SchemaPlace& place, SchemaDraft& draft) {
  const Value& value = *siblings.Find(name);
  const size_t size = draft.expanded.size();
  const auto* handler = std::ranges::find(kHandlers, name, &KeywordHandler::name);
  if (ParseOldKeyword(name, value, place, draft)) return;
  const Keyword* keyword = FindKeyword(name);
  if (keyword == nullptr) ParseUnknown(name, siblings, place);
  const bool is_old_bound = value.kind() == Kind::Bool && name.starts_with("exclusiveM");
  if (is_old_bound) return ReportOldBound(name, siblings, place);
  const bool is_silent = keyword == nullptr || keyword->use == KeywordUse::Annotation ||
                         (keyword->use == KeywordUse::Validation && !place.dialect.validates);
  if (!is_silent) (this->*handler->handler)(value, place, draft);
  // A handler that parses schemas has already added their full form.
  if (draft.expanded.size() == size) draft.expanded.push_back({Value::String(name), value});
}

TypeMask SchemaParser::ReadType(const Value& word, const SchemaPlace& place) {
  if (!word.is_string()) {
    ReportShape(place, fmt::format("a type is a word, not {}", DescribeValue(word)));
    return 0;
  }
  const std::optional<TypeMask> type = FindType(word.AsString());
  if (type) return *type;
  if (ReportForeignTypeWord(word.AsString(), place)) return 0;
  Suggester suggester(word.AsString());
  for (const std::string_view known : TypeWords()) suggester.Consider(known);
  ReportShape(place, fmt::format("`{}` is not a type{}", word.AsString(), suggester.Phrase()));
  return 0;
}

void SchemaParser::ParseType(const Value& value, const SchemaPlace& place, SchemaDraft& draft) {
  const bool is_list = value.kind() == Kind::List;
  std::vector<Value> words = {value};
  if (is_list) words.assign(value.items().begin(), value.items().end());
  TypeMask types = 0;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i].is_null()) words[i] = Value::String("null");  // YAML reads the word `null` as null
    types |= ReadType(words[i], is_list ? place.Child(i) : place);
  }
  draft.expanded.push_back({Value::String("type"), is_list ? Value::List(words) : words.front()});
  if (words.empty()) ReportShape(place, "`type` lists no type");
  draft.schema.types &= types;
}

void SchemaParser::ParseEnum(const Value& value, const SchemaPlace& place, SchemaDraft& draft) {
  if (value.kind() != Kind::List) {
    return ReportShape(place, fmt::format("`enum` is a list, not {}", DescribeValue(value)));
  }
  draft.schema.enumeration = std::vector<Value>(value.items().begin(), value.items().end());
}

void SchemaParser::ParseConst(const Value& value, const SchemaPlace&, SchemaDraft& draft) {
  draft.schema.constant = value;
}

void SchemaParser::ParseDefault(const Value& value, const SchemaPlace&, SchemaDraft& draft) {
  draft.schema.default_value = value;
}

/// Compiles a pattern within the limits of all patterns of the project, which are those of one plan
/// (CompilePatterns). Returns why it cannot be used, or "".
std::string SchemaParser::CompileWithin(const std::string& re2) {
  if (tables_.patterns.size() == kMaxPatterns) {
    tables_.pattern_instructions = kMaxPatternInstructions + 1;
    return fmt::format("a project has at most {} different ones; those behind it are not looked at",
                       kMaxPatterns);
  }
  const auto compiled = CompilePattern(re2);
  const size_t instructions =
      compiled.ok() ? static_cast<size_t>((*compiled)->ProgramSize()) : kRefusedInstructions;
  tables_.pattern_instructions += instructions;
  if (tables_.pattern_instructions > kMaxPatternInstructions) {
    return fmt::format(
        "the patterns of a project have at most {} instructions together (a character is one, and "
        "again for each of a repetition `{{n}}`); those behind it are not looked at",
        kMaxPatternInstructions);
  }
  return compiled.ok() ? "" : compiled.error().message;
}

std::optional<SchemaPattern> SchemaParser::ReadPattern(const std::string& source,
                                                       const SchemaPlace& place) {
  const auto known = tables_.patterns.find(source);
  if (known != tables_.patterns.end()) return SchemaPattern{source, known->second};
  // What is over the limits of all patterns together has been reported.
  if (tables_.pattern_instructions > kMaxPatternInstructions) return std::nullopt;
  Result<Regex> regex = ParseRegex(source);
  const std::string problem = regex.ok() ? CompileWithin(regex->re2) : regex.error().message;
  if (!problem.empty()) {
    Report(SchemaError::Kind::BadPattern, place,
           fmt::format("the pattern `{}` cannot be used: {}", source, problem));
    return std::nullopt;
  }
  tables_.patterns.emplace(source, regex->re2);
  return SchemaPattern{source, std::move(regex->re2)};
}

void SchemaParser::ParsePattern(const Value& value, const SchemaPlace& place, SchemaDraft& draft) {
  if (!value.is_string()) {
    return ReportShape(place, fmt::format("`pattern` is a string, not {}", DescribeValue(value)));
  }
  draft.schema.pattern = ReadPattern(std::string(value.AsString()), place);
  if (draft.schema.pattern) WarnOfSlashes(value.AsString(), place);
}

void SchemaParser::ParseFormat(const Value& value, const SchemaPlace& place, SchemaDraft& draft) {
  if (!value.is_string()) {
    return ReportShape(place, fmt::format("`format` is a string, not {}", DescribeValue(value)));
  }
  if (!tables_.asserts_formats) return;
  draft.schema.format = FindFormat(value.AsString());
  if (!draft.schema.format) WarnOfFormat(value.AsString(), place);
}

template <std::optional<Value> Schema::* member>
void SchemaParser::ParseBound(const Value& value, const SchemaPlace& place, SchemaDraft& draft) {
  if ((TypeOf(value) & kNumberTypes) == 0) {
    return ReportShape(place, fmt::format("a bound is a number, not {}", DescribeValue(value)));
  }
  draft.schema.*member = value;
}

void SchemaParser::ParseMultipleOf(const Value& value, const SchemaPlace& place,
                                   SchemaDraft& draft) {
  const auto order =
      (TypeOf(value) & kNumberTypes) != 0 ? Compare(value, Value::Int(0)) : std::nullopt;
  if (!order || *order <= 0) {
    return ReportShape(
        place, fmt::format("`multipleOf` is a number above 0, not {}", DescribeValue(value)));
  }
  draft.schema.multiple_of = value;
}

/// Reads a count; numbers above the largest uint32 are clamped to it, which no value can tell
/// apart.
std::optional<uint32_t> SchemaParser::ReadCount(const Value& value, const SchemaPlace& place) {
  constexpr uint32_t kMost = std::numeric_limits<uint32_t>::max();
  const auto order = Compare(value, Value::Int(0));
  if (TypeOf(value) != Bit(TypeBit::Integer) || !order || *order < 0) {
    ReportShape(place,
                fmt::format("a count is an integer of at least 0, not {}", DescribeValue(value)));
    return std::nullopt;
  }
  if (*Compare(value, Value::Int(kMost)) >= 0) return kMost;
  if (value.kind() == Kind::Double) return static_cast<uint32_t>(value.AsDouble());
  return static_cast<uint32_t>(value.kind() == Kind::Int ? static_cast<uint64_t>(value.AsInt())
                                                         : value.AsUint());
}

template <auto member>
void SchemaParser::ParseCount(const Value& value, const SchemaPlace& place, SchemaDraft& draft) {
  const std::optional<uint32_t> read = ReadCount(value, place);
  if (!read) return;
  const uint32_t count = *read;
  draft.schema.*member = count;
}

void SchemaParser::ParseUniqueItems(const Value& value, const SchemaPlace& place,
                                    SchemaDraft& draft) {
  if (value.kind() != Kind::Bool) {
    return ReportShape(place,
                       fmt::format("`uniqueItems` is a boolean, not {}", DescribeValue(value)));
  }
  draft.schema.has_unique_items = value.is_true();
}

void SchemaParser::ReadNames(const Value& value, const SchemaPlace& place,
                             std::vector<std::string>& names) {
  if (value.kind() != Kind::List) {
    return ReportShape(place, fmt::format("this is a list of names, not {}", DescribeValue(value)));
  }
  for (size_t i = 0; i < value.items().size(); ++i) {
    const Value& name = value.items()[i];
    if (!name.is_string()) {
      ReportShape(place.Child(i), fmt::format("a name is a string, not {}", DescribeValue(name)));
    } else {
      names.emplace_back(name.AsString());
    }
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::adjacent_find(names);
  if (repeated != names.end()) ReportShape(place, fmt::format("`{}` occurs twice", *repeated));
}

void SchemaParser::ParseRequired(const Value& value, const SchemaPlace& place, SchemaDraft& draft) {
  if (value.kind() == Kind::Bool) return ReportOwnRequired(value.is_true(), place);
  ReadNames(value, place, draft.schema.required);
}

template <SchemaId Schema::* member>
void SchemaParser::ParseSubschema(const Value& value, const SchemaPlace& place,
                                  SchemaDraft& draft) {
  draft.schema.*member = ParseOneSchema(value, place, draft);
}

template <std::vector<SchemaId> Schema::* member>
void SchemaParser::ParseSubschemas(const Value& value, const SchemaPlace& place,
                                   SchemaDraft& draft) {
  draft.schema.*member = ParseSchemaList(value, place, draft);
}

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

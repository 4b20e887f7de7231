// What each keyword of a schema says: its value is judged and put into the draft.
#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "ir/support/suggest.h"
#include "ir/types/keywords.h"
#include "ir/types/regex.h"
#include "ir/types/schema_parser.h"
#include "ir/types/vm/patterns.h"
#include "ir/value/json.h"

namespace wfc::types {

const SchemaParser::KeywordHandler SchemaParser::kHandlers[] = {
    {"$defs", &SchemaParser::ParseDefinitions},
    {"$id", &SchemaParser::ParseId},
    {"$ref", &SchemaParser::ParseReference},
    {"additionalProperties", &SchemaParser::ParseSubschema<&Schema::other_properties>},
    {"anyOf", &SchemaParser::ParseAnyOf},
    {"const", &SchemaParser::ParseConst},
    {"default", &SchemaParser::ParseDefault},
    {"enum", &SchemaParser::ParseEnum},
    {"exclusiveMaximum", &SchemaParser::ParseBound<&Schema::exclusive_maximum>},
    {"exclusiveMinimum", &SchemaParser::ParseBound<&Schema::exclusive_minimum>},
    {"items", &SchemaParser::ParseSubschema<&Schema::items>},
    {"maxItems", &SchemaParser::ParseCount<&Schema::max_items>},
    {"maxLength", &SchemaParser::ParseCount<&Schema::max_length>},
    {"maxProperties", &SchemaParser::ParseCount<&Schema::max_properties>},
    {"maximum", &SchemaParser::ParseBound<&Schema::maximum>},
    {"minItems", &SchemaParser::ParseCount<&Schema::min_items>},
    {"minLength", &SchemaParser::ParseCount<&Schema::min_length>},
    {"minProperties", &SchemaParser::ParseCount<&Schema::min_properties>},
    {"minimum", &SchemaParser::ParseBound<&Schema::minimum>},
    {"multipleOf", &SchemaParser::ParseMultipleOf},
    {"pattern", &SchemaParser::ParsePattern},
    {"prefixItems", &SchemaParser::ParsePrefixItems},
    {"properties", &SchemaParser::ParseProperties},
    {"required", &SchemaParser::ParseRequired},
    {"type", &SchemaParser::ParseType},
    {"uniqueItems", &SchemaParser::ParseUniqueItems},
};

void SchemaParser::ParseKeyword(std::string_view name, const Value& value, const SchemaPlace& place,
                                SchemaDraft& draft) {
  const size_t size = draft.expanded.size();
  const auto* handler = std::ranges::find(kHandlers, name, &KeywordHandler::name);
  if (handler != std::end(kHandlers)) {
    (this->*handler->handler)(value, place, draft);
  } else if (const Keyword* keyword = FindKeyword(name); keyword == nullptr) {
    return ReportUnknownKeyword(name, place);
  } else if (keyword->use == KeywordUse::Unsupported) {
    return ReportShape(place, fmt::format("the keyword `{}` is not supported yet", name));
  }
  // A handler that read schemas has added their full form.
  if (draft.expanded.size() == size) draft.expanded.push_back({Value::String(name), value});
}

void SchemaParser::ReportUnknownKeyword(std::string_view name, const SchemaPlace& place) {
  Suggester suggester(name);
  for (const Keyword& keyword : AllKeywords()) suggester.Consider(keyword.name);
  suggester.Consider("fields");
  suggester.Consider("list");
  ReportShape(place, fmt::format("`{}` is not a keyword of JSON Schema 2020-12{}", name,
                                 suggester.Phrase()));
}

TypeMask SchemaParser::ReadType(const Value& word, const SchemaPlace& place) {
  if (!word.is_string()) {
    ReportShape(place, fmt::format("a type is a word, not {}", DescribeValue(word)));
    return 0;
  }
  const std::optional<TypeMask> type = FindType(word.AsString());
  if (type) return *type;
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
    if (words[i].is_null()) words[i] = Value::String("null");  // as YAML reads the word
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
  if (value.items().empty()) {
    return Report(diag::Code::T010, place, "nothing satisfies this: `enum` lists no value");
  }
  draft.schema.enumeration = std::vector<Value>(value.items().begin(), value.items().end());
}

void SchemaParser::ParseConst(const Value& value, const SchemaPlace&, SchemaDraft& draft) {
  draft.schema.constant = value;
}

void SchemaParser::ParseDefault(const Value& value, const SchemaPlace&, SchemaDraft& draft) {
  draft.schema.default_value = value;
}

void SchemaParser::ParsePattern(const Value& value, const SchemaPlace& place, SchemaDraft& draft) {
  if (!value.is_string()) {
    return ReportShape(place, fmt::format("`pattern` is a string, not {}", DescribeValue(value)));
  }
  const std::string source(value.AsString());
  const auto known = tables_.patterns.find(source);
  if (known != tables_.patterns.end()) {
    draft.schema.pattern = {source, known->second};
    return;
  }
  Result<Regex> regex = ParseRegex(source);
  std::string problem;
  if (!regex.ok()) {
    problem = regex.error().message;
  } else if (const auto compiled = CompilePattern(regex->re2); !compiled.ok()) {
    problem = compiled.error().message;
  }
  if (!problem.empty()) {
    return Report(diag::Code::T012, place,
                  fmt::format("the pattern `{}` cannot be used: {}", source, problem));
  }
  tables_.patterns.emplace(source, regex->re2);
  draft.schema.pattern = {source, std::move(regex->re2)};
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

/// Numbers too large for 32 bits are as good as the largest that is not.
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
  if (const std::optional<uint32_t> count = ReadCount(value, place)) {
    draft.schema.*member = *count;
  }
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
  if (repeated != names.end()) ReportShape(place, fmt::format("`{}` stands twice", *repeated));
}

void SchemaParser::ParseRequired(const Value& value, const SchemaPlace& place, SchemaDraft& draft) {
  ReadNames(value, place, draft.schema.required);
}

std::vector<std::pair<std::string, SchemaId>> SchemaParser::ParseSchemaMap(
    const Value& value, const SchemaPlace& place, SchemaDraft& draft,
    std::string_view expanded_key) {
  std::vector<std::pair<std::string, SchemaId>> schemas;
  if (TypeOf(value) != Bit(TypeBit::Object)) {
    ReportShape(place,
                fmt::format("this is a map of names to schemas, not {}", DescribeValue(value)));
    return schemas;
  }
  std::vector<MapEntry> expanded;
  for (const MapEntry& entry : value.entries()) {
    const std::string_view name = entry.key.AsString();
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
  // They are found by their pointers.
  static_cast<void>(ParseSchemaMap(value, place, draft, "$defs"));
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
  const std::string_view key =
      std::string_view(place.expanded).substr(place.expanded.rfind('/') + 1);
  draft.expanded.push_back({Value::String(key), Value::List(std::move(expanded))});
  return schemas;
}

void SchemaParser::ParseAnyOf(const Value& value, const SchemaPlace& place, SchemaDraft& draft) {
  draft.schema.any_of = ParseSchemaList(value, place, draft);
}

void SchemaParser::ParsePrefixItems(const Value& value, const SchemaPlace& place,
                                    SchemaDraft& draft) {
  draft.schema.prefix_items = ParseSchemaList(value, place, draft);
}

template <SchemaId Schema::* member>
void SchemaParser::ParseSubschema(const Value& value, const SchemaPlace& place,
                                  SchemaDraft& draft) {
  ParsedSchema parsed = ParseInto(value, place, draft);
  draft.schema.*member = parsed.id;
  const std::string_view key =
      std::string_view(place.expanded).substr(place.expanded.rfind('/') + 1);
  draft.expanded.push_back({Value::String(key), std::move(parsed.expanded)});
}

void SchemaParser::ParseReference(const Value& value, const SchemaPlace& place,
                                  SchemaDraft& draft) {
  if (!value.is_string()) {
    return ReportShape(place, fmt::format("`$ref` is a string, not {}", DescribeValue(value)));
  }
  const std::string_view text = value.AsString();
  draft.schema.reference_pointer = place.source;
  if (text.starts_with('#')) {
    draft.has_local_references = true;
    draft.fragment = text.substr(1);
    draft.reference_place = place;
  } else if (!FindType(text)) {
    draft.schema.reference = FindNamed(text, place);
  } else {
    ReportShape(place, fmt::format("`{0}` is a type, not a schema's id; write `type: {0}`", text));
  }
}

// A document within a document would change what references mean.
void SchemaParser::ParseId(const Value& value, const SchemaPlace& place, SchemaDraft&) {
  if (!value.is_string()) {
    return ReportShape(place, fmt::format("`$id` is a string, not {}", DescribeValue(value)));
  }
  if (place.source != "/$id") {
    ReportShape(place, "the keyword `$id` inside a schema is not supported yet");
  }
}

}  // namespace wfc::types

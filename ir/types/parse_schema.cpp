#include "ir/types/parse_schema.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "ir/support/suggest.h"
#include "ir/types/keywords.h"
#include "ir/types/regex.h"
#include "ir/types/satisfiable.h"
#include "ir/types/vm/patterns.h"
#include "ir/types/vm/words.h"
#include "ir/value/json.h"

namespace wfc::types {
namespace {

/// Where the parser is: in what was written, and in the full form, which `#/…` refers to.
struct Place {
  std::string source;
  std::string expanded;

  [[nodiscard]] Place Child(std::string_view source_key, std::string_view expanded_key) const {
    Place child = *this;
    AppendPointer(child.source, source_key);
    AppendPointer(child.expanded, expanded_key);
    return child;
  }
  [[nodiscard]] Place Child(std::string_view key) const { return Child(key, key); }
  [[nodiscard]] Place Child(size_t index) const { return Child(std::to_string(index)); }
};

/// A schema that is being read, and its full form so far.
struct Draft {
  Schema schema;
  std::vector<MapEntry> expanded;
  bool has_local_references = false;
  std::optional<std::string> fragment;  ///< of its own `$ref: #…`, without the `#`
  Place reference_place;
};

/// A schema that was read.
struct Parsed {
  SchemaId id;
  Value expanded;
  bool has_local_references = false;
};

class Parser {
 public:
  Parser(SchemaTables& tables, SchemaId target, std::vector<SchemaError>& errors)
      : tables_(tables), target_(target), errors_(errors), first_error_(errors.size()) {}

  SchemaId ParseDocument(const Value& source);

 private:
  using Handler = void (Parser::*)(const Value& value, const Place& place, Draft& draft);
  struct KeywordHandler {
    std::string_view name;
    Handler handler;
  };
  static const KeywordHandler kHandlers[];

  [[nodiscard]] bool has_errors() const { return errors_.size() > first_error_; }
  void Report(diag::Code code, const Place& place, std::string message,
              std::string suggestion = "") {
    errors_.push_back({code, place.source, std::move(message), std::move(suggestion)});
  }
  void ReportShape(const Place& place, std::string message) {
    Report(diag::Code::T011, place, std::move(message));
  }

  Parsed Parse(const Value& source, const Place& place);
  Draft ParseWord(std::string_view word, const Place& place);
  Draft ParseMap(const Value& source, const Place& place);
  Draft ParseFields(const Value& source, const Place& place);
  Draft ParseList(const Value& source, const Place& place);
  void ParseBesideShortForm(const Value& source, const Place& place,
                            std::span<const std::string_view> own, Draft& draft);
  void ParseKeyword(std::string_view name, const Value& value, const Place& place, Draft& draft);
  void ReportUnknownKeyword(std::string_view name, const Place& place);
  Parsed Finish(Draft draft, const Place& place, size_t errors_before);
  Parsed ParseInto(const Value& source, const Place& place, Draft& draft);

  void ParseType(const Value& value, const Place& place, Draft& draft);
  void ParseEnum(const Value& value, const Place& place, Draft& draft);
  void ParseConst(const Value& value, const Place& place, Draft& draft);
  void ParseDefault(const Value& value, const Place& place, Draft& draft);
  void ParsePattern(const Value& value, const Place& place, Draft& draft);
  void ParseMultipleOf(const Value& value, const Place& place, Draft& draft);
  void ParseUniqueItems(const Value& value, const Place& place, Draft& draft);
  void ParseRequired(const Value& value, const Place& place, Draft& draft);
  void ParseProperties(const Value& value, const Place& place, Draft& draft);
  void ParseDefinitions(const Value& value, const Place& place, Draft& draft);
  void ParseAnyOf(const Value& value, const Place& place, Draft& draft);
  void ParsePrefixItems(const Value& value, const Place& place, Draft& draft);
  void ParseReference(const Value& value, const Place& place, Draft& draft);
  void ParseId(const Value& value, const Place& place, Draft& draft);
  template <std::optional<Value> Schema::* member>
  void ParseBound(const Value& value, const Place& place, Draft& draft);
  template <auto member>
  void ParseCount(const Value& value, const Place& place, Draft& draft);
  template <SchemaId Schema::* member>
  void ParseSubschema(const Value& value, const Place& place, Draft& draft);

  TypeMask ReadType(const Value& word, const Place& place);
  std::optional<uint32_t> ReadCount(const Value& value, const Place& place);
  std::vector<SchemaId> ParseSchemaList(const Value& value, const Place& place, Draft& draft);
  std::vector<std::pair<std::string, SchemaId>> ParseSchemaMap(const Value& value,
                                                               const Place& place, Draft& draft,
                                                               std::string_view expanded_key);
  void ReadNames(const Value& value, const Place& place, std::vector<std::string>& names);
  SchemaId FindNamed(std::string_view id, const Place& place);
  void ResolveLocalReferences();

  SchemaTables& tables_;
  SchemaId target_;
  std::vector<SchemaError>& errors_;
  size_t first_error_;
  uint32_t first_schema_ = 0;
  std::unordered_map<std::string, SchemaId> by_pointer_;
  struct LocalReference {
    SchemaId from;
    std::string fragment;
    Place place;
  };
  std::vector<LocalReference> local_references_;
};

const Parser::KeywordHandler Parser::kHandlers[] = {
    {"$defs", &Parser::ParseDefinitions},
    {"$id", &Parser::ParseId},
    {"$ref", &Parser::ParseReference},
    {"additionalProperties", &Parser::ParseSubschema<&Schema::other_properties>},
    {"anyOf", &Parser::ParseAnyOf},
    {"const", &Parser::ParseConst},
    {"default", &Parser::ParseDefault},
    {"enum", &Parser::ParseEnum},
    {"exclusiveMaximum", &Parser::ParseBound<&Schema::exclusive_maximum>},
    {"exclusiveMinimum", &Parser::ParseBound<&Schema::exclusive_minimum>},
    {"items", &Parser::ParseSubschema<&Schema::items>},
    {"maxItems", &Parser::ParseCount<&Schema::max_items>},
    {"maxLength", &Parser::ParseCount<&Schema::max_length>},
    {"maxProperties", &Parser::ParseCount<&Schema::max_properties>},
    {"maximum", &Parser::ParseBound<&Schema::maximum>},
    {"minItems", &Parser::ParseCount<&Schema::min_items>},
    {"minLength", &Parser::ParseCount<&Schema::min_length>},
    {"minProperties", &Parser::ParseCount<&Schema::min_properties>},
    {"minimum", &Parser::ParseBound<&Schema::minimum>},
    {"multipleOf", &Parser::ParseMultipleOf},
    {"pattern", &Parser::ParsePattern},
    {"prefixItems", &Parser::ParsePrefixItems},
    {"properties", &Parser::ParseProperties},
    {"required", &Parser::ParseRequired},
    {"type", &Parser::ParseType},
    {"uniqueItems", &Parser::ParseUniqueItems},
};

SchemaId Parser::ParseDocument(const Value& source) {
  first_schema_ = tables_.schemas.size();
  if (source.depth() > kMaxSchemaDepth) {
    ReportShape({}, fmt::format("the schema nests deeper than {} levels", kMaxSchemaDepth));
    return {};
  }
  const Parsed root = Parse(source, {});
  ResolveLocalReferences();
  for (uint32_t i = first_schema_; i < tables_.schemas.size(); ++i) {
    tables_.schemas[SchemaId(i)].document = root.id;
  }
  if (!has_errors()) return root.id;
  if (target_.has_value()) {
    Schema admits_everything;
    admits_everything.name = tables_.schemas[target_].name;
    admits_everything.expanded = Value::Bool(true);
    admits_everything.document = target_;
    tables_.schemas[target_] = std::move(admits_everything);
  }
  return {};
}

Parsed Parser::Parse(const Value& source, const Place& place) {
  Draft draft;
  const size_t errors_before = errors_.size();
  if (source.is_string()) {
    draft = ParseWord(source.AsString(), place);
  } else if (source.is_null()) {
    draft = ParseWord("null", place);  // the type word, as YAML reads it
  } else if (source.kind() == Kind::Bool) {
    draft.schema.is_false = source.is_false();
  } else if (source.kind() == Kind::Map) {
    draft = ParseMap(source, place);
  } else {
    ReportShape(place, fmt::format("a schema is a type word, an id or a map, not {}",
                                   DescribeValue(source)));
  }
  return Finish(std::move(draft), place, errors_before);
}

Draft Parser::ParseWord(std::string_view word, const Place& place) {
  Draft draft;
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

SchemaId Parser::FindNamed(std::string_view id, const Place& place) {
  const auto found = tables_.names.find(id);
  if (found != tables_.names.end()) return found->second;
  Suggester suggester(id);
  for (const auto& [name, unused] : tables_.names) suggester.Consider(name);
  for (const std::string_view word : TypeWords()) suggester.Consider(word);
  Report(diag::Code::T013, place, fmt::format("nothing registers the schema `{}`", id),
         std::string(suggester.best()));
  return {};
}

Draft Parser::ParseMap(const Value& source, const Place& place) {
  if (!source.entries().empty() && !source.entries().front().key.is_string()) {
    ReportShape(place, "a schema's keys must be strings");
    return {};
  }
  if (source.Find("fields") != nullptr) return ParseFields(source, place);
  if (source.Find("list") != nullptr) return ParseList(source, place);
  Draft draft;
  for (const MapEntry& entry : source.entries()) {
    const std::string_view name = entry.key.AsString();
    ParseKeyword(name, entry.value, place.Child(name), draft);
  }
  return draft;
}

void Parser::ParseKeyword(std::string_view name, const Value& value, const Place& place,
                          Draft& draft) {
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

void Parser::ReportUnknownKeyword(std::string_view name, const Place& place) {
  Suggester suggester(name);
  for (const Keyword& keyword : AllKeywords()) suggester.Consider(keyword.name);
  suggester.Consider("fields");
  suggester.Consider("list");
  ReportShape(place, fmt::format("`{}` is not a keyword of JSON Schema 2020-12{}", name,
                                 suggester.Phrase()));
}

void Parser::ParseBesideShortForm(const Value& source, const Place& place,
                                  std::span<const std::string_view> own, Draft& draft) {
  for (const MapEntry& entry : source.entries()) {
    const std::string_view name = entry.key.AsString();
    if (std::ranges::find(own, name) != own.end()) continue;
    const Keyword* keyword = FindKeyword(name);
    const bool is_beside =
        name == "default" || (keyword != nullptr && keyword->use == KeywordUse::Annotation);
    if (is_beside) {
      ParseKeyword(name, entry.value, place.Child(name), draft);
    } else {
      ReportShape(place.Child(name), fmt::format("`{}` cannot stand beside `{}`; write the schema "
                                                 "in full",
                                                 name, own.front()));
    }
  }
}

Draft Parser::ParseFields(const Value& source, const Place& place) {
  static constexpr std::array<std::string_view, 2> kOwn = {"fields", "optional"};
  Draft draft;
  ParseBesideShortForm(source, place, kOwn, draft);
  Schema& schema = draft.schema;
  schema.types = Bit(TypeBit::Object);
  const Place fields = place.Child("fields", "properties");
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
  Draft nothing;
  nothing.schema.is_false = true;
  schema.other_properties =
      Finish(std::move(nothing), place.Child("fields", "additionalProperties"), errors_.size()).id;
  draft.expanded.push_back({Value::String("type"), Value::String("object")});
  draft.expanded.push_back({Value::String("additionalProperties"), Value::Bool(false)});
  if (!required.empty()) {
    draft.expanded.push_back({Value::String("required"), Value::List(std::move(required))});
  }
  return draft;
}

Draft Parser::ParseList(const Value& source, const Place& place) {
  static constexpr std::array<std::string_view, 2> kOwn = {"list", "max"};
  Draft draft;
  ParseBesideShortForm(source, place, kOwn, draft);
  draft.schema.types = Bit(TypeBit::Array);
  draft.expanded.push_back({Value::String("type"), Value::String("array")});
  const Parsed items = ParseInto(*source.Find("list"), place.Child("list", "items"), draft);
  draft.schema.items = items.id;
  draft.expanded.push_back({Value::String("items"), items.expanded});
  if (const Value* max = source.Find("max")) {
    draft.schema.max_items = ReadCount(*max, place.Child("max"));
    draft.expanded.push_back({Value::String("maxItems"), *max});
  }
  return draft;
}

/// Gives the draft its id: an equal schema's where there is one.
Parsed Parser::Finish(Draft draft, const Place& place, size_t errors_before) {
  Schema& schema = draft.schema;
  const bool is_root = place.source.empty();
  schema.expanded = schema.is_false || draft.expanded.empty()
                        ? Value::Bool(!schema.is_false)
                        : Value::Map(std::move(draft.expanded));
  if (errors_.size() == errors_before) {
    if (const std::optional<Contradiction> found = FindContradiction(tables_.schemas, schema)) {
      Place at = place;
      const Value* keyword = schema.expanded.Find(found->keyword);
      if (keyword != nullptr && place.source == place.expanded) {
        AppendPointer(at.source, found->keyword);
      }
      Report(diag::Code::T010, at, found->message);
    }
  }
  Parsed parsed{
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
  by_pointer_[place.expanded] = parsed.id;
  if (draft.fragment) {
    local_references_.push_back({parsed.id, *draft.fragment, draft.reference_place});
  }
  return parsed;
}

Parsed Parser::ParseInto(const Value& source, const Place& place, Draft& draft) {
  Parsed parsed = Parse(source, place);
  draft.has_local_references |= parsed.has_local_references;
  return parsed;
}

TypeMask Parser::ReadType(const Value& word, const Place& place) {
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

void Parser::ParseType(const Value& value, const Place& place, Draft& draft) {
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

void Parser::ParseEnum(const Value& value, const Place& place, Draft& draft) {
  if (value.kind() != Kind::List) {
    return ReportShape(place, fmt::format("`enum` is a list, not {}", DescribeValue(value)));
  }
  if (value.items().empty()) {
    return Report(diag::Code::T010, place, "nothing satisfies this: `enum` lists no value");
  }
  draft.schema.enumeration = std::vector<Value>(value.items().begin(), value.items().end());
}

void Parser::ParseConst(const Value& value, const Place&, Draft& draft) {
  draft.schema.constant = value;
}

void Parser::ParseDefault(const Value& value, const Place&, Draft& draft) {
  draft.schema.default_value = value;
}

void Parser::ParsePattern(const Value& value, const Place& place, Draft& draft) {
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
void Parser::ParseBound(const Value& value, const Place& place, Draft& draft) {
  if ((TypeOf(value) & kNumberTypes) == 0) {
    return ReportShape(place, fmt::format("a bound is a number, not {}", DescribeValue(value)));
  }
  draft.schema.*member = value;
}

void Parser::ParseMultipleOf(const Value& value, const Place& place, Draft& draft) {
  const auto order =
      (TypeOf(value) & kNumberTypes) != 0 ? Compare(value, Value::Int(0)) : std::nullopt;
  if (!order || *order <= 0) {
    return ReportShape(
        place, fmt::format("`multipleOf` is a number above 0, not {}", DescribeValue(value)));
  }
  draft.schema.multiple_of = value;
}

/// Numbers too large for 32 bits are as good as the largest that is not.
std::optional<uint32_t> Parser::ReadCount(const Value& value, const Place& place) {
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
void Parser::ParseCount(const Value& value, const Place& place, Draft& draft) {
  if (const std::optional<uint32_t> count = ReadCount(value, place)) {
    draft.schema.*member = *count;
  }
}

void Parser::ParseUniqueItems(const Value& value, const Place& place, Draft& draft) {
  if (value.kind() != Kind::Bool) {
    return ReportShape(place,
                       fmt::format("`uniqueItems` is a boolean, not {}", DescribeValue(value)));
  }
  draft.schema.has_unique_items = value.is_true();
}

void Parser::ReadNames(const Value& value, const Place& place, std::vector<std::string>& names) {
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

void Parser::ParseRequired(const Value& value, const Place& place, Draft& draft) {
  ReadNames(value, place, draft.schema.required);
}

std::vector<std::pair<std::string, SchemaId>> Parser::ParseSchemaMap(
    const Value& value, const Place& place, Draft& draft, std::string_view expanded_key) {
  std::vector<std::pair<std::string, SchemaId>> schemas;
  if (TypeOf(value) != Bit(TypeBit::Object)) {
    ReportShape(place,
                fmt::format("this is a map of names to schemas, not {}", DescribeValue(value)));
    return schemas;
  }
  std::vector<MapEntry> expanded;
  for (const MapEntry& entry : value.entries()) {
    const std::string_view name = entry.key.AsString();
    Parsed parsed = ParseInto(entry.value, place.Child(name), draft);
    schemas.emplace_back(name, parsed.id);
    expanded.push_back({entry.key, std::move(parsed.expanded)});
  }
  draft.expanded.push_back({Value::String(expanded_key), Value::Map(std::move(expanded))});
  return schemas;
}

void Parser::ParseProperties(const Value& value, const Place& place, Draft& draft) {
  draft.schema.properties = ParseSchemaMap(value, place, draft, "properties");
}

void Parser::ParseDefinitions(const Value& value, const Place& place, Draft& draft) {
  // They are found by their pointers.
  static_cast<void>(ParseSchemaMap(value, place, draft, "$defs"));
}

std::vector<SchemaId> Parser::ParseSchemaList(const Value& value, const Place& place,
                                              Draft& draft) {
  std::vector<SchemaId> schemas;
  if (value.kind() != Kind::List || value.items().empty()) {
    ReportShape(place,
                fmt::format("this is a list of at least one schema, not {}", DescribeValue(value)));
    return schemas;
  }
  std::vector<Value> expanded;
  for (size_t i = 0; i < value.items().size(); ++i) {
    Parsed parsed = ParseInto(value.items()[i], place.Child(i), draft);
    schemas.push_back(parsed.id);
    expanded.push_back(std::move(parsed.expanded));
  }
  const std::string_view key =
      std::string_view(place.expanded).substr(place.expanded.rfind('/') + 1);
  draft.expanded.push_back({Value::String(key), Value::List(std::move(expanded))});
  return schemas;
}

void Parser::ParseAnyOf(const Value& value, const Place& place, Draft& draft) {
  draft.schema.any_of = ParseSchemaList(value, place, draft);
}

void Parser::ParsePrefixItems(const Value& value, const Place& place, Draft& draft) {
  draft.schema.prefix_items = ParseSchemaList(value, place, draft);
}

template <SchemaId Schema::* member>
void Parser::ParseSubschema(const Value& value, const Place& place, Draft& draft) {
  Parsed parsed = ParseInto(value, place, draft);
  draft.schema.*member = parsed.id;
  const std::string_view key =
      std::string_view(place.expanded).substr(place.expanded.rfind('/') + 1);
  draft.expanded.push_back({Value::String(key), std::move(parsed.expanded)});
}

void Parser::ParseReference(const Value& value, const Place& place, Draft& draft) {
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
void Parser::ParseId(const Value& value, const Place& place, Draft&) {
  if (!value.is_string()) {
    return ReportShape(place, fmt::format("`$id` is a string, not {}", DescribeValue(value)));
  }
  if (place.source != "/$id") {
    ReportShape(place, "the keyword `$id` inside a schema is not supported yet");
  }
}

std::string DecodePercent(std::string_view text) {
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  };
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? digit(text[i + 1]) : -1;
    const int low = high >= 0 ? digit(text[i + 2]) : -1;
    if (low < 0) {
      decoded += text[i];
    } else {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

void Parser::ResolveLocalReferences() {
  for (const LocalReference& reference : local_references_) {
    const std::string& fragment = reference.fragment;
    if (!fragment.empty() && fragment.front() != '/') {
      ReportShape(reference.place,
                  fmt::format("`#{}` names an anchor, which is not supported yet", fragment));
      continue;
    }
    const auto found = by_pointer_.find(DecodePercent(fragment));
    if (found != by_pointer_.end()) {
      tables_.schemas[reference.from].reference = found->second;
    } else {
      ReportShape(reference.place, fmt::format("no schema stands at `#{}`", fragment));
    }
  }
}

}  // namespace

SchemaId ParseSchemaDocument(SchemaTables& tables, const Value& source, SchemaId target,
                             std::vector<SchemaError>& errors) {
  return Parser(tables, target, errors).ParseDocument(source);
}

}  // namespace wfc::types

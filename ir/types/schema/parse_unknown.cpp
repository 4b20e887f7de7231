// Handles words in schemas that are not keywords of 2020-12. JSON Schema treats them as
// annotations, and so does this parser. An error is only a word that was meant as a keyword: a
// typing error, or a keyword of another dialect.
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

constexpr TypeMask kCount = kNumberTypes;
constexpr TypeMask kText = Bit(TypeBit::String);
constexpr TypeMask kNames = Bit(TypeBit::Array);
constexpr TypeMask kMap = Bit(TypeBit::Object);
constexpr TypeMask kSchema = kMap | kText | Bit(TypeBit::Boolean);

/// A keyword that a typing error can have meant.
struct Meant {
  std::string_view keyword;
  TypeMask types;  ///< the types of the values that the keyword takes
};

/// The keywords that a typing error can have meant. If the value has a type that the keyword does
/// not take, the word is not an error for it.
constexpr auto kMeant = std::to_array<Meant>({
    {"$anchor", kText},
    {"$defs", kMap},
    {"$dynamicRef", kText},
    {"$id", kText},
    {"$ref", kText},
    {"$schema", kText},
    {"additionalProperties", kSchema},
    {"allOf", kNames},
    {"anyOf", kNames},
    {"const", kAllTypes},
    {"contains", kSchema},
    {"definitions", kMap},
    {"dependentRequired", kMap},
    {"dependentSchemas", kMap},
    {"else", kSchema},
    {"enum", kNames},
    {"exclusiveMaximum", kNumberTypes},
    {"exclusiveMinimum", kNumberTypes},
    {"fields", kMap},
    {"format", kText},
    {"if", kSchema},
    {"items", kSchema},
    {"list", kSchema},
    {"maxContains", kCount},
    {"maxItems", kCount},
    {"maxLength", kCount},
    {"maxProperties", kCount},
    {"maximum", kNumberTypes},
    {"minContains", kCount},
    {"minItems", kCount},
    {"minLength", kCount},
    {"minProperties", kCount},
    {"minimum", kNumberTypes},
    {"multipleOf", kNumberTypes},
    {"not", kMap | Bit(TypeBit::Boolean)},
    {"oneOf", kNames},
    {"pattern", kText},
    {"patternProperties", kMap},
    {"prefixItems", kNames},
    {"properties", kMap},
    {"propertyNames", kSchema},
    {"required", kNames},
    {"then", kSchema},
    {"type", kText | kNames},
    {"unevaluatedItems", kSchema},
    {"unevaluatedProperties", kSchema},
    {"uniqueItems", Bit(TypeBit::Boolean)},
});

/// English words that are close to a keyword by coincidence.
constexpr auto kOwnWords = std::to_array<std::string_view>({"cost", "host", "note", "tile"});

std::string_view FindMeant(std::string_view name, const Value& value) {
  constexpr size_t kShortestSlip = 3;  // any shorter word is close to another
  if (name.size() < kShortestSlip) return "";
  if (std::ranges::find(kOwnWords, name) != kOwnWords.end()) return "";
  Suggester suggester(name);
  for (const Meant& meant : kMeant) {
    if ((meant.types & TypeOf(value)) != 0) suggester.Consider(meant.keyword);
  }
  return suggester.best();
}

/// The word for the type of a scalar; "" for null and for collections.
std::string_view WordOfScalar(const Value& value) {
  switch (value.kind()) {
    case Kind::Bool:
      return "boolean";
    case Kind::Int:
    case Kind::BigInt:
      return "integer";
    case Kind::Double:
      return "number";
    case Kind::String:
      return "string";
    default:
      return "";
  }
}

/// What to write for `name: value` where a field with a default value was probably meant, as the
/// end of a message. Empty where something beside it is a keyword, so that this is a schema.
std::string AdviseField(std::string_view name, const Value& siblings) {
  const bool is_schema = std::ranges::any_of(siblings.entries(), [](const MapEntry& entry) {
    return FindKeyword(entry.key.AsString()) != nullptr;
  });
  const Value& value = *siblings.Find(name);
  const std::string_view type = WordOfScalar(value);
  if (is_schema || type.empty()) return "";
  return fmt::format(
      "; a field with this default is `{{fields: {{{}: {{type: {}, default: {}}}}}}}`", name, type,
      WriteJson(value));
}

std::string PointerTo(const SchemaPlace& place, std::string_view sibling) {
  std::string pointer = place.source.substr(0, place.source.rfind('/'));
  AppendPointer(pointer, sibling);
  return pointer;
}

}  // namespace

/// `place` is the position of the word, which is a key of `siblings`.
void SchemaParser::ParseUnknown(std::string_view name, const Value& siblings,
                                const SchemaPlace& place) {
  if (IsAnnotationWord(name)) return;
  if (name == "nullable") return ReportNullable(siblings, place);
  if (name == "optional") return ReportOptional(siblings, place);
  if (const std::string_view meant = FindForeignKeyword(name, siblings); !meant.empty()) {
    return ReportForeignKeyword(name, meant, siblings, place);
  }
  if (const std::string_view cure = FindCure(name); !cure.empty()) {
    return ReportShape(place,
                       fmt::format("`{}` is not a keyword of JSON Schema 2020-12; {}", name, cure));
  }
  if (const std::string_view meant = FindMeant(name, *siblings.Find(name)); !meant.empty()) {
    const bool is_free = siblings.Find(meant) == nullptr;
    std::vector<SchemaEdit> fix;
    if (is_free) {
      fix.push_back({SchemaEdit::Kind::Rename, place.source, std::string(meant)});
    }
    return Report({.kind = SchemaError::Kind::Malformed,
                   .pointer = place.source,
                   .message = fmt::format("`{}` is not a keyword of JSON Schema 2020-12; did you "
                                          "mean `{}`?",
                                          name, meant),
                   .suggestion = "",
                   .fix = std::move(fix)});
  }
  if (!noted_.emplace(name).second) return;
  const std::string advice = AdviseField(name, siblings);
  Report({.kind = SchemaError::Kind::Malformed,
          .pointer = place.source,
          .message = fmt::format("`{}` is not a keyword of JSON Schema 2020-12, and constrains "
                                 "nothing{}",
                                 name, advice),
          .suggestion = "",
          .severity = advice.empty() ? diag::Severity::Note : diag::Severity::Warning});
}

/// Reports `nullable`, by which OpenAPI 3.0 allows null.
void SchemaParser::ReportNullable(const Value& siblings, const SchemaPlace& place) {
  const Value& nullable = *siblings.Find("nullable");
  const Value* type = siblings.Find("type");
  const bool has_null =
      type != nullptr && type->kind() == Kind::List &&
      std::ranges::find(type->items(), Value::String("null")) != type->items().end();
  if (nullable.is_false() || has_null) return;
  std::vector<SchemaEdit> fix;
  std::string cure = "write `anyOf: [{…}, {type: \"null\"}]`";
  if (type != nullptr && type->is_string()) {
    const std::string types = fmt::format("[{}, \"null\"]", WriteJson(*type));
    cure = fmt::format("write `type: {}`", types);
    const bool is_listed = siblings.Find("enum") != nullptr || siblings.Find("const") != nullptr;
    if (is_listed) cure += ", and null among the values";
    if (!is_listed) {
      fix = {{SchemaEdit::Kind::Set, PointerTo(place, "type"), types},
             {SchemaEdit::Kind::Remove, place.source, ""}};
    }
  }
  Report(
      {.kind = SchemaError::Kind::Malformed,
       .pointer = place.source,
       .message = fmt::format("`nullable` is an OpenAPI keyword and has no effect here; {}", cure),
       .suggestion = "",
       .fix = std::move(fix)});
}

void SchemaParser::ReportOldBound(std::string_view name, const Value& siblings,
                                  const SchemaPlace& place) {
  const std::string_view plain = name == "exclusiveMinimum" ? "minimum" : "maximum";
  const Value* bound = siblings.Find(plain);
  const bool is_exclusive = siblings.Find(name)->is_true();
  std::vector<SchemaEdit> fix;
  std::string cure = "leave it out";
  if (is_exclusive && bound != nullptr) {
    const std::string number = WriteJson(*bound);
    cure = fmt::format("write `{}: {}` in place of both", name, number);
    fix = {{SchemaEdit::Kind::Set, place.source, number},
           {SchemaEdit::Kind::Remove, PointerTo(place, plain), ""}};
  } else {
    fix = {{SchemaEdit::Kind::Remove, place.source, ""}};
  }
  Report({.kind = SchemaError::Kind::Malformed,
          .pointer = place.source,
          .message = fmt::format("a bound is a number, not {}, which is draft-04's; {}",
                                 is_exclusive ? "true" : "false", cure),
          .suggestion = "",
          .fix = std::move(fix)});
}

bool SchemaParser::IsLikeSchema(const Value& value) const {
  if (value.is_string()) {
    return IsSchemaWord(value.AsString()) || IsForeignType(value.AsString());
  }
  if (value.kind() != Kind::Map || value.entries().empty()) return false;
  return std::ranges::any_of(value.entries(),
                             [](const MapEntry& entry) {
                               if (!entry.key.is_string()) return false;
                               const std::string_view key = entry.key.AsString();
                               return FindKeyword(key) != nullptr || key == "fields" ||
                                      key == "list";
                             }) ||
         std::ranges::all_of(value.entries(),
                             [&](const MapEntry& entry) { return IsLikeField(entry); });
}

/// Whether the entry maps a name to a schema, in a place where keywords are expected.
bool SchemaParser::IsLikeField(const MapEntry& entry) const {
  if (!entry.key.is_string() || !IsLikeSchema(entry.value)) return false;
  const Keyword* keyword = FindKeyword(entry.key.AsString());
  return keyword == nullptr || keyword->use == KeywordUse::Annotation;
}

bool SchemaParser::IsMapOfFields(const Value& source, const SchemaPlace& place) {
  bool has_name = false;
  for (const MapEntry& entry : source.entries()) {
    const std::string_view name = entry.key.AsString();
    if (!IsLikeField(entry) || name.starts_with("x-")) return false;
    has_name |= FindKeyword(name) == nullptr && !IsAnnotationWord(name) &&
                FindMeant(name, entry.value).empty();
  }
  if (!has_name) return false;
  const std::string_view first = source.entries().front().key.AsString();
  const Value& value = source.entries().front().value;
  const std::string shown = value.is_string() ? std::string(value.AsString()) : "{…}";
  const bool has_more = source.entries().size() > 1;
  Report({.kind = SchemaError::Kind::Malformed,
          .pointer = place.source,
          .message = fmt::format("`{}` is not a keyword of JSON Schema 2020-12; an object with "
                                 "such fields is `{{fields: {{{}: {}{}}}}}`",
                                 first, first, shown, has_more ? ", …" : ""),
          .suggestion = "",
          .fix = {{SchemaEdit::Kind::Wrap, place.source, "fields"}}});
  return true;
}

}  // namespace wfc::types

#include "ir/types/schema/keywords.h"

#include <algorithm>
#include <array>
#include <utility>

namespace wfc::types {
namespace {

using enum KeywordUse;

constexpr std::array kKeywords = std::to_array<Keyword>({
    {"$anchor", Structure},
    {"$comment", Annotation},
    {"$defs", Structure},
    {"$dynamicAnchor", Structure},
    {"$dynamicRef", Structure},
    {"$id", Structure},
    {"$ref", Structure},
    {"$schema", Structure},
    {"$vocabulary", Structure},
    {"additionalProperties", Structure},
    {"allOf", Structure},
    {"anyOf", Structure},
    {"const", Validation},
    {"contains", Structure},
    {"contentEncoding", Annotation},
    {"contentMediaType", Annotation},
    {"contentSchema", Annotation},
    {"default", Structure},
    {"definitions", Structure},
    {"dependentRequired", Validation},
    {"dependentSchemas", Structure},
    {"deprecated", Annotation},
    {"description", Annotation},
    {"else", Structure},
    {"enum", Validation},
    {"examples", Annotation},
    {"exclusiveMaximum", Validation},
    {"exclusiveMinimum", Validation},
    {"format", Structure},
    {"if", Structure},
    {"items", Structure},
    {"maxContains", Validation},
    {"maxItems", Validation},
    {"maxLength", Validation},
    {"maxProperties", Validation},
    {"maximum", Validation},
    {"minContains", Validation},
    {"minItems", Validation},
    {"minLength", Validation},
    {"minProperties", Validation},
    {"minimum", Validation},
    {"multipleOf", Validation},
    {"not", Structure},
    {"oneOf", Structure},
    {"pattern", Validation},
    {"patternProperties", Structure},
    {"prefixItems", Structure},
    {"properties", Structure},
    {"propertyNames", Structure},
    {"readOnly", Annotation},
    {"required", Validation},
    {"then", Structure},
    {"title", Annotation},
    {"type", Validation},
    {"unevaluatedItems", Structure},
    {"unevaluatedProperties", Structure},
    {"uniqueItems", Validation},
    {"writeOnly", Annotation},
});
static_assert(std::ranges::is_sorted(kKeywords, {}, &Keyword::name));

/// Words that OpenAPI, code generators, editors and validators add to schemas. They do not
/// constrain values.
constexpr std::array kAnnotationWords = std::to_array<std::string_view>({"$async",
                                                                         "allowComments",
                                                                         "allowTrailingCommas",
                                                                         "defaultSnippets",
                                                                         "deprecationMessage",
                                                                         "discriminator",
                                                                         "doNotSuggest",
                                                                         "enumDescriptions",
                                                                         "enumNames",
                                                                         "enumTitles",
                                                                         "errorMessage",
                                                                         "example",
                                                                         "externalDocs",
                                                                         "javaType",
                                                                         "links",
                                                                         "markdownDescription",
                                                                         "markdownEnumDescriptions",
                                                                         "meta",
                                                                         "metadata",
                                                                         "patternErrorMessage",
                                                                         "propertyOrder",
                                                                         "propertyOrdering",
                                                                         "suggestSortText",
                                                                         "tsEnumNames",
                                                                         "tsType",
                                                                         "xml"});
static_assert(std::ranges::is_sorted(kAnnotationWords));

constexpr std::array<std::string_view, 8> kTypeWords = {"any",  "array",  "boolean", "integer",
                                                        "null", "number", "object",  "string"};

}  // namespace

std::span<const Keyword> AllKeywords() {
  return kKeywords;
}

const Keyword* FindKeyword(std::string_view name) {
  const auto found = std::ranges::lower_bound(kKeywords, name, {}, &Keyword::name);
  return found != kKeywords.end() && found->name == name ? &*found : nullptr;
}

bool IsAnnotationWord(std::string_view name) {
  return name.starts_with("x-") || std::ranges::binary_search(kAnnotationWords, name);
}

std::optional<TypeMask> FindType(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, TypeMask>, 7> kTypes = {{
      {"null", Bit(TypeBit::Null)},
      {"boolean", Bit(TypeBit::Boolean)},
      {"integer", Bit(TypeBit::Integer)},
      {"number", kNumberTypes},
      {"string", Bit(TypeBit::String)},
      {"array", Bit(TypeBit::Array)},
      {"object", Bit(TypeBit::Object)},
  }};
  for (const auto& [name, mask] : kTypes) {
    if (name == word) return mask;
  }
  return std::nullopt;
}

std::span<const std::string_view> TypeWords() {
  return kTypeWords;
}

}  // namespace wfc::types

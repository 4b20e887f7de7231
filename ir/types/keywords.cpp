#include "ir/types/keywords.h"

#include <algorithm>
#include <array>
#include <utility>

namespace wfc::types {
namespace {

using enum KeywordUse;

constexpr std::array kKeywords = std::to_array<Keyword>({
    {"$anchor", Unsupported},
    {"$comment", Annotation},
    {"$defs", Assertion},
    {"$dynamicAnchor", Unsupported},
    {"$dynamicRef", Unsupported},
    {"$id", Annotation},
    {"$ref", Assertion},
    {"$schema", Annotation},
    {"$vocabulary", Unsupported},
    {"additionalProperties", Assertion},
    {"allOf", Assertion},
    {"anyOf", Assertion},
    {"const", Assertion},
    {"contains", Assertion},
    {"contentEncoding", Annotation},
    {"contentMediaType", Annotation},
    {"contentSchema", Annotation},
    {"default", Assertion},
    {"dependentRequired", Assertion},
    {"dependentSchemas", Assertion},
    {"deprecated", Annotation},
    {"description", Annotation},
    {"else", Assertion},
    {"enum", Assertion},
    {"examples", Annotation},
    {"exclusiveMaximum", Assertion},
    {"exclusiveMinimum", Assertion},
    {"format", Annotation},
    {"if", Assertion},
    {"items", Assertion},
    {"maxContains", Assertion},
    {"maxItems", Assertion},
    {"maxLength", Assertion},
    {"maxProperties", Assertion},
    {"maximum", Assertion},
    {"minContains", Assertion},
    {"minItems", Assertion},
    {"minLength", Assertion},
    {"minProperties", Assertion},
    {"minimum", Assertion},
    {"multipleOf", Assertion},
    {"not", Assertion},
    {"oneOf", Assertion},
    {"pattern", Assertion},
    {"patternProperties", Assertion},
    {"prefixItems", Assertion},
    {"properties", Assertion},
    {"propertyNames", Assertion},
    {"readOnly", Annotation},
    {"required", Assertion},
    {"then", Assertion},
    {"title", Annotation},
    {"type", Assertion},
    {"unevaluatedItems", Assertion},
    {"unevaluatedProperties", Assertion},
    {"uniqueItems", Assertion},
    {"writeOnly", Annotation},
});
static_assert(std::ranges::is_sorted(kKeywords, {}, &Keyword::name));

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

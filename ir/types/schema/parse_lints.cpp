// Warnings about what a schema may say but nobody intends.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "ir/support/suggest.h"
#include "ir/types/schema/keywords.h"
#include "ir/types/schema/schema_parser.h"
#include "ir/types/vm/describe.h"
#include "ir/value/json.h"

namespace wfc::types {
namespace {

// The most values of an `enum` that are compared with each other.
constexpr size_t kMaxListed = 1000;
// The most names of one schema that are compared with other names.
constexpr size_t kMaxCompared = 50'000;

/// A keyword, and the types of the values that it constrains.
struct Applies {
  std::string_view keyword;
  TypeMask types;
};

constexpr auto kApplies = std::to_array<Applies>({
    {"additionalProperties", Bit(TypeBit::Object)},
    {"contains", Bit(TypeBit::Array)},
    {"exclusiveMaximum", kNumberTypes},
    {"exclusiveMinimum", kNumberTypes},
    {"items", Bit(TypeBit::Array)},
    {"maxItems", Bit(TypeBit::Array)},
    {"maxLength", Bit(TypeBit::String)},
    {"maxProperties", Bit(TypeBit::Object)},
    {"maximum", kNumberTypes},
    {"minItems", Bit(TypeBit::Array)},
    {"minLength", Bit(TypeBit::String)},
    {"minProperties", Bit(TypeBit::Object)},
    {"minimum", kNumberTypes},
    {"multipleOf", kNumberTypes},
    {"pattern", Bit(TypeBit::String)},
    {"patternProperties", Bit(TypeBit::Object)},
    {"prefixItems", Bit(TypeBit::Array)},
    {"properties", Bit(TypeBit::Object)},
    {"propertyNames", Bit(TypeBit::Object)},
    {"required", Bit(TypeBit::Object)},
    {"uniqueItems", Bit(TypeBit::Array)},
});

/// The keyword that constrains values of `type` as `keyword` constrains the values it applies to.
struct Counterpart {
  std::string_view keyword;
  TypeBit type;
  std::string_view meant;
};

constexpr auto kCounterparts = std::to_array<Counterpart>({
    {"maxItems", TypeBit::String, "maxLength"},
    {"maxLength", TypeBit::Array, "maxItems"},
    {"maxLength", TypeBit::Integer, "maximum"},
    {"maximum", TypeBit::Array, "maxItems"},
    {"maximum", TypeBit::String, "maxLength"},
    {"minItems", TypeBit::String, "minLength"},
    {"minLength", TypeBit::Array, "minItems"},
    {"minLength", TypeBit::Integer, "minimum"},
    {"minimum", TypeBit::Array, "minItems"},
    {"minimum", TypeBit::String, "minLength"},
});

std::string_view FindCounterpart(std::string_view keyword, TypeMask types) {
  for (const Counterpart& row : kCounterparts) {
    if (row.keyword == keyword && (types & Bit(row.type)) != 0) return row.meant;
  }
  return "";
}

/// A format's name in other languages.
struct OtherFormat {
  std::string_view name;
  std::string_view format;
};

constexpr auto kOtherFormats = std::to_array<OtherFormat>({{"datetime", "date-time"},
                                                           {"guid", "uuid"},
                                                           {"ip", "ipv4"},
                                                           {"timestamp", "date-time"},
                                                           {"url", "uri"}});

/// Steps of a pointer into a schema that applies together with others.
constexpr auto kCombining = std::to_array<std::string_view>(
    {"/allOf/", "/anyOf/", "/oneOf/", "/if", "/then", "/else", "/not", "/dependentSchemas/"});

std::string ToLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

/// Warns of values of `enum` that occur twice, or that `type` excludes although it allows others.
void SchemaParser::WarnOfListed(const SchemaDraft& draft, const SchemaPlace& place) {
  const Schema& schema = draft.schema;
  if (!schema.enumeration || schema.enumeration->size() > kMaxListed) return;
  const std::vector<Value>& values = *schema.enumeration;
  const auto is_of_type = [&](const Value& value) { return (TypeOf(value) & schema.types) != 0; };
  const bool is_possible = std::ranges::any_of(values, is_of_type);
  const SchemaPlace list = place.Child("enum");
  for (size_t i = 0; i < values.size(); ++i) {
    const auto earlier =
        std::find(values.begin(), values.begin() + static_cast<ptrdiff_t>(i), values[i]);
    if (earlier != values.begin() + static_cast<ptrdiff_t>(i)) {
      Warn(list.Child(i), fmt::format("{} occurs twice in `enum`", DescribeValue(values[i])));
    } else if (is_possible && !is_of_type(values[i])) {
      Report({.kind = SchemaError::Kind::Empty,
              .pointer = list.Child(i).source,
              .message = fmt::format("{} is never allowed: `type` says {}",
                                     DescribeValue(values[i]), DescribeTypes(schema.types)),
              .suggestion = "",
              .severity = diag::Severity::Warning});
    }
  }
}

/// Warns of keywords that constrain no value which `type` allows.
void SchemaParser::WarnOfForeignKeywords(const Value& source, const SchemaDraft& draft,
                                         const SchemaPlace& place) {
  const TypeMask types = draft.schema.types;
  if (types == kAllTypes || types == 0) return;
  for (const Applies& row : kApplies) {
    const Value* value = source.Find(row.keyword);
    if ((row.types & types) != 0 || value == nullptr) continue;
    if (row.keyword == "required" && value->kind() == Kind::Bool) continue;  // reported
    const SchemaPlace at = place.Child(row.keyword);
    const std::string_view meant = FindCounterpart(row.keyword, types);
    std::vector<SchemaEdit> fix;
    std::string hint;
    if (!meant.empty()) hint = fmt::format("; did you mean `{}`?", meant);
    if (!meant.empty() && source.Find(meant) == nullptr) {
      fix = {{SchemaEdit::Kind::Rename, at.source, std::string(meant)}};
    }
    Warn(at,
         fmt::format("`{}` has no effect here: it applies to {}, and `type` says {}{}", row.keyword,
                     DescribeTypes(row.types), DescribeTypes(types), hint),
         std::move(fix));
  }
}

/// Warns of a format that is not asserted, in a project that asserts formats.
void SchemaParser::WarnOfFormat(std::string_view format, const SchemaPlace& place) {
  const std::string lower = ToLower(format);
  std::string_view meant;
  const auto other = std::ranges::find(kOtherFormats, lower, &OtherFormat::name);
  if (other != kOtherFormats.end()) meant = other->format;
  Suggester suggester(lower);
  for (uint32_t i = 0; i < kFormatCount; ++i) {
    const std::string_view known = GetName(static_cast<Format>(i));
    if (known == lower) meant = known;
    suggester.Consider(known);
  }
  if (meant.empty()) meant = suggester.best();
  if (meant.empty()) return;
  Warn(place,
       fmt::format("`{}` is not a format that is checked; did you mean `{}`?", format, meant),
       {{SchemaEdit::Kind::Set, place.source, std::string(meant)}});
}

/// Warns of names in `required` that are typing errors for a property's name.
void SchemaParser::WarnOfRequired(const SchemaDraft& draft, const SchemaPlace& place) {
  const Schema& schema = draft.schema;
  if (schema.properties.empty() || schema.required.size() > kMaxListed) return;
  // If several schemas apply, another of them may describe what is required here.
  const bool is_part = std::ranges::any_of(kCombining, [&](std::string_view step) {
    return place.source.find(step) != std::string::npos;
  });
  const bool has_parts = schema.reference.has_value() || !schema.all_of.empty() ||
                         !schema.any_of.empty() || !schema.one_of.empty() ||
                         schema.condition.has_value() || !schema.pattern_properties.empty() ||
                         schema.other_properties.has_value();
  if (is_part || has_parts) return;
  // A property that is required itself is not the intended spelling of another name.
  std::vector<std::string_view> others;
  for (const auto& [known, unused] : schema.properties) {
    if (!schema.Requires(known)) others.push_back(known);
  }
  size_t budget = kMaxCompared;
  for (const std::string& name : schema.required) {
    if (schema.FindProperty(name) != nullptr || budget < others.size()) continue;
    budget -= others.size();
    Suggester suggester(name);
    for (const std::string_view known : others) suggester.Consider(known);
    if (suggester.best().empty()) continue;
    Warn(place.Child("required"),
         fmt::format("`required` names `{}`, which is not among `properties`{}", name,
                     suggester.Phrase()));
  }
}

/// Warns of `pattern: "/^a$/"`: an anchor next to a slash never matches.
void SchemaParser::WarnOfSlashes(std::string_view pattern, const SchemaPlace& place) {
  const size_t last = pattern.rfind('/');
  if (!pattern.starts_with('/') || last < 2) return;
  const std::string_view flags = pattern.substr(last + 1);
  const std::string_view inner = pattern.substr(1, last - 1);
  const bool is_literal = flags.find_first_not_of("dgimsuvy") == std::string_view::npos;
  const bool is_anchored = inner.starts_with('^') || (inner.ends_with('$') && inner.size() > 1 &&
                                                      inner[inner.size() - 2] != '\\');
  if (!is_literal || !is_anchored) return;
  std::string message =
      fmt::format("the slashes belong to the pattern, so that no text fits it; write `{}`", inner);
  if (!flags.empty()) message += fmt::format(", which has no flags such as `{}`", flags);
  std::vector<SchemaEdit> fix;
  if (flags.empty()) fix = {{SchemaEdit::Kind::Set, place.source, WriteJson(Value::String(inner))}};
  Warn(place, std::move(message), std::move(fix));
}

/// Warns of `name?`, with which other languages mark an optional property.
void SchemaParser::WarnOfQuestionMark(std::string_view name, const SchemaPlace& place) {
  if (name.size() < 2 || !name.ends_with('?')) return;
  const std::string_view plain = name.substr(0, name.size() - 1);
  const bool is_short = place.source.ends_with("/fields");
  const std::string cure =
      is_short ? fmt::format("call it `{0}`, and write `optional: [{0}]` beside `fields`", plain)
               : fmt::format("call it `{}`: only what `required` lists must be there", plain);
  Warn(place.Child(name),
       fmt::format("the name is `{}`, with its question mark; if it may be left out, {}", name,
                   cure));
}

}  // namespace wfc::types

// What a schema may say, and nobody means: warnings of its parser.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ir/support/suggest.h"
#include "ir/types/keywords.h"
#include "ir/types/schema_parser.h"
#include "ir/types/vm/words.h"
#include "ir/value/json.h"

namespace wfc::types {
namespace {

constexpr size_t kMaxListed = 1000;  // values that are compared with each other

struct Applies {
  std::string_view keyword;
  TypeMask types;  ///< of the values that it speaks of
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

/// What does to values of a type as the keyword does to those it speaks of.
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

/// What other languages call the formats.
struct OtherFormat {
  std::string_view name;
  std::string_view format;
};

constexpr auto kOtherFormats = std::to_array<OtherFormat>({{"datetime", "date-time"},
                                                           {"guid", "uuid"},
                                                           {"ip", "ipv4"},
                                                           {"timestamp", "date-time"},
                                                           {"url", "uri"}});

std::string ToLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

/// Values of `enum` that stand twice, or that `type` excludes while others are left.
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
      Warn(list.Child(i), fmt::format("{} stands twice in `enum`", DescribeValue(values[i])));
    } else if (is_possible && !is_of_type(values[i])) {
      Report({.code = diag::Code::T010,
              .pointer = list.Child(i).source,
              .message = fmt::format("{} is never allowed: `type` says {}",
                                     DescribeValue(values[i]), DescribeTypes(schema.types)),
              .suggestion = "",
              .severity = diag::Severity::Warning});
    }
  }
}

/// Keywords that speak of no value that `type` allows.
void SchemaParser::WarnOfForeignKeywords(const Value& source, const SchemaDraft& draft,
                                         const SchemaPlace& place) {
  const TypeMask types = draft.schema.types;
  if (types == kAllTypes || types == 0) return;
  for (const Applies& row : kApplies) {
    if ((row.types & types) != 0 || source.Find(row.keyword) == nullptr) continue;
    const SchemaPlace at = place.Child(row.keyword);
    const std::string_view meant = FindCounterpart(row.keyword, types);
    std::vector<SchemaEdit> fix;
    std::string hint;
    if (!meant.empty()) hint = fmt::format("; did you mean `{}`?", meant);
    if (!meant.empty() && source.Find(meant) == nullptr) {
      fix = {{SchemaEdit::Kind::Rename, at.source, std::string(meant)}};
    }
    Warn(at,
         fmt::format("`{}` says nothing here: it speaks of {}, and `type` says {}{}", row.keyword,
                     DescribeTypes(row.types), DescribeTypes(types), hint),
         std::move(fix));
  }
}

/// A format that is not held to, where others are.
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
       fmt::format("`{}` is not a format that is held to; did you mean `{}`?", format, meant),
       {{SchemaEdit::Kind::Set, place.source, std::string(meant)}});
}

}  // namespace wfc::types

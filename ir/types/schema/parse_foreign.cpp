// Reports schemas in the notation of other languages: types with other names, and fields that say
// themselves whether they are required.
#include <utility>

#include <fmt/core.h>

#include "ir/types/schema/foreign_types.h"
#include "ir/types/schema/keywords.h"
#include "ir/types/schema/schema_parser.h"
#include "ir/value/json.h"

namespace wfc::types {
namespace {

/// The last step of `pointer` after `count` steps are removed from its end.
std::string StepOf(std::string_view pointer, int count) {
  for (; count > 0; --count)
    pointer = pointer.substr(0, std::min(pointer.rfind('/'), pointer.size()));
  const size_t slash = pointer.rfind('/');
  if (slash == std::string_view::npos) return "";
  std::string_view last = pointer.substr(slash);
  return TakePointerStep(last);
}

/// How to make a property of this place optional: "`optional: [a]` beside `fields` …".
std::string HowToLeaveOut(std::string_view name, bool is_short_form) {
  return is_short_form
             ? fmt::format("`optional: [{}]` beside `fields` lets it be left out", name)
             : std::string("only what `required` beside `properties` lists must be there");
}

std::string NullableType(std::string_view schema) {
  return FindType(schema) ? fmt::format("{{type: [{}, \"null\"]}}", schema)
                          : fmt::format("{{anyOf: [{}, \"null\"]}}", schema);
}

/// The key and the value of `{a: b}`; both are empty when the map has more than one entry.
std::pair<std::string_view, std::string_view> OnlyEntry(std::string_view schema) {
  if (!schema.starts_with('{')) return {"type", schema};
  const std::string_view inner = schema.substr(1, schema.size() - 2);
  const size_t colon = inner.find(": ");
  if (inner.starts_with("type: string,") || inner.starts_with("type: object,")) return {};
  return {inner.substr(0, colon), inner.substr(colon + 2)};
}

}  // namespace

bool SchemaParser::IsSchemaWord(std::string_view word) const {
  return word == "any" || FindType(word) || tables_.names.contains(word);
}

bool SchemaParser::IsForeignType(std::string_view word) const {
  const IsSchemaName is_name = [this](std::string_view name) { return IsSchemaWord(name); };
  return TranslateType(word, is_name).has_value() || !TypeBeforeQuestionMark(word, is_name).empty();
}

/// For keywords whose meaning depends on the type, each row has the meaning for numbers, strings
/// and lists.
std::string_view SchemaParser::FindForeignKeyword(std::string_view name, const Value& siblings) {
  struct Row {
    std::string_view name, of_number, of_text, of_list;
  };
  static constexpr Row kRows[] = {
      {"min", "minimum", "minLength", "minItems"},
      {"max", "maximum", "maxLength", "maxItems"},
      {"ge", "minimum", "", ""},
      {"le", "maximum", "", ""},
      {"gt", "exclusiveMinimum", "", ""},
      {"lt", "exclusiveMaximum", "", ""},
      {"min_length", "", "minLength", ""},
      {"max_length", "", "maxLength", ""},
      {"min_items", "", "", "minItems"},
      {"max_items", "", "", "maxItems"},
      {"regex", "", "pattern", ""},
      {"matches", "", "pattern", ""},
      {"choices", "enum", "enum", ""},
      {"options", "enum", "enum", ""},
      {"values", "enum", "enum", ""},
      {"allowed", "enum", "enum", ""},
      {"of", "", "", "items"},
      {"unique", "", "", "uniqueItems"},
  };
  const Value* type = siblings.Find("type");
  const std::string_view word = type != nullptr && type->is_string() ? type->AsString() : "";
  for (const Row& row : kRows) {
    if (row.name != name) continue;
    if (word == "integer" || word == "number") return row.of_number;
    if (word == "string") return row.of_text;
    if (word == "array") return row.of_list;
  }
  return "";
}

void SchemaParser::ReportForeignKeyword(std::string_view name, std::string_view meant,
                                        const Value& siblings, const SchemaPlace& place) {
  std::vector<SchemaEdit> fix;
  if (siblings.Find(meant) == nullptr) {
    fix = {{SchemaEdit::Kind::Rename, place.source, std::string(meant)}};
  }
  Report({.kind = SchemaError::Kind::Malformed,
          .pointer = place.source,
          .message = fmt::format("`{}` is not a keyword of JSON Schema 2020-12; it is called `{}` "
                                 "here",
                                 name, meant),
          .suggestion = "",
          .fix = std::move(fix)});
}

bool SchemaParser::ReportForeignType(std::string_view word, const SchemaPlace& place) {
  const IsSchemaName is_name = [this](std::string_view name) { return IsSchemaWord(name); };
  if (const std::string type = TypeBeforeQuestionMark(word, is_name); !type.empty()) {
    const bool is_field = StepOf(place.source, 1) == "fields";
    const std::string name = is_field ? StepOf(place.source, 0) : "";
    Report(SchemaError::Kind::UnknownName, place,
           is_field ? fmt::format("no type ends with `?`; write `{}`, and {}; one that may be null "
                                  "is `{}`",
                                  type, HowToLeaveOut(name, true), NullableType(type))
                    : fmt::format("no type ends with `?`; one that may be null is `{}`",
                                  NullableType(type)));
    return true;
  }
  const std::optional<std::string> here = TranslateType(word, is_name);
  if (!here) return false;
  Report({.kind = SchemaError::Kind::UnknownName,
          .pointer = place.source,
          .message = fmt::format("the type `{}` is written `{}` here", word, *here),
          .suggestion = "",
          .fix = {{SchemaEdit::Kind::Set, place.source, *here}}});
  return true;
}

bool SchemaParser::ReportForeignTypeWord(std::string_view word, const SchemaPlace& place) {
  const IsSchemaName is_name = [this](std::string_view name) { return IsSchemaWord(name); };
  const bool is_alone = place.source.ends_with("/type");
  if (tables_.names.contains(word)) {
    std::vector<SchemaEdit> fix;
    if (is_alone) fix = {{SchemaEdit::Kind::Rename, place.source, "$ref"}};
    Report(
        {.kind = SchemaError::Kind::Malformed,
         .pointer = place.source,
         .message = fmt::format("`{0}` is not a type but a registered schema; write `$ref: {0}`, "
                                "or `{0}` in place of the map",
                                word),
         .suggestion = "",
         .fix = std::move(fix)});
    return true;
  }
  if (word == "any") {
    ReportShape(place,
                "`any` is not a type of JSON Schema; a schema without `type` allows any value");
    return true;
  }
  if (word == "enum") {
    ReportShape(place, "`enum` is not a type but a keyword: `enum: [a, b]` lists the values");
    return true;
  }
  std::optional<std::string> here = TranslateType(word, is_name);
  if (const std::string type = TypeBeforeQuestionMark(word, is_name); !here && !type.empty()) {
    here = NullableType(type);
  }
  if (!here) return false;
  const auto [key, value] = OnlyEntry(*here);
  const bool is_map = here->starts_with('{');
  const std::string written = is_map ? here->substr(1, here->size() - 2) : "type: " + *here;
  std::vector<SchemaEdit> fix;
  if (!is_map || (is_alone && key == "type")) {
    fix = {{SchemaEdit::Kind::Set, place.source, std::string(value)}};
  } else if (is_alone && !key.empty()) {
    fix = {{SchemaEdit::Kind::Rename, place.source, std::string(key)},
           {SchemaEdit::Kind::Set, place.source, std::string(value)}};
  }
  const std::string cure = *here == "any"       ? "leave `type` out, and any value fits"
                           : is_alone || is_map ? fmt::format("write `{}`", written)
                                                : fmt::format("write `{}`", *here);
  if (*here == "any") fix.clear();
  Report({.kind = SchemaError::Kind::Malformed,
          .pointer = place.source,
          .message = fmt::format("`{}` is not a type; {}", word, cure),
          .suggestion = "",
          .fix = std::move(fix)});
  return true;
}

void SchemaParser::ReportOwnRequired(bool is_required, const SchemaPlace& place) {
  const std::string holder = StepOf(place.source, 2);
  const std::string name = StepOf(place.source, 1);
  const bool is_short_form = holder == "fields";
  if (!is_short_form && holder != "properties") {
    return ReportShape(place, "`required` is a list of names, `required: [a, b]`, not a boolean");
  }
  const std::string cure =
      is_short_form && is_required
          ? fmt::format(
                "a field is required unless `optional: [{}]` beside `fields` lists it; "
                "leave this out",
                name)
      : is_short_form ? HowToLeaveOut(name, true)
      : is_required   ? fmt::format("write `required: [{}]` beside `properties`", name)
                      : HowToLeaveOut(name, false) + "; leave this out";
  std::vector<SchemaEdit> fix;
  if (is_short_form == is_required) fix = {{SchemaEdit::Kind::Remove, place.source, ""}};
  Report({.kind = SchemaError::Kind::Malformed,
          .pointer = place.source,
          .message = fmt::format("a property does not say itself whether it is required; {}", cure),
          .suggestion = "",
          .fix = std::move(fix)});
}

void SchemaParser::ReportOptional(const Value& siblings, const SchemaPlace& place) {
  const Value& value = *siblings.Find("optional");
  const std::string holder = StepOf(place.source, 2);
  const bool is_in_property = holder == "fields" || holder == "properties";
  if (value.kind() == Kind::Bool && is_in_property) {
    return ReportOwnRequired(value.is_false(), place);
  }
  ReportShape(place, siblings.Find("properties") != nullptr
                         ? "`optional` goes with `fields`; beside `properties`, `required` lists "
                           "what must be there"
                         : "`optional` is a list of names beside `fields`");
}

void SchemaParser::ReportBesideShortForm(std::string_view keyword, std::string_view form,
                                         const SchemaPlace& place) {
  std::string cure = "write the schema in full";
  std::vector<SchemaEdit> fix;
  if (form == "fields" && keyword == "required") {
    cure = "all of `fields` are required but those that `optional` lists";
  } else if (form == "fields" && keyword == "type") {
    cure = "`fields` already makes it an object";
    fix = {{SchemaEdit::Kind::Remove, place.source, ""}};
  } else if (form == "list" && keyword == "type") {
    cure = "`list` already makes it an array";
    fix = {{SchemaEdit::Kind::Remove, place.source, ""}};
  } else if (form == "list" && keyword == "maxItems") {
    cure = "write `max`";
    fix = {{SchemaEdit::Kind::Rename, place.source, "max"}};
  } else if (form == "list") {
    cure = "write `type: array` with `items` in place of `list`";
  } else if (form == "fields") {
    cure = "write `type: object` with `properties` and `required` in place of `fields`";
  }
  Report({.kind = SchemaError::Kind::Malformed,
          .pointer = place.source,
          .message = fmt::format("`{}` cannot be combined with `{}`; {}", keyword, form, cure),
          .suggestion = "",
          .fix = std::move(fix)});
}

void SchemaParser::ReportNoSchemaMap(const Value& value, const SchemaPlace& place) {
  std::string cure;
  const bool has_names =
      value.kind() == Kind::List && !value.items().empty() && value.items()[0].is_string();
  if (has_names) cure = fmt::format("; write `{{{}: string, …}}`", value.items()[0].AsString());
  ReportShape(place, fmt::format("this is a map of names to schemas, not {}{}",
                                 DescribeValue(value), cure));
}

}  // namespace wfc::types

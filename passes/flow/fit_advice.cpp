#include "passes/flow/fit_advice.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "ir/types/vm/describe.h"
#include "ir/value/json.h"

namespace wfc::passes {

namespace {

using types::Bit;
using types::Schema;
using types::SchemaId;
using types::TypeBit;
using Suggestions = std::vector<std::string>;

constexpr types::TypeMask kNumbers = Bit(TypeBit::Integer) | Bit(TypeBit::Fraction);

/// A condition that has the same meaning as a keyword: the texts around the expression and the
/// keyword's value.
struct KeywordCondition {
  std::string_view keyword;
  std::string_view before;
  std::string_view between;
  std::string_view after;
};
constexpr auto kConditions = std::to_array<KeywordCondition>({
    {"minLength", "size(", ") >= ", ""},
    {"maxLength", "size(", ") <= ", ""},
    {"minItems", "size(", ") >= ", ""},
    {"maxItems", "size(", ") <= ", ""},
    {"minProperties", "size(", ") >= ", ""},
    {"maxProperties", "size(", ") <= ", ""},
    {"minimum", "", " >= ", ""},
    {"maximum", "", " <= ", ""},
    {"exclusiveMinimum", "", " > ", ""},
    {"exclusiveMaximum", "", " < ", ""},
    {"pattern", "", ".matches(", ")"},
    {"const", "", " == ", ""},
});

/// A conversion from text to another type.
struct Reading {
  types::TypeMask types;
  std::string_view function;
};
constexpr auto kReadings = std::to_array<Reading>({
    {Bit(TypeBit::Integer), "int"},
    {kNumbers, "double"},
    {Bit(TypeBit::Boolean), "bool"},
    {Bit(TypeBit::Array), "parse_json"},
    {Bit(TypeBit::Object), "parse_json"},
});

/// The types as YAML in a schema: `type: [string, "null"]`.
std::string WriteTypes(types::TypeMask mask) {
  static constexpr std::array<std::pair<TypeBit, std::string_view>, 6> kNames = {
      {{TypeBit::String, "string"},
       {TypeBit::Integer, "integer"},
       {TypeBit::Boolean, "boolean"},
       {TypeBit::Array, "array"},
       {TypeBit::Object, "object"},
       {TypeBit::Null, "\"null\""}}};
  std::string list;
  const bool has_fraction = (mask & Bit(TypeBit::Fraction)) != 0;
  for (const auto& [bit, name] : kNames) {
    if ((mask & Bit(bit)) == 0) continue;
    const bool is_number = bit == TypeBit::Integer && has_fraction;
    list += fmt::format("{}{}", list.empty() ? "" : ", ", is_number ? "number" : name);
  }
  return list.find(',') == std::string::npos ? list : "[" + list + "]";
}

/// How a suggestion refers to the mismatched part: by its path inside the written value, or as "it"
/// for the whole.
std::string_view Subject(const Incompatibility& problem) {
  return problem.inside.empty() ? "it" : problem.inside;
}

const Schema* FindWanted(const Incompatibility& problem) {
  const SchemaId part = FindPart(problem.registry, problem.consumer, problem.mismatch.pointer);
  return part.has_value() ? &problem.registry.schema(part) : nullptr;
}

/// The values of `keyword` in the schema and in those that it consists of.
std::vector<const Value*> FindKeyword(const Incompatibility& problem, const Schema* schema,
                                      std::string_view keyword) {
  std::vector<const Value*> found;
  if (schema == nullptr) return found;
  const auto add = [&](const Schema& part) {
    const Value* value = part.expanded.FindEntry(keyword);
    if (value != nullptr) found.push_back(value);
  };
  add(*schema);
  for (const SchemaId arm : schema->all_of) {
    const SchemaId part = FindPart(problem.registry, arm, "");
    if (part.has_value()) add(problem.registry.schema(part));
  }
  return found;
}

/// Whether the producer's schema says nothing of the mismatched part.
bool IsUndescribed(const Incompatibility& problem) {
  const SchemaId part = FindPart(problem.registry, problem.producer, problem.mismatch.pointer);
  if (!part.has_value()) return false;
  const Value& schema = problem.registry.schema(part).expanded;
  return schema.kind() == Kind::Bool || (schema.kind() == Kind::Map && schema.entries().empty());
}

/// Suggests that the producer declare what the receiver's schema wants.
void AddProducer(const Incompatibility& problem, std::string_view otherwise,
                 Suggestions& suggestions) {
  if (!problem.origin) return;
  const Origin& origin = *problem.origin;
  if (origin.kind == Origin::Kind::Recovery) {
    suggestions.push_back(fmt::format("write another value in {}", origin.name));
  }
  const std::string wanted =
      problem.wanted.empty() ? std::string(otherwise) : fmt::format("`{}`", problem.wanted);
  const bool is_undescribed = IsUndescribed(problem) && problem.expression != "…";
  if (origin.kind == Origin::Kind::Schema && !wanted.empty() && is_undescribed) {
    suggestions.push_back(fmt::format("describe `{}` as {} in the schema of {}", problem.expression,
                                      wanted, origin.name));
  } else if (origin.kind == Origin::Kind::Schema && !wanted.empty()) {
    suggestions.push_back(
        fmt::format("make {} {} in the schema of {}", Subject(problem), wanted, origin.name));
  } else if (origin.kind == Origin::Kind::Unsaid) {
    suggestions.push_back(fmt::format("say what {} yields with `returns`", origin.name));
  }
}

void AddReceiver(const Incompatibility& problem, std::string change, Suggestions& suggestions) {
  if (problem.is_receiver_written) suggestions.push_back(std::move(change));
}

/// Suggests that the expression be used only where `condition` holds.
void AddCondition(const Incompatibility& problem, std::string_view condition,
                  Suggestions& suggestions) {
  if (problem.expression == "…") return;
  if (problem.can_skip) {
    suggestions.push_back(fmt::format("run the stage only `if: {}`", condition));
  } else {
    suggestions.push_back(
        fmt::format("write what to use otherwise (`{} ? {} : …`)", condition, problem.expression));
  }
}

/// The condition that the expression must satisfy, with all keywords at once, so that none is left
/// for the next check.
std::string WriteConditions(const Incompatibility& problem, const Schema* wanted,
                            std::string_view subject) {
  const SchemaId part = FindPart(problem.registry, problem.producer, problem.mismatch.pointer);
  const Schema* produced = part.has_value() ? &problem.registry.schema(part) : nullptr;
  std::string conditions;
  for (const KeywordCondition& row : kConditions) {
    const std::vector<const Value*> said = FindKeyword(problem, produced, row.keyword);
    for (const Value* value : FindKeyword(problem, wanted, row.keyword)) {
      const bool is_known = said.size() == 1 && Identical(*said[0], *value);
      if (is_known) continue;
      conditions += fmt::format("{}{}{}{}{}{}", conditions.empty() ? "" : " && ", row.before,
                                subject, row.between, WriteJson(*value), row.after);
    }
  }
  return conditions;
}

void AdviseNull(const Incompatibility& problem, const Schema* wanted, Suggestions& suggestions) {
  if (problem.after.empty()) {
    suggestions.push_back(fmt::format("put something in place of null (`{0} != null ? {0} : …`)",
                                      problem.expression));
  } else {
    suggestions.push_back(
        fmt::format("write `{0} != null ? {0} : {1}`, since `coalesce` passes over what "
                    "is missing and not over null",
                    problem.expression, problem.after));
  }
  if (!problem.can_skip) return;
  const std::string more = WriteConditions(problem, wanted, problem.expression);
  AddCondition(problem,
               fmt::format("{} != null{}{}", problem.expression, more.empty() ? "" : " && ", more),
               suggestions);
}

/// Suggests a conversion from the types that were found to those that are wanted.
void AddConversion(const Incompatibility& problem, types::TypeMask found, types::TypeMask wanted,
                   Suggestions& suggestions) {
  const std::string& shown = problem.expression;
  if (wanted == Bit(TypeBit::String)) {
    const bool is_list = found == Bit(TypeBit::Array);
    if (is_list) suggestions.push_back(fmt::format("join its items with `{}.join(', ')`", shown));
    suggestions.push_back(fmt::format("make text of it with `text({})`", shown));
  } else if (found == Bit(TypeBit::Fraction)) {
    suggestions.push_back(fmt::format("round it with `int({})`", shown));
  } else if (found == Bit(TypeBit::String)) {
    const auto* reading = std::ranges::find(kReadings, wanted, &Reading::types);
    if (reading != kReadings.end()) {
      suggestions.push_back(fmt::format("read it with `{}({})`", reading->function, shown));
    }
  }
}

bool IsAnything(const Schema& schema) {
  return schema.types == types::kAllTypes && schema.any_of.empty() && schema.one_of.empty() &&
         schema.all_of.empty();
}

void AdviseType(const Incompatibility& problem, const Value& rejected, const Schema* wanted,
                Suggestions& suggestions) {
  const types::TypeMask types = wanted != nullptr ? wanted->types : types::kAllTypes;
  const types::TypeMask found = types::TypeOf(rejected);
  const SchemaId produced = FindPart(problem.registry, problem.producer, problem.mismatch.pointer);
  const bool is_anything = produced.has_value() && IsAnything(problem.registry.schema(produced));
  if (problem.writing == Writing::Text) {
    suggestions.emplace_back("write one `${…}` and no text around it, which keeps its type");
  } else if (problem.writing == Writing::Constant) {
    suggestions.push_back(fmt::format("write {}", types::DescribeTypes(types)));
  } else if (found == Bit(TypeBit::Null) && !is_anything) {
    AdviseNull(problem, wanted, suggestions);
  } else if (!is_anything) {
    AddConversion(problem, found, types, suggestions);
  }
  AddProducer(problem, types::DescribeTypes(types), suggestions);
  AddReceiver(problem, fmt::format("write `type: {}` there", WriteTypes(types | found)),
              suggestions);
}

/// The values of the receiver's `enum`, or "" if they are too many for a message.
std::string ListAllowed(const Incompatibility& problem) {
  constexpr size_t kMostListed = 10;
  const std::vector<const Value*> found = FindKeyword(problem, FindWanted(problem), "enum");
  if (found.size() != 1 || found[0]->items().size() > kMostListed) return "";
  std::string list;
  for (const Value& value : found[0]->items()) {
    list += fmt::format("{}`{}`", list.empty() ? "" : ", ", WriteJson(value));
  }
  return list;
}

void AdviseChoice(const Incompatibility& problem, const Value& rejected, Suggestions& suggestions) {
  const std::string value = types::DescribeValue(rejected);
  AddReceiver(problem, fmt::format("add {} there", value), suggestions);
  if (problem.writing == Writing::Constant) {
    const std::string listed = ListAllowed(problem);
    suggestions.push_back(listed.empty() ? "write another value" : "write one of " + listed);
  }
  const bool is_scalar = rejected.kind() != Kind::Map && rejected.kind() != Kind::List;
  const std::string shown = WriteJson(rejected);
  if (is_scalar && problem.can_skip) {
    AddCondition(problem, fmt::format("{} != {}", problem.expression, shown), suggestions);
  }
  AddProducer(problem, "", suggestions);
}

/// What a receiver's author would change. Limits may be written in a short form, such as `max: 8`
/// of a list, so their keywords are not named.
std::string NameRule(std::string_view keyword) {
  if (keyword.empty()) return "the schema";
  if (keyword == "pattern") return "the pattern";
  const bool is_limit =
      keyword.starts_with("min") || keyword.starts_with("max") || keyword.starts_with("exclusive");
  return is_limit ? "the limit" : fmt::format("`{}`", keyword);
}

/// Suggests changes for keywords that the producer's schema can state as well as the consumer's.
void AdviseSame(const Incompatibility& problem, const Schema* wanted, Suggestions& suggestions) {
  const std::string& keyword = problem.mismatch.keyword;
  const std::vector<const Value*> values = FindKeyword(problem, wanted, keyword);
  const Value* value = values.size() == 1 ? values[0] : nullptr;
  const std::string shown = value != nullptr ? WriteJson(*value) : "";
  if (problem.writing == Writing::Constant) {
    const std::string condition = WriteConditions(problem, wanted, "v");
    suggestions.push_back(condition.empty()
                              ? "write a value that is accepted"
                              : fmt::format("write a value `v` for which `{}`", condition));
  }
  if (!problem.bound.empty()) suggestions.push_back(problem.bound);
  if (keyword == "maxLength" && value != nullptr && problem.writing != Writing::Constant) {
    suggestions.push_back(fmt::format("cut it with `clip({}, {})`", problem.expression, shown));
  }
  const std::string condition = WriteConditions(problem, wanted, problem.expression);
  if (!condition.empty()) AddCondition(problem, condition, suggestions);
  AddProducer(problem, value != nullptr ? fmt::format("`{}: {}`", keyword, shown) : "",
              suggestions);
  AddReceiver(problem, fmt::format("change {} there", NameRule(keyword)), suggestions);
}

void AdviseMissing(const Incompatibility& problem, const std::string& name,
                   Suggestions& suggestions) {
  if (problem.writing == Writing::Parts && problem.inside.empty()) {
    suggestions.push_back(fmt::format("add `{}`", name));
  } else if (problem.origin && problem.origin->kind == Origin::Kind::Recovery) {
    suggestions.push_back(fmt::format("add `{}` in {}", name, problem.origin->name));
  } else if (problem.origin && problem.origin->kind == Origin::Kind::Schema) {
    suggestions.push_back(
        fmt::format("require `{}` in the schema of {}", name, problem.origin->name));
  }
  AddReceiver(problem, "make it optional there", suggestions);
}

/// "a, b, or c".
std::string JoinWays(const Suggestions& suggestions) {
  std::string text;
  for (size_t i = 0; i < suggestions.size(); ++i) {
    const bool is_last = i + 1 == suggestions.size();
    text +=
        fmt::format("{}{}{}", i == 0 ? "" : ", ", i > 0 && is_last ? "or " : "", suggestions[i]);
  }
  return text;
}

}  // namespace

std::string FindMissingProperty(const Incompatibility& problem) {
  if (problem.mismatch.keyword != "required") return "";
  const Value rejected = FindPart(problem.witness, problem.mismatch.pointer);
  if (rejected.kind() != Kind::Map) return "";
  for (const Value* names : FindKeyword(problem, FindWanted(problem), "required")) {
    if (names->kind() != Kind::List) continue;
    for (const Value& name : names->items()) {
      if (rejected.Find(name.AsString()) == nullptr) return std::string(name.AsString());
    }
  }
  return "";
}

std::string AdviseFit(const Incompatibility& problem) {
  const std::string& keyword = problem.mismatch.keyword;
  const Schema* wanted = FindWanted(problem);
  const Value rejected = FindPart(problem.witness, problem.mismatch.pointer);
  Suggestions suggestions;
  const bool is_printed = problem.origin && problem.origin->kind == Origin::Kind::Printed;
  if (is_printed && keyword == "type") {
    return fmt::format("add `parse: json` to {}: without it the output is text",
                       problem.origin->name);
  }
  if (keyword == "type") {
    AdviseType(problem, rejected, wanted, suggestions);
  } else if (keyword == "enum") {
    AdviseChoice(problem, rejected, suggestions);
  } else if (const std::string missing = FindMissingProperty(problem); !missing.empty()) {
    AdviseMissing(problem, missing, suggestions);
  } else if (keyword == "additionalProperties") {
    suggestions.emplace_back("pass only the properties that are taken");
    AddReceiver(problem, "allow others there", suggestions);
  } else {
    AdviseSame(problem, wanted, suggestions);
  }
  return JoinWays(suggestions);
}

}  // namespace wfc::passes

#include "passes/flow/fit_advice.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "ir/types/vm/words.h"
#include "ir/value/json.h"

namespace wfc::passes {

namespace {

using types::Bit;
using types::Schema;
using types::SchemaId;
using types::TypeBit;
using Ways = std::vector<std::string>;

constexpr types::TypeMask kNumbers = Bit(TypeBit::Integer) | Bit(TypeBit::Fraction);

/// What a condition says that a keyword wants: the expression and the keyword's value stand
/// between.
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

/// How a text becomes what is wanted.
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

/// As YAML in a schema: `type: [string, "null"]`.
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

/// "it" is the value as it is written, of which a part may be meant.
std::string_view Subject(const Misfit& misfit) {
  return misfit.inside.empty() ? "it" : misfit.inside;
}

const Schema* FindWanted(const Misfit& misfit) {
  const SchemaId part = FindPart(misfit.registry, misfit.consumer, misfit.mismatch.pointer);
  return part.has_value() ? &misfit.registry.schema(part) : nullptr;
}

/// What `keyword` says in the schema, and in those that it consists of.
std::vector<const Value*> FindKeyword(const Misfit& misfit, const Schema* schema,
                                      std::string_view keyword) {
  std::vector<const Value*> found;
  if (schema == nullptr) return found;
  const auto add = [&](const Schema& part) {
    const Value* value = part.expanded.kind() == Kind::Map ? part.expanded.Find(keyword) : nullptr;
    if (value != nullptr) found.push_back(value);
  };
  add(*schema);
  for (const SchemaId arm : schema->all_of) {
    const SchemaId part = FindPart(misfit.registry, arm, "");
    if (part.has_value()) add(misfit.registry.schema(part));
  }
  return found;
}

/// What the receiver's schema wants, of the producer.
void AddProducer(const Misfit& misfit, std::string_view otherwise, Ways& ways) {
  if (!misfit.origin) return;
  const Origin& origin = *misfit.origin;
  if (origin.kind == Origin::Kind::Recovery) {
    ways.push_back(fmt::format("write another value in {}", origin.name));
  }
  const std::string wanted =
      misfit.wanted.empty() ? std::string(otherwise) : fmt::format("`{}`", misfit.wanted);
  if (origin.kind == Origin::Kind::Schema && !wanted.empty()) {
    ways.push_back(
        fmt::format("make {} {} in the schema of {}", Subject(misfit), wanted, origin.name));
  } else if (origin.kind == Origin::Kind::Unsaid) {
    ways.push_back(fmt::format("say what {} yields with `returns`", origin.name));
  }
}

void AddReceiver(const Misfit& misfit, std::string change, Ways& ways) {
  if (misfit.is_receiver_written) ways.push_back(std::move(change));
}

/// The expression is used only where `condition` holds.
void AddCondition(const Misfit& misfit, std::string_view condition, Ways& ways) {
  if (misfit.expression == "…") return;
  if (misfit.can_skip) {
    ways.push_back(fmt::format("run the stage only `if: {}`", condition));
  } else {
    ways.push_back(fmt::format("put something else where it is not (`{} ? {} : …`)", condition,
                               misfit.expression));
  }
}

/// What has to hold of the expression: all of it, so that no keyword is left for the next check.
std::string WriteConditions(const Misfit& misfit, const Schema* wanted) {
  const SchemaId part = FindPart(misfit.registry, misfit.producer, misfit.mismatch.pointer);
  const Schema* produced = part.has_value() ? &misfit.registry.schema(part) : nullptr;
  std::string conditions;
  for (const KeywordCondition& row : kConditions) {
    const std::vector<const Value*> said = FindKeyword(misfit, produced, row.keyword);
    for (const Value* value : FindKeyword(misfit, wanted, row.keyword)) {
      const bool is_known = said.size() == 1 && Identical(*said[0], *value);
      if (is_known) continue;
      conditions += fmt::format("{}{}{}{}{}{}", conditions.empty() ? "" : " && ", row.before,
                                misfit.expression, row.between, WriteJson(*value), row.after);
    }
  }
  return conditions;
}

void AdviseNull(const Misfit& misfit, const Schema* wanted, Ways& ways) {
  if (misfit.after.empty()) {
    ways.push_back(
        fmt::format("put something in place of null (`{0} != null ? {0} : …`)", misfit.expression));
  } else {
    ways.push_back(
        fmt::format("write `{0} != null ? {0} : {1}`, since `coalesce` passes over what "
                    "is missing and not over null",
                    misfit.expression, misfit.after));
  }
  if (!misfit.can_skip) return;
  const std::string more = WriteConditions(misfit, wanted);
  AddCondition(misfit,
               fmt::format("{} != null{}{}", misfit.expression, more.empty() ? "" : " && ", more),
               ways);
}

/// What turns a value of the types that were found into one of those that are wanted.
void AddConversion(const Misfit& misfit, types::TypeMask found, types::TypeMask wanted,
                   Ways& ways) {
  const std::string& shown = misfit.expression;
  if (wanted == Bit(TypeBit::String)) {
    const bool is_list = found == Bit(TypeBit::Array);
    if (is_list) ways.push_back(fmt::format("join its items with `{}.join(', ')`", shown));
    ways.push_back(fmt::format("make text of it with `text({})`", shown));
  } else if (found == Bit(TypeBit::Fraction)) {
    ways.push_back(fmt::format("round it with `int({})`", shown));
  } else if (found == Bit(TypeBit::String)) {
    const auto* reading = std::ranges::find(kReadings, wanted, &Reading::types);
    if (reading != kReadings.end()) {
      ways.push_back(fmt::format("read it with `{}({})`", reading->function, shown));
    }
  }
}

bool IsAnything(const Schema& schema) {
  return schema.types == types::kAllTypes && schema.any_of.empty() && schema.one_of.empty() &&
         schema.all_of.empty();
}

void AdviseType(const Misfit& misfit, const Value& rejected, const Schema* wanted, Ways& ways) {
  const types::TypeMask types = wanted != nullptr ? wanted->types : types::kAllTypes;
  const types::TypeMask found = types::TypeOf(rejected);
  const SchemaId produced = FindPart(misfit.registry, misfit.producer, misfit.mismatch.pointer);
  const bool is_anything = produced.has_value() && IsAnything(misfit.registry.schema(produced));
  if (misfit.writing == Writing::Text) {
    ways.emplace_back("write one `${…}` and no text around it, which keeps its type");
  } else if (misfit.writing == Writing::Constant) {
    ways.push_back(fmt::format("write {}", types::DescribeTypes(types)));
  } else if (found == Bit(TypeBit::Null) && !is_anything) {
    AdviseNull(misfit, wanted, ways);
  } else if (!is_anything) {
    AddConversion(misfit, found, types, ways);
  }
  AddProducer(misfit, types::DescribeTypes(types), ways);
  AddReceiver(misfit, fmt::format("write `type: {}` there", WriteTypes(types | found)), ways);
}

void AdviseChoice(const Misfit& misfit, const Value& rejected, Ways& ways) {
  const std::string value = types::DescribeValue(rejected);
  AddReceiver(misfit, fmt::format("add {} there", value), ways);
  if (misfit.writing == Writing::Constant) ways.emplace_back("write another value");
  const bool is_scalar = rejected.kind() != Kind::Map && rejected.kind() != Kind::List;
  const std::string shown = WriteJson(rejected);
  if (is_scalar && misfit.can_skip) {
    AddCondition(misfit, fmt::format("{} != {}", misfit.expression, shown), ways);
  }
  AddProducer(misfit, "", ways);
}

/// Keywords that a producer can say as well as a consumer.
void AdviseSame(const Misfit& misfit, const Schema* wanted, Ways& ways) {
  const std::string& keyword = misfit.mismatch.keyword;
  const std::vector<const Value*> values = FindKeyword(misfit, wanted, keyword);
  const Value* value = values.size() == 1 ? values[0] : nullptr;
  const std::string shown = value != nullptr ? WriteJson(*value) : "";
  if (misfit.writing == Writing::Constant) ways.emplace_back("write a value that is taken");
  if (!misfit.bound.empty()) ways.push_back(misfit.bound);
  if (keyword == "maxLength" && value != nullptr && misfit.writing != Writing::Constant) {
    ways.push_back(fmt::format("cut it with `clip({}, {})`", misfit.expression, shown));
  }
  if (const std::string condition = WriteConditions(misfit, wanted); !condition.empty()) {
    AddCondition(misfit, condition, ways);
  }
  AddProducer(misfit, value != nullptr ? fmt::format("`{}: {}`", keyword, shown) : "", ways);
  AddReceiver(misfit, "loosen it there", ways);
}

void AdviseMissing(const Misfit& misfit, const std::string& name, Ways& ways) {
  if (misfit.writing == Writing::Parts && misfit.inside.empty()) {
    ways.push_back(fmt::format("add `{}`", name));
  } else if (misfit.origin && misfit.origin->kind == Origin::Kind::Recovery) {
    ways.push_back(fmt::format("add `{}` in {}", name, misfit.origin->name));
  } else if (misfit.origin && misfit.origin->kind == Origin::Kind::Schema) {
    ways.push_back(fmt::format("require `{}` in the schema of {}", name, misfit.origin->name));
  }
  AddReceiver(misfit, "make it optional there", ways);
}

/// "a, b, or c".
std::string JoinWays(const Ways& ways) {
  std::string text;
  for (size_t i = 0; i < ways.size(); ++i) {
    const bool is_last = i + 1 == ways.size();
    text += fmt::format("{}{}{}", i == 0 ? "" : ", ", i > 0 && is_last ? "or " : "", ways[i]);
  }
  return text;
}

}  // namespace

std::string FindMissingProperty(const Misfit& misfit) {
  if (misfit.mismatch.keyword != "required") return "";
  const Value rejected = FindPart(misfit.witness, misfit.mismatch.pointer);
  if (rejected.kind() != Kind::Map) return "";
  for (const Value* names : FindKeyword(misfit, FindWanted(misfit), "required")) {
    if (names->kind() != Kind::List) continue;
    for (const Value& name : names->items()) {
      if (rejected.Find(name.AsString()) == nullptr) return std::string(name.AsString());
    }
  }
  return "";
}

std::string AdviseFit(const Misfit& misfit) {
  const std::string& keyword = misfit.mismatch.keyword;
  const Schema* wanted = FindWanted(misfit);
  const Value rejected = FindPart(misfit.witness, misfit.mismatch.pointer);
  Ways ways;
  const bool is_printed = misfit.origin && misfit.origin->kind == Origin::Kind::Printed;
  if (is_printed && keyword == "type") {
    return fmt::format("add `parse: json` to {}: without it the output is text",
                       misfit.origin->name);
  }
  if (keyword == "type") {
    AdviseType(misfit, rejected, wanted, ways);
  } else if (keyword == "enum") {
    AdviseChoice(misfit, rejected, ways);
  } else if (const std::string missing = FindMissingProperty(misfit); !missing.empty()) {
    AdviseMissing(misfit, missing, ways);
  } else if (keyword == "additionalProperties") {
    ways.emplace_back("pass only the properties that are taken");
    AddReceiver(misfit, "allow others there", ways);
  } else {
    AdviseSame(misfit, wanted, ways);
  }
  return JoinWays(ways);
}

}  // namespace wfc::passes

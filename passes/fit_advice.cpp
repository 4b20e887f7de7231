#include "passes/fit_advice.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "ir/types/vm/words.h"
#include "ir/value/json.h"

namespace wfc::passes {

namespace {

using types::Bit;
using types::Schema;
using types::SchemaId;
using types::TypeBit;

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

std::string AdviseType(const Misfit& misfit, const Value& rejected, const Schema* wanted) {
  const types::TypeMask types = wanted != nullptr ? wanted->types : types::kAllTypes;
  const types::TypeMask found = types::TypeOf(rejected);
  const SchemaId produced = FindPart(misfit.registry, misfit.producer, misfit.mismatch.pointer);
  const bool is_anything =
      produced.has_value() && misfit.registry.schema(produced).types == types::kAllTypes;
  const std::string other = fmt::format("or write `type: {}` there", WriteTypes(types | found));
  const std::string& producer = misfit.producer_name;
  if (is_anything) return fmt::format("say what {} is with `returns`, {}", producer, other);
  if (types == Bit(TypeBit::String)) return "make text of it with `text(…)`, " + other;
  if (found == Bit(TypeBit::Fraction)) {
    return fmt::format("round it with `int(…)`, make it `integer` in the schema of {}, {}",
                       producer, other);
  }
  if (found == Bit(TypeBit::Null)) {
    return "put something in place of null (`x != null ? x : …`), " + other;
  }
  return fmt::format("make it {} in the schema of {}, {}", types::DescribeTypes(types), producer,
                     other);
}

/// Keywords that a producer can say as well as a consumer.
std::string AdviseSame(const Misfit& misfit, const Schema* wanted) {
  const std::string& keyword = misfit.mismatch.keyword;
  const Value* value = wanted != nullptr ? wanted->expanded.Find(keyword) : nullptr;
  std::string written = value != nullptr ? fmt::format("`{}: {}`", keyword, WriteJson(*value))
                                         : fmt::format("`{}`", keyword);
  if (keyword == "maxItems" && value != nullptr) {
    written += fmt::format(" (`max: {}` of a `list`)", WriteJson(*value));
  }
  std::string cut;
  if (keyword == "maxLength" && value != nullptr) {
    cut = fmt::format("cut it with `clip(…, {})`, ", WriteJson(*value));
  }
  return fmt::format(
      "{}say {} in the schema of {}, ask for it in the stage's `if`, or loosen it "
      "there",
      cut, written, misfit.producer_name);
}

}  // namespace

std::string FindMissingProperty(const Misfit& misfit) {
  if (misfit.mismatch.keyword != "required") return "";
  const SchemaId wanted = FindPart(misfit.registry, misfit.consumer, misfit.mismatch.pointer);
  if (!wanted.has_value()) return "";
  const Value rejected = FindPart(misfit.witness, misfit.mismatch.pointer);
  for (const std::string& name : misfit.registry.schema(wanted).required) {
    if (rejected.kind() == Kind::Map && rejected.Find(name) == nullptr) return name;
  }
  return "";
}

std::string AdviseFit(const Misfit& misfit) {
  const std::string& keyword = misfit.mismatch.keyword;
  const SchemaId part = FindPart(misfit.registry, misfit.consumer, misfit.mismatch.pointer);
  const Schema* wanted = part.has_value() ? &misfit.registry.schema(part) : nullptr;
  const Value rejected = FindPart(misfit.witness, misfit.mismatch.pointer);
  if (keyword == "type") return AdviseType(misfit, rejected, wanted);
  if (keyword == "enum" || keyword == "const") {
    return fmt::format("add {} there, or take it out of the schema of {}",
                       types::DescribeValue(rejected), misfit.producer_name);
  }
  if (const std::string missing = FindMissingProperty(misfit); !missing.empty()) {
    return fmt::format("require `{}` in the schema of {}, or make it optional there", missing,
                       misfit.producer_name);
  }
  if (keyword == "additionalProperties") {
    return "pass only the properties that are taken, or allow others there";
  }
  return AdviseSame(misfit, wanted);
}

}  // namespace wfc::passes

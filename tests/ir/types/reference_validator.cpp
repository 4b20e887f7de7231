#include "tests/ir/types/reference_validator.h"

#include <cmath>

#include "ir/base/utf8.h"
#include "ir/types/vm/multiple.h"
#include "ir/types/vm/patterns.h"

namespace wfc::types {
namespace {

bool HasType(std::string_view type, const Value& value) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.kind() == Kind::Bool;
  if (type == "string") return value.is_string();
  if (type == "array") return value.kind() == Kind::List;
  if (type == "object") return value.kind() == Kind::Map;
  if (type == "number") return value.is_number();
  if (value.kind() == Kind::Double) return std::floor(value.AsDouble()) == value.AsDouble();
  return value.is_number();
}

bool IsBelow(const Value& left, const Value& right) {
  return *Compare(left, right) < 0;
}

struct Judge {
  const Value& document;
  const Value& schema;
  const Value& value;

  [[nodiscard]] const Value* Find(std::string_view keyword) const { return schema.Find(keyword); }
  [[nodiscard]] bool Accepts(const Value& subschema, const Value& part) const {
    return ReferenceAccepts(document, subschema, part);
  }

  [[nodiscard]] bool TypeHolds() const {
    const Value* type = Find("type");
    if (type == nullptr) return true;
    if (type->is_string()) return HasType(type->AsString(), value);
    for (const Value& each : type->items()) {
      if (HasType(each.AsString(), value)) return true;
    }
    return false;
  }

  [[nodiscard]] bool ListedHolds() const {
    const Value* constant = Find("const");
    if (constant != nullptr && !(*constant == value)) return false;
    const Value* enumeration = Find("enum");
    if (enumeration == nullptr) return true;
    for (const Value& each : enumeration->items()) {
      if (each == value) return true;
    }
    return false;
  }

  [[nodiscard]] bool NumberHolds() const {
    if (!value.is_number()) return true;
    const Value* bound = nullptr;
    if ((bound = Find("minimum")) != nullptr && IsBelow(value, *bound)) return false;
    if ((bound = Find("maximum")) != nullptr && IsBelow(*bound, value)) return false;
    if ((bound = Find("exclusiveMinimum")) != nullptr && !IsBelow(*bound, value)) return false;
    if ((bound = Find("exclusiveMaximum")) != nullptr && !IsBelow(value, *bound)) return false;
    return (bound = Find("multipleOf")) == nullptr || IsMultipleOf(value, *bound);
  }

  [[nodiscard]] bool CountHolds(std::string_view least, std::string_view most, size_t count) const {
    const auto given = Value::Int(static_cast<int64_t>(count));
    const Value* bound = nullptr;
    if ((bound = Find(least)) != nullptr && IsBelow(given, *bound)) return false;
    return (bound = Find(most)) == nullptr || !IsBelow(*bound, given);
  }

  [[nodiscard]] bool StringHolds() const {
    if (!value.is_string()) return true;
    if (!CountHolds("minLength", "maxLength", CountCodePoints(value.AsString()))) return false;
    const Value* pattern = Find("pattern");
    return pattern == nullptr ||
           RE2::PartialMatch(std::string(value.AsString()), std::string(pattern->AsString()));
  }

  [[nodiscard]] bool ListHolds() const {
    if (value.kind() != Kind::List) return true;
    if (!CountHolds("minItems", "maxItems", value.items().size())) return false;
    const Value* prefix = Find("prefixItems");
    const Value* items = Find("items");
    for (size_t i = 0; i < value.items().size(); ++i) {
      const bool is_prefix = prefix != nullptr && i < prefix->items().size();
      const Value* of_item = is_prefix ? &prefix->items()[i] : items;
      if (of_item != nullptr && !Accepts(*of_item, value.items()[i])) return false;
    }
    const Value* unique = Find("uniqueItems");
    for (size_t i = 0; unique != nullptr && unique->is_true() && i < value.items().size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (value.items()[i] == value.items()[j]) return false;
      }
    }
    return true;
  }

  [[nodiscard]] bool ObjectHolds() const {
    if (value.kind() != Kind::Map) return true;
    if (!CountHolds("minProperties", "maxProperties", value.entries().size())) return false;
    if (const Value* required = Find("required")) {
      for (const Value& name : required->items()) {
        if (value.Find(name) == nullptr) return false;
      }
    }
    const Value* properties = Find("properties");
    const Value* others = Find("additionalProperties");
    for (const MapEntry& entry : value.entries()) {
      const Value* known = properties != nullptr ? properties->Find(entry.key) : nullptr;
      const Value* of_property = known != nullptr ? known : others;
      if (of_property != nullptr && !Accepts(*of_property, entry.value)) return false;
    }
    return true;
  }

  [[nodiscard]] bool CombinedHolds() const {
    if (const Value* reference = Find("$ref")) {
      const std::string_view name =
          reference->AsString().substr(std::string_view("#/$defs/").size());
      if (!Accepts(*document.Find("$defs")->Find(name), value)) return false;
    }
    const Value* alternatives = Find("anyOf");
    if (alternatives == nullptr) return true;
    for (const Value& each : alternatives->items()) {
      if (Accepts(each, value)) return true;
    }
    return false;
  }
};

}  // namespace

bool ReferenceAccepts(const Value& document, const Value& schema, const Value& value) {
  if (schema.kind() == Kind::Bool) return schema.is_true();
  const Judge judge{document, schema, value};
  return judge.TypeHolds() && judge.ListedHolds() && judge.NumberHolds() && judge.StringHolds() &&
         judge.ListHolds() && judge.ObjectHolds() && judge.CombinedHolds();
}

}  // namespace wfc::types

#include "tests/ir/types/reference_validator.h"

#include <cmath>
#include <set>
#include <string>
#include <vector>

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

/// What a schema says of a value, and which of its parts it has judged (2020-12, section 11).
struct Outcome {
  bool fits = true;
  std::set<size_t> items;
  std::set<std::string> names;

  /// `other` was applied in the same place; what does not fit judges nothing.
  void Merge(const Outcome& other) {
    if (!other.fits) return;
    items.insert(other.items.begin(), other.items.end());
    names.insert(other.names.begin(), other.names.end());
  }
};

Outcome Judged(const Value& document, const Value& schema, const Value& value);

struct Judge {
  const Value& document;
  const Value& schema;
  const Value& value;
  Outcome outcome = {};

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

  bool ListHolds() {
    if (value.kind() != Kind::List) return true;
    if (!CountHolds("minItems", "maxItems", value.items().size())) return false;
    const Value* prefix = Find("prefixItems");
    const Value* items = Find("items");
    for (size_t i = 0; i < value.items().size(); ++i) {
      const bool is_prefix = prefix != nullptr && i < prefix->items().size();
      const Value* of_item = is_prefix ? &prefix->items()[i] : items;
      if (of_item == nullptr) continue;
      outcome.items.insert(i);
      if (!Accepts(*of_item, value.items()[i])) return false;
    }
    if (!ContainsHolds()) return false;
    const Value* unique = Find("uniqueItems");
    for (size_t i = 0; unique != nullptr && unique->is_true() && i < value.items().size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (value.items()[i] == value.items()[j]) return false;
      }
    }
    return true;
  }

  bool ContainsHolds() {
    const Value* contains = Find("contains");
    if (contains == nullptr) return true;
    int64_t count = 0;
    for (size_t i = 0; i < value.items().size(); ++i) {
      if (!Accepts(*contains, value.items()[i])) continue;
      ++count;
      outcome.items.insert(i);
    }
    const Value* least = Find("minContains");
    const Value* most = Find("maxContains");
    return count >= (least != nullptr ? least->AsInt() : 1) &&
           (most == nullptr || count <= most->AsInt());
  }

  bool ObjectHolds() {
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
      const std::string name(entry.key.AsString());
      std::vector<const Value*> speaking;
      const Value* known = properties != nullptr ? properties->Find(entry.key) : nullptr;
      if (known != nullptr) speaking.push_back(known);
      if (const Value* patterns = Find("patternProperties")) {
        for (const MapEntry& pattern : patterns->entries()) {
          if (RE2::PartialMatch(name, std::string(pattern.key.AsString()))) {
            speaking.push_back(&pattern.value);
          }
        }
      }
      if (speaking.empty() && others != nullptr) speaking.push_back(others);
      for (const Value* each : speaking) {
        outcome.names.insert(name);
        if (!Accepts(*each, entry.value)) return false;
      }
      const Value* names = Find("propertyNames");
      if (names != nullptr && !Accepts(*names, entry.key)) return false;
    }
    return DependentHolds();
  }

  bool DependentHolds() {
    if (const Value* required = Find("dependentRequired")) {
      for (const MapEntry& entry : required->entries()) {
        for (const Value& name : entry.value.items()) {
          if (value.Find(entry.key) != nullptr && value.Find(name) == nullptr) return false;
        }
      }
    }
    if (const Value* schemas = Find("dependentSchemas")) {
      for (const MapEntry& entry : schemas->entries()) {
        if (value.Find(entry.key) != nullptr && !InPlace(entry.value)) return false;
      }
    }
    return true;
  }

  bool InPlace(const Value& subschema) {
    const Outcome below = Judged(document, subschema, value);
    outcome.Merge(below);
    return below.fits;
  }

  [[nodiscard]] int CountOf(std::string_view keyword) {
    int count = 0;
    for (const Value& each : Find(keyword)->items()) count += InPlace(each) ? 1 : 0;
    return count;
  }

  bool CombinedHolds() {
    if (const Value* reference = Find("$ref")) {
      const std::string_view name =
          reference->AsString().substr(std::string_view("#/$defs/").size());
      if (!InPlace(*document.Find("$defs")->Find(name))) return false;
    }
    if (const Value* all = Find("allOf")) {
      if (CountOf("allOf") != static_cast<int>(all->items().size())) return false;
    }
    if (Find("anyOf") != nullptr && CountOf("anyOf") == 0) return false;
    if (Find("oneOf") != nullptr && CountOf("oneOf") != 1) return false;
    if (const Value* negated = Find("not")) {
      if (Accepts(*negated, value)) return false;
    }
    const Value* condition = Find("if");
    if (condition == nullptr) return true;
    const Value* next = Find(InPlace(*condition) ? "then" : "else");
    return next == nullptr || InPlace(*next);
  }

  bool UnevaluatedHolds() {
    if (const Value* of_items = Find("unevaluatedItems"); of_items && value.kind() == Kind::List) {
      for (size_t i = 0; i < value.items().size(); ++i) {
        if (outcome.items.insert(i).second && !Accepts(*of_items, value.items()[i])) return false;
      }
    }
    const Value* of_names = Find("unevaluatedProperties");
    if (of_names == nullptr || value.kind() != Kind::Map) return true;
    for (const MapEntry& entry : value.entries()) {
      if (outcome.names.insert(std::string(entry.key.AsString())).second &&
          !Accepts(*of_names, entry.value)) {
        return false;
      }
    }
    return true;
  }
};

Outcome Judged(const Value& document, const Value& schema, const Value& value) {
  if (schema.kind() == Kind::Bool) return {.fits = schema.is_true()};
  Judge judge{document, schema, value};
  judge.outcome.fits = judge.TypeHolds() && judge.ListedHolds() && judge.NumberHolds() &&
                       judge.StringHolds() && judge.ListHolds() && judge.ObjectHolds() &&
                       judge.CombinedHolds() && judge.UnevaluatedHolds();
  return judge.outcome;
}

}  // namespace

bool ReferenceAccepts(const Value& document, const Value& schema, const Value& value) {
  return Judged(document, schema, value).fits;
}

}  // namespace wfc::types

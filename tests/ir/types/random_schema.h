// Random schemas over every keyword, and random values next to them: for property tests.
#pragma once

#include <random>
#include <string_view>
#include <vector>

#include "ir/value/value.h"

namespace wfc::types {

/// The same seed gives the same documents and values.
class SchemaGenerator {
 public:
  explicit SchemaGenerator(uint32_t seed) : random_(seed) {}

  Value Document() {
    std::vector<MapEntry> entries = Keywords(2);
    Add(entries, "$defs", Value::Record({{"a", Schema(1)}, {"b", Schema(1)}}));
    return Value::Map(std::move(entries));
  }

  Value Data(int depth) {
    switch (Draw(depth > 0 ? 9 : 6)) {
      case 0:
        return Value::Null();
      case 1:
        return Value::Bool(Draw(2) == 0);
      case 2:
        return Value::Int(static_cast<int64_t>(Draw(7)) - 2);
      case 3:
        return Value::Double(static_cast<double>(Draw(9)) * 0.5 - 1);
      case 4:
      case 5:
        return Value::String(Text());
      case 6:
        return List(Draw(4), depth);
      default:
        return Object(depth);
    }
  }

 private:
  size_t Draw(size_t count) { return random_() % count; }
  bool Chance(size_t one_in) { return Draw(one_in) == 0; }
  std::string_view Text() {
    static constexpr std::string_view kTexts[] = {"", "a", "b", "ab", "äa", "bbb"};
    return kTexts[Draw(std::size(kTexts))];
  }
  static constexpr std::string_view kNames[] = {"a", "b", "c"};

  Value List(size_t count, int depth) {
    std::vector<Value> items;
    for (size_t i = 0; i < count; ++i) items.push_back(Data(depth - 1));
    return Value::List(std::move(items));
  }
  Value Object(int depth) {
    std::vector<MapEntry> entries;
    for (const std::string_view name : kNames) {
      if (Chance(2)) entries.push_back({Value::String(name), Data(depth - 1)});
    }
    return Value::Map(std::move(entries));
  }

  static void Add(std::vector<MapEntry>& entries, std::string_view keyword, Value value) {
    entries.push_back({Value::String(keyword), std::move(value)});
  }

  Value Schema(int depth) {
    if (Chance(8)) return Value::Bool(!Chance(4));
    return Value::Map(Keywords(depth));
  }

  Value Schemas(size_t count, int depth) {
    std::vector<Value> schemas;
    for (size_t i = 0; i < count; ++i) schemas.push_back(Schema(depth));
    return Value::List(std::move(schemas));
  }

  std::vector<MapEntry> Keywords(int depth) {
    std::vector<MapEntry> entries;
    AddScalarKeywords(entries);
    if (depth > 0) AddSchemaKeywords(entries, depth - 1);
    return entries;
  }

  void AddScalarKeywords(std::vector<MapEntry>& entries) {
    static constexpr std::string_view kTypes[] = {"null",   "boolean", "integer", "number",
                                                  "string", "array",   "object"};
    if (Chance(2)) {
      const Value first = Value::String(kTypes[Draw(7)]);
      Add(entries, "type",
          Chance(2) ? first : Value::List({first, Value::String(kTypes[Draw(7)])}));
    }
    if (Chance(10)) Add(entries, "const", Data(1));
    if (Chance(8)) Add(entries, "enum", Value::List({Data(1), Data(1), Data(0)}));
    const auto number = [&] { return Value::Double(static_cast<double>(Draw(8)) * 0.5 - 1); };
    const auto count = [&] { return Value::Int(static_cast<int64_t>(Draw(4))); };
    for (const std::string_view keyword :
         {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}) {
      if (Chance(8)) Add(entries, keyword, number());
    }
    if (Chance(8)) Add(entries, "multipleOf", Value::Double(Chance(2) ? 0.5 : 2));
    for (const std::string_view keyword :
         {"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"}) {
      if (Chance(8)) Add(entries, keyword, count());
    }
    if (Chance(8)) Add(entries, "pattern", Value::String(Chance(2) ? "^a|b$" : "bb?"));
    if (Chance(8)) Add(entries, "uniqueItems", Value::Bool(Chance(2)));
    if (Chance(4)) Add(entries, "required", Value::List({Value::String(kNames[Draw(3)])}));
  }

  void AddSchemaKeywords(std::vector<MapEntry>& entries, int depth) {
    if (Chance(3)) {
      Add(entries, "properties", Value::Record({{"a", Schema(depth)}, {"b", Schema(depth)}}));
    }
    if (Chance(4)) Add(entries, "additionalProperties", Schema(depth));
    if (Chance(4)) Add(entries, "items", Schema(depth));
    if (Chance(6)) Add(entries, "prefixItems", Schemas(1 + Draw(2), depth));
    if (Chance(5)) Add(entries, "anyOf", Schemas(1 + Draw(3), depth));
    for (const std::string_view keyword : {"allOf", "oneOf"}) {
      if (Chance(8)) Add(entries, keyword, Schemas(1 + Draw(3), depth));
    }
    for (const std::string_view keyword : {"not", "if", "then", "else", "contains", "propertyNames",
                                           "unevaluatedItems", "unevaluatedProperties"}) {
      if (Chance(10)) Add(entries, keyword, Schema(depth));
    }
    for (const std::string_view keyword : {"minContains", "maxContains"}) {
      if (Chance(8)) Add(entries, keyword, Value::Int(static_cast<int64_t>(Draw(3))));
    }
    if (Chance(8)) Add(entries, "patternProperties", Value::Record({{"^a|b$", Schema(depth)}}));
    if (Chance(8)) Add(entries, "dependentSchemas", Value::Record({{"a", Schema(depth)}}));
    if (Chance(8)) {
      Add(entries, "dependentRequired", Value::Record({{"b", Value::List({Value::String("c")})}}));
    }
    if (Chance(12)) Add(entries, "$ref", Value::String(Chance(2) ? "#/$defs/a" : "#/$defs/b"));
  }

  std::mt19937 random_;
};

}  // namespace wfc::types

#include "ir/types/schema/write_schema.h"

#include <string_view>

#include "ir/types/schema/keywords.h"

namespace wfc::types {
namespace {

constexpr uint32_t kMaxWrittenDepth = 32;

Value WriteTypes(TypeMask types) {
  std::vector<Value> words;
  TypeMask left = types;
  // "number" comes first because its mask includes that of "integer".
  for (const std::string_view word :
       {"null", "boolean", "number", "integer", "string", "array", "object"}) {
    const TypeMask mask = *FindType(word);
    if ((left & mask) != mask) continue;
    words.push_back(Value::String(word));
    left &= ~mask;
  }
  return words.size() == 1 ? words.front() : Value::List(std::move(words));
}

Value WriteNames(const std::vector<std::string>& names) {
  std::vector<Value> values;
  for (const std::string& name : names) values.push_back(Value::String(name));
  return Value::List(std::move(values));
}

/// Writes one schema: each keyword that constrains values.
class SchemaWriter {
 public:
  SchemaWriter(const SchemaStore& schemas, uint32_t depth) : schemas_(schemas), depth_(depth) {}

  Value Write(SchemaId id) {
    const Schema& schema = schemas_[id];
    if (depth_ > 0 && !schema.name.empty()) {
      return Value::Record({{"$ref", Value::String(schema.name)}});
    }
    if (!schema.expanded.is_null()) return schema.expanded;
    if (schema.is_false) return Value::Bool(false);
    if (depth_ > kMaxWrittenDepth) return Value::Bool(true);
    WriteGeneral(schema);
    WriteNumbers(schema);
    WriteList(schema);
    WriteObject(schema);
    WriteApplied(schema);
    return Value::Map(std::move(entries_));
  }

 private:
  void Add(std::string_view keyword, Value value) {
    entries_.push_back({Value::String(keyword), std::move(value)});
  }
  void Add(std::string_view keyword, const std::optional<Value>& value) {
    if (value) Add(keyword, *value);
  }
  void Add(std::string_view keyword, const std::optional<uint32_t>& count) {
    if (count) Add(keyword, Value::Int(*count));
  }
  void Add(std::string_view keyword, SchemaId id) {
    if (id.has_value()) Add(keyword, WriteInside(id));
  }
  void Add(std::string_view keyword, const std::vector<SchemaId>& ids) {
    if (ids.empty()) return;
    std::vector<Value> values;
    for (const SchemaId id : ids) values.push_back(WriteInside(id));
    Add(keyword, Value::List(std::move(values)));
  }
  void Add(std::string_view keyword, const std::vector<std::pair<std::string, SchemaId>>& parts) {
    if (parts.empty()) return;
    std::vector<MapEntry> values;
    for (const auto& [name, id] : parts) values.push_back({Value::String(name), WriteInside(id)});
    Add(keyword, Value::Map(std::move(values)));
  }
  static std::optional<uint32_t> UnlessZero(uint32_t count) {
    return count == 0 ? std::nullopt : std::optional<uint32_t>(count);
  }

  [[nodiscard]] Value WriteInside(SchemaId id) const {
    return SchemaWriter(schemas_, depth_ + 1).Write(id);
  }

  void WriteGeneral(const Schema& schema) {
    if (schema.types != kAllTypes) Add("type", WriteTypes(schema.types));
    Add("const", schema.constant);
    if (schema.enumeration) Add("enum", Value::List(*schema.enumeration));
    Add("default", schema.default_value);
  }

  void WriteNumbers(const Schema& schema) {
    Add("minimum", schema.minimum);
    Add("maximum", schema.maximum);
    Add("exclusiveMinimum", schema.exclusive_minimum);
    Add("exclusiveMaximum", schema.exclusive_maximum);
    Add("multipleOf", schema.multiple_of);
    Add("minLength", UnlessZero(schema.min_length));
    Add("maxLength", schema.max_length);
    if (schema.pattern) Add("pattern", Value::String(schema.pattern->source));
  }

  void WriteList(const Schema& schema) {
    Add("minItems", UnlessZero(schema.min_items));
    Add("maxItems", schema.max_items);
    if (schema.has_unique_items) Add("uniqueItems", Value::Bool(true));
    Add("prefixItems", schema.prefix_items);
    Add("items", schema.items);
    Add("contains", schema.contains);
    if (schema.contains.has_value()) Add("minContains", Value::Int(schema.min_contains));
    Add("maxContains", schema.max_contains);
    Add("unevaluatedItems", schema.unevaluated_items);
  }

  void WriteObject(const Schema& schema) {
    Add("minProperties", UnlessZero(schema.min_properties));
    Add("maxProperties", schema.max_properties);
    if (!schema.required.empty()) Add("required", WriteNames(schema.required));
    Add("properties", schema.properties);
    std::vector<std::pair<std::string, SchemaId>> by_pattern;
    for (const auto& [pattern, id] : schema.pattern_properties) {
      by_pattern.emplace_back(pattern.source, id);
    }
    Add("patternProperties", by_pattern);
    Add("additionalProperties", schema.other_properties);
    Add("propertyNames", schema.property_names);
    std::vector<MapEntry> dependent;
    for (const auto& [name, names] : schema.dependent_required) {
      dependent.push_back({Value::String(name), WriteNames(names)});
    }
    if (!dependent.empty()) Add("dependentRequired", Value::Map(std::move(dependent)));
    Add("dependentSchemas", schema.dependent_schemas);
    Add("unevaluatedProperties", schema.unevaluated_properties);
  }

  void WriteApplied(const Schema& schema) {
    Add("anyOf", schema.any_of);
    Add("oneOf", schema.one_of);
    Add("not", schema.negated);
    Add("if", schema.condition);
    Add("then", schema.consequence);
    Add("else", schema.alternative);
    // A reference to a schema without a name is written as that schema.
    std::vector<SchemaId> all = schema.all_of;
    if (schema.reference.has_value()) all.push_back(schema.reference);
    Add("allOf", all);
  }

  const SchemaStore& schemas_;
  uint32_t depth_;
  std::vector<MapEntry> entries_;
};

}  // namespace

Value WriteSchema(const SchemaStore& schemas, SchemaId id) {
  return SchemaWriter(schemas, 0).Write(id);
}

}  // namespace wfc::types

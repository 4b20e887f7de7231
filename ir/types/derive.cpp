#include "ir/types/derive.h"

#include <cstdint>
#include <cstring>
#include <utility>

#include "ir/value/binary.h"

namespace wfc::types {
namespace {

/// Writes what a schema says as bytes that differ where schemas do: each part that says something,
/// led by its number.
class KeyWriter {
 public:
  explicit KeyWriter(std::string& key) : key_(key) {}

  template <class... Parts>
  void Write(const Parts&... parts) {
    (WritePart(parts), ...);
  }

 private:
  template <class Part>
  void WritePart(const Part& part) {
    ++number_;
    if (IsSilent(part)) return;
    key_ += static_cast<char>(number_);
    Append(part);
  }

  static bool IsSilent(bool part) { return !part; }
  static bool IsSilent(TypeMask mask) { return mask == kAllTypes; }
  static bool IsSilent(uint32_t count) { return count == 0; }
  static bool IsSilent(const std::string& text) { return text.empty(); }
  static bool IsSilent(SchemaId id) { return !id.has_value(); }
  template <class T>
  static bool IsSilent(const std::optional<T>& part) {
    return !part.has_value();
  }
  template <class T>
  static bool IsSilent(const std::vector<T>& parts) {
    return parts.empty();
  }

  void Append(bool) {}
  void Append(Format format) { key_ += static_cast<char>(format); }
  void Append(TypeMask mask) { key_ += static_cast<char>(mask); }
  void Append(uint32_t count) {
    char bytes[sizeof count];
    std::memcpy(bytes, &count, sizeof count);
    key_.append(bytes, sizeof count);
  }
  void Append(SchemaId id) { Append(id.index()); }
  void Append(const std::string& text) {
    Append(static_cast<uint32_t>(text.size()));
    key_ += text;
  }
  void Append(const SchemaPattern& pattern) { Append(pattern.source); }
  void Append(const Value& value) {
    bytes_.clear();
    AppendBinary(bytes_, value);
    Append(static_cast<uint32_t>(bytes_.size()));
    key_.append(bytes_.begin(), bytes_.end());
  }
  template <class T>
  void Append(const std::optional<T>& part) {
    Append(*part);
  }
  template <class A, class B>
  void Append(const std::pair<A, B>& pair) {
    Append(pair.first);
    Append(pair.second);
  }
  template <class T>
  void Append(const std::vector<T>& parts) {
    Append(static_cast<uint32_t>(parts.size()));
    for (const T& part : parts) Append(part);
  }

  std::string& key_;
  uint8_t number_ = 0;
  std::vector<uint8_t> bytes_;
};

/// All parts are named, so that a new one cannot be forgotten: this does not compile without it.
void AppendKey(std::string& key, const Schema& schema) {
  const auto& [is_false, types, constant, enumeration, minimum, maximum, exclusive_minimum,
               exclusive_maximum, multiple_of, min_length, max_length, pattern, format, min_items,
               max_items, has_unique_items, prefix_items, items, min_properties, max_properties,
               required, properties, other_properties, any_of, all_of, one_of, negated, condition,
               consequence, alternative, contains, min_contains, max_contains, pattern_properties,
               property_names, dependent_required, dependent_schemas, unevaluated_items,
               unevaluated_properties, reference, dynamic_reference, dynamic_anchor, default_value,
               is_estimate, name, expanded, document, resource, reference_pointer] = schema;
  KeyWriter(key).Write(is_false, types, constant, enumeration, minimum, maximum, exclusive_minimum,
                       exclusive_maximum, multiple_of, min_length, max_length, pattern, format,
                       min_items, max_items, has_unique_items, prefix_items, items, min_properties,
                       max_properties, required, properties, other_properties, any_of, all_of,
                       one_of, negated, condition, consequence, alternative, contains, min_contains,
                       max_contains, pattern_properties, property_names, dependent_required,
                       dependent_schemas, unevaluated_items, unevaluated_properties, reference,
                       dynamic_reference, dynamic_anchor, default_value, is_estimate);
}

/// Whether it says nothing at all.
bool AllowsAll(const Schema& schema) {
  Schema silent;
  silent.is_estimate = schema.is_estimate;
  std::string of_silent;
  std::string of_schema;
  AppendKey(of_silent, silent);
  AppendKey(of_schema, schema);
  return of_silent == of_schema;
}

}  // namespace

SchemaId DerivedSchemas::Intern(SchemaStore& schemas, Schema schema) {
  key_.clear();
  AppendKey(key_, schema);
  const auto [entry, is_new] = ids_.try_emplace(key_);
  if (!is_new) return entry->second;
  schema.name.clear();
  schema.reference_pointer.clear();
  schema.expanded = Value();
  if (schema.is_false || AllowsAll(schema)) schema.expanded = Value::Bool(!schema.is_false);
  const SchemaId id = schemas.Add(std::move(schema));
  schemas[id].document = id;
  entry->second = id;
  return id;
}

}  // namespace wfc::types

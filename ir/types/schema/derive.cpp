#include "ir/types/schema/derive.h"

#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Compiler.h"

#include "ir/value/binary.h"

namespace wfc::types {
namespace {

using Key = llvm::SmallString<256>;

bool IsSilent(bool part) {
  return !part;
}
bool IsSilent(TypeMask mask) {
  return mask == kAllTypes;
}
bool IsSilent(uint32_t count) {
  return count == 0;
}
bool IsSilent(const std::string& text) {
  return text.empty();
}
bool IsSilent(SchemaId id) {
  return !id.has_value();
}
template <class T>
bool IsSilent(const std::optional<T>& part) {
  return !part.has_value();
}
template <class T>
bool IsSilent(const std::vector<T>& parts) {
  return parts.empty();
}

/// Serialises the content of a schema to bytes that differ wherever two schemas do. Each part that
/// constrains values is written with its number in front; the others are left out.
class KeyWriter {
 public:
  explicit KeyWriter(Key& key) : key_(key) {}

  template <class... Parts>
  void Write(const Parts&... parts) {
    (WritePart(parts), ...);
  }

 private:
  template <class Part>
  void WritePart(const Part& part) {
    ++number_;
    if (!IsSilent(part)) WriteTelling(part);
  }
  /// Kept out of line so that WritePart stays small: nearly all parts of a schema are absent.
  template <class Part>
  LLVM_ATTRIBUTE_NOINLINE void WriteTelling(const Part& part) {
    key_.push_back(static_cast<char>(number_));
    Append(part);
  }

  void Append(bool) {}
  void Append(Format format) { key_.push_back(static_cast<char>(format)); }
  void Append(TypeMask mask) { key_.push_back(static_cast<char>(mask)); }
  void Append(uint32_t count) {
    char bytes[sizeof count];
    std::memcpy(bytes, &count, sizeof count);
    key_.append(std::begin(bytes), std::end(bytes));
  }
  void Append(SchemaId id) { Append(id.index()); }
  void Append(const std::string& text) {
    Append(static_cast<uint32_t>(text.size()));
    key_ += text;
  }
  void Append(const SchemaPattern& pattern) { Append(pattern.source); }
  void Append(const Value& value) {
    // Ints are frequent as bounds and constants. The marker cannot be the byte count of another
    // value.
    if (value.kind() == Kind::Int) {
      Append(std::numeric_limits<uint32_t>::max());
      const int64_t number = value.AsInt();
      char bytes[sizeof number];
      std::memcpy(bytes, &number, sizeof number);
      key_.append(std::begin(bytes), std::end(bytes));
      return;
    }
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

  Key& key_;
  uint8_t number_ = 0;
  std::vector<uint8_t> bytes_;
};

/// Calls `visit` with what the schema is an estimate of and with all other parts that constrain
/// values. The structured binding names every member, so that a new member makes this fail to
/// compile until it is considered.
template <class Visit>
auto WithParts(const Schema& schema, Visit visit) {
  const auto& [is_false, types, constant, enumeration, minimum, maximum, exclusive_minimum,
               exclusive_maximum, multiple_of, min_length, max_length, pattern, format, min_items,
               max_items, has_unique_items, prefix_items, items, min_properties, max_properties,
               required, properties, other_properties, any_of, all_of, one_of, negated, condition,
               consequence, alternative, contains, min_contains, max_contains, pattern_properties,
               property_names, dependent_required, dependent_schemas, unevaluated_items,
               unevaluated_properties, reference, dynamic_reference, dynamic_anchor, default_value,
               is_estimate, is_loose, name, is_derived, expanded, document, resource,
               reference_pointer] = schema;
  // The default of `min_contains` is 1, and the key omits parts that are 0.
  const uint32_t other_than_one = min_contains ^ 1;
  const uint32_t looseness = (is_estimate ? 1U : 0U) + (is_loose ? 1U : 0U);
  return visit(looseness, is_false, types, constant, enumeration, minimum, maximum,
               exclusive_minimum, exclusive_maximum, multiple_of, min_length, max_length, pattern,
               format, min_items, max_items, has_unique_items, prefix_items, items, min_properties,
               max_properties, required, properties, other_properties, any_of, all_of, one_of,
               negated, condition, consequence, alternative, contains, other_than_one, max_contains,
               pattern_properties, property_names, dependent_required, dependent_schemas,
               unevaluated_items, unevaluated_properties, reference, dynamic_reference,
               dynamic_anchor, default_value);
}

void AppendKey(Key& key, const Schema& schema) {
  WithParts(schema, [&](const auto&... parts) { KeyWriter(key).Write(parts...); });
}

/// Whether every value fits the schema.
bool AllowsAll(const Schema& schema) {
  return WithParts(schema, [](uint32_t /*looseness*/, const auto&... parts) {
    return (IsSilent(parts) && ...);
  });
}

}  // namespace

bool IsBlank(const Schema& schema) {
  return !schema.is_estimate && AllowsAll(schema);
}

SchemaId DerivedSchemas::Intern(SchemaStore& schemas, const Schema& schema) {
  Key key;
  AppendKey(key, schema);
  const auto [entry, is_new] = ids_.try_emplace(key);
  if (!is_new) return entry->second;
  Schema derived = schema;
  derived.name.clear();
  derived.reference_pointer.clear();
  derived.expanded = Value();
  const bool is_boolean = schema.is_false || AllowsAll(schema);
  derived.is_derived = !is_boolean;
  if (is_boolean) derived.expanded = Value::Bool(!schema.is_false);
  const SchemaId id = schemas.Add(std::move(derived));
  schemas[id].document = id;
  entry->second = id;
  return id;
}

}  // namespace wfc::types

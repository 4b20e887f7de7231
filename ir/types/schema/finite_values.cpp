#include "ir/types/schema/finite_values.h"

#include <span>
#include <unordered_set>

#include "ir/types/schema/parse_schema.h"
#include "ir/types/schema/schema_chain.h"

namespace wfc::types {
namespace {

/// The most schemas that one search visits. Without it, alternatives that refer to the same schemas
/// repeatedly would take exponential time.
constexpr uint32_t kMaxSchemas = 10'000;

/// Collects the candidate values of a schema.
class ValueList {
 public:
  ValueList(const SchemaStore& schemas, uint32_t& left) : schemas_(schemas), left_(left) {}

  /// Adds the candidates of the schema; returns false when other values may fit.
  bool AddOf(SchemaId id, uint32_t depth) {
    if (depth > kMaxSchemaDepth || left_ == 0) return false;
    --left_;
    const TypeMask types = TypesOfChain(schemas_, id);
    const bool is_listed = AnyOfChain(
        schemas_, id, [&](const Schema& schema) { return AddListed(schema, types, depth); });
    if (is_listed) return true;
    const TypeMask finite = Bit(TypeBit::Boolean) | Bit(TypeBit::Null);
    if ((types & ~finite) != 0) return false;
    static const Value kValues[] = {Value::Bool(false), Value::Bool(true), Value::Null()};
    Add(kValues, types);
    return true;
  }

  std::vector<Value> Take() { return std::move(values_); }

 private:
  bool AddListed(const Schema& schema, TypeMask types, uint32_t depth) {
    if (schema.constant) {
      Add({&*schema.constant, 1}, types);
      return true;
    }
    if (schema.enumeration) {
      Add(*schema.enumeration, types);
      return true;
    }
    if (schema.any_of.empty()) return false;
    ValueList of_arms(schemas_, left_);
    for (const SchemaId arm : schema.any_of) {
      if (!of_arms.AddOf(arm, depth + 1)) return false;
    }
    Add(of_arms.values_, types);
    return true;
  }

  void Add(std::span<const Value> values, TypeMask types) {
    for (const Value& value : values) {
      const bool is_new = (TypeOf(value) & types) != 0 && known_.insert(value).second;
      if (is_new) values_.push_back(value);
    }
  }

  const SchemaStore& schemas_;
  uint32_t& left_;  // the number of schemas that may still be visited
  std::vector<Value> values_;
  std::unordered_set<Value, EqualHash> known_;  // the values of `values_`, for finding duplicates
};

}  // namespace

std::optional<std::vector<Value>> FindFiniteValues(const SchemaStore& schemas, SchemaId id) {
  uint32_t left = kMaxSchemas;
  ValueList list(schemas, left);
  if (!list.AddOf(id, 0)) return std::nullopt;
  return list.Take();
}

}  // namespace wfc::types

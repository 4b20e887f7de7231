// Whether values are of a type, told part by part. Tests and fuzzers hold what the machine yields
// against what was inferred.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "ir/expr/type_table.h"
#include "ir/value/json.h"

namespace wfc::expr {

/// What JSON lacks is written as text, or not at all.
[[nodiscard]] inline bool IsJson(const Value& value) {
  const Result<Value> again = ReadJson(WriteJson(value));
  return again.ok() && *again == value;
}

class TypeOracle {
 public:
  using AcceptsFn = std::function<bool(SchemaId, const Value&)>;
  TypeOracle(TypeTable& table, AcceptsFn accepts) : table_(table), accepts_(std::move(accepts)) {}

  /// Why the value is not of the type; "": it is. Parts deeper than kMaxDepth count as a whole.
  [[nodiscard]] std::string Judge(const Type& type, const Value& value, int depth = 0) {
    if (!type.CanBe(KindsThatFit(value))) return "its kind";
    const Value* constant = table_.ConstantOf(type);
    if (constant != nullptr && *constant != value && !Identical(*constant, value)) {
      return "the constant";
    }
    const SchemaId schema = table_.SchemaOf(type);
    const bool is_json = IsJson(value);
    if (schema.has_value() && is_json && !accepts_(schema, value)) return "the schema";
    if (depth == kMaxDepth) return "";
    if (value.kind() == Kind::List) return JudgeItems(type, value, depth + 1);
    if (value.kind() == Kind::Map) return JudgeFields(type, value, depth + 1);
    if (value.kind() == Kind::Optional && value.optional_value() != nullptr) {
      return Judge(table_.HeldBy(type), *value.optional_value(), depth + 1);
    }
    return "";
  }

 private:
  static constexpr int kMaxDepth = 6;  // each level is judged in two ways

  /// A number is read as JSON writes it, `1` for a double too and `1.0` for an int.
  static KindSet KindsThatFit(const Value& value) {
    const bool is_whole =
        value.kind() == Kind::Int || value.kind() == Kind::BigInt ||
        (value.kind() == Kind::Double && value == Value::Double(std::round(value.AsDouble())));
    return is_whole ? KindsOf(Kind::Int, Kind::Double) : KindsOf(value.kind());
  }

  std::string JudgeItems(const Type& type, const Value& list, int depth) {
    for (size_t i = 0; i < list.items().size(); ++i) {
      for (const std::optional<uint64_t> index : {std::optional<uint64_t>(i), {}}) {
        const std::string problem = Judge(table_.ItemOf(type, index), list.items()[i], depth);
        if (!problem.empty()) return fmt::format("{}, at {}", problem, i);
      }
    }
    return "";
  }

  std::string JudgeFields(const Type& type, const Value& map, int depth) {
    for (const MapEntry& entry : map.entries()) {
      std::string problem = Judge(table_.KeyOf(type), entry.key, depth);
      if (problem.empty()) problem = Judge(table_.ValueOf(type), entry.value, depth);
      if (problem.empty() && entry.key.is_string()) {
        problem = Judge(table_.FieldOf(type, entry.key.AsString()).type, entry.value, depth);
      }
      if (!problem.empty()) return fmt::format("{}, at {}", problem, WriteJson(entry.key));
    }
    return "";
  }

  TypeTable& table_;
  AcceptsFn accepts_;
};

/// Whether each node's type is of one kind: nothing then may lack an overload.
inline bool AllOfOneKind(std::span<const Type> types) {
  return std::ranges::all_of(types,
                             [](const Type& type) { return std::has_single_bit(type.kinds); });
}

}  // namespace wfc::expr

#include "passes/conditions/left_over.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "ir/expr/schema_kinds.h"
#include "ir/expr/sure_kinds.h"
#include "passes/conditions/decide_facts.h"
#include "passes/flow/nearest_value.h"

namespace wfc::passes {

namespace {

using types::Bit;
using types::TypeBit;
using types::TypeMask;

constexpr TypeMask kFinite = Bit(TypeBit::Null) | Bit(TypeBit::Boolean);
/// If all of these types are possible, nothing is declared.
constexpr TypeMask kUndeclared =
    Bit(TypeBit::Integer) | Bit(TypeBit::String) | Bit(TypeBit::Array) | Bit(TypeBit::Object);
/// Limits for schemas that are looked at: their nesting, and their number.
constexpr uint32_t kMaxDepth = 16;
constexpr uint32_t kMaxSchemas = 4096;
/// The most integers between two bounds that are listed one by one.
constexpr int64_t kMaxIntegers = 64;

bool IsUndeclared(TypeMask open) {
  return (open & kUndeclared) == kUndeclared;
}

/// Computes a superset of a schema's values: those that it lists, and the types that have others.
class PartFinder {
 public:
  explicit PartFinder(const ir::Project& project, expr::TypeTable& table)
      : project_(project), table_(table) {}

  LeftOver Find(ir::SchemaId id, uint32_t depth) {
    if (depth > kMaxDepth || left_ == 0) return {.open = types::kAllTypes};
    --left_;
    const expr::SchemaIds conjuncts = expr::FindConjuncts(project_.schemas, id);
    TypeMask mask = types::kAllTypes;
    for (const ir::SchemaId each : conjuncts) {
      const types::Schema& schema = project_.schemas.schema(each);
      mask &= schema.is_false ? TypeMask{0} : schema.types;
    }
    LeftOver parts = OfTypes(mask);
    for (const ir::SchemaId each : conjuncts) Restrict(each, depth, parts);
    if (parts.open == Bit(TypeBit::Integer)) ListIntegers(id, parts);
    return parts;
  }

 private:
  static LeftOver OfTypes(TypeMask mask) {
    LeftOver parts = {.open = static_cast<TypeMask>(mask & ~kFinite)};
    for (const Value& value : {Value::Bool(false), Value::Bool(true), Value::Null()}) {
      if ((types::TypeOf(value) & mask) != 0) parts.listed.push_back(value);
    }
    return parts;
  }

  /// Restricts `parts` by the schema's own lists and by its alternatives.
  void Restrict(ir::SchemaId id, uint32_t depth, LeftOver& parts) {
    const types::Schema& schema = project_.schemas.schema(id);
    if (schema.constant) return Meet({.listed = {*schema.constant}}, parts);
    if (schema.enumeration) return Meet({.listed = *schema.enumeration}, parts);
    for (const std::vector<ir::SchemaId>* arms : {&schema.any_of, &schema.one_of}) {
      if (arms->empty()) continue;
      LeftOver all;
      for (const ir::SchemaId arm : *arms) {
        LeftOver of_arm = Find(arm, depth + 1);
        all.open |= of_arm.open;
        std::ranges::move(of_arm.listed, std::back_inserter(all.listed));
      }
      Meet(std::move(all), parts);
    }
  }

  /// Intersects `parts` with `other`.
  static void Meet(LeftOver other, LeftOver& parts) {
    const ValueSet known(parts.listed.begin(), parts.listed.end());
    const ValueSet others(other.listed.begin(), other.listed.end());
    std::erase_if(parts.listed, [&](const Value& value) {
      return (types::TypeOf(value) & other.open) == 0 && !others.contains(value);
    });
    ValueSet added;
    for (Value& value : other.listed) {
      const bool is_new = (types::TypeOf(value) & parts.open) != 0 && !known.contains(value) &&
                          added.insert(value).second;
      if (is_new) parts.listed.push_back(std::move(value));
    }
    parts.open &= other.open;
  }

  void ListIntegers(ir::SchemaId id, LeftOver& parts) {
    const expr::IntegerBounds bounds = table_.BoundsOf(table_.OfSchema(id));
    if (!bounds.least || !bounds.most) return;
    const bool is_short = *bounds.least > INT64_MIN / 2 && *bounds.most < INT64_MAX / 2 &&
                          *bounds.most - *bounds.least < kMaxIntegers;
    if (!is_short) return;
    LeftOver integers;
    for (int64_t i = *bounds.least; i <= *bounds.most; ++i) {
      integers.listed.push_back(Value::Int(i));
    }
    integers.open = types::kAllTypes & ~types::kNumberTypes;
    Meet(std::move(integers), parts);
  }

  const ir::Project& project_;
  expr::TypeTable& table_;
  uint32_t left_ = kMaxSchemas;
};

/// Whether the keys are all that the schema accepts, by its constraints beyond types, such as a
/// pattern or a length.
bool AreAll(const ir::Project& project, const ExpressionTypes& types, ir::SchemaId schema,
            const ValueSet& keys) {
  constexpr size_t kMaxKeys = 64;
  if (keys.empty() || keys.size() > kMaxKeys) return false;
  const ir::SchemaId listed = types.table().sets().OfValues({keys.begin(), keys.end()});
  return project.schemas.FindContainment(schema, listed).verdict == types::Containment::Yes;
}

}  // namespace

std::optional<LeftOver> FindLeftOver(const ir::Project& project, const ExpressionTypes& types,
                                     const expr::Type& type, const ValueSet& keys) {
  if (type.IsDyn() || type.IsNever()) return std::nullopt;
  const ir::SchemaId schema = types.SchemaOf(type);
  if (!schema.has_value()) return std::nullopt;
  LeftOver parts = PartFinder(project, types.table()).Find(schema, 0);
  const TypeMask mask = expr::FindTypes(type.kinds);
  parts.open &= mask;
  if (IsUndeclared(parts.open)) return std::nullopt;
  std::erase_if(parts.listed, [&](const Value& value) {
    return (types::TypeOf(value) & mask) == 0 || keys.contains(value);
  });
  DropRejected(project, schema, parts.listed);
  if (parts.open != 0 && AreAll(project, types, schema, keys)) return LeftOver();
  return parts;
}

void DropRejected(const ir::Project& project, ir::SchemaId schema, std::vector<Value>& values) {
  constexpr size_t kMaxValidated = 100;
  if (values.size() > kMaxValidated) return;
  std::erase_if(
      values, [&](const Value& value) { return !project.schemas.Validate(schema, value).empty(); });
}

std::string Describe(const LeftOver& left_over) {
  constexpr size_t kMaxNamed = 10;
  std::string text;
  for (size_t i = 0; i < std::min(left_over.listed.size(), kMaxNamed); ++i) {
    text += fmt::format("{}`{}`", i == 0 ? "" : ", ", ShowValue(left_over.listed[i]));
  }
  if (left_over.listed.size() > kMaxNamed) {
    text += fmt::format(" and {} more", left_over.listed.size() - kMaxNamed);
  }
  constexpr std::array<std::pair<TypeMask, std::string_view>, 5> kTypes = {{
      {Bit(TypeBit::String), "string"},
      {types::kNumberTypes, "number"},
      {Bit(TypeBit::Integer), "integer"},
      {Bit(TypeBit::Array), "list"},
      {Bit(TypeBit::Object), "object"},
  }};
  std::string names;
  TypeMask open = left_over.open;
  for (const auto& [mask, name] : kTypes) {
    if ((open & mask) != mask) continue;
    names += fmt::format("{}{}s", names.empty() ? "" : " and ", name);
    open &= ~mask;
  }
  if (open != 0) names += names.empty() ? "numbers" : " and numbers";
  if (names.empty()) return text;
  return fmt::format("{}the remaining {}", text.empty() ? "" : text + " and ", names);
}

}  // namespace wfc::passes

// Random expressions over random values: what the machine yields is of the inferred type, by the
// validator of schemas; and it never lacks an overload where every type was known to be of one
// kind.
#include <map>

#include <gtest/gtest.h>

#include "tests/ir/expr/random_expression.h"
#include "tests/ir/expr/type_fixture.h"

namespace wfc::expr {
namespace {

/// Whether a value is of a type, told part by part.
class TypeOracle {
 public:
  explicit TypeOracle(const types::SchemaRegistry& registry, TypeTable& table)
      : registry_(registry), table_(table) {}

  /// Why the value is not of the type; "": it is.
  std::string Judge(const Type& type, const Value& value) {
    if (!type.CanBe(KindsOf(value.kind()))) return "its kind";
    const Value* constant = table_.ConstantOf(type);
    if (constant != nullptr && !Identical(*constant, value)) return "the constant";
    const SchemaId schema = table_.SchemaOf(type);
    const bool is_json = IsJson(value);
    if (schema.has_value() && is_json && !Accepts(schema, value)) return "the schema";
    if (value.kind() == Kind::List) return JudgeItems(type, value);
    if (value.kind() == Kind::Map) return JudgeFields(type, value);
    if (value.kind() == Kind::Optional && value.optional_value() != nullptr) {
      return Judge(table_.HeldBy(type), *value.optional_value());
    }
    return "";
  }

 private:
  std::string JudgeItems(const Type& type, const Value& list) {
    for (size_t i = 0; i < list.items().size(); ++i) {
      for (const std::optional<uint64_t> index : {std::optional<uint64_t>(i), {}}) {
        const std::string problem = Judge(table_.ItemOf(type, index), list.items()[i]);
        if (!problem.empty()) return fmt::format("{}, at {}", problem, i);
      }
    }
    return "";
  }

  std::string JudgeFields(const Type& type, const Value& map) {
    for (const MapEntry& entry : map.entries()) {
      std::string problem = Judge(table_.KeyOf(type), entry.key);
      if (problem.empty()) problem = Judge(table_.ValueOf(type), entry.value);
      if (problem.empty() && entry.key.is_string()) {
        problem = Judge(table_.FieldOf(type, entry.key.AsString()).type, entry.value);
      }
      if (!problem.empty()) return fmt::format("{}, at {}", problem, WriteJson(entry.key));
    }
    return "";
  }

  static bool IsJson(const Value& value) {
    // What JSON lacks is written as text, or not at all.
    const Result<Value> again = ReadJson(WriteJson(value));
    return again.ok() && *again == value;
  }

  bool Accepts(SchemaId schema, const Value& value) {
    auto [entry, is_new] = validators_.try_emplace(schema);
    if (is_new) entry->second = std::make_unique<Compiled>(registry_.Expanded(schema));
    return entry->second->Accepts(value);
  }

  struct Compiled {
    explicit Compiled(const Value& schema) {
      std::vector<types::SchemaError> errors;
      id = registry.AddInline(schema, errors);
      static_cast<void>(registry.Finish());
      if (!id.has_value()) return;
      Result<types::Validator> made = types::Validator::Make(registry.code());
      if (made.ok()) validator.emplace(std::move(*made));
    }
    /// A schema that nothing satisfies is refused: it accepts nothing.
    [[nodiscard]] bool Accepts(const Value& value) const {
      return validator.has_value() && validator->Accepts(registry.entry(id), value);
    }
    types::SchemaRegistry registry;
    SchemaId id;
    std::optional<types::Validator> validator;
  };

  const types::SchemaRegistry& registry_;
  TypeTable& table_;
  std::map<SchemaId, std::unique_ptr<Compiled>> validators_;
};

/// Whether each node's type is of one kind: nothing then may lack an overload.
bool AllOfOneKind(std::span<const Type> types) {
  return std::ranges::all_of(types,
                             [](const Type& type) { return std::has_single_bit(type.kinds); });
}

constexpr uint32_t kExpressionCount = 3000;

struct Counts {
  int checked = 0;      ///< expressions without a finding
  int with_value = 0;   ///< evaluations that had a value
  int of_one_kind = 0;  ///< expressions of which every type was known
};

void JudgeOne(uint32_t seed, TypedWorld& world, TypeOracle& oracle, Counts& counts) {
  const std::string text = RandomExpression(seed).Make();
  SCOPED_TRACE(fmt::format("seed {}: {}", seed, text));
  const Type type = world.InferText(text);
  if (world.has_findings()) return;
  ++counts.checked;
  const bool is_one_kind = AllOfOneKind(world.types());
  counts.of_one_kind += is_one_kind ? 1 : 0;
  RandomValue values(world.registry(), seed);
  for (int i = 0; i < 8; ++i) {
    const Value input = values.Of(world.input());
    const Value value = world.Run(input);
    if (value.is_error()) {
      const bool lacks_overload = value.error_code() == ErrorCode::Type;
      EXPECT_FALSE(lacks_overload && is_one_kind)
          << WriteJson(input) << ": " << value.error_message();
      // Of open objects nobody knows what they lack.
      const bool is_closed = text.find("open") == std::string::npos && is_one_kind;
      EXPECT_TRUE(type.may_be_absent || !value.is_absent() || !is_closed) << WriteJson(input);
      continue;
    }
    ++counts.with_value;
    const std::string problem = oracle.Judge(type, value);
    EXPECT_EQ(problem, "") << world.Describe(type) << " does not hold " << GetName(value.kind())
                           << " " << WriteJson(value) << " for " << WriteJson(input);
  }
}

TEST(InferSoundness, ValuesAreOfTheInferredType) {
  Counts counts;
  TypedWorld world(kRandomInput);
  TypeOracle oracle(world.registry(), world.table());
  for (uint32_t seed = 0; seed < kExpressionCount && !HasFailure(); ++seed) {
    JudgeOne(seed, world, oracle, counts);
  }
  // Else the test says little.
  EXPECT_GT(counts.checked, 2500);
  EXPECT_GT(counts.with_value, 12000);
  EXPECT_GT(counts.of_one_kind, 1500);
}

}  // namespace
}  // namespace wfc::expr

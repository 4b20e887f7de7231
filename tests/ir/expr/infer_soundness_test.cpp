// Random expressions over random values: what the machine yields is of the inferred type, by the
// validator of schemas; and it never lacks an overload where every type was known to be of one
// kind.
#include <cstdlib>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/ir/expr/random_expression.h"
#include "tests/ir/expr/random_union.h"
#include "tests/ir/expr/type_fixture.h"
#include "tests/ir/expr/type_oracle.h"

namespace wfc::expr {
namespace {

/// Whether a value is of a schema, by a registry of that schema alone.
class SchemaOracle {
 public:
  explicit SchemaOracle(const types::SchemaRegistry& registry) : registry_(registry) {}

  bool Accepts(SchemaId schema, const Value& value) {
    auto [entry, is_new] = validators_.try_emplace(schema);
    if (is_new) entry->second = std::make_unique<Compiled>(registry_.Expanded(schema));
    return entry->second->Accepts(value);
  }

 private:
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
  std::map<SchemaId, std::unique_ptr<Compiled>> validators_;
};

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
      const bool lacks_overload = value.error_code() == EvalError::Type;
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
  SchemaOracle schemas(world.registry());
  TypeOracle oracle(world.table(), [&](SchemaId schema, const Value& value) {
    return schemas.Accepts(schema, value);
  });
  for (uint32_t seed = 0; seed < kExpressionCount && !HasFailure(); ++seed) {
    JudgeOne(seed, world, oracle, counts);
  }
  // Else the test says little.
  EXPECT_GT(counts.checked, 2400);
  EXPECT_GT(counts.with_value, 12000);
  EXPECT_GT(counts.of_one_kind, 1500);
}

struct UnionCounts {
  int accepted = 0;
  int rejected = 0;
  int never_failed = 0;  ///< rejected, though no value that was drawn made them fail
};

/// Fails for a kind, or for what is not there.
bool FailsByKind(const Value& value) {
  return value.is_error() &&
         (value.error_code() == EvalError::Type || value.error_code() == EvalError::Absent);
}

void JudgeUnion(uint32_t seed, TypedWorld& world, UnionCounts& counts) {
  const std::string text = RandomUnion(seed).Make();
  SCOPED_TRACE(fmt::format("seed {}: {}", seed, text));
  const Type type = world.InferText(text);
  const bool is_accepted = !world.has_findings() && !type.may_be_absent;
  RandomValue values(world.registry(), seed, RandomValue::Writing::AsTyped);
  bool has_failed = false;
  for (int i = 0; i < 40 && !has_failed; ++i) {
    const Value input = values.Of(world.input());
    const Value value = world.Run(input);
    has_failed = FailsByKind(value);
    EXPECT_FALSE(is_accepted && has_failed) << WriteJson(input) << ": " << value.error_message();
  }
  ++(is_accepted ? counts.accepted : counts.rejected);
  if (is_accepted || has_failed || !world.is_of_one_kind_alone()) return;
  ++counts.never_failed;
  if (std::getenv("WFC_SHOW") != nullptr) fmt::print("{}\n  {}\n", text, world.FirstFinding());
}

TEST(InferSoundness, WhatIsAcceptedFailsForNoKindOfItsOperands) {
  // More of them where somebody asks for more.
  const char* asked = std::getenv("WFC_UNIONS");
  const uint32_t count = asked != nullptr ? static_cast<uint32_t>(std::atoi(asked)) : 3000;
  UnionCounts counts;
  TypedWorld world(kUnionInput);
  for (uint32_t seed = 0; seed < count && !HasFailure(); ++seed) JudgeUnion(seed, world, counts);
  fmt::print("{} accepted, {} rejected, {} of them without a value that fails\n", counts.accepted,
             counts.rejected, counts.never_failed);
  EXPECT_GT(counts.accepted, count / 12);
}

}  // namespace
}  // namespace wfc::expr

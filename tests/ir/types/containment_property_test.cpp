// Answers about random pairs of schemas, held against the reference validator: a witness holds, and
// no value refutes a yes.
#include <algorithm>
#include <iostream>

#include <gtest/gtest.h>

#include "ir/types/registry.h"
#include "ir/types/vm/draw.h"
#include "ir/value/json.h"
#include "tests/ir/types/random_schema.h"
#include "tests/ir/types/reference_validator.h"

namespace wfc::types {
namespace {

struct Pair {
  Value left;
  Value right;
};

/// `schema` with one keyword less; `$defs` stay.
Value Loosened(const Value& schema, size_t which) {
  std::vector<MapEntry> entries(schema.entries().begin(), schema.entries().end());
  if (entries.size() > 1) entries.erase(entries.begin() + which % (entries.size() - 1));
  return Value::Map(std::move(entries));
}

/// Both under one keyword, with the definitions of the first.
Value Combined(std::string_view keyword, const Value& first, const Value& second) {
  return Value::Record({{keyword, Value::List({first, second})}, {"$defs", *first.Find("$defs")}});
}

/// The next document that a registry takes: most have a part that nothing satisfies.
Value DrawDocument(SchemaGenerator& generator) {
  while (true) {
    Value document = generator.Document();
    SchemaRegistry registry;
    std::vector<SchemaError> errors;
    static_cast<void>(registry.AddInline(document, errors));
    if (!HasErrors(errors)) return document;
  }
}

/// Unrelated documents are hardly ever contained in each other: most pairs are made to be.
Pair DrawPair(SchemaGenerator& generator, size_t number) {
  const Value one = DrawDocument(generator);
  const Value other = DrawDocument(generator);
  switch (number % 5) {
    case 0:
      return {one, other};
    case 1:
      return {one, Loosened(one, number / 5)};
    case 2:
      return {Combined("allOf", one, other), one};
    case 3:
      return {one, Combined("anyOf", one, other)};
    default:
      return {Loosened(one, number / 5), one};
  }
}

class ContainmentProperty : public testing::Test {
 protected:
  void Judge(const Pair& pair) {
    SchemaRegistry registry;
    std::vector<SchemaError> errors;
    const SchemaId left = registry.AddInline(pair.left, errors);
    const SchemaId right = registry.AddInline(pair.right, errors);
    if (!left.has_value() || !right.has_value() || !registry.Finish().empty()) return;
    const ContainmentAnswer answer = registry.FindContainment(left, right);
    if (answer.verdict == Containment::No) ExpectWitness(pair, answer);
    if (answer.verdict == Containment::Yes) ExpectNoRefutation(pair, registry, left);
    if (answer.verdict == Containment::Unknown) {
      EXPECT_NE(answer.keyword, "");
      ++unknown_count_;
    }
  }

  void ExpectWitness(const Pair& pair, const ContainmentAnswer& answer) {
    ++no_count_;
    EXPECT_TRUE(ReferenceAccepts(pair.left, pair.left, *answer.witness)) << Show(pair, answer);
    EXPECT_FALSE(ReferenceAccepts(pair.right, pair.right, *answer.witness)) << Show(pair, answer);
    EXPECT_FALSE(answer.mismatches.empty()) << Show(pair, answer);
  }

  void ExpectNoRefutation(const Pair& pair, const SchemaRegistry& registry, SchemaId left) {
    ++yes_count_;
    const Result<Validator> validator = Validator::Make(registry.code());
    ASSERT_TRUE(validator.ok());
    const Drawer drawer(*validator, {});
    for (uint64_t seed = 0; seed < 12; ++seed) {
      Choices choices(seed, seed % 3);
      const std::optional<Value> drawn = drawer.Draw(registry.entry(left), choices);
      if (drawn) ExpectInBoth(pair, *drawn);
      ExpectInBoth(pair, generator_.Data(3));
    }
  }

  void ExpectInBoth(const Pair& pair, const Value& value) {
    if (!ReferenceAccepts(pair.left, pair.left, value)) return;
    ++tried_count_;
    EXPECT_TRUE(ReferenceAccepts(pair.right, pair.right, value))
        << WriteJson(pair.left) << "\n"
        << WriteJson(pair.right) << "\nboth should accept " << WriteJson(value);
  }

  static std::string Show(const Pair& pair, const ContainmentAnswer& answer) {
    return WriteJson(pair.left) + "\n" + WriteJson(pair.right) + "\n" + WriteJson(*answer.witness);
  }

  SchemaGenerator generator_{7};
  size_t yes_count_ = 0;
  size_t no_count_ = 0;
  size_t unknown_count_ = 0;
  size_t tried_count_ = 0;
};

TEST_F(ContainmentProperty, HoldsForRandomPairs) {
  for (size_t number = 0; number < 900; ++number) Judge(DrawPair(generator_, number));
  std::cout << "contained " << yes_count_ << ", not " << no_count_ << ", unknown " << unknown_count_
            << "; " << tried_count_ << " values tried\n";
  EXPECT_GE(yes_count_, 500U);
  EXPECT_GE(no_count_, 150U);
  EXPECT_GE(tried_count_, 5000U);
  EXPECT_LE(unknown_count_, (yes_count_ + no_count_) / 5);
}

}  // namespace
}  // namespace wfc::types

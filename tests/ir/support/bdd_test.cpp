// Decision diagrams against truth tables: a table is the slow and obvious form of a function.
#include "ir/support/bdd.h"

#include <bit>
#include <random>
#include <tuple>

#include <gtest/gtest.h>

namespace wfc {
namespace {

constexpr uint32_t kVariables = 6;
/// A bit for each assignment: bit i says what the function is where variable v has bit v of i.
using Table = uint64_t;

Table TableOf(uint32_t variable) {
  Table table = 0;
  for (uint32_t row = 0; row < 64; ++row) {
    if ((row >> variable & 1) != 0) table |= Table{1} << row;
  }
  return table;
}

Table RestrictTable(Table table, Literal literal) {
  Table restricted = 0;
  for (uint32_t row = 0; row < 64; ++row) {
    const uint32_t bit = 1U << literal.variable;
    const uint32_t from = literal.value ? row | bit : row & ~bit;
    if ((table >> from & 1) != 0) restricted |= Table{1} << row;
  }
  return restricted;
}

bool IsTrueInRow(Table table, uint32_t row) {
  return (table >> row & 1) != 0;
}

/// What `function` is in a row, one variable after the other.
Table ReadBack(BddStore& store, Bdd function) {
  Table table = 0;
  for (uint32_t row = 0; row < 64; ++row) {
    Bdd left = function;
    for (uint32_t variable = 0; variable < kVariables; ++variable) {
      left = store.Restrict(left, {.variable = variable, .value = (row >> variable & 1) != 0});
    }
    if (left == kBddTrue) table |= Table{1} << row;
    EXPECT_TRUE(left == kBddTrue || left == kBddFalse);
  }
  return table;
}

/// A function, as a diagram and as a table.
struct Pair {
  Bdd diagram;
  Table table = 0;
};

class Functions {
 public:
  explicit Functions(uint64_t seed) : random_(seed) {
    for (uint32_t variable = 0; variable < kVariables; ++variable) {
      pairs_.push_back({store.Variable(variable), TableOf(variable)});
    }
  }

  /// The next of many, each made of earlier ones.
  Pair Next() {
    const Pair a = Draw();
    const Pair b = Draw();
    const Pair c = Draw();
    switch (random_() % 4) {
      case 0:
        pairs_.push_back({store.And(a.diagram, b.diagram), a.table & b.table});
        break;
      case 1:
        pairs_.push_back({store.Or(a.diagram, b.diagram), a.table | b.table});
        break;
      case 2:
        pairs_.push_back({BddStore::Not(a.diagram), ~a.table});
        break;
      default:
        pairs_.push_back({store.Or(store.And(a.diagram, b.diagram),
                                   store.And(BddStore::Not(a.diagram), c.diagram)),
                          (a.table & b.table) | (~a.table & c.table)});
    }
    return pairs_.back();
  }
  Pair Draw() { return pairs_[random_() % pairs_.size()]; }
  uint64_t Number() { return random_(); }

  BddStore store;

 private:
  std::mt19937_64 random_;
  std::vector<Pair> pairs_;
};

TEST(Bdd, EveryOperationAgreesWithTheTruthTable) {
  for (uint64_t seed = 0; seed < 5; ++seed) {
    Functions functions(seed);
    for (int i = 0; i < 60; ++i) {
      const Pair pair = functions.Next();
      ASSERT_EQ(ReadBack(functions.store, pair.diagram), pair.table) << seed << ", " << i;
    }
  }
}

TEST(Bdd, EqualFunctionsAreTheSameDiagram) {
  Functions functions(1);
  std::vector<Pair> seen;
  for (int i = 0; i < 300; ++i) seen.push_back(functions.Next());
  for (const Pair& left : seen) {
    for (const Pair& right : seen) {
      ASSERT_EQ(left.diagram == right.diagram, left.table == right.table);
    }
  }
}

TEST(Bdd, RestrictingAgreesWithTheTruthTable) {
  Functions functions(2);
  for (int i = 0; i < 300; ++i) {
    const Pair pair = functions.Next();
    const Literal literal = {.variable = static_cast<uint32_t>(functions.Number() % kVariables),
                             .value = functions.Number() % 2 == 0};
    ASSERT_EQ(ReadBack(functions.store, functions.store.Restrict(pair.diagram, literal)),
              RestrictTable(pair.table, literal));
  }
}

TEST(Bdd, AnAssignmentMakesTheFunctionTrueWhateverElseHolds) {
  Functions functions(3);
  int assigned_count = 0;
  for (int i = 0; i < 300; ++i) {
    const Pair pair = functions.Next();
    const auto literals = functions.store.FindAssignment(pair.diagram, [](Literal) { return 1; });
    ASSERT_EQ(literals.has_value(), pair.table != 0);
    if (!literals) continue;
    ++assigned_count;
    Table left = pair.table;
    for (const Literal& literal : *literals) left = RestrictTable(left, literal);
    ASSERT_EQ(left, ~Table{0});
  }
  EXPECT_GT(assigned_count, 100);
}

TEST(Bdd, AnAssignmentIsNoDearerThanAnyRowThatIsTrue) {
  Functions functions(4);
  const auto cost = [](Literal literal) { return literal.value ? 5 + literal.variable : 1; };
  for (int i = 0; i < 300; ++i) {
    const Pair pair = functions.Next();
    const auto literals = functions.store.FindAssignment(pair.diagram, cost);
    if (!literals) continue;
    uint64_t price = 0;
    for (const Literal& literal : *literals) price += cost(literal);
    for (uint32_t row = 0; row < 64; ++row) {
      if (!IsTrueInRow(pair.table, row)) continue;
      uint64_t row_price = 0;
      for (uint32_t v = 0; v < kVariables; ++v) {
        row_price += cost({.variable = v, .value = (row >> v & 1) != 0});
      }
      ASSERT_LE(price, row_price);
    }
  }
}

TEST(Bdd, AConjunctionWithANewVariableTakesOneNode) {
  BddStore store;
  Bdd all = kBddTrue;
  for (uint32_t variable = 0; variable < 10'000; ++variable) {
    all = store.And(all, store.Variable(variable));
  }
  EXPECT_EQ(store.size(), 1 + 10'000 + 9'999);
}

TEST(Bdd, PastTheStepsAnOperationIsNotKnown) {
  BddStore store({.nodes = 1 << 18, .steps = 8});
  Bdd even = kBddTrue;
  Bdd odd = kBddTrue;
  for (uint32_t variable = 0; variable < 40; variable += 2) {
    even = store.And(even, store.Variable(variable));
    odd = store.And(odd, store.Variable(variable + 1));
  }
  EXPECT_EQ(store.And(even, odd), kBddUnknown);
}

TEST(Bdd, PastTheNodesNothingNewIsKnown) {
  BddStore store({.nodes = 4, .steps = 1000});
  const Bdd a = store.Variable(0);
  const Bdd b = store.Variable(1);
  const Bdd both = store.And(a, b);
  EXPECT_NE(both, kBddUnknown);
  EXPECT_EQ(store.Variable(2), kBddUnknown);
  EXPECT_EQ(store.And(a, b), both);
}

TEST(Bdd, PastTheStepsOfAllOperationsNothingMoreIsWorkedOut) {
  BddStore store({.nodes = 1 << 18, .steps = 100, .total_steps = 4});
  const Bdd a = store.Variable(0);
  const Bdd b = store.Variable(1);
  const Bdd both = store.And(a, b);
  EXPECT_NE(both, kBddUnknown);
  EXPECT_EQ(store.Or(both, store.Variable(2)), kBddUnknown);
  EXPECT_EQ(store.Restrict(both, {.variable = 0, .value = true}), kBddUnknown);
  EXPECT_EQ(store.FindAssignment(both, [](Literal) { return 1; }), std::nullopt);
}

TEST(Bdd, WhatIsNotKnownSpreadsUnlessItDecidesNothing) {
  BddStore store;
  const Bdd a = store.Variable(0);
  EXPECT_EQ(store.And(a, kBddUnknown), kBddUnknown);
  EXPECT_EQ(store.Or(kBddUnknown, a), kBddUnknown);
  EXPECT_EQ(BddStore::Not(kBddUnknown), kBddUnknown);
  EXPECT_EQ(store.And(kBddUnknown, kBddFalse), kBddFalse);
  EXPECT_EQ(store.Or(kBddTrue, kBddUnknown), kBddTrue);
  EXPECT_EQ(store.Restrict(kBddUnknown, {.variable = 0, .value = true}), kBddUnknown);
  EXPECT_EQ(store.FindAssignment(kBddUnknown, [](Literal) { return 1; }), std::nullopt);
}

}  // namespace
}  // namespace wfc

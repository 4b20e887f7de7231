#include "ir/expr/same_expression.h"

#include <gtest/gtest.h>

#include "tests/ir/expr/expr_fixture.h"

namespace wfc::expr {
namespace {

/// Whether two texts, parsed into one store, are alike.
bool AreTextsAlike(std::string_view left, std::string_view right) {
  Parsed parsed;
  Parse(parsed, left);
  const ExprId first = parsed.id;
  Parse(parsed, right);
  EXPECT_EQ(parsed.Finding(), "");
  const bool are_alike = AreAlike(parsed.store, first, parsed.id);
  const bool have_one_hash = HashAlike(parsed.store, first) == HashAlike(parsed.store, parsed.id);
  EXPECT_EQ(are_alike, have_one_hash) << left << " | " << right;
  return are_alike;
}

TEST(SameExpression, WhatIsWrittenAlikeIsAlikeAndHasOneHash) {
  for (const std::string_view text :
       {"1", "1.5", "'a'", "input", "input.x", "stages.a.output.x > 3", "[input, {'k': 1}]",
        "size(input.x) + 1 == 2 || !(input.y in [1, 2])", "input.all(v, v > 1)"}) {
    EXPECT_TRUE(AreTextsAlike(text, text));
  }
  EXPECT_TRUE(AreTextsAlike("input.x  >  1", "(input.x) > (1)"));
}

TEST(SameExpression, OtherOperationsNamesConstantsAndOrdersAreNotAlike) {
  EXPECT_FALSE(AreTextsAlike("input.x > 3", "input.x < 3"));
  EXPECT_FALSE(AreTextsAlike("input.x > 3", "input.y > 3"));
  EXPECT_FALSE(AreTextsAlike("input.x > 3", "input.x > 4"));
  EXPECT_FALSE(AreTextsAlike("input.x > 3", "3 > input.x"));
  EXPECT_FALSE(AreTextsAlike("stages.a.output", "stages.b.output"));
  EXPECT_FALSE(AreTextsAlike("stages.a.output", "stages.a.status"));
  EXPECT_FALSE(AreTextsAlike("[input, [1]]", "[[input], 1]"));
}

TEST(SameExpression, EqualNumbersOfDifferentKindsAreNotAlike) {
  EXPECT_FALSE(AreTextsAlike("input.x == 1", "input.x == 1.0"));
}

}  // namespace
}  // namespace wfc::expr

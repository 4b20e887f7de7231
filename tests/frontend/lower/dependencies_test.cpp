#include <gtest/gtest.h>

#include "tests/frontend/lower/lowering.h"

namespace wfc::lower {
namespace {

/// A workflow with a command `a`, a decide `d` and a stage `b` that reads as told.
Lowered Reading(std::string_view value) {
  std::string text =
      "wfc: 1\nworkflows:\n  w:\n    input: {fields: {x: string}}\n    stages:\n"
      "      a: {run: [make]}\n"
      "      d:\n        decide: input.x\n        routes: {a: []}\n"
      "      b: {transform: '";
  text += value;
  text += "'}\n";
  return Lowered(text);
}

struct ReadCase {
  std::string_view value;
  std::string_view needs;
};

class PlainAndSoftReads : public ::testing::TestWithParam<ReadCase> {};

TEST_P(PlainAndSoftReads, BecomeDependencies) {
  Lowered lowered = Reading(GetParam().value);
  EXPECT_EQ(lowered.Codes(), "") << GetParam().value;
  EXPECT_EQ(lowered.Needs("b"), GetParam().needs) << GetParam().value;
  EXPECT_EQ(ir::Verify(lowered.project), "");
}

INSTANTIATE_TEST_SUITE_P(
    Language, PlainAndSoftReads,
    ::testing::Values(
        ReadCase{"none", ""}, ReadCase{"${stages.a.output}", "a hard output"},
        ReadCase{"${stages[\"a\"].output}", "a hard output"},
        ReadCase{"x ${stages.a.output} ${stages.a.output}", "a hard output"},
        ReadCase{"${stages.a.exit}", "a hard ran"}, ReadCase{"${stages.a.stdout}", "a hard ran"},
        ReadCase{"${stages.a.stderr}", "a hard ran"},
        ReadCase{"${stages.a.attempts}", "a hard ran"},
        ReadCase{"${stages.d.chosen}", "d hard ran"}, ReadCase{"${stages.a.status}", "a soft"},
        ReadCase{"${stages.a.error}", "a soft"}, ReadCase{"${has(stages.a.output.x)}", "a soft"},
        ReadCase{"${stages.a.output.?x.orValue(1)}", "a soft"},
        ReadCase{"${coalesce(stages.a.output, stages.d.output)}", "a soft, d soft"},
        ReadCase{"${has(stages.a.output) ? stages.a.output : 1}", "a soft"},
        ReadCase{"${has(stages.a.output) && stages.a.output == 1}", "a soft"},
        ReadCase{"${!has(stages.a.output) || stages.a.output == 1}", "a soft"},
        ReadCase{"${has(stages.d.output) ? stages.a.output : 1}", "a hard output, d soft"},
        ReadCase{"${stages.a.output + stages.a.exit + stages.d.output}",
                 "a hard output, a hard ran, d hard output"},
        ReadCase{"${coalesce(stages.a.output, 1) + stages.a.exit}", "a hard ran, a soft"}));

TEST(Dependencies, AStageInNestedBodiesMakesTheOwnerBesideWhatItReadsWait) {
  Lowered lowered(R"(
wfc: 1
workflows:
  w:
    input: {fields: {x: string}}
    stages:
      far: {transform: 1}
      outer:
        decide: input.x
        routes:
          a:
            stages:
              near: {transform: 2}
              inner:
                assert: 'true == input.x'
                on_error: {fallback: {transform: "${stages.far.output + stages.near.output}"}}
            output: ${stages.inner.output} ${stages.far.status}
)");
  EXPECT_EQ(lowered.Codes(), "");
  EXPECT_EQ(lowered.Needs("outer"), "far wait");
  EXPECT_EQ(lowered.Needs("outer.inner"), "outer.near wait");
  EXPECT_EQ(lowered.Needs("outer.inner.fallback"), "far hard output, outer.near hard output");
}

TEST(Dependencies, RoutesByIdAreControlOnce) {
  Lowered lowered(R"(
wfc: 1
workflows:
  w:
    input: {fields: {x: string}}
    stages:
      d:
        decide: input.x
        routes: {a: [b, c], b: b}
        default: c
      b: {transform: 1, after: d}
      c: {transform: "${stages.d.chosen}"}
)");
  EXPECT_EQ(lowered.Needs("b"), "d control, d hard after");
  EXPECT_EQ(lowered.Needs("c"), "d control, d hard ran");
}

TEST(Dependencies, StepsAreOrderedInBodiesToo) {
  Lowered lowered(R"(
wfc: 1
workflows:
  w:
    input: {fields: {x: string}}
    stages:
      d:
        decide: input.x
        routes:
          a: {steps: [{id: z, transform: 1}, {id: y, transform: 2}, {id: x, transform: 3}]}
)");
  EXPECT_EQ(lowered.Needs("d.z"), "");
  EXPECT_EQ(lowered.Needs("d.y"), "d.z order");
  EXPECT_EQ(lowered.Needs("d.x"), "d.y order");
}

}  // namespace
}  // namespace wfc::lower

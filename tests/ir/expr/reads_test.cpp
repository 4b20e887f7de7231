#include "ir/expr/reads.h"

#include <gtest/gtest.h>

#include "tests/ir/expr/expr_fixture.h"

namespace wfc::expr {
namespace {

/// "a b~": the stages read, in order, a soft one with `~`.
std::string ReadsOf(std::string_view text) {
  Parsed parsed;
  ParseText(parsed, text);
  EXPECT_EQ(parsed.Finding(), "");
  std::string out;
  ForEachRead(parsed.store, parsed.id, [&](const Read& read) {
    if (read.root.kind != RootKind::StageField) return;
    if (!out.empty()) out += ' ';
    out += parsed.names.stage_names[read.root.a];
    if (read.tolerance == Tolerance::Soft) out += '~';
  });
  return out;
}

TEST(Reads, PlainReadsAreFoundEverywhere) {
  EXPECT_EQ(ReadsOf("x ${stages.a.output} ${[stages.b.output.x, {'k': stages.c.output}]}"),
            "a b c");
  EXPECT_EQ(ReadsOf("${stages.a.output.map(x, x + stages.b.output)}"), "a b");
}

TEST(Reads, HasOptionalStepsAndCoalesceTolerateAbsence) {
  EXPECT_EQ(ReadsOf("${has(stages.a.output)}"), "a~");
  EXPECT_EQ(ReadsOf("${has(stages.a.output.x.y)}"), "a~");
  EXPECT_EQ(ReadsOf("${stages.a.output.?x}"), "a~");
  EXPECT_EQ(ReadsOf("${stages.a.output.?x.y}"), "a~");
  EXPECT_EQ(ReadsOf("${stages.a.output[?0]}"), "a~");
  EXPECT_EQ(ReadsOf("${coalesce(stages.a.output.x, stages.b.output + 1)}"), "a~ b~");
}

TEST(Reads, AHasGuardsTheArmOfAConditional) {
  EXPECT_EQ(ReadsOf("${has(stages.a.output) ? stages.a.output.x : 0}"), "a~ a~");
  EXPECT_EQ(ReadsOf("${has(stages.a.output) ? 0 : stages.a.output}"), "a~ a");
  EXPECT_EQ(ReadsOf("${!has(stages.a.output) ? 0 : stages.a.output}"), "a~ a~");
  EXPECT_EQ(ReadsOf("${has(stages.a.output) ? stages.b.output : 0}"), "a~ b");
  EXPECT_EQ(ReadsOf("${has(stages.a.output) && has(stages.b.output) ? stages.b.output : 0}"),
            "a~ b~ b~");
}

TEST(Reads, AHasGuardsTheOtherOperands) {
  EXPECT_EQ(ReadsOf("${has(stages.a.output) && stages.a.output.x}"), "a~ a~");
  EXPECT_EQ(ReadsOf("${stages.a.output.x && has(stages.a.output)}"), "a~ a~");
  EXPECT_EQ(ReadsOf("${!has(stages.a.output) || stages.a.output.x}"), "a~ a~");
  EXPECT_EQ(ReadsOf("${has(stages.a.output) || stages.a.output.x}"), "a~ a");
}

TEST(Reads, AGuardIsForWhatLeadsToItsPathAndWhatFollows) {
  EXPECT_EQ(ReadsOf("${has(stages.a.output.x.y) ? stages.a.output.x : 0}"), "a~ a~");
  EXPECT_EQ(ReadsOf("${has(stages.a.output.x.y) ? stages.a.output : 0}"), "a~ a~");
  EXPECT_EQ(ReadsOf("${has(stages.a.output.x.y) ? stages.a.output.z : 0}"), "a~ a");
  EXPECT_EQ(ReadsOf("${has(stages.a.output.x.y) ? stages.a.output.x.z : 0}"), "a~ a");
}

TEST(Reads, AGuardIsForItsOwnPath) {
  EXPECT_EQ(ReadsOf("${has(stages.a.output.x) && stages.a.output.x.y == 1}"), "a~ a~");
  EXPECT_EQ(ReadsOf("${has(stages.a.output.x) && stages.a.output.z}"), "a~ a");
  EXPECT_EQ(ReadsOf("${has(stages.a.output.x) && stages.a.status == ''}"), "a~ a");
  EXPECT_EQ(ReadsOf("${(has(stages.a.output) && stages.a.output) || stages.a.output}"), "a~ a~ a");
}

TEST(Reads, PathsListTheFieldsThatFollowALoad) {
  Parsed parsed;
  Parse(parsed, "stages.a.output.x.y + input[0].z");
  std::vector<std::string> paths;
  ForEachPath(parsed.store, parsed.id, [&](const Read&, std::span<const std::string_view> fields) {
    std::string path;
    for (const std::string_view field : fields) path.append("/").append(field);
    paths.push_back(path);
  });
  EXPECT_EQ(paths, (std::vector<std::string>{"/x/y", ""}));
}

}  // namespace
}  // namespace wfc::expr

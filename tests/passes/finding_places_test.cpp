#include "passes/context/finding_places.h"

#include <gtest/gtest.h>

#include "ir/diag/messages.h"
#include "passes/analyses.h"

namespace wfc::passes {
namespace {

ir::StageId AddStage(ir::Project& project, uint32_t file, uint32_t begin, uint32_t end) {
  ir::Stage stage;
  stage.span = {.file = FileId(file), .begin = begin, .end = end};
  return project.stages.Add(std::move(stage));
}

TEST(FindingPlaces, TheInnermostStageAroundIsFound) {
  ir::Project project;
  ir::StageId outer = AddStage(project, 0, 10, 100);
  ir::StageId first = AddStage(project, 0, 20, 30);
  ir::StageId second = AddStage(project, 0, 40, 60);
  ir::StageId deep = AddStage(project, 0, 45, 50);
  ir::StageId other_file = AddStage(project, 1, 0, 100);
  FindingPlaces places(project);
  auto find = [&](uint32_t file, uint32_t at) {
    return places.FindStage({.file = FileId(file), .begin = at, .end = at + 1});
  };
  EXPECT_FALSE(find(0, 9).has_value());
  EXPECT_EQ(find(0, 10), outer);
  EXPECT_EQ(find(0, 25), first);
  EXPECT_EQ(find(0, 30), outer);
  EXPECT_EQ(find(0, 41), second);
  EXPECT_EQ(find(0, 47), deep);
  EXPECT_EQ(find(0, 55), second);
  EXPECT_EQ(find(0, 99), outer);
  EXPECT_FALSE(find(0, 100).has_value());
  EXPECT_EQ(find(1, 50), other_file);
  EXPECT_FALSE(find(2, 50).has_value());
}

TEST(FindingPlaces, AStageBeginsAtItsNameWhereThatStandsBeforeIt) {
  ir::Project project;
  const ir::StageId named = AddStage(project, 0, 20, 30);
  project.stages[named].name.span = {.file = FileId(0), .begin = 10, .end = 15};
  const ir::StageId elsewhere = AddStage(project, 1, 20, 30);
  project.stages[elsewhere].name.span = {.file = FileId(2), .begin = 10, .end = 15};
  const ir::StageId inside = AddStage(project, 3, 20, 30);
  project.stages[inside].name.span = {.file = FileId(3), .begin = 25, .end = 28};
  FindingPlaces places(project);
  auto find = [&](uint32_t file, uint32_t at) {
    return places.FindStage({.file = FileId(file), .begin = at, .end = at + 1});
  };
  EXPECT_FALSE(find(0, 9).has_value());
  EXPECT_EQ(find(0, 10), named);
  EXPECT_EQ(find(0, 29), named);
  EXPECT_FALSE(find(1, 10).has_value());
  EXPECT_FALSE(find(2, 10).has_value());
  EXPECT_EQ(find(3, 20), inside);
}

TEST(FindingPlaces, NoStagesNoPlace) {
  ir::Project project;
  EXPECT_FALSE(FindingPlaces(project).FindStage({.file = FileId(0)}).has_value());
}

TEST(FindingPlaces, TheStageThatWasCheckedCountsBeforeTheOneAroundTheSpan) {
  ir::Project project;
  const ir::StageId around = AddStage(project, 0, 10, 100);
  const ir::StageId checked = AddStage(project, 0, 200, 300);
  FindingPlaces places(project);
  diag::Diagnostic finding;
  finding.span = {.file = FileId(0), .begin = 20, .end = 30};
  EXPECT_EQ(places.StageOf(finding), around);
  finding.stage = checked;
  EXPECT_EQ(places.StageOf(finding), checked);
}

TEST(PassContext, AFindingThatIsReportedForAStageCarriesIt) {
  ir::Project project;
  const ir::StageId first = AddStage(project, 0, 10, 20);
  const ir::StageId second = AddStage(project, 0, 30, 40);
  SourceMap sources;
  diag::Sink sink;
  Analyses context(project, sources, sink, PassOptions{});
  context.ForEachStage([&](ir::StageId) { sink.Report(diag::NoTimeout, Span{}, "same place"); });
  sink.Report(diag::NoTimeout, Span{}, "no stage");
  ASSERT_EQ(sink.diagnostics().size(), 3U);
  EXPECT_EQ(sink.diagnostics()[0].stage, first);
  EXPECT_EQ(sink.diagnostics()[1].stage, second);
  EXPECT_FALSE(sink.diagnostics()[2].stage.has_value());
}

}  // namespace
}  // namespace wfc::passes

#include "passes/finding_places.h"

#include <gtest/gtest.h>

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

TEST(FindingPlaces, NoStagesNoPlace) {
  ir::Project project;
  EXPECT_FALSE(FindingPlaces(project).FindStage({.file = FileId(0)}).has_value());
}

}  // namespace
}  // namespace wfc::passes

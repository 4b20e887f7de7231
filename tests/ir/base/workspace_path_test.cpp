#include "ir/base/workspace_path.h"

#include <gtest/gtest.h>

namespace wfc {
namespace {

TEST(WorkspacePath, TakesWhatStaysBelow) {
  for (const std::string_view path : {".", "a", "a/b.txt", "./a//b/", "..a", "a/..b", "a..", "…"}) {
    EXPECT_EQ(FindPathProblem(path), "") << path;
  }
}

TEST(WorkspacePath, SaysWhyAPathIsRefused) {
  EXPECT_TRUE(FindPathProblem("").starts_with("is empty"));
  for (const std::string_view path : {"/", "/etc/passwd", "//a"}) {
    EXPECT_TRUE(FindPathProblem(path).starts_with("is absolute")) << path;
  }
  for (const std::string_view path : {"..", "../a", "a/..", "a/../../b", "./../a"}) {
    EXPECT_TRUE(FindPathProblem(path).starts_with("leads upwards")) << path;
  }
  EXPECT_EQ(FindPathProblem(std::string_view("a\0b", 3)), "has a NUL in it");
}

TEST(WorkspacePath, IsNormalWithoutDotsAndRepeatedSlashes) {
  EXPECT_EQ(NormalizeWorkspacePath("./a//b/."), "a/b");
  EXPECT_EQ(NormalizeWorkspacePath("a"), "a");
  EXPECT_EQ(NormalizeWorkspacePath("./"), ".");
}

TEST(WorkspacePath, KnowsReservedFolders) {
  for (const std::string_view path : {".git", ".git/config", "a/.wfc/x"}) {
    EXPECT_TRUE(IsReservedPath(path)) << path;
  }
  for (const std::string_view path : {".gitignore", "a/git", "x.wfc/y", "."}) {
    EXPECT_FALSE(IsReservedPath(path)) << path;
  }
}

}  // namespace
}  // namespace wfc

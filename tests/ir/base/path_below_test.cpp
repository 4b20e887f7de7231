#include "ir/base/path_below.h"

#include <string>

#include <gtest/gtest.h>

namespace wfc {
namespace {

TEST(PathBelow, RelativePathsStayBelow) {
  for (const char* path : {"a", "a/b", ".", "./a", "a//b", "a/..b/c..", "...", "a/"}) {
    EXPECT_TRUE(IsPathBelow(path)) << path;
  }
}

TEST(PathBelow, WhatLeadsUpOrAwayDoesNot) {
  for (const char* path : {"", "/", "/a", "..", "../a", "a/..", "a/../b", "a/b/../../..", "./.."}) {
    EXPECT_FALSE(IsPathBelow(path)) << path;
  }
  EXPECT_FALSE(IsPathBelow(std::string("a\0b", 3)));
}

}  // namespace
}  // namespace wfc

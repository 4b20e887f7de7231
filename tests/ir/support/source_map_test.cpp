#include "ir/support/source_map.h"

#include <gtest/gtest.h>

namespace wfc {
namespace {

TEST(SourceMap, CountsLinesFromOneAndColumnsInCodePoints) {
  SourceMap sources;
  const FileId file = sources.Add("a.yaml", "one\ntw\xC3\xA9o\r\nlast");
  EXPECT_EQ(sources.Locate(file, 0), (Position{1, 1}));
  EXPECT_EQ(sources.Locate(file, 8), (Position{2, 4}));
  EXPECT_EQ(sources.line(file, 2), "tw\xC3\xA9o");
  EXPECT_EQ(sources.line(file, 3), "last");
  EXPECT_EQ(sources.line(file, 4), "");
  EXPECT_EQ(sources.line_count(file), 3u);
}

TEST(SourceMap, ClampsAnOffsetPastTheEnd) {
  SourceMap sources;
  const FileId file = sources.Add("a.yaml", "ab\n");
  EXPECT_EQ(sources.Locate(file, 99), (Position{2, 1}));
}

TEST(SourceMap, CountsColumnsOfALineThatIsLongerThanABlock) {
  SourceMap sources;
  std::string text = "first\n";
  for (int i = 0; i < 5000; ++i) text += "\xC3\xA9x";
  const FileId file = sources.Add("a.yaml", text);
  for (const uint32_t pairs : {0u, 1u, 1363u, 1364u, 1365u, 2731u, 5000u}) {
    EXPECT_EQ(sources.Locate(file, 6 + 3 * pairs), (Position{2, 1 + 2 * pairs}));
  }
}

}  // namespace
}  // namespace wfc

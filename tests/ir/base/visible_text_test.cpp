#include "ir/base/visible_text.h"

#include <gtest/gtest.h>

namespace wfc {
namespace {

TEST(VisibleText, EscapesWhatATerminalWouldActOn) {
  EXPECT_EQ(VisibleText("a\x1b[2J\x7f"), "a\\x1b[2J\\x7f");
  EXPECT_EQ(VisibleText("\u009B1m"), "\\x9b1m");
  EXPECT_EQ(VisibleText(std::string_view("\0", 1)), "\\x00");
}

TEST(VisibleText, EscapesWhatReordersText) {
  for (const char32_t c :
       {0x061C, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2066, 0x2069}) {
    EXPECT_TRUE(IsHiddenControl(c)) << static_cast<uint32_t>(c);
  }
  EXPECT_EQ(VisibleText("\u202Eexe.txt"), "\\u{202e}exe.txt");
}

TEST(VisibleText, LeavesOtherTextAsItIs) {
  for (const char* text : {"", "plain", "äöü 日本語 👩‍👩‍👧", "עברית العربية"})
    EXPECT_EQ(VisibleText(text), text);
  EXPECT_EQ(VisibleText("\xFF"), "\uFFFD");
}

TEST(VisibleText, LinesStayLinesOrBecomeOne) {
  EXPECT_EQ(VisibleText("a\n\tb"), "a\\x0a\\x09b");
  EXPECT_EQ(VisibleLines("a\n\tb\r"), "a\n\tb\\x0d");
  EXPECT_EQ(VisibleLine("a\n\tb"), "a  b");
}

}  // namespace
}  // namespace wfc

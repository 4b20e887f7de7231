#include "ir/base/utf8.h"

#include <gtest/gtest.h>

namespace wfc {
namespace {

TEST(Utf8, FindsOverlongSurrogateAndTruncatedSequences) {
  EXPECT_EQ(FindInvalidUtf8("plain"), std::string_view::npos);
  EXPECT_EQ(FindInvalidUtf8("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), std::string_view::npos);
  EXPECT_EQ(FindInvalidUtf8("a\xC0\x80"), 1u);
  EXPECT_EQ(FindInvalidUtf8("ab\xED\xA0\x80"), 2u);
  EXPECT_EQ(FindInvalidUtf8("\xF4\x90\x80\x80"), 0u);
  EXPECT_EQ(FindInvalidUtf8("a\xE2\x82"), 1u);
}

TEST(Utf8, EncodesWhatItDecodes) {
  for (char32_t c : {U'a', U'\u00e9', U'\u20ac', U'\U0001F600', U'\U0010FFFF'}) {
    std::string text;
    AppendUtf8(text, c);
    EXPECT_EQ(FindInvalidUtf8(text), std::string_view::npos);
    EXPECT_EQ(CountCodePoints(text), 1u);
    EXPECT_EQ(DecodeUtf8(text, 0).code_point, c);
    EXPECT_EQ(DecodeUtf8(text, 0).length, text.size());
  }
}

TEST(Utf8, DecodesAnIllFormedByteAsTheReplacementCharacter) {
  EXPECT_EQ(DecodeUtf8("\xFF", 0).code_point, U'\uFFFD');
  EXPECT_EQ(DecodeUtf8("\xFF", 0).length, 1u);
}

TEST(Utf8, AnIllFormedByteIsReplacedAndTheRestKept) {
  EXPECT_EQ(ReplaceInvalidUtf8("a\xFFz\xC3"), "a\uFFFDz\uFFFD");
  EXPECT_EQ(ReplaceInvalidUtf8("\u00E4"), "\u00E4");
  EXPECT_EQ(ReplaceInvalidUtf8(""), "");
}

}  // namespace
}  // namespace wfc

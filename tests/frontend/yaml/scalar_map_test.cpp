// SourceOffset: every byte of a decoded text finds its way back to the file.
#include "frontend/yaml/scalar_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/frontend/yaml/reading.h"

namespace wfc::yaml {
namespace {

/// The source from the place of the first byte of `needle` in the text of `a`, as long as it.
std::string SourceOf(std::string_view text, std::string_view needle) {
  const Reading read(text);
  const NodeId node = read.At({"a"});
  const size_t at = read.tree.text(node).find(needle);
  if (at == std::string_view::npos) return fmt::format("no such text in: {}", read.tree.text(node));
  const auto offset = static_cast<uint32_t>(at);
  const auto end = static_cast<uint32_t>(at + needle.size());
  return std::string(read.sources.text(SourceSpan(read.tree, node, offset, end)));
}

TEST(SourceOffset, IsDirectInUndecodedScalars) {
  EXPECT_EQ(SourceOf("a: one two\n", "two"), "two");
  EXPECT_EQ(SourceOf("a: \"one two\"\n", "two"), "two");
  EXPECT_EQ(SourceOf("a: 'one two'\n", "one"), "one");
}

TEST(SourceOffset, GoesThroughFolding) {
  EXPECT_EQ(SourceOf("a: one\n   two\n\n   three\n", "two"), "two");
  EXPECT_EQ(SourceOf("a: one\n   two\n\n   three\n", "three"), "three");
  EXPECT_EQ(SourceOf("a: 'one  \n   two'\n", "two"), "two");
  EXPECT_EQ(SourceOf("a: \"x\n\n  y\"\n", "y"), "y");
}

TEST(SourceOffset, GoesThroughEscapes) {
  EXPECT_EQ(SourceOf("a: 'it''s here'\n", "here"), "here");
  EXPECT_EQ(SourceOf("a: 'it''s here'\n", "t's"), "t''s");
  EXPECT_EQ(SourceOf("a: \"\\t\\u00e9\\x41 ${x}\"\n", "${x}"), "${x}");
  EXPECT_EQ(SourceOf("a: \"\\U0001F600${x}\"\n", "${x}"), "${x}");
  EXPECT_EQ(SourceOf("a: \"one \\\n    ${x}\"\n", "${x}"), "${x}");
}

TEST(SourceOffset, GoesThroughBlockIndentation) {
  EXPECT_EQ(SourceOf("a: |\n    one\n      two\n\n    three\n", "two"), "two");
  EXPECT_EQ(SourceOf("a: |\n    one\n      two\n\n    three\n", "three"), "three");
  EXPECT_EQ(SourceOf("a: |2-\n    one\n  two\n", "  one"), "  one");
  EXPECT_EQ(SourceOf("a: |\r\n  one\r\n  two\r\n", "two"), "two");
}

TEST(SourceOffset, GoesThroughFoldedBlocks) {
  EXPECT_EQ(SourceOf("a: >\n  one\n  two\n\n  three\n    more\n  four\n", "two"), "two");
  EXPECT_EQ(SourceOf("a: >\n  one\n  two\n\n  three\n    more\n  four\n", "three"), "three");
  EXPECT_EQ(SourceOf("a: >\n  one\n  two\n\n  three\n    more\n  four\n", "more"), "more");
  EXPECT_EQ(SourceOf("a: >\n  one\n  two\n\n  three\n    more\n  four\n", "four"), "four");
  EXPECT_EQ(SourceOf("a: >-\n\n  ${x}\n", "${x}"), "${x}");
}

TEST(SourceOffset, GoesThroughJsonEscapes) {
  const Reading read(R"({"a": "\ud83d\ude00\/${x}"})", "t.json");
  const NodeId node = read.At({"a"});
  EXPECT_EQ(read.tree.text(node), "\U0001F600/${x}");
  EXPECT_EQ(read.sources.text(SourceSpan(read.tree, node, 5, 9)), "${x}");
}

TEST(SourceOffset, OfARequotedExpressionIsDirect) {
  EXPECT_EQ(SourceOf("a: ${p ? 1 : 2}\n", ": 2"), ": 2");
}

TEST(SourceOffset, PastTheEndIsTheEndOfTheContent) {
  const Reading read("a: \"x\\ty\"\nb: |\n  z\n");
  EXPECT_EQ(SourceOffset(read.tree, read.At({"a"}), 99), 8u);
  EXPECT_EQ(SourceOffset(read.tree, read.At({"b"}), 99), 18u);
}

TEST(SourceOffset, OfAnAliasIsTheAliasOrTheText) {
  const Reading read("x: &t \"p\\tq\"\nb: *t\n");
  EXPECT_EQ(SourceOffset(read.tree, read.At({"b"}), 2), read.tree.node(read.At({"b"})).begin);
}

TEST(DecodeFlowScalar, EscapesAreUtf8) {
  const Reading read("a: \"\\_\\N\\xe9\\e\"\n");
  EXPECT_EQ(read.tree.text(read.At({"a"})), "\u00A0\u0085\u00E9\x1B");
}

}  // namespace
}  // namespace wfc::yaml

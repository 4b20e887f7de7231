#include "backend-runtime/tools/parse_output.h"

#include <gtest/gtest.h>

#include "ir/value/json.h"

namespace wfc::tools {
namespace {

std::string Parsed(OutputParse form, std::string_view bytes) {
  const Result<Value> value = ParseOutput(form, bytes);
  return value ? WriteJson(*value) : "error: " + value.error().message;
}

TEST(ParseOutput, TextIsKeptAsItIs) {
  EXPECT_EQ(Parsed(OutputParse::Text, " a\n b \n"), R"(" a\n b ")");
  EXPECT_EQ(Parsed(OutputParse::Text, "a\r\n\n"), R"("a")");
  EXPECT_EQ(Parsed(OutputParse::Text, "\n"), R"("")");
  EXPECT_EQ(Parsed(OutputParse::Text, "\xFF"), "\"\uFFFD\"");
}

TEST(ParseOutput, JsonIsOneDocument) {
  EXPECT_EQ(Parsed(OutputParse::Json, "{\"a\": [1, 2.5]}\n"), R"({"a":[1,2.5]})");
  EXPECT_TRUE(Parsed(OutputParse::Json, "").starts_with("error: the output is not JSON: "));
  EXPECT_TRUE(Parsed(OutputParse::Json, "{} {}").starts_with("error: the output is not JSON: "));
}

TEST(ParseOutput, JsonLinesSkipsBlankLinesAndNamesABadOne) {
  EXPECT_EQ(Parsed(OutputParse::Jsonl, "1\r\n\n  \n{\"a\":2}"), R"([1,{"a":2}])");
  EXPECT_EQ(Parsed(OutputParse::Jsonl, ""), "[]");
  EXPECT_TRUE(Parsed(OutputParse::Jsonl, "1\n\nx\n").starts_with("error: line 3 of the output"));
}

TEST(ParseOutput, LinesHaveNoEnds) {
  EXPECT_EQ(Parsed(OutputParse::Lines, "a\r\n\nb"), R"(["a","","b"])");
  EXPECT_EQ(Parsed(OutputParse::Lines, "a\n"), R"(["a"])");
  EXPECT_EQ(Parsed(OutputParse::Lines, ""), "[]");
}

}  // namespace
}  // namespace wfc::tools

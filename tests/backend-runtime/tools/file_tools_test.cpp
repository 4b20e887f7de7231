#include "backend-runtime/tools/file_tools.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend-runtime/host/simulated_files.h"
#include "ir/value/json.h"
#include "tests/backend-runtime/tools/test_authority.h"

namespace wfc::tools {
namespace {

using testing::HasSubstr;

const Grants kEverything = {{Capability::FsRead, "**"}, {Capability::FsWrite, "**"}};

class FileToolsTest : public testing::Test {
 protected:
  FileToolsTest() {
    for (const auto& [path, text] : std::vector<std::pair<std::string, std::string>>{
             {"README.md", "# hello\nTODO one\n"},
             {"src/main.c", "int main; // TODO two\n"},
             {"src/deep/x.c", "no\nTODO three TODO\n"},
             {"secrets/key", "TODO secret"},
             {".git/config", "TODO git"},
             {"src/.git/config", "TODO git"},
             {".wfc/runs/x", "TODO run"},
             {"image.png", std::string("TODO\0", 5)}}) {
      EXPECT_TRUE(files_.Write(path, text, host::WriteHow::Replace).ok());
    }
  }

  using Tool = ToolResult (*)(const Value&, const Workspace&);
  ToolResult Call(Tool tool, std::string_view with, const TestAuthority& authority) {
    return tool(*ReadJson(with), {files_, authority.get(), is_cancelled_});
  }
  std::string Json(Tool tool, std::string_view with, const TestAuthority& authority) {
    const ToolResult result = Call(tool, with, authority);
    return result ? WriteJson(*result)
                  : std::string(Spell(result.error().code)) + ": " + result.error().message;
  }

  host::SimulatedFiles files_;
  std::atomic<bool> is_cancelled_ = false;
  TestAuthority all_{kEverything};
};

TEST_F(FileToolsTest, AListingLeavesOutGitAndWfc) {
  EXPECT_EQ(Json(ListFiles, "{}", all_),
            R"({"files":[{"path":"README.md","size":17},{"path":"image.png","size":5},)"
            R"({"path":"secrets/key","size":11},{"path":"src/deep/x.c","size":19},)"
            R"({"path":"src/main.c","size":22}],"truncated":false})");
}

TEST_F(FileToolsTest, AListingHasARootAGlobAndALimit) {
  EXPECT_EQ(Json(ListFiles, R"({"root":"./src//","glob":"**/*.c","max_files":1})", all_),
            R"({"files":[{"path":"src/deep/x.c","size":19}],"truncated":true})");
  EXPECT_EQ(Json(ListFiles, R"({"glob":"*.md"})", all_),
            R"({"files":[{"path":"README.md","size":17}],"truncated":false})");
}

TEST_F(FileToolsTest, ALimitThatIsJustReachedCutsNothing) {
  EXPECT_THAT(Json(ListFiles, R"({"root":"src","max_files":2})", all_),
              HasSubstr(R"("truncated":false)"));
}

TEST_F(FileToolsTest, AListingLeavesOutWhatIsDenied) {
  const TestAuthority authority(kEverything, {{Capability::FsRead, "secrets/**"}});
  EXPECT_EQ(Json(ListFiles, R"({"glob":"*/*"})", authority),
            R"({"files":[{"path":"src/main.c","size":22}],"truncated":false})");
}

TEST_F(FileToolsTest, ARootThatIsNotAllowedIsDenied) {
  const TestAuthority authority({{Capability::FsRead, "src/**"}});
  EXPECT_EQ(Json(ListFiles, "{}", authority), "denied: fs.read of `.` is not allowed");
  ASSERT_EQ(authority.decisions().size(), 1u);
  EXPECT_FALSE(authority.decisions()[0].is_allowed);
}

TEST_F(FileToolsTest, PathsThatLeadOutAreDenied) {
  for (const std::string_view path : {"/etc/passwd", "../x", "a/../../x", "a/..", ""}) {
    const std::string with = WriteJson(Value::Record({{"path", Value::String(path)}}));
    EXPECT_THAT(Json(ReadTextFile, with, all_), testing::StartsWith("denied: ")) << path;
  }
  EXPECT_THAT(Json(ReadTextFile, R"({"path":"a\u0000b"})", all_), testing::StartsWith("denied: "));
}

TEST_F(FileToolsTest, AFileIsReadWithItsDigest) {
  EXPECT_EQ(
      Json(ReadTextFile, R"({"path":"README.md"})", all_),
      R"({"path":"README.md","sha256":)"
      R"("7db1144e63fa79e8cce7ab8bae3eb8b1c39fc924f039b23a32d4a26fd2126e00","text":"# hello\nTODO one\n",)"
      R"("truncated":false})");
}

TEST_F(FileToolsTest, ACharacterThatTheLimitCutsIsLeftOut) {
  ASSERT_TRUE(files_.Write("u", "aä", host::WriteHow::Replace).ok());
  const ToolResult result = Call(ReadTextFile, R"({"path":"u","max_bytes":2})", all_);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->Find("text")->AsString(), "a");
  EXPECT_TRUE(result->Find("truncated")->AsBool());
}

TEST_F(FileToolsTest, BytesThatAreNoTextAreReplaced) {
  ASSERT_TRUE(files_.Write("b", "a\xFF", host::WriteHow::Replace).ok());
  const ToolResult result = Call(ReadTextFile, R"({"path":"b"})", all_);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->Find("text")->AsString(), "a\uFFFD");
}

TEST_F(FileToolsTest, AMissingFileIsAnIoFailureThatSaysWhy) {
  const ToolResult result = Call(ReadTextFile, R"({"path":"nothing"})", all_);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, FailureCode::Io);
  EXPECT_EQ(WriteJson(result.error().details), R"({"kind":"not_found"})");
}

TEST_F(FileToolsTest, ReadingWhatIsDeniedIsDenied) {
  const TestAuthority authority(kEverything, {{Capability::FsRead, "secrets/**"}});
  EXPECT_EQ(Json(ReadTextFile, R"({"path":"secrets/key"})", authority),
            "denied: fs.read of `secrets/key` is not allowed");
}

TEST_F(FileToolsTest, AFileIsWrittenInThreeWays) {
  EXPECT_THAT(Json(WriteTextFile, R"({"path":"out/a","text":"1"})", all_),
              HasSubstr(R"("size":1)"));
  EXPECT_THAT(Json(WriteTextFile, R"({"path":"out/a","text":"23","how":"append"})", all_),
              HasSubstr(R"("size":3)"));
  EXPECT_EQ(files_.files().at("out/a"), "123");
  EXPECT_THAT(Json(WriteTextFile, R"({"path":"out/a","text":"","how":"create"})", all_),
              testing::StartsWith("io: "));
  EXPECT_THAT(Json(WriteTextFile, R"({"path":"out/a","text":"","how":"replace"})", all_),
              HasSubstr(R"("size":0)"));
  EXPECT_EQ(Json(WriteTextFile, R"({"path":"out/a","text":"","how":"patch"})", all_),
            "schema: the argument `how` is none of `replace`, `create`, `append`");
}

TEST_F(FileToolsTest, GitAndWfcAreNeverWritten) {
  for (const std::string_view path : {".git/hooks/x", "a/.git", ".wfc/x", "./.wfc"}) {
    const std::string with =
        WriteJson(Value::Record({{"path", Value::String(path)}, {"text", Value::String("")}}));
    EXPECT_THAT(Json(WriteTextFile, with, all_), testing::StartsWith("denied: ")) << path;
  }
}

TEST_F(FileToolsTest, WritingNeedsItsOwnGrant) {
  const TestAuthority authority({{Capability::FsRead, "**"}, {Capability::FsWrite, "reports/**"}});
  EXPECT_EQ(Json(WriteTextFile, R"({"path":"src/a","text":""})", authority),
            "denied: fs.write of `src/a` is not allowed");
  EXPECT_THAT(Json(WriteTextFile, R"({"path":"reports/a","text":""})", authority),
              HasSubstr(R"("path":"reports/a")"));
}

TEST_F(FileToolsTest, ASearchNamesLinesAndColumns) {
  EXPECT_EQ(Json(SearchFiles, R"({"pattern":"TODO t\\w+","root":"src"})", all_),
            R"({"matches":[{"column":1,"line":2,"path":"src/deep/x.c","text":"TODO three TODO"},)"
            R"({"column":14,"line":1,"path":"src/main.c","text":"int main; // TODO two"}],)"
            R"("truncated":false})");
}

TEST_F(FileToolsTest, ASearchPassesOverBinaryAndDeniedFiles) {
  const TestAuthority authority(kEverything, {{Capability::FsRead, "secrets/**"}});
  const ToolResult result = Call(SearchFiles, R"({"pattern":"TODO"})", authority);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->Find("matches")->items().size(), 3u);
}

TEST_F(FileToolsTest, ASearchStopsAtItsLimit) {
  const ToolResult cut = Call(SearchFiles, R"({"pattern":"TODO","max_matches":2})", all_);
  ASSERT_TRUE(cut.ok());
  EXPECT_EQ(cut->Find("matches")->items().size(), 2u);
  EXPECT_TRUE(cut->Find("truncated")->AsBool());
  const ToolResult whole = Call(SearchFiles, R"({"pattern":"TODO t","max_matches":2})", all_);
  ASSERT_TRUE(whole.ok());
  EXPECT_FALSE(whole->Find("truncated")->AsBool());
}

TEST_F(FileToolsTest, APatternThatIsNoneIsRefused) {
  EXPECT_THAT(Json(SearchFiles, R"({"pattern":"("})", all_),
              testing::StartsWith("schema: the argument `pattern` is not a regular expression"));
}

TEST_F(FileToolsTest, ArgumentsOfAnotherTypeAreRefused) {
  EXPECT_EQ(Json(ReadTextFile, R"({"path":1})", all_),
            "schema: the argument `path` is not a string");
  EXPECT_EQ(Json(ReadTextFile, "{}", all_), "schema: the argument `path` is missing");
  EXPECT_EQ(Json(ReadTextFile, "[]", all_), "schema: the arguments are not an object");
  EXPECT_THAT(Json(ListFiles, R"({"max_files":0})", all_), testing::StartsWith("schema: "));
  EXPECT_THAT(Json(ListFiles, R"({"max_files":"7"})", all_), testing::StartsWith("schema: "));
  EXPECT_THAT(Json(ListFiles, R"({"max_files":1000000000})", all_),
              testing::StartsWith("schema: "));
}

TEST_F(FileToolsTest, ACancelledCallEnds) {
  is_cancelled_ = true;
  EXPECT_THAT(Json(ListFiles, "{}", all_), testing::StartsWith("cancelled: "));
  EXPECT_THAT(Json(SearchFiles, R"({"pattern":"x"})", all_), testing::StartsWith("cancelled: "));
  EXPECT_THAT(Json(WriteTextFile, R"({"path":"n","text":""})", all_),
              testing::StartsWith("cancelled: "));
}

}  // namespace
}  // namespace wfc::tools

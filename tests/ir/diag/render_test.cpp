// The output forms, each over a small set of findings.
#include "ir/diag/render.h"

#include <gtest/gtest.h>

#include "ir/diag/findings.h"
#include "ir/diag/messages.h"
#include "ir/diag/sink.h"

namespace wfc::diag {
namespace {

class RenderTest : public testing::Test {
 protected:
  /// The span of `needle` in `text`, which becomes a file.
  Span Place(std::string_view text, std::string_view needle, std::string path = "wfc.yaml") {
    const FileId file = sources_.Add(std::move(path), std::string(text));
    return In(file, needle);
  }

  Span In(FileId file, std::string_view needle) {
    const auto begin = static_cast<uint32_t>(sources_.text(file).find(needle));
    return {.file = file, .begin = begin, .end = begin + static_cast<uint32_t>(needle.size())};
  }

  std::string Text(Color color = Color::Never) {
    return RenderText(sink_.diagnostics(), sources_, color);
  }

  SourceMap sources_;
  Sink sink_;
};

TEST_F(RenderTest, TextShowsTheLineCaretsNotesAndFix) {
  const Span key = Place("wfc: 1\nstages:\n  a:\n    aftr: [b]\n", "aftr");
  sink_.Report(UnknownKey, key, "aftr", "a stage", "; did you mean `after`?")
      .AddNote(In(key.file, "stages"), "in this map")
      .SetFix({.title = "rename the key to `after`", .edits = {{.span = key, .text = "after"}}});
  EXPECT_EQ(Text(),
            "error[K001]: unknown key `aftr` in a stage; did you mean `after`?\n"
            " --> wfc.yaml:4:5\n"
            "  |\n"
            "4 |     aftr: [b]\n"
            "  |     ^^^^\n"
            "note: in this map\n"
            " --> wfc.yaml:2:1\n"
            "  |\n"
            "2 | stages:\n"
            "  | ------\n"
            "help: rename the key to `after`\n"
            "\n");
}

TEST_F(RenderTest, TextAlignsCaretsAfterTabsAndWideCharacters) {
  sink_.Report(Unsupported, Place("\t日本e\u0301: x1\n", "x1"), "it");
  EXPECT_EQ(Text(),
            "note[L001]: it is not supported yet by this version\n"
            " --> wfc.yaml:1:8\n"
            "  |\n"
            "1 |     日本e\u0301: x1\n"
            "  |            ^^\n"
            "\n");
}

TEST_F(RenderTest, TextCutsAVeryLongLineAroundTheSpan) {
  const std::string line = "k: " + std::string(500, 'a') + "HERE" + std::string(500, 'b');
  sink_.Report(Unsupported, Place(line, "HERE"), "it");
  EXPECT_EQ(Text(),
            "note[L001]: it is not supported yet by this version\n"
            " --> wfc.yaml:1:504\n"
            "  |\n"
            "1 | …" +
                std::string(40, 'a') + "HERE" + std::string(76, 'b') +
                "…\n"
                "  |  " +
                std::string(40, ' ') +
                "^^^^\n"
                "\n");
}

TEST_F(RenderTest, TextOfALineOfMegabytesIsAsShort) {
  const std::string line = std::string(3'000'000, 'a') + "HERE" + std::string(3'000'000, 'b');
  sink_.Report(Unsupported, Place(line, "HERE"), "it");
  EXPECT_NE(Text().find("…" + std::string(40, 'a') + "HERE" + std::string(76, 'b') + "…\n"),
            std::string::npos);
  EXPECT_LT(Text().size(), 500u);
}

TEST_F(RenderTest, TextMarksEachLineOfASpanAndLeavesOutTheMiddleOfALongOne) {
  sink_.Report(Unsupported,
               Place("a:\n  - 1\n  - 2\n  - 3\n  - 4\n  - 5\nb: 1\n",
                     "a:\n  - 1\n  - 2\n  - 3\n  - 4\n  - 5\n"),
               "it");
  EXPECT_EQ(Text(),
            "note[L001]: it is not supported yet by this version\n"
            " --> wfc.yaml:1:1\n"
            "  |\n"
            "1 | a:\n"
            "  | ^^\n"
            "2 |   - 1\n"
            "  |   ^^^\n"
            "3 |   - 2\n"
            "  |   ^^^\n"
            "  | ...\n"
            "6 |   - 5\n"
            "  |   ^^^\n"
            "\n");
}

TEST_F(RenderTest, TextMarksTheEndOfAFileWithOneCaret) {
  Span end = Place("a: 1", "a: 1");
  end.begin = end.end;
  sink_.Report(Unsupported, end, "it");
  EXPECT_NE(Text().find("1 | a: 1\n  |     ^\n"), std::string::npos) << Text();
}

TEST_F(RenderTest, TextShowsInsertedLinesOfAFix) {
  const Span at = Place("wfc: 1\n", "wfc");
  sink_.Report(Unsupported, at, "it")
      .SetFix({.title = "add a `security` section",
               .edits = {{.span = at, .text = "security:\n  allow: {}\n"}}});
  EXPECT_NE(Text().find("help: add a `security` section\n"
                        "  | + security:\n"
                        "  | +   allow: {}\n"),
            std::string::npos)
      << Text();
}

TEST_F(RenderTest, TextOfAnUntrustedFileCannotDriveTheTerminal) {
  sink_.Report(UnknownKey, Place("a\033[2J\u202Eb: 1\n", "a\033[2J\u202Eb"), "a\033[2J\u202Eb",
               "a stage", "");
  EXPECT_EQ(Text(),
            "error[K001]: unknown key `a\\x1b[2J\\u{202e}b` in a stage\n"
            " --> wfc.yaml:1:1\n"
            "  |\n"
            "1 | a\\x1b[2J\\u{202e}b: 1\n"
            "  | ^^^^^^^^^^^^^^^^^\n"
            "\n");
}

TEST_F(RenderTest, ColourIsOnlyThereWhenAskedFor) {
  sink_.Report(Unsupported, Place("a: 1\n", "a"), "it");
  EXPECT_EQ(Text().find('\033'), std::string::npos);
  EXPECT_TRUE(Text(Color::Always).starts_with("\033[1;36mnote[L001]\033[0m: "));
}

TEST_F(RenderTest, ConciseIsOneLineAFinding) {
  sink_.Report(Unsupported, Span(), "all of it");
  sink_.Report(UnknownKey, Place("a: 1\n  ü: {b: 1}\n", "b", "sub/wfc.yaml"), "b", "a stage", "");
  EXPECT_EQ(RenderConcise(sink_.diagnostics(), sources_),
            "note[L001]: all of it is not supported yet by this version\n"
            "sub/wfc.yaml:2:7: error[K001]: unknown key `b` in a stage\n");
}

TEST_F(RenderTest, JsonHoldsEveryPartOfAFinding) {
  const Span key = Place("a:\n  b\"c: 1\n", "b\"c");
  sink_.Report(UnknownKey, key, "b\"c", "a stage", "")
      .AddNote(Span(), "on the whole")
      .SetFix({.title = "remove it",
               .safety = FixSafety::Unsafe,
               .edits = {{.span = key, .text = ""}}});
  EXPECT_EQ(RenderJson(sink_.diagnostics(), sources_),
            R"({
  "version": 1,
  "diagnostics": [
    {"code": "K001", "slug": "unknown-key", "severity": "error",
     "message": "unknown key `b\"c` in a stage",
     "file": "wfc.yaml", "line": 2, "column": 3, "end_line": 2, "end_column": 6,
     "notes": [
       {"message": "on the whole", "file": null, "line": null, "column": null, "end_line": null, "end_column": null}],
     "fix": {"title": "remove it", "safety": "unsafe", "edits": [
       {"file": "wfc.yaml", "line": 2, "column": 3, "end_line": 2, "end_column": 6, "text": ""}]}}
  ],
  "summary": {"errors": 1, "warnings": 0, "notes": 0}
}
)");
}

TEST_F(RenderTest, JsonWithoutFindingsIsAnEmptyArray) {
  EXPECT_EQ(RenderJson({}, sources_),
            "{\n  \"version\": 1,\n  \"diagnostics\": [],\n"
            "  \"summary\": {\"errors\": 0, \"warnings\": 0, \"notes\": 0}\n}\n");
}

TEST_F(RenderTest, FindingsAreSortedByPathPositionAndCodeAndSaidOnce) {
  const FileId b = sources_.Add("b.yaml", "x: y: z\n");
  const FileId a = sources_.Add("a.yaml", "x: 1\n");
  const Span late = {.file = b, .begin = 3, .end = 4};
  sink_.Report(Unsupported, late, "late");
  sink_.Report(UnknownKey, late, "y", "it", "");
  sink_.Report(UnknownKey, late, "y", "it", "");
  sink_.Report(Unsupported, {.file = b, .begin = 0, .end = 1}, "early");
  sink_.Report(Unsupported, {.file = a, .begin = 0, .end = 1}, "first file");
  sink_.Report(Unsupported, Span(), "whole");
  SortFindings(sink_.mutable_diagnostics(), sources_);
  EXPECT_EQ(RenderConcise(sink_.diagnostics(), sources_),
            "note[L001]: whole is not supported yet by this version\n"
            "a.yaml:1:1: note[L001]: first file is not supported yet by this version\n"
            "b.yaml:1:1: note[L001]: early is not supported yet by this version\n"
            "b.yaml:1:4: error[K001]: unknown key `y` in it\n"
            "b.yaml:1:4: note[L001]: late is not supported yet by this version\n");
}

TEST_F(RenderTest, StrictRaisesWarningsAndOnlyThem) {
  sink_.Report(Unsupported, Span(), "it");
  sink_.Report(Unsupported, Span(), "that").SetSeverity(Severity::Warning);
  EXPECT_EQ(FormatCounts(CountFindings(sink_.diagnostics())), "1 warning, 1 note");
  EXPECT_FALSE(AnyAtLeast(CountFindings(sink_.diagnostics()), Severity::Error));
  RaiseWarnings(sink_.mutable_diagnostics());
  EXPECT_EQ(FormatCounts(CountFindings(sink_.diagnostics())), "1 error, 1 note");
  EXPECT_TRUE(AnyAtLeast(CountFindings(sink_.diagnostics()), Severity::Error));
  EXPECT_EQ(FormatCounts({}), "no findings");
}

}  // namespace
}  // namespace wfc::diag

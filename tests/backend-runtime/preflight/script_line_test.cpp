#include "backend-runtime/preflight/script_line.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace wfc::preflight {
namespace {

std::string Shown(std::string_view beginning) {
  const std::optional<ScriptLine> line = ParseScriptLine(beginning);
  return line ? "<" + line->interpreter + "><" + line->argument + ">" : "none";
}

TEST(ScriptLine, HasAnInterpreterAndPerhapsOneArgument) {
  EXPECT_EQ(Shown("#!/bin/sh\necho\n"), "</bin/sh><>");
  EXPECT_EQ(Shown("#!/bin/sh"), "</bin/sh><>");
  EXPECT_EQ(Shown("#! \t/bin/sh  -e -u \t\n"), "</bin/sh><-e -u>");
}

TEST(ScriptLine, KeepsACarriageReturn) {
  EXPECT_EQ(Shown("#!/bin/sh\r\n"), "</bin/sh\r><>");
}

TEST(ScriptLine, IsOnlyWhatTheSystemTakesForOne) {
  EXPECT_EQ(Shown(""), "none");
  EXPECT_EQ(Shown("#"), "none");
  EXPECT_EQ(Shown("#!"), "none");
  EXPECT_EQ(Shown("#!  \n/bin/sh"), "none");
  EXPECT_EQ(Shown(" #!/bin/sh\n"), "none");
  EXPECT_EQ(Shown("\x7f"
                  "ELF"),
            "none");
}

TEST(ScriptLine, EndsAtAZeroByte) {
  EXPECT_EQ(Shown(std::string_view("#!/bin/sh\0x\n", 12)), "</bin/sh><>");
}

TEST(ScriptLine, IsNoProblemWhereNothingCanBeRead) {
  EXPECT_EQ(FindScriptProblem("/no/such/file", "/bin"), std::nullopt);
}

}  // namespace
}  // namespace wfc::preflight

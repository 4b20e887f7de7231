// K, N and L: each way to be wrong, with its words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/frontend/manifest/parsing.h"

namespace wfc::manifest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> InStage(std::string_view stage) {
  return Parsing(WithStages(fmt::format("      a: {}\n", stage))).Messages();
}

TEST(UnknownKey, SuggestsTheNearestAndRenamesIt) {
  const Parsing parsed(WithStages("      a: {transform: 1, aftr: [b]}\n"));
  EXPECT_THAT(parsed.Messages(),
              ElementsAre("K001 unknown key `aftr` in a stage; did you mean `after`?"));
  EXPECT_EQ(parsed.Fixed(), WithStages("      a: {transform: 1, after: [b]}\n"));
}

TEST(UnknownKey, WithoutANearOneHasNoFix) {
  const Parsing parsed(WithStages("      a: {transform: 1, zzzzzz: 1}\n"));
  EXPECT_THAT(parsed.Messages(), ElementsAre("K001 unknown key `zzzzzz` in a stage"));
  EXPECT_FALSE(parsed.sink.diagnostics()[0].fix.has_value());
}

TEST(UnknownKey, NamesWhatAForeignKeyIsCalledHere) {
  for (const auto& [from, to] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"needs: [b]", "after: [b]"},
           {"depends_on: [b]", "after: [b]"},
           {"max_retries: 3", "retry: {max: 3}"},
           {"retries: {max: 3}", "retry: {max: 3}"},
           {"timeout_sec: 30", "timeout: 30s"},
           {"timeout-minutes: 5", "timeout: 5m"},
           {"continue_on_failure: true", "on_error: continue"},
           {"args: {x: 1}", "with: {x: 1}"}}) {
    const Parsing parsed(WithStages(fmt::format("      a: {{tool: t, {}}}\n", from)));
    ASSERT_EQ(parsed.sink.diagnostics().size(), 1u) << from;
    EXPECT_EQ(parsed.Fixed(), WithStages(fmt::format("      a: {{tool: t, {}}}\n", to)));
    EXPECT_THAT(Parsing(parsed.Fixed()).Findings(), IsEmpty());
  }
}

TEST(UnknownKey, OffersNoFixThatWouldRepeatAKey) {
  const Parsing parsed(WithStages("      a: {tool: t, after: [b], needs: [c]}\n"));
  EXPECT_THAT(parsed.Messages(),
              ElementsAre("K001 unknown key `needs` in a stage; it is called `after` here"));
  EXPECT_FALSE(parsed.sink.diagnostics()[0].fix.has_value());
}

TEST(UnknownKey, IsFoundInEverySection) {
  EXPECT_THAT(Parsing("wfc: 1\nagent: {}\n").Messages(),
              ElementsAre("K001 unknown key `agent` in wfc.yaml; did you mean `agents`?"));
  EXPECT_THAT(Parsing("wfc: 1\nsecurity: {alow: {}}\n").Messages(),
              ElementsAre("K001 unknown key `alow` in `security`; did you mean `allow`?"));
  EXPECT_THAT(
      Parsing("wfc: 1\nsecurity: {allow: {fs.raed: [a]}}\n").Messages(),
      ElementsAre("K001 unknown key `fs.raed` in the capabilities; did you mean `fs.read`?"));
}

TEST(UnknownKey, OfAnotherVerbOrKindSaysWhose) {
  EXPECT_THAT(InStage("{agent: b, cwd: x}"),
              ElementsAre("K001 the key `cwd` belongs to `run` stages; this is `agent`"));
  EXPECT_THAT(
      InStage("{run: [x], with: {}}"),
      ElementsAre(
          "K001 the key `with` belongs to `agent`, `tool` or `workflow` stages; this is `run`"));
  EXPECT_THAT(
      Parsing("wfc: 1\ntools: {t: {builtin: echo, stdin: x}}\n").Messages(),
      ElementsAre("K001 the key `stdin` belongs to `command` or `shell` tools; this is `builtin`"));
  EXPECT_THAT(Parsing("wfc: 1\nagents: {a: {command: [x]}}\n").Messages(),
              ElementsAre("K001 the key `command` belongs to `command` agents; this is `llm`"));
}

TEST(UnknownKey, IdAndWorkflowStandOnlyWhereTheyNameSomething) {
  EXPECT_THAT(
      InStage("{id: a, fail: no way}"),
      ElementsAre(
          "K001 unknown key `id` in a stage; only `steps` have it, elsewhere the key is the id"));
  EXPECT_THAT(Parsing("wfc: 1\nworkflows: {w: {workflow: w, stages: {}}}\n").Messages(),
              ElementsAre("K001 unknown key `workflow` in a workflow; only a file of its own has "
                          "it, here the key is the id"));
}

TEST(MissingKey, IsNamed) {
  EXPECT_THAT(Parsing("wfc: 1\nmodels: {m: [{model: x}]}\n").Messages(),
              ElementsAre("K002 a model needs the key `provider`"));
  EXPECT_THAT(Parsing("wfc: 1\nworkflows: {w: {steps: [{fail: no way}]}}\n").Messages(),
              ElementsAre("K002 a step needs the key `id`"));
  EXPECT_THAT(InStage("{tool: t, retry: {on: [timeout]}}"),
              ElementsAre("K002 `retry` needs the key `max`"));
}

TEST(WrongKind, SaysWhatWasExpectedAndFound) {
  EXPECT_THAT(InStage("x"), ElementsAre("K003 `a` must be a map, not text"));
  EXPECT_THAT(InStage("{run: git log}"),
              ElementsAre("K003 `run` must be a list of words, the program first (there is no "
                          "shell): `[git, log]`, "
                          "not text"));
  EXPECT_THAT(InStage("{tool: t, if: [x]}"),
              ElementsAre("K003 `if` must be an expression, not a list"));
  EXPECT_THAT(InStage("{tool: t, after: {b: 1}}"),
              ElementsAre("K003 `after` must be an id or a list of ids, not a map"));
  EXPECT_THAT(InStage("{tool: t, returns: [x]}"),
              ElementsAre("K003 `returns` must be a schema: an id, a type word or a map such as "
                          "`{fields: {NAME: TYPE}}`, not a list"));
  EXPECT_THAT(InStage("{run: [x], env: [y]}"),
              ElementsAre("K003 `env` must be a map of names to text: `{NAME: text}`, not a list"));
  EXPECT_THAT(InStage("{run: [x], env: {y: [z]}}"),
              ElementsAre("K003 `y` must be text, not a list"));
  EXPECT_THAT(InStage("{run: [x], ok_exit: 1}"),
              ElementsAre("K003 `ok_exit` must be a list of integers, not an integer"));
  EXPECT_THAT(InStage("{run: [x], idempotent: 1}"),
              ElementsAre("K003 `idempotent` must be `true` or `false`, not an integer"));
  EXPECT_THAT(InStage("{decide: x, routes: [a]}"),
              ElementsAre("K003 `routes` must be a map of values to routes, not a list"));
  EXPECT_THAT(
      InStage("{decide: x, routes: {a: 1}}"),
      ElementsAre("K003 `a route` must be an id, a list of ids, `[]` or a body, not an integer"));
  EXPECT_THAT(InStage("{tool: t, on_error: maybe}"),
              ElementsAre("K004 `maybe` is not `fail`, `continue`, `{value: VALUE}` or "
                          "`{fallback: BODY}`"));
  EXPECT_THAT(
      InStage("{tool: t, retry: 3}"),
      ElementsAre(
          "K003 `retry` must be `never`, or a map whose `max` is the number of further attempts: "
          "`{max: 3}`, not an integer"));
  EXPECT_THAT(InStage("{tool: t, description: 1}"),
              ElementsAre("K003 `description` must be text, not an integer"));
  EXPECT_THAT(
      Parsing("wfc: 1\nworkflows: {w: {stages: [a]}}\n").Messages(),
      ElementsAre(
          "K003 `stages` must be a map of stages by id (a list is called `steps`), not a list"));
  EXPECT_THAT(
      Parsing("wfc: 1\nworkflows: {w: {steps: {a: 1}}}\n").Messages(),
      ElementsAre("K003 `steps` must be a list of stages (a map is called `stages`), not a map"));
  EXPECT_THAT(Parsing("wfc: 1\nagents: [a]\n").Messages(),
              ElementsAre("K003 `agents` must be a map by id: `{ID: {…}}`, not a list"));
  EXPECT_THAT(
      Parsing("wfc: 1\nmodels: {m: 1}\n").Messages(),
      ElementsAre(
          "K003 `m` must be the id of another group, a list of models, or a map, not an integer"));
}

TEST(BadValue, NamesWhatIsAllowed) {
  EXPECT_THAT(InStage("{tool: t, join: both}"),
              ElementsAre("K004 `both` is not one of `all`, `any` or `settled`"));
  EXPECT_THAT(
      InStage("{tool: t, timeout: 30}"),
      ElementsAre(
          "K004 `30` is not a duration: a whole number needs its unit, as in `30s` or `30m`"));
  EXPECT_THAT(InStage("{tool: t, timeout: 0s}"),
              ElementsAre("K004 `0s` is not a duration greater than zero"));
  EXPECT_THAT(InStage("{tool: t, retry: {max: 1000}}"),
              ElementsAre("K004 `1000` is not a number of further attempts from 0 to 100"));
  EXPECT_THAT(InStage("{tool: t, retry: {max: 1, on: [slow]}}"),
              ElementsAre("K004 `slow` is not an error code"));
  EXPECT_THAT(InStage("{run: [x], ok_exit: [256]}"),
              ElementsAre("K004 `256` is not an exit code, 0 to 255"));
  EXPECT_THAT(InStage("{tool: t, description: \"${x}\"}"),
              ElementsAre("K004 `${x}` is not literal text; expressions are not read here"));
  EXPECT_THAT(Parsing("wfc: 1\nagents: {a: {temperature: 3}}\n").Messages(),
              ElementsAre("K004 `3` is not a number from 0 to 2"));
  EXPECT_THAT(Parsing("wfc: 1\ntools: {t: {builtin: fs.lst}}\n").Messages(),
              ElementsAre("K004 `fs.lst` is not a built-in tool: `echo`, `fs.list`, `fs.read`, "
                          "`fs.write`, `git.diff`, `git.log`, `http.fetch` or `text.search`"));
  EXPECT_THAT(
      Parsing("wfc: 1\nsecurity: {grants: [{to: me}]}\n").Messages(),
      ElementsAre(
          "K004 `me` is not `workflow:ID`, `stage:WORKFLOW.PATH`, `agent:ID` or `tool:ID`"));
  EXPECT_THAT(Parsing("wfc: 1\nvars: {a: {env: a-b}}\n").Messages(),
              ElementsAre("K004 `a-b` is not the name of an environment variable"));
  EXPECT_THAT(Parsing("wfc: 1\nmodels: {m: [{provider: scripted, max_tokens: lots}]}\n").Messages(),
              ElementsAre("K004 `lots` is not a count such as `20`, `200k` or `1M`"));
}

TEST(OneOf, NoneAndSeveralAreFound) {
  EXPECT_THAT(
      InStage("{timeout: 1s}"),
      ElementsAre("K005 a stage needs one of `agent`, `tool`, `run`, `transform`, `decide`, "
                  "`assert` or `fail`"));
  const Parsing several(WithStages("      a: {transform: x, assert: y}\n"));
  EXPECT_THAT(several.Messages(),
              ElementsAre("K005 a stage cannot have both `transform` and `assert`"));
  EXPECT_THAT(several.Findings(), ElementsAre("K005@wfc.yaml:5:25 'assert'"));
  EXPECT_EQ(several.Stage().verb, Verb::Poison);
  EXPECT_THAT(Parsing("wfc: 1\nworkflows: {w: {}}\n").Messages(),
              ElementsAre("K005 a workflow needs one of `stages` or `steps`"));
  EXPECT_THAT(Parsing("wfc: 1\nsecrets: {A: {}}\n").Messages(),
              ElementsAre("K005 a secret needs one of `env` or `file`"));
}

TEST(Ids, AreWellFormedAndNotTheLanguagesOwn) {
  EXPECT_THAT(Parsing("wfc: 1\nagents: {A-b: {kind: echo}}\n").Findings(),
              ElementsAre("N002@wfc.yaml:2:10 'A-b'"));
  EXPECT_THAT(Parsing("wfc: 1\nsecrets: {token: {env: A}}\n").Findings(),
              ElementsAre("N002@wfc.yaml:2:11 'token'"));
  EXPECT_THAT(Parsing("wfc: 1\ntools: {a..b: {builtin: echo}}\n").Findings(),
              ElementsAre("N002@wfc.yaml:2:9 'a..b'"));
  EXPECT_THAT(Parsing(WithStages("      1a: {fail: no way}\n")).Findings(),
              ElementsAre("N002@wfc.yaml:5:7 '1a'"));
  EXPECT_THAT(Parsing({{"wfc.yaml", "wfc: 1\n"}, {"schemas/My Plan.json", "{}"}}).Messages(),
              ElementsAre("N002 `My Plan` is not a well-formed id; ids are lower-case letters, "
                          "digits and `_`, beginning with a letter"));
  EXPECT_THAT(
      Parsing("wfc: 1\nschemas: {string: {}}\n").Messages(),
      ElementsAre("N003 `string` cannot be the id of a schema; it is a type of the language"));
  EXPECT_THAT(Parsing("wfc: 1\ntools: {fs.read: {command: [x]}}\n").Messages(),
              ElementsAre("N003 `fs.read` cannot be the id of a tool of the project; it is a tool "
                          "that comes with wfc"));
  EXPECT_THAT(Parsing(WithStages("      in: {fail: no way}\n")).Messages(),
              ElementsAre("N003 `in` cannot be the id of a stage; expressions could not name it"));
}

TEST(Unsupported, NamesTheConstructOnceAndItsPlace) {
  EXPECT_THAT(Parsing("wfc: 1\nprices: {x: 1}\nservers: {}\n").Messages(),
              ElementsAre("L001 the section `prices` is not supported yet by this version",
                          "L001 the section `servers` is not supported yet by this version"));
  EXPECT_THAT(InStage("{map: x, do: {y: z}, max_items: 3, budget: {usd: 1}}"),
              ElementsAre("L001 a `map` stage is not supported yet by this version",
                          "L001 `budget` of a stage is not supported yet by this version"));
  EXPECT_THAT(InStage("{approval: x, show: y, timeout: 1d}"),
              ElementsAre("L001 an `approval` stage is not supported yet by this version"));
  EXPECT_THAT(Parsing("wfc: 1\ntools: {t: {http: {url: x}}}\n").Messages(),
              ElementsAre("L001 an `http` tool is not supported yet by this version"));
  EXPECT_THAT(Parsing("wfc: 1\nagents: {a: {tools: [x]}}\n").Findings(),
              ElementsAre("L001@wfc.yaml:2:14 'tools'"));
  const Parsing files({{"wfc.yaml", "wfc: 1\n"}, {"patterns/p.yaml", "pattern: p\nstages: {}\n"}});
  EXPECT_THAT(files.Messages(),
              ElementsAre("L001 the section `patterns` is not supported yet by this version"));
  EXPECT_TRUE(files.syntax.project.is_unsupported);
}

}  // namespace
}  // namespace wfc::manifest

// Typed syntax of well-formed projects, and where its files may say what.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/frontend/manifest/parsing.h"

namespace wfc::manifest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kWhole = R"(
wfc: 1
name: demo
main: w
x-notes: ignored
vars: {limit: 20, region: {env: REGION, default: eu}}
secrets: {TOKEN: {env: TOKEN}, FILE_KEY: {file: /run/key}}
defaults: {timeout: 90s, retry: {max: 2, on: [timeout]}, agent: {temperature: 0}, run: {env: {CI: "true"}}}
execution: {concurrency: 8, on_failure: drain, codex_exec: false, engine: local}
models:
  default: smart
  smart: {members: [{provider: scripted, fixture: a.yaml, max_tokens: 4k}]}
  other: [{provider: scripted}]
agents:
  b: {kind: echo}
  a: {kind: command, command: [cat, 1], effect: read}
tools:
  t.x: {command: [tee, "${with.path}"], limits: {stdout: 1MiB}, ok_exit: [0, 1], timeout: 10s}
  u: {builtin: fs.read}
schemas: {s: {type: string}, short: {list: s}}
security:
  mode: safe_mode
  allow: {llm: [smart], fs.read: "src/**"}
  grants: [{to: "agent:a", deny: {exec: ["*"]}}, {to: "stage:w.a.b", allow: {}}]
specs: {files: "specs/*.md", max_age: 30d}
workflows:
  w:
    modes: [implement, dry_run]
    output: {x: 1}
    stages:
      c: {decide: input.x, routes: {2: [a], "no": {tool: u}, true: []}, default: a}
      a: {agent: b, with: {x: 1}, retry: never, on_error: {fallback: {steps: [{id: z, fail: no}], output: 1}}}
      b:
        decide: [{when: input.y, goto: a}, {goto: []}]
        on_error: continue
        join: settled
        after: a
        timeout: 250ms
)";

TEST(Parse, ReadsAWholeProject) {
  const Parsing parsed(kWhole);
  EXPECT_THAT(parsed.Findings(), ElementsAre("Y003@wfc.yaml:32:93 'no'"));
  const Syntax& syntax = parsed.syntax;
  EXPECT_THAT(parsed.Ids(syntax.agents, syntax.project.agents.range), ElementsAre("a", "b"));
  EXPECT_THAT(parsed.Ids(syntax.tools, syntax.project.tools.range), ElementsAre("t.x", "u"));
  EXPECT_THAT(parsed.Ids(syntax.vars, syntax.project.vars.range), ElementsAre("limit", "region"));
  EXPECT_THAT(parsed.Ids(syntax.stages, parsed.Workflow().stages.range),
              ElementsAre("a", "b", "c"));
  EXPECT_EQ(syntax.project.main.decoded, "w");
}

TEST(Parse, DecodesLiterals) {
  const Parsing parsed(kWhole);
  const Syntax& syntax = parsed.syntax;
  const DefaultsSyntax& defaults = syntax.defaults.all[syntax.project.defaults.id];
  EXPECT_EQ(defaults.timeout.decoded, 90'000'000'000);
  const ToolSyntax& tool = syntax.tools.all[syntax.tools.lists[syntax.project.tools.range.first]];
  EXPECT_EQ(syntax.tool_limits.all[tool.limits.id].stdout_size.decoded, 1 << 20);
  const ModelGroupSyntax& smart =
      syntax.model_groups.all[syntax.model_groups.lists[syntax.project.models.range.first + 2]];
  EXPECT_EQ(syntax.model_members.all[syntax.model_members.lists[smart.members.range.first]]
                .max_tokens.decoded,
            4000);
  const SecuritySyntax& security = syntax.securities.all[syntax.project.security.id];
  EXPECT_EQ(security.mode.decoded, Mode::DryRun);
  EXPECT_EQ(security.grants.range.count, 2u);
  EXPECT_EQ(syntax.executions.all[syntax.project.execution.id].on_failure.decoded,
            OnFailure::Drain);
}

TEST(Parse, ReadsStagesRoutesAndBodies) {
  const Parsing parsed(kWhole);
  const Syntax& syntax = parsed.syntax;
  const StageSyntax& a = parsed.Stage(0);
  EXPECT_EQ(a.verb, Verb::Agent);
  EXPECT_TRUE(syntax.retries.all[a.retry.id].is_never);
  const OnErrorSyntax& on_error = syntax.on_errors.all[a.on_error.id];
  EXPECT_EQ(on_error.kind, OnError::Fallback);
  const BodySyntax& fallback = syntax.bodies.all[on_error.fallback.id];
  EXPECT_FALSE(fallback.is_single);
  EXPECT_THAT(parsed.Ids(syntax.stages, fallback.steps.range), ElementsAre("z"));
  const StageSyntax& b = parsed.Stage(1);
  EXPECT_EQ(b.decide.range.count, 2u);
  EXPECT_EQ(b.join.decoded, Join::Settled);
  EXPECT_EQ(b.timeout.decoded, 250'000'000);
  const StageSyntax& c = parsed.Stage(2);
  ASSERT_EQ(c.routes.range.count, 3u);
  const auto route = [&](uint32_t i) -> const RouteSyntax& {
    return syntax.routes.all[syntax.routes.lists[c.routes.range.first + i]];
  };
  EXPECT_EQ(route(0).kind, RouteSyntax::Kind::Ids);
  EXPECT_EQ(route(1).kind, RouteSyntax::Kind::Body);
  EXPECT_TRUE(syntax.bodies.all[route(1).body.id].is_single);
  EXPECT_EQ(route(2).kind, RouteSyntax::Kind::None);
  EXPECT_EQ(syntax.routes.all[c.default_route.id].kind, RouteSyntax::Kind::Ids);
}

TEST(Files, JoinSectionsAndWorkflowFiles) {
  const Parsing parsed({{"wfc.yaml", "wfc: 1\nagents: {b: {kind: echo}}\n"},
                        {"agents.yaml", "agents: {c: {kind: echo}}\n"},
                        {"agents/more.yaml", "agents: {a: {kind: echo}}\n"},
                        {"workflows/one.yaml", "workflow: one\nstages: {x: {fail: no way}}\n"},
                        {"schemas/plan.json", "{\"type\": \"string\"}"},
                        {"schemas/two.yaml", "type: string\n"},
                        {"security.yaml", "security: {max_risk: low}\n"}});
  EXPECT_THAT(parsed.Findings(), IsEmpty());
  const Syntax& syntax = parsed.syntax;
  EXPECT_THAT(parsed.Ids(syntax.agents, syntax.project.agents.range), ElementsAre("a", "b", "c"));
  EXPECT_THAT(parsed.Ids(syntax.schemas, syntax.project.schemas.range), ElementsAre("plan", "two"));
  EXPECT_THAT(parsed.Ids(syntax.workflows, syntax.project.workflows.range), ElementsAre("one"));
  EXPECT_TRUE(syntax.project.security.id.has_value());
}

TEST(Files, TheRootMayHoldAWorkflowBesideItsOwnKeys) {
  const Parsing parsed(
      "wfc: 1\nworkflow: w\nvars: {a: 1}\nstages: {x: {transform: 1}}\noutput: 1\n");
  EXPECT_THAT(parsed.Findings(), IsEmpty());
  EXPECT_THAT(parsed.Ids(parsed.syntax.workflows, parsed.syntax.project.workflows.range),
              ElementsAre("w"));
}

TEST(Files, AnIdInTwoFilesIsOneFindingThatShowsBoth) {
  const Parsing parsed({{"wfc.yaml", "wfc: 1\n"},
                        {"agents/a.yaml", "agents: {x: {kind: echo}}\n"},
                        {"agents/b.yaml", "agents: {x: {kind: echo}}\n"},
                        {"schemas/s.json", "{}"},
                        {"schemas/s.yaml", "{}"}});
  EXPECT_THAT(parsed.Findings(),
              ElementsAre("N001@agents/b.yaml:1:10 'x'", "N001@schemas/s.yaml:1:1 ''"));
  const diag::Note& note = parsed.sink.diagnostics()[0].notes[0];
  EXPECT_EQ(parsed.sources.path(note.span.file), "agents/a.yaml");
  EXPECT_EQ(parsed.syntax.project.agents.range.count, 1u);
}

TEST(Files, ASectionThatIsOneThingStandsOnce) {
  const Parsing parsed({{"wfc.yaml", "wfc: 1\nsecurity: {max_risk: low}\n"},
                        {"security.yaml", "security: {max_risk: high}\n"}});
  EXPECT_THAT(parsed.Findings(), ElementsAre("N001@security.yaml:1:1 'security'"));
  const Syntax& syntax = parsed.syntax;
  EXPECT_EQ(syntax.securities.all[syntax.project.security.id].max_risk.decoded, Risk::Low);
}

TEST(Files, ASectionStandsInItsOwnFileUnderItsOwnKey) {
  const Parsing parsed({{"wfc.yaml", "wfc: 1\n"},
                        {"agents.yaml", "a: {kind: echo}\nb: {kind: echo}\n"},
                        {"tools.yaml", "tools: {}\nvars: {x: 1}\nagents: {}\n"}});
  EXPECT_THAT(parsed.Messages(),
              ElementsAre("K002 this file needs the key `agents`",
                          "K001 `vars` is not allowed in this file; write it in `wfc.yaml`",
                          "K001 `agents` is not allowed in this file; write it in `wfc.yaml`, "
                          "`agents.yaml` or `agents/*.yaml`"));
}

TEST(Files, AnEmptyRootNeedsItsVersion) {
  EXPECT_THAT(Parsing("").Messages(), ElementsAre("K002 wfc.yaml needs the key `wfc: 1`"));
  EXPECT_THAT(Parsing("wfc: 2\n").Messages(),
              ElementsAre("K004 `2` is not a version of the language; write `1`"));
  EXPECT_THAT(Parsing("[a]\n").Messages(),
              ElementsAre("K003 `wfc.yaml` must be a map, not a list"));
}

TEST(Files, BrokenOnesAreNotJudgedForWhatTheyLack) {
  EXPECT_THAT(Parsing("wfc: 1\nagents:\n  a: [\n").Findings(),
              ElementsAre("Y001@wfc.yaml:3:6 '['"));
  const Parsing parsed(WithStages("      a: {tool: x\n      b: {fail: no way}\n"));
  EXPECT_THAT(parsed.Findings(), ElementsAre("Y001@wfc.yaml:5:10 '{'"));
  EXPECT_TRUE(parsed.Stage(0).is_broken);
  EXPECT_EQ(parsed.Stage(1).verb, Verb::Fail);
}

TEST(Files, LostIdsMakeTheProjectIncomplete) {
  EXPECT_FALSE(Parsing("wfc: 1\nagents:\n  a: [\n").syntax.is_incomplete) << "its id is kept";
  EXPECT_TRUE(Parsing("wfc: 1\nagents:\n  a: {}\n  what is this\n").syntax.is_incomplete);
  EXPECT_TRUE(
      Parsing({{"wfc.yaml", "wfc: 1\n"}, {"agents.json", "{\"agents\": "}}).syntax.is_incomplete);
}

}  // namespace
}  // namespace wfc::manifest

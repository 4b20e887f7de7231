// Whatever a manifest holds, what lowering makes of it is well formed; and the verifier notices
// when something is not.
#include <gtest/gtest.h>

#include "tests/frontend/lower/lowering.h"

namespace wfc::lower {
namespace {

constexpr std::string_view kManifest = R"(wfc: 1
main: w
vars: {limit: 3, region: {env: REGION, default: eu}}
secrets: {TOKEN: {env: TOKEN}}
models: {default: fast, fast: [{provider: scripted}]}
schemas: {answer: {fields: {kind: {enum: [bug, question]}, text: string}}}
defaults: {timeout: 30s, run: {env: {CI: "true"}}}
agents:
  reader: {prompt: "Read ${with.text} up to ${vars.limit}", returns: answer}
  program: {kind: command, command: [model, "${with.text}"], env: {TOKEN: "${secret.TOKEN}"}}
tools:
  save: {command: [tee, "${with.path}"], stdin: json, writes: ["out/**"], effect: write}
security:
  allow: {exec: [tee, model], fs.write: ["out/**"], llm: ["*"], secret: [TOKEN]}
  grants: [{to: "stage:w.read", allow: {llm: [fast]}}, {to: "tool:save", deny: {net: ["*"]}}]
workflows:
  w:
    input: {fields: {text: string}}
    output: {text: "${stages.route.output}", other: "${coalesce(stages.save.output, 1)}"}
    stages:
      read: {agent: reader, with: {text: "${input.text}"}, retry: {max: 2, on: [timeout, schema]}}
      list: {tool: fs.list, with: {root: src}, after: read, capabilities: {allow: {fs.read: ["src/**"]}}}
      command: {run: [git, log, "${stages.read.output.text}"], on_error: {value: none}}
      route:
        decide: stages.read.output.kind
        routes:
          bug: {agent: program, with: {text: "${stages.command.output}"}}
          question:
            steps:
              - {id: think, transform: "${stages.read.output.text} ${stages.list.status}"}
              - {id: check, assert: stages.think.output != "", on_error: {fallback: {transform: "${error.code}"}}}
            output: ${stages.check.output}
      chooser:
        decide: [{when: stages.read.output.kind == "bug", goto: save}, {goto: []}]
      save: {tool: save, with: {path: out/x, text: "${stages.route.output}"}, join: any, if: vars.limit > 2}
      cleanup: {transform: "${run.status}", join: settled, after: [save, route]}
)";

TEST(DamagedManifests, AWholeOneIsCleanAndWellFormed) {
  Lowered lowered(kManifest);
  EXPECT_EQ(lowered.Codes(), "");
  EXPECT_EQ(ir::Verify(lowered.project), "");
}

TEST(DamagedManifests, AnyPrefixLowersToWellFormedIr) {
  for (size_t size = 0; size < kManifest.size(); size += 7) {
    Lowered lowered(kManifest.substr(0, size));
    EXPECT_EQ(ir::Verify(lowered.project), "") << kManifest.substr(0, size);
    EXPECT_FALSE(ir::PrintProject(lowered.project).empty());
  }
}

TEST(DamagedManifests, AnyLineMayBeMissing) {
  size_t begin = 0;
  while (begin < kManifest.size()) {
    size_t end = kManifest.find('\n', begin) + 1;
    std::string text(kManifest.substr(0, begin));
    text += kManifest.substr(end);
    Lowered lowered(text);
    EXPECT_EQ(ir::Verify(lowered.project), "") << text;
    begin = end;
  }
}

TEST(DamagedManifests, AnyWordMayBeAnother) {
  for (size_t at = 0; at + 3 < kManifest.size(); at += 5) {
    std::string text(kManifest);
    text.replace(at, 3, "x: ");
    Lowered lowered(text);
    EXPECT_EQ(ir::Verify(lowered.project), "") << text;
  }
}

using Damage = void (*)(ir::Project&);
struct DamageCase {
  std::string_view problem;
  Damage damage;
};

ir::Stage& Stage(ir::Project& project, std::string_view path) {
  for (ir::Stage& stage : project.stages) {
    if (project.text(stage.path) == path) return stage;
  }
  return *project.stages.begin();
}

class DamagedIr : public ::testing::TestWithParam<DamageCase> {};

TEST_P(DamagedIr, IsNoticed) {
  Lowered lowered(kManifest);
  GetParam().damage(lowered.project);
  EXPECT_EQ(ir::Verify(lowered.project), GetParam().problem);
}

INSTANTIATE_TEST_SUITE_P(
    Verifier, DamagedIr,
    ::testing::Values(
        DamageCase{"workflow w: body",
                   [](ir::Project& p) { p.workflows.begin()->body = ir::BodyId(99); }},
        DamageCase{"workflow w: dry_run is not among its modes",
                   [](ir::Project& p) { p.workflows.begin()->modes = 0; }},
        DamageCase{"workflow w: output",
                   [](ir::Project& p) { p.workflows.begin()->output = ir::ExprId(1u << 30); }},
        DamageCase{"body 1: its owner stands in a later body",
                   [](ir::Project& p) {
                     p.bodies[ir::BodyId(1)].owner = ir::StageId(p.stages.size() - 1);
                     p.stages[ir::StageId(p.stages.size() - 1)].body = ir::BodyId(2);
                     p.bodies[ir::BodyId(0)].stages.count -= 1;
                   }},
        DamageCase{"body 0: stages are not sorted",
                   [](ir::Project& p) { std::swap(p.stage_lists[0], p.stage_lists[1]); }},
        DamageCase{"body 0: stages",
                   [](ir::Project& p) { p.bodies[ir::BodyId(0)].stages.count = 1u << 20; }},
        DamageCase{"stage read: agent",
                   [](ir::Project& p) {
                     p.agent_calls[Id<ir::AgentCall>(Stage(p, "read").payload)].agent =
                         ir::AgentId(9);
                   }},
        DamageCase{"stage list: tool",
                   [](ir::Project& p) {
                     p.tool_calls[Id<ir::ToolCall>(Stage(p, "list").payload)].tool = ir::ToolId(9);
                   }},
        DamageCase{"stage list: arguments",
                   [](ir::Project& p) {
                     p.tool_calls[Id<ir::ToolCall>(Stage(p, "list").payload)].with.arguments.count =
                         1u << 20;
                   }},
        DamageCase{"stage chooser: routes",
                   [](ir::Project& p) {
                     p.decides[Id<ir::Decide>(Stage(p, "chooser").payload)].routes.count = 1u << 20;
                   }},
        DamageCase{"stage read: retry",
                   [](ir::Project& p) { Stage(p, "read").retry = ir::RetryId(9); }},
        DamageCase{"stage command: payload",
                   [](ir::Project& p) { Stage(p, "command").payload = p.commands.size(); }},
        DamageCase{"stage read: payload",
                   [](ir::Project& p) { Stage(p, "read").payload = ir::Stage::kNoPayload; }},
        DamageCase{"stage chooser: payload",
                   [](ir::Project& p) { Stage(p, "chooser").payload = p.decides.size(); }},
        DamageCase{"stage cleanup: payload",
                   [](ir::Project& p) { Stage(p, "cleanup").payload = p.transforms.size(); }},
        DamageCase{"stage cleanup: a broken stage holds something",
                   [](ir::Project& p) { Stage(p, "cleanup").verb = ir::Verb::Poison; }},
        DamageCase{"stage command: on_error and fallback disagree",
                   [](ir::Project& p) { Stage(p, "command").on_error = ir::OnError::Fallback; }},
        DamageCase{"stage save: dependencies are not sorted",
                   [](ir::Project& p) {
                     uint32_t first = Stage(p, "save").dependencies.first;
                     std::swap(p.dependencies[first], p.dependencies[first + 1]);
                   }},
        DamageCase{"stage list: a dependency leads elsewhere",
                   [](ir::Project& p) {
                     p.dependencies[Stage(p, "list").dependencies.first].to = ir::StageId(0);
                   }},
        DamageCase{"stage list: a dependency's need does not fit its kind",
                   [](ir::Project& p) {
                     p.dependencies[Stage(p, "list").dependencies.first].need = ir::Need::Settled;
                   }},
        DamageCase{"stage chooser: a route leads out of the body",
                   [](ir::Project& p) {
                     Range routes = p.GetDecide(Stage(p, "chooser")).routes;
                     p.stage_lists[p.routes[routes.first].stages.first] =
                         p.stages_of(p.bodies[ir::BodyId(1)])[0];
                   }},
        DamageCase{"stage route: a route's body is another's",
                   [](ir::Project& p) {
                     Range routes = p.GetDecide(Stage(p, "route")).routes;
                     p.routes[routes.first].body = ir::BodyId(0);
                   }},
        DamageCase{"stages: `aaa` is out of order",
                   [](ir::Project& p) { Stage(p, "list").path = p.strings.Intern("aaa"); }},
        DamageCase{"agent program: command",
                   [](ir::Project& p) { p.agents.begin()->command = ir::CommandId(50); }},
        DamageCase{"tool fs.list: input",
                   [](ir::Project& p) { p.tools.begin()->input = ir::SchemaId(1u << 20); }},
        DamageCase{"model fast: members",
                   [](ir::Project& p) { p.models.begin()->members.count = 9; }},
        DamageCase{"security: a scope's target",
                   [](ir::Project& p) { p.security.scopes.Add({.target = ir::StageId(99)}); }},
        DamageCase{"security: the project's scope does not come first",
                   [](ir::Project& p) {
                     p.security.scopes[ir::kProjectScope].target = ir::WorkflowId(0);
                   }},
        DamageCase{"security: main", [](ir::Project& p) { p.main = ir::WorkflowId(4); }}));

}  // namespace
}  // namespace wfc::lower

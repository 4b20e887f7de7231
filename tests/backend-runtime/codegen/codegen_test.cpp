// Codegen from projects that are made by hand; lit-tests/plan does it from manifests.
#include "backend-runtime/codegen/codegen.h"

#include <map>

#include <gtest/gtest.h>

#include "backend-runtime/plan/verifier.h"
#include "ir/support/sha256.h"

namespace wfc::codegen {
namespace {

/// A project of one workflow, whose stages are transforms of constants unless they are changed.
class TinyProject {
 public:
  TinyProject() {
    project.name = project.strings.Intern("tiny");
    project.security.scopes.Add({});
    project.workflows.Add({.name = Named("main"), .body = AddBody({})});
  }

  ir::Project project;

  ir::Name Named(std::string_view text) {
    return {.text = project.strings.Intern(text), .span = {}};
  }

  ir::BodyId AddBody(const ir::Body& body) { return project.bodies.Add(body); }

  ir::StageId AddStage(std::string_view path, ir::BodyId body = ir::BodyId(0)) {
    ir::Stage stage;
    stage.name = Named(path);
    stage.path = project.strings.Intern(path);
    stage.workflow = ir::WorkflowId(0);
    stage.body = body;
    ir::Project::SetPayload(
        stage, project.transforms.Add({project.exprs.AddConst(Value::String(path), {})}));
    members_[body].push_back(ir::StageId(project.stages.size()));
    return project.stages.Add(stage);
  }

  void AddEdge(ir::StageId from, ir::StageId to, ir::DependencyKind kind = ir::DependencyKind::Hard,
               ir::Need need = ir::Need::After) {
    edges_[to].push_back({.from = from, .to = to, .kind = kind, .need = need, .span = {}});
  }

  /// The plan, which must pass the verifier.
  plan::PlanView Compile() {
    for (const auto& [body, stages] : members_) {
      project.bodies[body].stages = {static_cast<uint32_t>(project.stage_lists.size()),
                                     static_cast<uint32_t>(stages.size())};
      project.stage_lists.insert(project.stage_lists.end(), stages.begin(), stages.end());
    }
    for (const auto& [stage, edges] : edges_) {
      project.stages[stage].dependencies = {static_cast<uint32_t>(project.dependencies.size()),
                                            static_cast<uint32_t>(edges.size())};
      project.dependencies.insert(project.dependencies.end(), edges.begin(), edges.end());
    }
    static_cast<void>(project.schemas.Finish());
    Result<plan::PlanView, plan::VerifyError> plan =
        plan::Verify(EmitPlan(project, ir::WorkflowId(0)));
    EXPECT_TRUE(plan.ok()) << plan.error().message;
    return std::move(*plan);
  }

 private:
  std::map<ir::BodyId, std::vector<ir::StageId>> members_;
  std::map<ir::StageId, std::vector<ir::Dependency>> edges_;
};

std::vector<std::string> NamesOf(const plan::PlanView& plan) {
  std::vector<std::string> names;
  for (const plan::fb::Node& node : plan.nodes) names.emplace_back(plan.name(node));
  return names;
}

TEST(Codegen, NodesAreNumberedByTheLongestPathFromThemThenByName) {
  TinyProject tiny;
  const ir::StageId alone = tiny.AddStage("a_alone");
  const ir::StageId begin = tiny.AddStage("z_begin");
  const ir::StageId middle = tiny.AddStage("m");
  const ir::StageId end = tiny.AddStage("b_end");
  const ir::StageId other = tiny.AddStage("c_other");
  tiny.AddEdge(begin, middle);
  tiny.AddEdge(middle, end);
  tiny.AddEdge(other, end);
  static_cast<void>(alone);
  EXPECT_EQ(NamesOf(tiny.Compile()),
            (std::vector<std::string>{"z_begin", "c_other", "m", "a_alone", "b_end"}));
}

TEST(Codegen, ABodyIsARegionAfterItsOwners) {
  TinyProject tiny;
  const ir::StageId source = tiny.AddStage("source");
  const ir::StageId risky = tiny.AddStage("risky");
  const ir::BodyId fallback =
      tiny.AddBody({.kind = ir::Body::Kind::Fallback, .is_single = true, .owner = risky});
  tiny.project.stages[risky].on_error = ir::OnError::Fallback;
  tiny.project.stages[risky].fallback = fallback;
  const ir::StageId inner = tiny.AddStage("risky.fallback", fallback);
  tiny.AddEdge(source, risky, ir::DependencyKind::Wait, ir::Need::Settled);
  tiny.AddEdge(source, inner, ir::DependencyKind::Hard, ir::Need::Output);
  const plan::PlanView plan = tiny.Compile();
  ASSERT_EQ(plan.regions.size(), 2u);
  EXPECT_EQ(plan.name(plan.owner_of(plan::RegionId(1))), "risky");
  EXPECT_EQ(plan.regions[plan::RegionId(1)].kind(), plan::fb::RegionKind::Fallback);
  ASSERT_EQ(plan.outer_reads.size(), 1u);
  EXPECT_EQ(plan.name(plan::NodeId(plan.outer_reads[0].from())), "source");
  EXPECT_EQ(plan.outer_reads[0].kind(), plan::fb::EdgeKind::HardOutput);
}

TEST(Codegen, EqualProgramsPoliciesAndStringsAreStoredOnce) {
  TinyProject tiny;
  for (const char* name : {"a", "b", "c"}) {
    const ir::StageId stage = tiny.AddStage(name);
    ir::Project::SetPayload(
        tiny.project.stages[stage],
        tiny.project.transforms.Add({tiny.project.exprs.AddConst(Value::Int(7), {})}));
    tiny.project.stages[stage].timeout_ns = 1000;
  }
  const plan::PlanView plan = tiny.Compile();
  EXPECT_EQ(plan.programs.size(), 1u);
  EXPECT_EQ(plan.policies.size(), 1u);
  EXPECT_EQ(plan.constants().size(), 1u);
}

TEST(Codegen, AStageHandsItsScopesOnToItsBody) {
  TinyProject tiny;
  const ir::StageId owner = tiny.AddStage("owner");
  const ir::BodyId body =
      tiny.AddBody({.kind = ir::Body::Kind::Fallback, .is_single = true, .owner = owner});
  tiny.project.stages[owner].on_error = ir::OnError::Fallback;
  tiny.project.stages[owner].fallback = body;
  tiny.AddStage("owner.fallback", body);
  tiny.AddStage("other");
  ir::Scope scope;
  scope.target = owner;
  scope.mentioned = 1;
  tiny.project.security.scopes.Add(scope);
  const plan::PlanView plan = tiny.Compile();
  const auto scope_count = [&](uint32_t node) {
    const plan::AuthorityId authority(plan.policy_of(plan::NodeId(node)).authority());
    return plan.authorities[authority].scopes().count();
  };
  EXPECT_EQ(NamesOf(plan), (std::vector<std::string>{"other", "owner", "owner.fallback"}));
  EXPECT_EQ(scope_count(0), 1u);
  EXPECT_EQ(scope_count(1), 2u);
  EXPECT_EQ(scope_count(2), 2u);
}

TEST(Codegen, TheModeIsTheProjectsOrTheLeastTheWorkflowIsMadeFor) {
  const auto default_mode = [](ir::ModeSet modes) {
    TinyProject tiny;
    tiny.project.workflows[ir::WorkflowId(0)].modes = modes;
    tiny.AddStage("a");
    return tiny.Compile().root().default_mode();
  };
  EXPECT_EQ(default_mode(ir::Bit(ir::Mode::Implement) | ir::Bit(ir::Mode::Review)),
            plan::fb::Mode::Implement);
  EXPECT_EQ(default_mode(ir::Bit(ir::Mode::AnalysisOnly) | ir::Bit(ir::Mode::Review)),
            plan::fb::Mode::AnalysisOnly);
  EXPECT_EQ(default_mode(0), plan::fb::Mode::DryRun);
}

TEST(Codegen, PlacesAreWrittenWhenSourcesAreGiven) {
  TinyProject tiny;
  SourceMap sources;
  const FileId file = sources.Add("folder/wfc.yaml", "one\ntwo\n");
  tiny.project.folder = "folder";
  const ir::StageId stage = tiny.AddStage("a");
  tiny.project.stages[stage].span = {.file = file, .begin = 4, .end = 7};
  static_cast<void>(tiny.Compile());
  Result<plan::PlanView, plan::VerifyError> plan = plan::Verify(
      EmitPlan(tiny.project, ir::WorkflowId(0), {.suppressed = {}, .sources = &sources}));
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->source_map()->files()->Get(0)->str(), "wfc.yaml");
  EXPECT_EQ(plan->source_map()->places()->Get(0)->line(), 2u);
  EXPECT_EQ(plan->identity(), Sha256(plan->content()));
}

}  // namespace
}  // namespace wfc::codegen

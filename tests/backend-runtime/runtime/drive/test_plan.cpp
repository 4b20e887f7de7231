#include "tests/backend-runtime/runtime/drive/test_plan.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "backend-runtime/plan/words.h"
#include "ir/expr/vm/bytecode.h"
#include "tests/support/sample_plan.h"

namespace wfc::runtime {
namespace {

using plan::kNone;
namespace fb = plan::fb;
using Words = std::vector<uint32_t>;

}  // namespace

TestPlan::TestPlan() {
  fb::PlanT& tables = builder.tables;
  tables.project = builder.AddString("test");
  tables.workflow = builder.AddString("main");
  tables.compiler = builder.AddString("1");
  tables.modes = 0b1111;
  tables.default_mode = fb::Mode::Implement;
  tables.max_risk = fb::Risk::High;
  tables.concurrency = 4;
  tables.drains_on_failure = false;
  tables.input = tables.output = tables.returns = kNone;
  tables.workspace = tables.path = kNone;
  for (const wfc::Capability each : AllOf<wfc::Capability>()) {
    const fb::Capability capability = plan::ToPlan(each);
    const bool is_path =
        capability == fb::Capability::FsRead || capability == fb::Capability::FsWrite;
    tables.patterns.emplace_back(builder.AddString(is_path ? "**" : "*"), capability);
  }
  tables.scopes.emplace_back(fb::Range(0, kCountOf<wfc::Capability>),
                             fb::Range(kCountOf<wfc::Capability>, 0),
                             static_cast<CapabilitySet>(kAllBits<wfc::Capability>));
  tables.scope_lists = {0};
  tables.authorities.emplace_back(fb::Range(0, 1));
  tables.regions.emplace_back(fb::Range(0, 0), kNone, kNone, fb::Range(0, 0),
                              fb::RegionKind::Workflow, false);
  Policy({});
}

uint32_t TestPlan::Constant(const Value& value) {
  return builder.AddProgram(
      Words{MakeWord(Opcode::Const), builder.AddConstant(value), MakeWord(Opcode::Return)});
}

uint32_t TestPlan::Load(RootKind kind, uint32_t a, uint32_t b) {
  return builder.AddProgram(
      Words{MakeWord(Opcode::Load, static_cast<uint32_t>(kind)), a, b, MakeWord(Opcode::Return)});
}

uint32_t TestPlan::Read(uint32_t node, StageField field) {
  return Load(RootKind::StageField, node, static_cast<uint32_t>(field));
}

uint32_t TestPlan::ReadOr(uint32_t node, StageField field, const Value& other) {
  return builder.AddProgram(
      Words{MakeWord(Opcode::Load, static_cast<uint32_t>(RootKind::StageField)), node,
            static_cast<uint32_t>(field), MakeWord(Opcode::JumpIfPresent), 7,
            MakeWord(Opcode::Const), builder.AddConstant(other), MakeWord(Opcode::Return)});
}

uint32_t TestPlan::Select(RootKind kind, std::string_view field) {
  return builder.AddProgram(
      Words{MakeWord(Opcode::Load, static_cast<uint32_t>(kind)), 0, 0, MakeWord(Opcode::Select),
            builder.AddConstant(Value::String(field)), MakeWord(Opcode::Return)});
}

uint32_t TestPlan::Policy(const plan::PolicyParts& parts) {
  builder.tables.policies.push_back(plan::MakePolicy(parts));
  return static_cast<uint32_t>(builder.tables.policies.size() - 1);
}

uint32_t TestPlan::Retry(uint32_t further_attempts, int64_t initial_ns) {
  builder.tables.retries.emplace_back(initial_ns, int64_t{1} << 40, 2.0, further_attempts,
                                      kAllBits<FailureCode>, false);
  return static_cast<uint32_t>(builder.tables.retries.size() - 1);
}

uint32_t TestPlan::Command(std::string_view argv, fb::Effect effect, bool is_idempotent) {
  fb::PlanT& tables = builder.tables;
  const auto end = [](const auto& table, uint32_t count) {
    return fb::Range(static_cast<uint32_t>(table.size()), count);
  };
  const fb::Range words = end(tables.program_lists, 1);
  tables.program_lists.push_back(Constant(Value::String(argv)));
  const fb::Range exits = end(tables.integers, 1);
  tables.integers.push_back(0);
  const fb::Range none = end(tables.pattern_lists, 0);
  tables.commands.emplace_back(1 << 20, words, end(tables.env_entries, 0), exits, none, none, none,
                               kNone, kNone, false, fb::Parse::Text, effect, is_idempotent);
  return static_cast<uint32_t>(tables.commands.size() - 1);
}

uint32_t TestPlan::ToolCall(uint32_t command, int64_t timeout_ns) {
  fb::PlanT& tables = builder.tables;
  tables.tools.emplace_back(timeout_ns, builder.AddString("tool"), kNone, command, kNone, kNone,
                            kNone, fb::ToolKind::Command, tables.commands[command].effect(),
                            fb::Risk::Low, fb::Trust::Trusted, false);
  tables.tool_calls.emplace_back(static_cast<uint32_t>(tables.tools.size() - 1), kNone);
  return static_cast<uint32_t>(tables.tool_calls.size() - 1);
}

uint32_t TestPlan::Decide(uint32_t subject, const std::vector<Route>& routes) {
  fb::PlanT& tables = builder.tables;
  const fb::Range range(static_cast<uint32_t>(tables.routes.size()),
                        static_cast<uint32_t>(routes.size()));
  for (const Route& route : routes) {
    fb::RouteKind kind = route.nodes.empty() ? fb::RouteKind::None : fb::RouteKind::Nodes;
    if (route.region != kNone) kind = fb::RouteKind::Region;
    const fb::Range targets(static_cast<uint32_t>(tables.route_targets.size()),
                            static_cast<uint32_t>(route.nodes.size()));
    tables.routes.emplace_back(targets,
                               route.key.is_null() ? kNone : builder.AddConstant(route.key), kNone,
                               route.region, kind);
    for (const uint32_t node : route.nodes) tables.route_targets.push_back(node);
  }
  const bool has_default = !routes.empty() && routes.back().key.is_null();
  tables.decides.emplace_back(range, subject, false, has_default);
  return static_cast<uint32_t>(tables.decides.size() - 1);
}

uint32_t TestPlan::Assert(uint32_t program) {
  builder.tables.asserts.emplace_back(program, kNone);
  return static_cast<uint32_t>(builder.tables.asserts.size() - 1);
}

uint32_t TestPlan::Add(const TestStage& stage) {
  fb::PlanT& tables = builder.tables;
  const auto index = static_cast<uint32_t>(tables.nodes.size());
  tables.nodes.emplace_back(builder.AddString(stage.name), stage.verb, stage.join, uint16_t{0}, 0u,
                            0u, static_cast<uint32_t>(tables.regions.size() - 1), stage.payload,
                            stage.condition, stage.policy, stage.returns);
  edges_.emplace_back();
  const fb::Region& region = tables.regions.back();
  tables.regions.back() =
      fb::Region(fb::Range(region.nodes().first(), region.nodes().count() + 1), region.owner(),
                 region.output(), region.outer(), region.kind(), region.is_single());
  return index;
}

uint32_t TestPlan::Body(uint32_t owner, fb::RegionKind kind, uint32_t output) {
  fb::PlanT& tables = builder.tables;
  tables.regions.emplace_back(
      fb::Range(static_cast<uint32_t>(tables.nodes.size()), 0), owner, output,
      fb::Range(static_cast<uint32_t>(tables.outer_reads.size()), 0), kind, output == kNone);
  return static_cast<uint32_t>(tables.regions.size() - 1);
}

void TestPlan::Edge(uint32_t from, uint32_t to, fb::EdgeKind kind) {
  edges_[from].push_back(plan::PackEdge({.to = plan::NodeId(to), .kind = kind}));
}

void TestPlan::OuterRead(uint32_t node, uint32_t from, fb::EdgeKind kind) {
  fb::PlanT& tables = builder.tables;
  tables.outer_reads.emplace_back(node, from, kind);
  const fb::Region& region = tables.regions.back();
  tables.regions.back() = fb::Region(region.nodes(), region.owner(), region.output(),
                                     fb::Range(region.outer().first(), region.outer().count() + 1),
                                     region.kind(), region.is_single());
}

plan::PlanView TestPlan::Build() {
  fb::PlanT& tables = builder.tables;
  std::vector<uint32_t> in_degrees(edges_.size());
  for (std::vector<uint32_t>& row : edges_) {
    std::ranges::sort(row);
    for (const uint32_t word : row) ++in_degrees[plan::UnpackEdge(word).to.index()];
  }
  for (size_t i = 0; i < edges_.size(); ++i) {
    const fb::Node& node = tables.nodes[i];
    tables.nodes[i] = fb::Node(node.name(), node.verb(), node.join(), 0, in_degrees[i],
                               static_cast<uint32_t>(tables.edges.size()), node.region(),
                               node.payload(), node.condition(), node.policy(), node.returns());
    tables.edges.insert(tables.edges.end(), edges_[i].begin(), edges_[i].end());
  }
  Result<plan::PlanView, plan::VerifyError> view =
      plan::Verify(plan::WritePlan(builder, plan::FakeSha256));
  EXPECT_TRUE(view.ok()) << view.error().message;
  return *std::move(view);
}

}  // namespace wfc::runtime

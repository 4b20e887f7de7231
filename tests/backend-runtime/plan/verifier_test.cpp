#include "backend-runtime/plan/verifier.h"

#include <functional>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/value/json.h"
#include "tests/support/sample_plan.h"

namespace wfc::plan {
namespace {

using testing::HasSubstr;

/// "" when the plan is accepted.
std::string MessageOf(std::vector<std::byte> bytes) {
  const Result<PlanView, VerifyError> plan = Verify(std::move(bytes));
  return plan.ok() ? "" : plan.error().message;
}

VerifyError::Kind KindOf(std::vector<std::byte> bytes) {
  const Result<PlanView, VerifyError> plan = Verify(std::move(bytes));
  EXPECT_FALSE(plan.ok());
  return plan.ok() ? VerifyError::Kind::Unreadable : plan.error().kind;
}

/// What the verifier says of the sample after `change`.
std::string MessageAfter(const std::function<void(fb::PlanT&, PlanBuilder&)>& change) {
  SamplePlan sample;
  change(sample.builder.tables, sample.builder);
  return MessageOf(sample.Bytes());
}

/// `original` with one field replaced, found by its offset in the struct.
template <class T, class F>
void Patch(T& entry, size_t offset, F value) {
  std::memcpy(reinterpret_cast<char*>(&entry) + offset, &value, sizeof(value));
}

TEST(Verifier, AcceptsAndShowsTheSample) {
  Result<PlanView, VerifyError> plan = Verify(SamplePlan().Bytes());
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  EXPECT_EQ(plan->workflow(), "everything");
  EXPECT_EQ(plan->nodes.size(), 11u);
  EXPECT_EQ(plan->name(NodeId(7)), "choose.a");
  EXPECT_EQ(plan->edges_of(NodeId(3)).size(), 2u);
  EXPECT_EQ(UnpackEdge(plan->edges_of(NodeId(3))[1]).to, NodeId(5));
  EXPECT_TRUE(plan->edges_of(NodeId(10)).empty());
  EXPECT_EQ(plan->constant(ConstantId(plan->vars.front().value())).AsInt(), 20);
  EXPECT_TRUE(plan->validator().Accepts(plan->schemas.front().entry(), Value::String("abc")));
  EXPECT_FALSE(plan->validator().Accepts(plan->schemas.front().entry(), Value::String("xyz")));
  EXPECT_EQ(plan->source_map()->places()->size(), 11u);
}

TEST(Verifier, AViewStaysValidWhenItMoves) {
  Result<PlanView, VerifyError> plan = Verify(SamplePlan().Bytes());
  ASSERT_TRUE(plan.ok());
  const PlanView moved = std::move(*plan);
  EXPECT_EQ(moved.text(StringId(moved.root().project())), "sample");
  EXPECT_EQ(moved.program(ProgramId(moved.root().output())).constants.size(),
            moved.constants().size());
  Value filled = Value::Record({});
  EXPECT_TRUE(
      moved.validator().FillAndValidate(moved.schemas[SchemaId(1)].entry(), filled).empty());
  EXPECT_EQ(WriteJson(filled), R"({"name":"a"})");
}

TEST(Verifier, WritingIsDeterministic) {
  EXPECT_EQ(SamplePlan().Bytes(), SamplePlan().Bytes());
}

TEST(Verifier, SaysWhatTheHeaderTells) {
  using Kind = VerifyError::Kind;
  const std::vector<std::byte> good = SamplePlan().Bytes();
  EXPECT_EQ(KindOf({}), Kind::NotAPlan);
  EXPECT_EQ(KindOf({std::byte{'#'}, std::byte{'!'}}), Kind::NotAPlan);
  std::vector<std::byte> bytes(good.begin(), good.begin() + 40);
  EXPECT_EQ(MessageOf(bytes), "the plan is truncated: it ends within its header");
  bytes = good;
  bytes[8] = std::byte{kFormatVersion + 1};
  EXPECT_EQ(KindOf(bytes), Kind::OtherVersion);
  EXPECT_THAT(MessageOf(bytes), HasSubstr("version 2 of the format, this wfc reads version 1"));
  bytes = good;
  bytes.pop_back();
  EXPECT_EQ(KindOf(bytes), Kind::Truncated);
  bytes = good;
  bytes.push_back(std::byte{0});
  EXPECT_EQ(KindOf(bytes), Kind::Damaged);
}

TEST(Verifier, RefusesAHeaderWhoseLengthsDoNotFit) {
  std::vector<std::byte> bytes = SamplePlan().Bytes();
  Header header = ReadHeader(bytes);
  header.content_length += 4;
  WriteHeader(header, bytes);
  header.checksum = Checksum(bytes);
  WriteHeader(header, bytes);
  EXPECT_THAT(MessageOf(bytes), HasSubstr("lengths in its header do not fit"));
}

TEST(Verifier, EveryEdgeLeadsOnwards) {
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) {
                plan.edges[2] = PackEdge({.to = NodeId(0), .kind = fb::EdgeKind::Soft});
              }),
              HasSubstr("node 0 (`ask`): an edge leads back to itself"));
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) {
                plan.edges[3] = PackEdge({.to = NodeId(0), .kind = fb::EdgeKind::Soft});
              }),
              HasSubstr("node 1 (`list`): an edge leads back to node 0"));
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) {
                plan.edges[3] = PackEdge({.to = NodeId(8), .kind = fb::EdgeKind::Soft});
              }),
              HasSubstr("node 1 (`list`): an edge leads out of its region, to node 8"));
  EXPECT_THAT(
      MessageAfter([](fb::PlanT& plan, PlanBuilder&) { std::swap(plan.edges[0], plan.edges[1]); }),
      HasSubstr("node 0 (`ask`): its edges are out of order"));
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) { plan.edges[2] |= 7; }),
              HasSubstr("an edge of an unknown kind"));
}

TEST(Verifier, InDegreesAreWhatTheEdgesSay) {
  EXPECT_THAT(
      MessageAfter([](fb::PlanT& plan, PlanBuilder&) { Patch(plan.nodes[6], 8, uint32_t{1}); }),
      HasSubstr("node 6 (`judge`): 3 edges lead here, but it waits for 1"));
}

TEST(Verifier, RegionsPartitionTheNodes) {
  EXPECT_THAT(
      MessageAfter([](fb::PlanT& plan, PlanBuilder&) { Patch(plan.regions[1], 0, uint32_t{6}); }),
      HasSubstr("region 1: its nodes do not begin where those before ended"));
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) { plan.regions.pop_back(); }),
              HasSubstr("regions: nodes that belong to none"));
  EXPECT_THAT(
      MessageAfter([](fb::PlanT& plan, PlanBuilder&) { Patch(plan.nodes[7], 16, uint32_t{0}); }),
      HasSubstr("node 7 (`choose.a`): does not stand in the region that holds it"));
  EXPECT_THAT(
      MessageAfter([](fb::PlanT& plan, PlanBuilder&) { Patch(plan.regions[3], 8, uint32_t{10}); }),
      HasSubstr("region 3: its owner does not stand in a region before it"));
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) { plan.regions.clear(); }),
              HasSubstr("regions: there is none"));
}

TEST(Verifier, ABodyHasExactlyOneUser) {
  EXPECT_THAT(
      MessageAfter([](fb::PlanT& plan, PlanBuilder&) { Patch(plan.routes[2], 16, uint32_t{1}); }),
      HasSubstr("node 2 (`choose`): leads to a region twice"));
  EXPECT_THAT(
      MessageAfter([](fb::PlanT& plan, PlanBuilder&) { Patch(plan.policies[2], 16, uint32_t{2}); }),
      HasSubstr("node 5 (`right`): leads to a region of another owner"));
  EXPECT_THAT(
      MessageAfter([](fb::PlanT& plan, PlanBuilder&) { Patch(plan.nodes[4], 28, uint32_t{2}); }),
      HasSubstr("node 4 (`left`): leads to a region of another owner"));
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) { plan.policies[2] = MakePolicy(); }),
              HasSubstr("region 3: nothing leads to it"));
}

TEST(Verifier, ADecisionChoosesWhatItsRoutesName) {
  EXPECT_THAT(
      MessageAfter([](fb::PlanT& plan, PlanBuilder&) { plan.route_targets[1] = 6; }),
      HasSubstr("node 3 (`pick`): the edges to what it chooses are not its routes' targets"));
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) {
                plan.edges[3] = PackEdge({.to = NodeId(3), .kind = fb::EdgeKind::Control});
              }),
              HasSubstr("node 1 (`list`): chooses another node without being a decision"));
  EXPECT_THAT(
      MessageAfter([](fb::PlanT& plan, PlanBuilder&) { Patch(plan.nodes[3], 20, uint32_t{0}); }),
      HasSubstr("node 3 (`pick`): shares its decision with another node"));
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) { Patch(plan.routes[1], 8, kNone); }),
              HasSubstr("decision 0: a route without the key that it needs"));
}

TEST(Verifier, ProgramsReadWhatTheyMay) {
  const auto load = [](RootKind kind, uint32_t a, uint32_t b) {
    return std::vector<uint32_t>{MakeWord(Opcode::Load, static_cast<uint32_t>(kind)), a, b,
                                 MakeWord(Opcode::Return)};
  };
  const auto with_output = [&](uint32_t node, RootKind kind, uint32_t a, uint32_t b) {
    return MessageAfter([&](fb::PlanT& plan, PlanBuilder& builder) {
      Patch(plan.nodes[node], 20, builder.AddProgram(load(kind, a, b)));
    });
  };
  const auto output = static_cast<uint32_t>(StageField::Output);
  EXPECT_EQ(with_output(4, RootKind::Input, 0, 0), "");
  EXPECT_THAT(with_output(4, RootKind::With, 0, 0),
              HasSubstr("node 4 (`left`): reads what it does not see"));
  EXPECT_THAT(with_output(4, RootKind::Error, 0, 0),
              HasSubstr("node 4 (`left`): reads what it does not see"));
  EXPECT_EQ(with_output(10, RootKind::Error, 0, 0), "");
  EXPECT_THAT(with_output(4, RootKind::Secret, 0, 0),
              HasSubstr("node 4 (`left`): reads what it does not see"));
  EXPECT_THAT(with_output(4, RootKind::Var, 2, 0), HasSubstr("program"));
  EXPECT_THAT(with_output(4, RootKind::Memory, 0, 0), HasSubstr("program"));
  EXPECT_THAT(with_output(4, RootKind::StageField, 99, output), HasSubstr("program"));
  EXPECT_THAT(with_output(4, RootKind::StageField, 0, static_cast<uint32_t>(StageField::Files)),
              HasSubstr("program"));
  EXPECT_THAT(with_output(4, RootKind::StageField, 1, output),
              HasSubstr("node 4 (`left`): reads node 1, for which it does not wait"));
  EXPECT_THAT(with_output(4, RootKind::StageField, 7, output),
              HasSubstr("node 4 (`left`): reads node 7, for which it does not wait"));
  EXPECT_THAT(with_output(10, RootKind::StageField, 4, output),
              HasSubstr("node 10 (`right.fallback`): reads node 4, for which it does not wait"));
}

TEST(Verifier, ProgramsStayInTheirCode) {
  EXPECT_THAT(
      MessageAfter([](fb::PlanT& plan, PlanBuilder&) { plan.code.back() = MakeWord(Opcode::Add); }),
      HasSubstr("program "));
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) { plan.code.push_back(0); }),
              HasSubstr("programs: the code goes on after the last one"));
}

TEST(Verifier, OuterReadsAreOfWhatTheOwnerWaitedFor) {
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) {
                Patch(plan.outer_reads[0], 4, uint32_t{1});
              }),
              HasSubstr("outer read 0: reads a node that its owner does not wait for"));
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) {
                Patch(plan.outer_reads[0], 4, uint32_t{9});
              }),
              HasSubstr("outer read 0: reads a node that does not stand around it"));
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) {
                Patch(plan.outer_reads[0], 0, uint32_t{8});
              }),
              HasSubstr("outer read 0: its node stands in another region"));
}

TEST(Verifier, TextIsUtf8) {
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) { plan.string_bytes[0] = 0xFF; }),
              HasSubstr("strings: not UTF-8"));
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder& builder) {
                builder.AddString("é");
                builder.AddString("x");
                --plan.string_ends[plan.string_ends.size() - 2];
              }),
              HasSubstr("ends within a character"));
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) {
                std::swap(plan.string_ends[0], plan.string_ends[1]);
              }),
              HasSubstr("strings: their ends do not rise"));
}

TEST(Verifier, PoliciesAreSane) {
  const auto with_retry = [](const fb::Retry& retry) {
    return MessageAfter([&](fb::PlanT& plan, PlanBuilder&) { plan.retries[0] = retry; });
  };
  EXPECT_THAT(with_retry({-1, 0, 1, 1, 0, false}),
              HasSubstr("retry 0: its first delay is out of range"));
  EXPECT_THAT(with_retry({0, std::numeric_limits<int64_t>::max(), 1, 1, 0, false}),
              HasSubstr("its longest delay is out of range"));
  EXPECT_THAT(with_retry({0, 0, std::numeric_limits<double>::quiet_NaN(), 1, 0, false}),
              HasSubstr("its factor is out of range"));
  EXPECT_THAT(with_retry({0, 0, 1, kMaxFurtherAttempts + 1, 0, false}),
              HasSubstr("too many attempts"));
  EXPECT_THAT(with_retry({0, 0, 1, 1, 1u << kCountOf<FailureCode>, false}),
              HasSubstr("unknown error code"));
  EXPECT_THAT(
      MessageAfter([](fb::PlanT& plan, PlanBuilder&) { Patch(plan.policies[0], 0, int64_t{-1}); }),
      HasSubstr("policy 0: a timeout below 0"));
  EXPECT_THAT(
      MessageAfter([](fb::PlanT& plan, PlanBuilder&) { Patch(plan.retries[0], 32, uint8_t{2}); }),
      HasSubstr("retry 0: a truth value that is neither 0 nor 1"));
}

TEST(Verifier, WhatNoScopeAllowsStaysDenied) {
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) { plan.scope_lists[0] = 1; }),
              HasSubstr("authority 0: its first scope does not mention every capability"));
  EXPECT_THAT(MessageAfter([](fb::PlanT& plan, PlanBuilder&) {
                plan.authorities[0] = fb::Authority(fb::Range(0, 0));
              }),
              HasSubstr("authority 0"));
  EXPECT_THAT(
      MessageAfter([](fb::PlanT& plan, PlanBuilder&) { Patch(plan.scopes[1], 16, uint16_t{0}); }),
      HasSubstr("scope 1: allows a capability that it does not mention"));
}

TEST(Verifier, EveryIndexIsInBounds) {
  struct Case {
    const char* expected;
    std::function<void(fb::PlanT&)> change;
  };
  const uint32_t far = 1000;
  const std::vector<Case> cases = {
      {"node 0: no such string", [&](fb::PlanT& plan) { Patch(plan.nodes[0], 0, far); }},
      {"what it does is not there", [&](fb::PlanT& plan) { Patch(plan.nodes[0], 20, far); }},
      {"no such program", [&](fb::PlanT& plan) { Patch(plan.nodes[0], 24, far); }},
      {"no such policy", [&](fb::PlanT& plan) { Patch(plan.nodes[0], 28, far); }},
      {"no such schema", [&](fb::PlanT& plan) { Patch(plan.nodes[0], 32, far); }},
      {"unknown verb", [&](fb::PlanT& plan) { Patch(plan.nodes[0], 4, uint8_t{7}); }},
      {"unknown way to join", [&](fb::PlanT& plan) { Patch(plan.nodes[0], 5, uint8_t{3}); }},
      {"unknown way to join", [&](fb::PlanT& plan) { Patch(plan.nodes[0], 6, uint16_t{1}); }},
      {"agent call 0: no such agent", [&](fb::PlanT& plan) { Patch(plan.agent_calls[0], 0, far); }},
      {"tool call 0: no such tool", [&](fb::PlanT& plan) { Patch(plan.tool_calls[0], 0, far); }},
      {"agent 0: no such model", [&](fb::PlanT& plan) { Patch(plan.agents[0], 12, far); }},
      {"agent 0: its temperature is not a number",
       [&](fb::PlanT& plan) { Patch(plan.agents[0], 0, std::numeric_limits<double>::infinity()); }},
      {"tool 0: no such built-in tool", [&](fb::PlanT& plan) { Patch(plan.tools[0], 12, far); }},
      {"tool 0: unknown kind", [&](fb::PlanT& plan) { Patch(plan.tools[0], 32, uint8_t{9}); }},
      {"model 0: no such constant", [&](fb::PlanT& plan) { Patch(plan.models[0], 12, far); }},
      {"model 0: its fixture is not a map",
       [&](fb::PlanT& plan) { Patch(plan.models[0], 12, plan.vars[0].value()); }},
      {"command 0: no such program", [&](fb::PlanT& plan) { plan.program_lists[0] = far; }},
      {"command 0: its limit of output is out of range",
       [&](fb::PlanT& plan) { Patch(plan.commands[0], 0, uint64_t{(64 << 20) + 1}); }},
      {"command 0: a list that", [&](fb::PlanT& plan) { Patch(plan.commands[0], 8, far); }},
      {"command 1: a list that", [&](fb::PlanT& plan) { plan.pattern_lists[0] = far; }},
      {"commands: a list goes on", [&](fb::PlanT& plan) { plan.integers.push_back(1); }},
      {"plan: concurrency out of range", [&](fb::PlanT& plan) { plan.concurrency = 0; }},
      {"plan: its default mode is not one of its modes", [&](fb::PlanT& plan) { plan.modes = 1; }},
      {"plan: unknown mode", [&](fb::PlanT& plan) { plan.modes = 255; }},
      {"plan: no such schema", [&](fb::PlanT& plan) { plan.input = far; }},
      {"plan: no such program", [&](fb::PlanT& plan) { plan.output = far; }},
      {"plan: no such string", [&](fb::PlanT& plan) { plan.workspace = far; }},
      {"variable 0: neither a value", [&](fb::PlanT& plan) { Patch(plan.vars[0], 4, kNone); }},
      {"secret 0: needs an environment variable or a file",
       [&](fb::PlanT& plan) { Patch(plan.secrets[0], 4, kNone); }},
      {"suppressed finding 0: no such string",
       [&](fb::PlanT& plan) { Patch(plan.suppressed[0], 0, far); }},
      {"dry run 0: no such command", [&](fb::PlanT& plan) { Patch(plan.dry_runs[0], 0, far); }},
      {"dry run 0: no such constant", [&](fb::PlanT& plan) { Patch(plan.dry_runs[0], 4, kNone); }},
      {"schemas: no such constant", [&](fb::PlanT& plan) { plan.schema_constants[0] = far; }},
      {"schemas: no such string", [&](fb::PlanT& plan) { plan.schema_patterns[0] = far; }},
      {"schemas: ", [&](fb::PlanT& plan) { Patch(plan.schemas[0], 4, far); }},
      {"schema 0: no such constant", [&](fb::PlanT& plan) { Patch(plan.schemas[0], 8, far); }},
      {"constants: their ends do not rise",
       [&](fb::PlanT& plan) { plan.constant_bytes.push_back(0); }},
      {"constant 0", [&](fb::PlanT& plan) { plan.constant_bytes[0] = 99; }},
      {"program 1: does not begin", [&](fb::PlanT& plan) { Patch(plan.programs[1], 0, far); }},
      {"policy 0: no such retry", [&](fb::PlanT& plan) { Patch(plan.policies[0], 8, far); }},
      {"policy 0: no such authority", [&](fb::PlanT& plan) { Patch(plan.policies[0], 20, far); }},
      {"policy 2: no such region", [&](fb::PlanT& plan) { Patch(plan.policies[2], 16, far); }},
      {"authority 1: no such scope", [&](fb::PlanT& plan) { plan.scope_lists[2] = far; }},
      {"scope 0: unknown capability",
       [&](fb::PlanT& plan) { Patch(plan.patterns[0], 4, uint8_t{10}); }},
      {"route 0: no such region", [&](fb::PlanT& plan) { Patch(plan.routes[0], 16, far); }},
      {"assert 0: no such program", [&](fb::PlanT& plan) { Patch(plan.asserts[0], 0, far); }},
  };
  for (const Case& each : cases) {
    EXPECT_THAT(MessageAfter([&](fb::PlanT& plan, PlanBuilder&) { each.change(plan); }),
                HasSubstr(each.expected));
  }
}

TEST(Verifier, TheWorkspaceLiesBelowTheProjectsFolder) {
  for (const char* workspace : {"/", "/etc", "..", "../folder", "a/../../b", ""}) {
    EXPECT_THAT(MessageAfter([&](fb::PlanT& plan, PlanBuilder& builder) {
                  plan.workspace = builder.AddString(workspace);
                }),
                HasSubstr("its workspace is not below the project's folder"))
        << workspace;
  }
}

TEST(Verifier, RegionsInsideEachOtherAreBounded) {
  // A workflow of one decision whose route is a decision whose route is…
  PlanBuilder builder;
  fb::PlanT& plan = builder.tables;
  plan.modes = 0b1000;
  plan.default_mode = fb::Mode::Implement;
  plan.project = plan.workflow = plan.compiler = builder.AddString("x");
  plan.scopes.emplace_back(fb::Range(0, 0), fb::Range(0, 0), kAllBits<Capability>);
  plan.scope_lists = {0};
  plan.authorities.emplace_back(fb::Range(0, 1));
  plan.policies.push_back(MakePolicy());
  const auto build = [&](uint32_t depth) {
    PlanBuilder deep = builder;
    for (uint32_t i = 0; i < depth; ++i) {
      const bool is_last = i + 1 == depth;
      deep.tables.nodes.emplace_back(0, fb::Verb::Decide, fb::Join::All, 0, 0, 0, i, i, kNone, 0,
                                     kNone);
      deep.tables.regions.emplace_back(
          fb::Range(i, 1), i == 0 ? kNone : i - 1, kNone, fb::Range(0, 0),
          i == 0 ? fb::RegionKind::Workflow : fb::RegionKind::Route, i != 0);
      deep.tables.decides.emplace_back(fb::Range(i, 1), kNone, true, false);
      deep.tables.routes.emplace_back(fb::Range(0, 0), kNone, kNone, is_last ? kNone : i + 1,
                                      is_last ? fb::RouteKind::None : fb::RouteKind::Region);
    }
    return MessageOf(WritePlan(deep, FakeSha256));
  };
  EXPECT_EQ(build(kMaxRegionDepth), "");
  EXPECT_THAT(build(kMaxRegionDepth + 1), HasSubstr("too many regions inside each other"));
}

TEST(ReadPlanFile, SaysWhatItCannotRead) {
  const auto missing = ReadPlanFile("/nonexistent/plan.bin");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().kind, VerifyError::Kind::Unreadable);
  EXPECT_THAT(missing.error().message, HasSubstr("No such file"));
  const auto folder = ReadPlanFile("/");
  ASSERT_FALSE(folder.ok());
  EXPECT_THAT(folder.error().message, HasSubstr("directory"));
  const auto endless = ReadPlanFile("/dev/zero");
  ASSERT_FALSE(endless.ok());
  EXPECT_EQ(endless.error().kind, VerifyError::Kind::Unreadable);
  EXPECT_THAT(endless.error().message, HasSubstr("is not a regular file"));
}

}  // namespace
}  // namespace wfc::plan

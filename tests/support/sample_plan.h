// A small plan that has one of everything: for the plan's own tests, the damage test and the
// fuzzer. Written by hand, since those tests come before the compiler that would write it.
#pragma once

#include <cstring>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "backend-runtime/plan/writer.h"
#include "ir/expr/vm/bytecode.h"
#include "ir/types/vm/schema_code.h"
#include "tests/support/policies.h"

namespace wfc::plan {

/// Not SHA-256: the plan's tests need a digest, not libcrypto.
inline Sha256Digest FakeSha256(std::span<const std::byte> bytes) {
  Sha256Digest digest{};
  const uint64_t hash = Xxh3(bytes);
  std::memcpy(digest.data(), &hash, sizeof(hash));
  return digest;
}

class SamplePlan {
 public:
  SamplePlan() {
    AddHead();
    AddSecurity();
    AddSchemas();
    AddCallees();
    AddNodes();
    AddEdges();
    AddRegions();
  }

  PlanBuilder builder;

  [[nodiscard]] std::vector<std::byte> Bytes() const { return WritePlan(builder, FakeSha256); }

 private:
  using Words = std::vector<uint32_t>;

  uint32_t Text(std::string_view text) { return builder.AddString(text); }

  uint32_t Constant(const Value& value) {
    return builder.AddProgram(
        Words{MakeWord(Opcode::Const), builder.AddConstant(value), MakeWord(Opcode::Return)});
  }
  uint32_t Load(RootKind kind, uint32_t a = 0, uint32_t b = 0) {
    return builder.AddProgram(
        Words{MakeWord(Opcode::Load, static_cast<uint32_t>(kind)), a, b, MakeWord(Opcode::Return)});
  }
  uint32_t Read(uint32_t node, StageField field) {
    return Load(RootKind::StageField, node, static_cast<uint32_t>(field));
  }
  /// `coalesce(STAGE.output, false)`
  uint32_t ReadOr(uint32_t node, const Value& other) {
    const auto output = static_cast<uint32_t>(StageField::Output);
    return builder.AddProgram(
        Words{MakeWord(Opcode::Load, static_cast<uint32_t>(RootKind::StageField)), node, output,
              MakeWord(Opcode::JumpIfPresent), 7, MakeWord(Opcode::Const),
              builder.AddConstant(other), MakeWord(Opcode::Return)});
  }

  fb::PlanT& tables() { return builder.tables; }

  void AddHead() {
    tables().project = Text("sample");
    tables().workflow = Text("everything");
    tables().compiler = Text("1");
    tables().modes = 0b1111;
    tables().default_mode = fb::Mode::Implement;
    tables().max_risk = fb::Risk::High;
    tables().concurrency = 3;
    tables().workspace = Text("folder");
    tables().path = Text("/usr/bin");
    tables().vars.emplace_back(Text("limit"), builder.AddConstant(Value::Int(20)), kNone, kNone);
    tables().vars.emplace_back(Text("region"), kNone, Text("REGION"), kNone);
    tables().secrets.emplace_back(Text("TOKEN"), Text("TOKEN"), kNone);
    tables().suppressed.emplace_back(Text("R001"), Text("wfc.yaml"), Text("it is quick"));
  }

  void AddSecurity() {
    using fb::Capability;
    tables().patterns.emplace_back(Text("**"), Capability::FsRead);
    tables().patterns.emplace_back(Text("echo"), Capability::Exec);
    tables().patterns.emplace_back(Text("*"), Capability::Llm);
    tables().patterns.emplace_back(Text("TOKEN"), Capability::Secret);
    tables().patterns.emplace_back(Text("**/.env"), Capability::FsRead);
    tables().patterns.emplace_back(Text("src/**"), Capability::FsRead);
    tables().scopes.emplace_back(fb::Range(0, 4), fb::Range(4, 1), kAllBits<wfc::Capability>);
    tables().scopes.emplace_back(fb::Range(5, 1), fb::Range(6, 0),
                                 1u << static_cast<unsigned>(Capability::FsRead));
    tables().scope_lists = {0, 0, 1};
    tables().authorities.emplace_back(fb::Range(0, 1));
    tables().authorities.emplace_back(fb::Range(1, 2));
  }

  /// 0: a string of two patterns. 1: an object with a default.
  void AddSchemas() {
    using types::InstructionWord;
    using types::Op;
    const uint32_t a = builder.AddConstant(Value::String("a"));
    const uint32_t name = builder.AddConstant(Value::String("name"));
    tables().schema_constants = {a, name};
    tables().schema_patterns = {Text("^[a-c]+$")};
    tables().schema_code = {
        InstructionWord(Op::Type, 1),
        types::Bit(types::TypeBit::String),
        InstructionWord(Op::Pattern, 1),
        0,
        InstructionWord(Op::Default, 1),
        0,
        InstructionWord(Op::End, 0),
        InstructionWord(Op::Type, 1),
        types::Bit(types::TypeBit::Object),
        InstructionWord(Op::Properties, 3),
        types::kNoTarget,
        1,
        0,
        InstructionWord(Op::End, 0),
    };
    tables().schemas.emplace_back(
        Text("letters"), 0, a,
        builder.AddConstant(Value::Record({{"type", Value::String("string")}})));
    tables().schemas.emplace_back(Text("named"), 7, kNone, kNone);
    tables().input = 1;
  }

  void AddCallees() {
    const Value answers =
        Value::Record({{"ask", Value::List({Value::String("a"), Value::String("b")})}});
    tables().models.emplace_back(1000, Text("smart"), builder.AddConstant(answers),
                                 fb::Provider::Scripted);
    tables().agents.emplace_back(0.5, Text("asker"), 0, Constant(Value::String("You ask.")),
                                 Load(RootKind::With), kNone, 0, kNone, fb::AgentKind::Llm,
                                 fb::Effect::Read);
    tables().agents.emplace_back(-1, Text("program"), kNone, kNone, kNone, kNone, kNone, 0,
                                 fb::AgentKind::Command, fb::Effect::Send);
    constexpr uint32_t kFsList = 1;
    tables().tools.emplace_back(0, Text("fs.list"), kFsList, kNone, kNone, kNone, kNone,
                                fb::ToolKind::Builtin, fb::Effect::Read, fb::Risk::Low,
                                fb::Trust::Trusted, true);
    tables().tools.emplace_back(5'000'000'000, Text("say"), kNone, 0, kNone, 0,
                                builder.AddConstant(Value::String("")), fb::ToolKind::Command,
                                fb::Effect::Write, fb::Risk::Medium, fb::Trust::Untrusted, false);
    AddCommands();
  }

  void AddCommands() {
    const uint32_t echo = Constant(Value::String("echo"));
    tables().program_lists = {echo, Load(RootKind::With), echo, Load(RootKind::Var, 0)};
    tables().env_entries.emplace_back(Text("TOKEN"), Load(RootKind::Secret, 0));
    tables().integers = {0, 0, 1};
    tables().pattern_lists = {Text("src/**"), Text("out/**")};
    tables().commands.emplace_back(1 << 20, fb::Range(0, 2), fb::Range(0, 0), fb::Range(0, 1),
                                   fb::Range(0, 0), fb::Range(0, 0), fb::Range(0, 0), kNone, kNone,
                                   true, fb::Parse::Text, fb::Effect::Send, false);
    tables().commands.emplace_back(1 << 10, fb::Range(2, 2), fb::Range(0, 1), fb::Range(1, 2),
                                   fb::Range(0, 1), fb::Range(1, 1), fb::Range(2, 0),
                                   Constant(Value::String(".")), kNone, false, fb::Parse::Lines,
                                   fb::Effect::Write, true);
    tables().dry_runs.emplace_back(1, Constant(Value::Null()));
  }

  void Node(std::string_view name, fb::Verb verb, uint32_t payload, uint32_t region,
            uint32_t policy = 0, uint32_t condition = kNone, fb::Join join = fb::Join::All,
            uint32_t returns = kNone) {
    tables().nodes.emplace_back(Text(name), verb, join, 0, 0, 0, region, payload, condition, policy,
                                returns);
  }

  void AddNodes() {
    using enum fb::Verb;
    constexpr int64_t kSecond = 1'000'000'000;
    tables().retries.emplace_back(kSecond, 30 * kSecond, 2.0, 2, 0b1001, true);
    tables().policies.push_back(MakePolicy());
    tables().policies.push_back(MakePolicy({.on_error = fb::OnError::Value,
                                            .value = Constant(Value::String("c")),
                                            .retry = 0,
                                            .timeout_ns = 60 * kSecond,
                                            .authority = 1}));
    tables().policies.push_back(MakePolicy({.on_error = fb::OnError::Fallback, .fallback = 3}));
    tables().policies.push_back(MakePolicy({.on_error = fb::OnError::Continue, .authority = 1}));
    tables().agent_calls.emplace_back(0, Load(RootKind::Input), kNone, kNone);
    tables().tool_calls.emplace_back(0, kNone);
    tables().tool_calls.emplace_back(1, Constant(Value::Record({{"text", Value::String("hi")}})));
    AddDecisions();
    Node("ask", Agent, 0, 0, 1, kNone, fb::Join::All, 0);
    Node("list", Tool, 0, 0, 3);
    Node("choose", Decide, 0, 0);
    Node("pick", Decide, 1, 0);
    Node("left", Transform, Load(RootKind::Vars), 0, 0, Constant(Value::Bool(true)));
    Node("right", Run, 1, 0, 2);
    tables().asserts.emplace_back(ReadOr(4, Value::Bool(true)),
                                  Constant(Value::String("left is missing")));
    Node("judge", Assert, 0, 0, 3, kNone, fb::Join::Settled);
    Node("choose.a", Transform, Read(0, StageField::Output), 1);
    Node("first", Tool, 1, 2);
    Node("second", Fail, Read(8, StageField::Output), 2);
    Node("right.fallback", Transform, Load(RootKind::Error), 3);
    tables().output = ReadOr(2, Value::String("nothing"));
  }

  void AddDecisions() {
    const uint32_t a = builder.AddConstant(Value::String("a"));
    const uint32_t b = builder.AddConstant(Value::String("b"));
    tables().decides.emplace_back(fb::Range(0, 3), Read(0, StageField::Output), false, true);
    tables().routes.emplace_back(fb::Range(0, 0), a, kNone, 1, fb::RouteKind::Region);
    tables().routes.emplace_back(fb::Range(0, 0), b, kNone, kNone, fb::RouteKind::None);
    tables().routes.emplace_back(fb::Range(0, 0), kNone, kNone, 2, fb::RouteKind::Region);
    tables().decides.emplace_back(fb::Range(3, 2), kNone, true, false);
    tables().routes.emplace_back(fb::Range(0, 2), kNone, Constant(Value::Bool(true)), kNone,
                                 fb::RouteKind::Nodes);
    tables().routes.emplace_back(fb::Range(2, 1), kNone, kNone, kNone, fb::RouteKind::Nodes);
    tables().route_targets = {4, 5, 4};
  }

  void AddEdges() {
    using enum fb::EdgeKind;
    struct Target {
      uint32_t node;
      fb::EdgeKind kind;
    };
    const std::vector<std::vector<Target>> edges = {{{2, HardOutput}, {2, Wait}, {3, Soft}},
                                                    {{3, HardAfter}},
                                                    {{6, Soft}},
                                                    {{4, Control}, {5, Control}},
                                                    {{6, Soft}},
                                                    {{6, HardRan}},
                                                    {},
                                                    {},
                                                    {{9, HardOutput}},
                                                    {},
                                                    {}};
    std::vector<uint32_t> in_degrees(edges.size());
    for (const std::vector<Target>& row : edges) {
      for (const Target& target : row) ++in_degrees[target.node];
    }
    for (size_t i = 0; i < edges.size(); ++i) {
      const fb::Node& node = tables().nodes[i];
      tables().nodes[i] = fb::Node(node.name(), node.verb(), node.join(), 0, in_degrees[i],
                                   static_cast<uint32_t>(tables().edges.size()), node.region(),
                                   node.payload(), node.condition(), node.policy(), node.returns());
      for (const Target& target : edges[i])
        tables().edges.push_back(PackEdge({.to = NodeId(target.node), .kind = target.kind}));
    }
  }

  void AddRegions() {
    using enum fb::RegionKind;
    tables().outer_reads.emplace_back(7, 0, fb::EdgeKind::HardOutput);
    tables().regions.emplace_back(fb::Range(0, 7), kNone, kNone, fb::Range(0, 0), Workflow, false);
    tables().regions.emplace_back(fb::Range(7, 1), 2, kNone, fb::Range(0, 1), Route, true);
    tables().regions.emplace_back(fb::Range(8, 2), 2, Read(8, StageField::Output), fb::Range(1, 0),
                                  Route, false);
    tables().regions.emplace_back(fb::Range(10, 1), 5, kNone, fb::Range(1, 0), Fallback, true);
    builder.source_map.files = {"wfc.yaml"};
    builder.source_map.digests = {std::string(64, '0')};
    for (uint32_t i = 0; i < tables().nodes.size(); ++i)
      builder.source_map.places.emplace_back(i + 1, 3, 0);
  }
};

}  // namespace wfc::plan

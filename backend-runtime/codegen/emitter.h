// Emitter: fills the tables of one plan. What is added is numbered by first use, so the order of
// additions must not be left to the compiler: structs are made with braces, whose parts are
// evaluated in order, never with parentheses. Its files: emitter.cpp the order of things,
// emit_graph.cpp nodes, edges, regions and decides, emit_callees.cpp agents, tools, models and
// commands, emit_source_map.cpp places.
#pragma once

#include <map>
#include <string>

#include "backend-runtime/codegen/authority_pool.h"
#include "backend-runtime/codegen/codegen.h"
#include "backend-runtime/codegen/layout.h"
#include "backend-runtime/codegen/program_pool.h"
#include "backend-runtime/codegen/reach.h"
#include "backend-runtime/codegen/schema_pool.h"

namespace wfc::codegen {

namespace fb = plan::fb;

/// Writes one workflow of a project that has no errors into a plan.
class Emitter {
 public:
  Emitter(const ir::Project& project, ir::WorkflowId workflow, const CodegenOptions& options,
          plan::PlanBuilder& builder);

  /// Called once.
  void Emit();

 private:
  void UseSchemas();
  void EmitProject();
  void EmitVars();

  void EmitCallees();
  void EmitModel(const ir::Model& model);
  void EmitCommand(const ir::Command& command);
  void EmitAgent(const ir::Agent& agent);
  void EmitTool(const ir::Tool& tool);
  fb::Range EmitPatterns(Range patterns);
  [[nodiscard]] Value FixtureOf(const ir::Model& model) const;

  void EmitGraph();
  void EmitNode(ir::StageId stage, plan::RegionId region);
  void EmitEdges();
  void EmitRegion(plan::RegionId region);
  /// The index of what the node does, in the table of its verb.
  uint32_t EmitPayload(const ir::Stage& stage);
  plan::DecideId EmitDecide(const ir::Decide& decide);
  void EmitRoute(const ir::Route& route, const ir::Decide& decide);
  plan::PolicyId EmitPolicy(ir::StageId stage);
  plan::RetryId EmitRetry(ir::RetryId retry);

  void EmitSourceMap(const SourceMap& sources);

  // Indices, as the plan's structs hold them.
  uint32_t AddText(StringId text) {
    return text.has_value() ? builder_.AddString(project_.text(text)) : plan::kNone;
  }
  uint32_t AddText(const ir::Name& name) { return builder_.AddString(project_.text(name)); }
  uint32_t AddProgram(ir::ExprId expr) { return programs_.Add(expr).index(); }
  uint32_t AddConstant(const Value& value) { return programs_.AddConstant(value).index(); }
  uint32_t SchemaOf(ir::SchemaId schema) const { return schemas_.of(schema).index(); }

  const ir::Project& project_;
  ir::WorkflowId workflow_;
  const CodegenOptions& options_;
  plan::PlanBuilder& builder_;
  fb::PlanT& tables_;
  Layout layout_;
  Reach reach_;
  ProgramPool programs_;
  SchemaPool schemas_;
  AuthorityPool authorities_;
  std::map<std::string, plan::PolicyId> policies_;  // by their bytes
  std::map<std::string, plan::RetryId> retries_;
};

/// Whether a stage with this effect is not performed in mode dry_run.
[[nodiscard]] constexpr bool IsSimulated(ir::Effect effect) {
  return effect >= ir::Effect::Write;
}

}  // namespace wfc::codegen

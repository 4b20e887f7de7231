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
  void EmitNode(ir::StageId stage, uint32_t region);
  void EmitEdges();
  void EmitRegion(uint32_t region);
  uint32_t EmitPayload(const ir::Stage& stage);
  uint32_t EmitDecide(const ir::Stage& stage);
  void EmitRoute(const ir::Route& route, const ir::Decide& decide);
  uint32_t EmitPolicy(ir::StageId stage);
  uint32_t EmitRetry(ir::RetryId retry);

  void EmitSourceMap(const SourceMap& sources);

  uint32_t AddText(StringId text) {
    return text.has_value() ? builder_.AddString(project_.text(text)) : plan::kNone;
  }
  uint32_t AddText(const ir::Name& name) { return builder_.AddString(project_.text(name)); }

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
  std::map<std::string, uint32_t> policies_;  // by their bytes
  std::map<std::string, uint32_t> retries_;
};

/// Whether a stage with this effect is not performed in mode dry_run.
[[nodiscard]] constexpr bool IsSimulated(ir::Effect effect) {
  return effect >= ir::Effect::Write;
}

}  // namespace wfc::codegen

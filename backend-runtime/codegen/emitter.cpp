#include "backend-runtime/codegen/emitter.h"

#include <algorithm>

#include "backend-runtime/plan/words.h"

namespace wfc::codegen {
namespace {

/// What a run runs in when nobody says otherwise: the project's mode, else the least that the
/// workflow is made for.
ir::Mode DefaultMode(ir::Mode wanted, ir::ModeSet modes) {
  if ((modes & ir::Bit(wanted)) != 0) return wanted;
  for (const ir::Mode mode : {ir::Mode::AnalysisOnly, ir::Mode::Review, ir::Mode::Implement}) {
    if ((modes & ir::Bit(mode)) != 0) return mode;
  }
  return ir::Mode::DryRun;
}

/// What codegen needs of a stage's own `returns` besides the schema.
SchemaPool::Extra ExtraOf(const ir::Project& project, const ir::Stage& stage) {
  using Extra = SchemaPool::Extra;
  switch (RuleOf(stage.verb).callee) {
    case Callee::Agent:
      return Extra::Document;
    case Callee::Tool: {
      const ir::Tool& tool = project.tools[project.tool_of(stage)];
      return IsSimulated(tool.effect) ? Extra::Smallest : Extra::None;
    }
    case Callee::Command:
      return IsSimulated(project.GetCommand(stage).effect) ? Extra::Smallest : Extra::None;
    case Callee::None:
      return Extra::None;
  }
  return Extra::None;
}

}  // namespace

Emitter::Emitter(const ir::Project& project, ir::WorkflowId workflow, const CodegenOptions& options,
                 plan::PlanBuilder& builder)
    : project_(project),
      workflow_(workflow),
      options_(options),
      builder_(builder),
      tables_(builder.tables),
      layout_(MakeLayout(project, workflow)),
      reach_(FindReach(project, workflow, layout_)),
      programs_(project, layout_, reach_, options.kinds, builder),
      schemas_(project),
      authorities_(project) {}

void Emitter::Emit() {
  UseSchemas();
  schemas_.Compile();
  EmitProject();
  EmitGraph();
  EmitCallees();
  EmitVars();
  schemas_.Emit(programs_, builder_);
  authorities_.Emit(builder_);
  programs_.Finish();
  if (options_.sources != nullptr) EmitSourceMap(*options_.sources);
}

void Emitter::UseSchemas() {
  using Extra = SchemaPool::Extra;
  const ir::Workflow& workflow = project_.workflows[workflow_];
  // What the workflow takes and gives is shown by `wfc inspect`.
  schemas_.Use(workflow.input, Extra::Document);
  schemas_.Use(workflow.returns, Extra::Document);
  for (const ir::StageId id : layout_.nodes) {
    const ir::Stage& stage = project_.stages[id];
    schemas_.Use(stage.returns, ExtraOf(project_, stage));
  }
  for (const ir::VarId var : reach_.vars.ids())
    schemas_.Use(project_.vars[var].schema, Extra::None);
  for (const ir::AgentId agent : reach_.agents.ids()) {
    schemas_.Use(project_.agents[agent].input, Extra::None);
    schemas_.Use(project_.agents[agent].returns, Extra::Document);
  }
  for (const ir::ToolId id : reach_.tools.ids()) {
    const ir::Tool& tool = project_.tools[id];
    schemas_.Use(tool.input, Extra::None);
    schemas_.Use(tool.returns, IsSimulated(tool.effect) ? Extra::Smallest : Extra::None);
  }
}

void Emitter::EmitProject() {
  const ir::Workflow& workflow = project_.workflows[workflow_];
  const ir::Execution& execution = project_.execution;
  tables_.project =
      builder_.AddString(project_.name.has_value() ? project_.text(project_.name) : "");
  tables_.workflow = AddText(workflow.name);
  tables_.compiler = builder_.AddString("1");
  tables_.input = SchemaOf(workflow.input);
  tables_.returns = SchemaOf(workflow.returns);
  const auto modes = static_cast<ir::ModeSet>(workflow.modes | ir::Bit(ir::Mode::DryRun));
  tables_.modes = modes;
  tables_.default_mode = plan::ToPlan(DefaultMode(project_.security.mode, modes));
  tables_.max_risk = plan::ToPlan(project_.security.max_risk);
  tables_.concurrency = std::clamp(execution.concurrency, 1u, plan::kMaxConcurrency);
  tables_.drains_on_failure = execution.drains_on_failure;
  tables_.workspace = AddText(execution.workspace);
  tables_.path = AddText(execution.path);

  std::vector<SuppressedFinding> suppressed = options_.suppressed;
  const auto key = [](const SuppressedFinding& finding) {
    return std::tie(finding.code, finding.place, finding.reason);
  };
  std::ranges::sort(suppressed, {}, key);
  for (const SuppressedFinding& finding : suppressed) {
    tables_.suppressed.push_back(fb::Suppressed{builder_.AddString(finding.code),
                                                builder_.AddString(finding.place),
                                                builder_.AddString(finding.reason)});
  }
}

void Emitter::EmitVars() {
  for (const ir::VarId id : reach_.vars.ids()) {
    const ir::Var& var = project_.vars[id];
    tables_.vars.push_back(fb::Var{AddText(var.name),
                                   var.has_value ? AddConstant(var.value) : plan::kNone,
                                   AddText(var.environment), SchemaOf(var.schema)});
  }
  for (const ir::SecretId id : reach_.secrets.ids()) {
    const ir::Secret& secret = project_.secrets[id];
    tables_.secrets.push_back(
        fb::Secret{AddText(secret.name), AddText(secret.environment), AddText(secret.file)});
  }
}

}  // namespace wfc::codegen

// Visits every place in a plan that holds a program, and says what the program is to its owner;
// ir/expressions.h does the same for the compiler's trees. The tables of the plan must have been
// checked. The verifier and the runtime's checks use it.
#pragma once

#include "backend-runtime/plan/view.h"
#include "ir/base/expr_role.h"

namespace wfc::plan {

/// Calls `visit(ExprRole, ProgramId)` for the words, environment variables, folder and input of the
/// command, as far as they have programs.
template <class Visit>
void ForEachProgram(const PlanTables& plan, const fb::Command& command, Visit visit) {
  const auto visit_some = [&](ExprRole role, ProgramId program) {
    if (program.has_value()) visit(role, program);
  };
  for (const ProgramId word : plan.argv_of(command)) visit_some(ExprRole::Word, word);
  for (const fb::EnvEntry& entry : PlanTables::Slice(plan.env_entries, command.env())) {
    visit_some(ExprRole::Variable, ProgramId(entry.program()));
  }
  visit_some(ExprRole::Folder, ProgramId(command.cwd()));
  visit_some(ExprRole::Input, ProgramId(command.stdin_program()));
}

/// The same for a decide.
template <class Visit>
void ForEachProgram(const PlanTables& plan, const fb::Decide& decide, Visit visit) {
  if (const ProgramId subject(decide.subject()); subject.has_value())
    visit(ExprRole::Subject, subject);
  for (const fb::Route& route : PlanTables::Slice(plan.routes, decide.routes())) {
    if (const ProgramId when(route.when()); when.has_value()) visit(ExprRole::Case, when);
  }
}

/// The same for a node, including its command if it is a `run`, but not the agent or tool that it
/// calls.
template <class Visit>
void ForEachProgram(const PlanTables& plan, const fb::Node& node, Visit visit) {
  const auto visit_some = [&](ExprRole role, ProgramId program) {
    if (program.has_value()) visit(role, program);
  };
  visit_some(ExprRole::Condition, ProgramId(node.condition()));
  switch (node.verb()) {
    case fb::Verb::Agent:
      visit_some(ExprRole::With, ProgramId(plan.agent_call_of(node).with_program()));
      visit_some(ExprRole::Prompt, ProgramId(plan.agent_call_of(node).prompt()));
      break;
    case fb::Verb::Tool:
      visit_some(ExprRole::With, ProgramId(plan.tool_call_of(node).with_program()));
      break;
    case fb::Verb::Run:
      ForEachProgram(plan, plan.command_of(node), visit);
      break;
    case fb::Verb::Transform:
      visit_some(ExprRole::Value, ProgramId(node.payload()));
      break;
    case fb::Verb::Fail:
      visit_some(ExprRole::Message, ProgramId(node.payload()));
      break;
    case fb::Verb::Decide:
      ForEachProgram(plan, plan.decide_of(node), visit);
      break;
    case fb::Verb::Assert:
      visit_some(ExprRole::Claim, ProgramId(plan.assert_of(node).program()));
      visit_some(ExprRole::Message, ProgramId(plan.assert_of(node).message()));
      break;
  }
  visit_some(ExprRole::Substitute, ProgramId(plan.policy_of(node).on_error_value()));
}

/// The same for an agent, including its command.
template <class Visit>
void ForEachProgram(const PlanTables& plan, const fb::Agent& agent, Visit visit) {
  if (const ProgramId system(agent.system()); system.has_value()) visit(ExprRole::System, system);
  if (const ProgramId prompt(agent.prompt()); prompt.has_value()) visit(ExprRole::Prompt, prompt);
  const CommandId command(agent.command());
  if (command.has_value()) ForEachProgram(plan, plan.commands[command], visit);
}

/// The same for a tool, including its command.
template <class Visit>
void ForEachProgram(const PlanTables& plan, const fb::Tool& tool, Visit visit) {
  const CommandId command(tool.command());
  if (command.has_value()) ForEachProgram(plan, plan.commands[command], visit);
}

}  // namespace wfc::plan

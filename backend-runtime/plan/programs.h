// Visits every place in a plan that holds a program, and says what the program is to its owner;
// ir/expressions.h does the same for the compiler's trees. The tables of the plan must have been
// checked. The verifier and the runtime's checks use it.
#pragma once

#include "backend-runtime/plan/view.h"
#include "ir/base/expr_role.h"

namespace wfc::plan {

namespace internal {

template <class Visit>
void VisitSome(Visit& visit, ExprRole role, ProgramId program) {
  if (program.has_value()) visit(role, program);
}

}  // namespace internal

/// Calls `visit(ExprRole, ProgramId)` for the words, environment variables, folder and input of the
/// command, as far as they have programs.
template <class Visit>
void ForEachProgram(const PlanTables& plan, const fb::Command& command, Visit visit) {
  for (const ProgramId word : plan.argv_of(command))
    internal::VisitSome(visit, ExprRole::Word, word);
  for (const fb::EnvEntry& entry : PlanTables::Slice(plan.env_entries, command.env())) {
    internal::VisitSome(visit, ExprRole::Variable, ProgramId(entry.program()));
  }
  internal::VisitSome(visit, ExprRole::Folder, ProgramId(command.cwd()));
  internal::VisitSome(visit, ExprRole::Input, ProgramId(command.stdin_program()));
}

/// The same for a decide.
template <class Visit>
void ForEachProgram(const PlanTables& plan, const fb::Decide& decide, Visit visit) {
  internal::VisitSome(visit, ExprRole::Subject, ProgramId(decide.subject()));
  for (const fb::Route& route : PlanTables::Slice(plan.routes, decide.routes())) {
    internal::VisitSome(visit, ExprRole::Case, ProgramId(route.when()));
  }
}

/// The same for a node, including its command if it is a `run`, but not the agent or tool that it
/// calls.
template <class Visit>
void ForEachProgram(const PlanTables& plan, const fb::Node& node, Visit visit) {
  internal::VisitSome(visit, ExprRole::Condition, ProgramId(node.condition()));
  switch (node.verb()) {
    case fb::Verb::Agent:
      internal::VisitSome(visit, ExprRole::With,
                          ProgramId(plan.agent_call_of(node).with_program()));
      internal::VisitSome(visit, ExprRole::Prompt, ProgramId(plan.agent_call_of(node).prompt()));
      break;
    case fb::Verb::Tool:
      internal::VisitSome(visit, ExprRole::With, ProgramId(plan.tool_call_of(node).with_program()));
      break;
    case fb::Verb::Run:
      ForEachProgram(plan, plan.command_of(node), visit);
      break;
    case fb::Verb::Transform:
      internal::VisitSome(visit, ExprRole::Value, ProgramId(node.payload()));
      break;
    case fb::Verb::Fail:
      internal::VisitSome(visit, ExprRole::Message, ProgramId(node.payload()));
      break;
    case fb::Verb::Decide:
      ForEachProgram(plan, plan.decide_of(node), visit);
      break;
    case fb::Verb::Assert:
      internal::VisitSome(visit, ExprRole::Claim, ProgramId(plan.assert_of(node).program()));
      internal::VisitSome(visit, ExprRole::Message, ProgramId(plan.assert_of(node).message()));
      break;
  }
  internal::VisitSome(visit, ExprRole::Substitute,
                      ProgramId(plan.policy_of(node).on_error_value()));
}

/// The same for an agent, including its command.
template <class Visit>
void ForEachProgram(const PlanTables& plan, const fb::Agent& agent, Visit visit) {
  internal::VisitSome(visit, ExprRole::System, ProgramId(agent.system()));
  internal::VisitSome(visit, ExprRole::Prompt, ProgramId(agent.prompt()));
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

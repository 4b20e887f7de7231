// Enumerates every place of the IR that holds an expression, with its role for its owner. Code that
// needs all expressions has to use these functions, so that nobody misses a place that is added
// later. tests/expressions_test.py compares them with the members of the IR.
#pragma once

#include <cstdint>

#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/base/expr_role.h"
#include "ir/project.h"

namespace wfc::ir {

/// A place that holds an expression.
struct ExprPlace {
  ExprRole role;
  ExprId id;      ///< always there
  uint32_t part;  ///< Case: the index among the decide's routes; Word: in `argv`
  StringId name;  ///< Variable: its name
};

using VisitPlace = llvm::function_ref<void(const ExprPlace&)>;

/// Calls `visit` with the expressions of a stage, including those of its command, in order of
/// evaluation. Expressions inside nested bodies are visited through their own stages, not here.
void ForEachExpression(const Project& project, const Stage& stage, VisitPlace visit);
void ForEachExpression(const Project& project, const Command& command, VisitPlace visit);
/// Calls `visit` with the expressions of an agent or a tool, including those of its command.
void ForEachExpression(const Project& project, const Agent& agent, VisitPlace visit);
void ForEachExpression(const Project& project, const Tool& tool, VisitPlace visit);
/// Calls `visit` with the expression of the output, if there is one.
void ForEachExpression(const Project& project, const Body& body, VisitPlace visit);
void ForEachExpression(const Project& project, const Workflow& workflow, VisitPlace visit);
/// Calls `visit` with every expression of the project as a whole, once each.
void ForEachExpression(const Project& project, VisitPlace visit);

}  // namespace wfc::ir

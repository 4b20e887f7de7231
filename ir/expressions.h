// Where expressions stand: every place of the IR that holds one, and what it is to its owner.
// Whoever asks something of all of them asks here, so that a place that is added is missed by
// nobody; tests/expressions_test.py holds this to the members of the IR.
#pragma once

#include <cstdint>

#include "llvm/ADT/STLFunctionalExtras.h"

#include "ir/base/expr_role.h"
#include "ir/project.h"

namespace wfc::ir {

struct ExprPlace {
  ExprRole role;
  ExprId id;      ///< always there
  uint32_t part;  ///< Case: the index among the decide's routes; Word: in `argv`
  StringId name;  ///< Variable: its name
};

using VisitPlace = llvm::function_ref<void(const ExprPlace&)>;

/// Those of a stage in the order in which it comes to them, with its command's. Expressions inside
/// its bodies are visited through their own stages.
void ForEachExpression(const Project& project, const Stage& stage, VisitPlace visit);
void ForEachExpression(const Project& project, const Command& command, VisitPlace visit);
/// With its command's.
void ForEachExpression(const Project& project, const Agent& agent, VisitPlace visit);
void ForEachExpression(const Project& project, const Tool& tool, VisitPlace visit);
/// Its output.
void ForEachExpression(const Project& project, const Body& body, VisitPlace visit);
void ForEachExpression(const Project& project, const Workflow& workflow, VisitPlace visit);
/// Every expression of the project as a whole, each once.
void ForEachExpression(const Project& project, VisitPlace visit);

}  // namespace wfc::ir

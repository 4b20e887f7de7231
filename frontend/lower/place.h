// Where an expression stands, which decides what it sees (language.md, "where | sees").
#pragma once

#include <cstdint>

#include "ir/ids.h"

namespace wfc::lower {

enum class Place : uint8_t {
  Stage,           ///< a stage's fields
  BodyOutput,      ///< the `output` of a route's or fallback's body
  WorkflowOutput,  ///< the `output` of a workflow
  Callee,          ///< an agent's or a tool's fields
  Model,           ///< the `key` of a model
};

struct Scope {
  Place place = Place::Callee;
  ir::WorkflowId workflow;  ///< Stage, BodyOutput, WorkflowOutput
  ir::BodyId body;          ///< the same: whose stages are in sight
  ir::StageId stage;        ///< Stage
  bool is_cleanup = false;  ///< a stage under `join: settled`, which sees `run.status`
  bool sees_secrets = false;
  ir::AgentId agent;  ///< Callee: whose field it is
  ir::ToolId tool;

  [[nodiscard]] Scope WithSecrets() const {
    Scope scope = *this;
    scope.sees_secrets = true;
    return scope;
  }
};

}  // namespace wfc::lower

// The place of an expression, which determines the names that are in scope there (docs/language/
// README.md, "Values and expressions").
#pragma once

#include <cstdint>

#include "ir/ids.h"

namespace wfc::lower {

/// The kind of field that an expression belongs to.
enum class Place : uint8_t {
  Stage,           ///< a stage's fields
  BodyOutput,      ///< the `output` of a route's or fallback's body
  WorkflowOutput,  ///< the `output` of a workflow
  Callee,          ///< an agent's or a tool's fields
  Model,           ///< the `key` of a model
};

/// The place of an expression. The comment of each id says for which places it is set.
struct Scope {
  Place place = Place::Callee;
  ir::WorkflowId workflow;    ///< Stage, BodyOutput, WorkflowOutput
  ir::BodyId body;            ///< Stage, BodyOutput, WorkflowOutput: its stages are in scope
  ir::StageId stage;          ///< Stage
  bool is_cleanup = false;    ///< a stage with `join: settled`, where `run.status` is in scope
  bool sees_secrets = false;  ///< `secret.NAME` may be used
  bool is_text = false;       ///< only text can be here, such as the words of a command
  ir::AgentId agent;          ///< Callee: the agent whose field it is, if it is an agent's
  ir::ToolId tool;            ///< Callee: the tool whose field it is, if it is a tool's

  /// The same place in a field that may use secrets.
  [[nodiscard]] Scope WithSecrets() const {
    Scope scope = *this;
    scope.sees_secrets = true;
    return scope;
  }
  /// The same place in a field that holds text.
  [[nodiscard]] Scope AsText() const {
    Scope scope = *this;
    scope.is_text = true;
    return scope;
  }
};

}  // namespace wfc::lower

// The ids of the workflow IR: what names what.
#pragma once

#include "ir/base/id.h"
#include "ir/expr/expr.h"
#include "ir/support/interner.h"
#include "ir/types/schema/ids.h"

namespace wfc::ir {

using expr::ExprId;
using types::SchemaId;

struct WorkflowTag;
struct BodyTag;
struct StageTag;
struct AgentTag;
struct ToolTag;
struct ModelTag;
struct CommandTag;
struct VarTag;
struct SecretTag;
struct RetryTag;

using WorkflowId = Id<WorkflowTag>;
using BodyId =
    Id<BodyTag>;  ///< a scope of stages: a workflow's top level, a route's body, a fallback's body
using StageId = Id<StageTag>;
using AgentId = Id<AgentTag>;
using ToolId = Id<ToolTag>;
using ModelId = Id<ModelTag>;  ///< a group of models
using CommandId = Id<CommandTag>;
using VarId = Id<VarTag>;
using SecretId = Id<SecretTag>;
using RetryId = Id<RetryTag>;

/// A name and where it stands.
struct Name {
  StringId text;
  Span span;
};

}  // namespace wfc::ir

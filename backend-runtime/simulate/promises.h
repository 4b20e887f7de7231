// Promises: what may come out of a call, drawn from what the plan says of it.
#pragma once

#include <optional>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/executor.h"
#include "ir/types/vm/draw.h"

namespace wfc::simulate {

/// The schema that the called promises to fit, whatever the stage asks for; none: nothing.
[[nodiscard]] plan::SchemaId PromiseOf(const plan::PlanTables& plan, plan::NodeId node);

/// An output of an agent or a tool; none where the drawer finds none.
[[nodiscard]] std::optional<Value> DrawOutput(const plan::PlanView& plan,
                                              const types::Drawer& drawer, plan::NodeId node,
                                              types::Choices& choices);

/// An output of a command that is no agent: of its schema, if what it prints can be read as that.
[[nodiscard]] std::optional<Value> DrawPrinted(const plan::PlanView& plan,
                                               const types::Drawer& drawer,
                                               const runtime::CommandRequest& request,
                                               types::Choices& choices);

/// What a command has printed if `output` was read from it.
[[nodiscard]] std::string PrintedForm(const Value& output, OutputParse parse);

/// What a built-in tool makes of its output because of its arguments: an echo, or no more items
/// than were asked for.
[[nodiscard]] Value ObeyArguments(const runtime::BuiltinRequest& request, Value output);

}  // namespace wfc::simulate

// Promises: draws the outputs of calls from what the plan says about them. DrawingExecutor uses it.
#pragma once

#include <optional>

#include "backend-runtime/plan/view.h"
#include "backend-runtime/runtime/evaluate/call.h"
#include "ir/types/vm/draw.h"

namespace wfc::simulate {

/// The schema that the callee promises to fit, whatever the stage requires; none if it promises
/// nothing.
[[nodiscard]] plan::SchemaId PromiseOf(const plan::PlanTables& plan, plan::NodeId node);

/// Draws an output of an agent or a tool; none if the drawer finds no value of the schema.
[[nodiscard]] std::optional<Value> DrawOutput(const plan::PlanView& plan,
                                              const types::Drawer& drawer, plan::NodeId node,
                                              types::Choices& choices);

/// Draws an output of a command that is not an agent: a value of its schema if a printed text can
/// yield one, otherwise any value that can be printed; none if the drawer finds no value of the
/// schema.
[[nodiscard]] std::optional<Value> DrawPrinted(const plan::PlanView& plan,
                                               const types::Drawer& drawer, plan::NodeId node,
                                               OutputParse parse, types::Choices& choices);

/// The text that a command printed if `output` was parsed from it.
[[nodiscard]] std::string PrintedForm(const Value& output, OutputParse parse);

/// Adapts the output of a built-in tool to its arguments: an echo returns them, and a list has no
/// more items than they permit.
[[nodiscard]] Value ApplyArguments(const runtime::BuiltinCall& call, Value output);

}  // namespace wfc::simulate

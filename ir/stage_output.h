// What a stage yields, according to the stage and to what it calls: the one place that knows this
// for every verb. Types are made from it (passes/flow/stage_types.h), and findings name it
// (passes/flow/origin.h).
#pragma once

#include <cstdint>

#include "ir/project.h"

namespace wfc::ir {

/// What the stage's verb yields, before the stage's own `returns` is applied. Substitutes for a
/// failed stage's output are not included.
struct StageOutput {
  enum class Kind : uint8_t {
    Schema,     ///< a value of `schema`: the `returns` of the callee, or a built-in's shape
    Text,       ///< a model's answer
    Json,       ///< the answer of an agent's command, which can be any JSON value
    Printed,    ///< what `command` prints, parsed as it declares
    Arguments,  ///< the arguments that the stage passes
    Value,      ///< the value of a transform
    Decision,   ///< the output of the body that a decide chose, or the value that chose it
    Nothing,
    Unknown,  ///< the callee is not supported yet, or was not found
  };
  Kind kind = Kind::Unknown;
  SchemaId schema = {};
  CommandId command = {};
  /// Whether the stage yields its arguments, with the defaults of `input` filled in, even if
  /// `schema` promises more.
  bool is_echo = false;
  SchemaId input = {};
};

[[nodiscard]] StageOutput FindStageOutput(const Project& project, const Stage& stage);

/// The schema of what the stage itself yields: its own `returns`, otherwise that of its callee.
/// None if no schema describes it.
[[nodiscard]] SchemaId FindOutputSchema(const Project& project, const Stage& stage);

}  // namespace wfc::ir
